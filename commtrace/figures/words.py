"""Words and measures that several figures share: how a message reads, how a day is said."""

from __future__ import annotations

import re

from commtrace.figures.ground import Ground
from commtrace.figures.marks import day_of_clock
from commtrace.model import Grade
from commtrace.moments import say, say_day
from commtrace.view import View

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff0-\ufffb\ud800-\udfff]"
)
GRADES = {
    Grade.REPORTED: "R: reported, in a print, a log or a copy",
    Grade.ENTERED: "E: entered by hand",
}
_GRADE_WORDS = {Grade.REPORTED: "reported", Grade.ENTERED: "entered by hand"}
LEFT, RIGHT = 168, 40  # pixels of the margins of every figure that stands under another


def message_words(ground: Ground, row: int) -> str:
    """What a pointer at a message reads: from whom to whom, subject, when, by which channel."""
    view = ground.view
    to = [ground.party(p) for p in view.parties_to(row)]
    others = f" and {len(to) - 2} more" if len(to) > 2 else ""
    return "\n".join(
        (
            (
                f"{ground.party(int(view.sender_party[row]))} → "
                f"{', '.join(to[:2]) or 'recipient not known'}{others}"
            ),
            shorten(view.subjects[row], 70) or "no subject",
            f"{say(view.whens[row])}, {channel_words(view, row)}",
        )
    )


def channel_words(view: View, row: int) -> str:
    """By which channel, and where it is no original, what it is: `call, entered by hand`."""
    channel, grade = view.channels[row].value, view.grade(row)
    if grade is Grade.ORIGINAL:
        return channel
    author = view.by_hand.get(view.ids[row])
    return f"{channel}, {_GRADE_WORDS[grade]}{f' by {author}' if author else ''}"


def day_words(x: float) -> str:
    """The day in which a point of the time axis lies, as it is written."""
    return say_day(day_of_clock(x))


def shorten(text: str, most: int) -> str:
    """A text of at most `most` characters, an ellipsis standing for the rest."""
    return text if len(text) <= most else text[: most - 1] + "…"


def shown(words: str) -> str:
    """Text with every character that is unseen or turns the reading direction written out.

    Line breaks and tabs stay; `[U+202E]` stands for a right-to-left override.
    """
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", words)
