"""Whom a message greets, of those it was sent to: "Dear Ms Reed" sent to five people asks Ms Reed.

A name is known by the names and addresses of the identities that the message went to; a greeting
to everybody, or to a name that none of them has, greets nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from commtrace.model import Identity
from commtrace.view import CC, TO, View

_BATCH = 1000  # texts read at a time
_LONGEST = 200  # characters of an opening that are looked at
_DEAR = re.compile(
    r"\W{0,4}(?:dear|hi(?: there)?|hello|hey|good (?:morning|afternoon|evening)|morning"
    r"|afternoon)\b"
    r"[ \t,]{0,3}(?P<names>[^\n:!?]{1,80}?)[ \t]*"
    r"(?:[,:!–—-]?[ \t]*\r?\n|[:!–—]|,(?= (?-i:[a-z]|I\b))|$)",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\W{0,4}(?P<names>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})[ \t]?(?:[,–—:]|-(?=\s))"
)
_TITLE = re.compile(
    r"\b(?:mr|mrs|ms|miss|mx|dr|prof|professor|cllr|councillor|rev|sir|lady|lord)\b\.?",
    re.IGNORECASE,
)
_APART = re.compile(r",|&|/|\band\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_EVERYBODY = frozenset(
    ("all", "both", "everyone", "everybody", "colleague", "colleagues", "team", "sirs", "madam")
)


def greeted(opening: str, recipients: Mapping[int, frozenset[str]]) -> tuple[int, ...]:
    """Which of `recipients` (the words of their names, case-folded) an opening greets, in order.

    Every word of a name in the greeting must be one of theirs; titles count for nothing. Where a
    first name is that of several, all of them are greeted; where any name is nobody's, none is.
    """
    start = opening[:_LONGEST].lstrip()
    match = _DEAR.match(start) or _BARE.match(start)
    if match is None:
        return ()
    found: dict[int, None] = {}
    for name in _APART.split(_TITLE.sub(" ", match["names"])):
        words = frozenset(_WORD.findall(name.casefold()))
        known = [one for one, theirs in recipients.items() if words and words <= theirs]
        if (words and not known) or words & _EVERYBODY:
            return ()
        found |= dict.fromkeys(known)
    return tuple(found)


def name_words(identity: Identity) -> frozenset[str]:
    """The words of every name and address that somebody is known by, case-folded."""
    said = [identity.label.partition("@")[0]]
    for member in identity.members:
        said += [member.name or "", member.address.partition("@")[0]]
    return frozenset(word for one in said for word in _WORD.findall(one.casefold()))


def greetings(view: View, rows: Sequence[int]) -> Mapping[int, tuple[int, ...]]:
    """Whom each of `rows` greets, of those in To and Cc; rows that went to one are not read."""
    several = [row for row in rows if len(view.identities_to(row, (TO, CC))) > 1]
    names: dict[int, frozenset[str]] = {}
    found: dict[int, tuple[int, ...]] = {}
    for start in range(0, len(several), _BATCH):
        batch = several[start : start + _BATCH]
        texts = view.new_text([view.ids[row] for row in batch])
        for row in batch:
            to = view.identities_to(row, (TO, CC))
            names |= {one: name_words(view.identities[one]) for one in to if one not in names}
            who = greeted(texts.get(view.ids[row], ""), {one: names[one] for one in to})
            if who:
                found[row] = who
    return found
