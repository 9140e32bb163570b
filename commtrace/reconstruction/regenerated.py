"""The words of an absent message, put together from those who quote it, each line with its source.

The longest quotation is the body; a line that only another quoter has goes after the line that
stands before it there (the precedence graph of Carenini, Ng and Zhou 2005, read off one order).
Nothing is added that nobody quotes, and what nobody quotes is not known to be missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from commtrace.model import CommunicationId, QuotedSpan
from commtrace.reconstruction.quotations import Line

_WORD = re.compile(r"\w+")
_MOST_QUOTERS, _MOST_LINES = 8, 400
Fragment = tuple[CommunicationId, Sequence[Line]]
_Placed = tuple[CommunicationId, Line]


def regenerated(fragments: Sequence[Fragment]) -> tuple[str | None, tuple[QuotedSpan, ...]]:
    """The text and its sources, in the order of its lines; (None, ()) where nobody quotes a word.

    `fragments` are the quoters in order, with the lines that each quotes.
    """
    known = [(who, lines[:_MOST_LINES]) for who, lines in fragments if lines][:_MOST_QUOTERS]
    if not known:
        return None, ()
    longest = max(known, key=lambda one: sum(len(line[2]) for line in one[1]))
    body: list[_Placed] = [(longest[0], line) for line in longest[1]]
    for who, lines in known:
        if who != longest[0]:
            body = _with(body, who, lines)
    return "\n".join(line[2] for _, line in body), _spans(body)


def _with(body: list[_Placed], who: CommunicationId, lines: Sequence[Line]) -> list[_Placed]:
    """`body` with the lines that it lacks, each after what precedes it in its own quotation.

    Quoters wrap lines anew, so a line is there where its words stand in a row in the body.
    """
    words = [_WORD.findall(line[2].casefold()) for _, line in body]
    flat = " " + " ".join(word for one in words for word in one) + " "
    ends, total = [], 1
    for one in words:
        total += sum(len(word) + 1 for word in one)
        ends.append(total)
    added: dict[int, list[_Placed]] = {}
    place = -1  # the line of the body after which the next one belongs
    for line in lines:
        said = " ".join(_WORD.findall(line[2].casefold()))
        found = flat.find(f" {said} ") if said else -1
        if found >= 0:
            place = next(n for n, end in enumerate(ends) if end > found + len(said))
        elif said:
            added.setdefault(place, []).append((who, line))
    merged = list(added.get(-1, ()))
    for n, placed in enumerate(body):
        merged.append(placed)
        merged.extend(added.get(n, ()))
    return merged


def _spans(body: Sequence[_Placed]) -> tuple[QuotedSpan, ...]:
    """Runs of lines from one quoter as one span each, where they follow one another there too."""
    found: list[QuotedSpan] = []
    for who, (start, end, _) in body:
        last = found[-1] if found else None
        if last is not None and last.communication == who and last.end <= start <= last.end + 8:
            found[-1] = QuotedSpan(
                communication=who, start=last.start, end=end, lines=last.lines + 1
            )
        else:
            found.append(QuotedSpan(communication=who, start=start, end=end, lines=1))
    return tuple(found)
