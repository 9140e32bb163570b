"""The words that a message's first quoted header introduces, as rules compare them.

Carenini, Ng and Zhou (2005) call a message that only quotations show *hidden*; which messages are,
`answered` decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from commtrace.model import Segment, Zone

_MARKS = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.MULTILINE)


def quoted_words(text: str, segments: Sequence[Segment]) -> str:
    """The words that the first quoted header of a text introduces, without quotation marks.

    Their depth is that of the first words after it: where a client quotes its own header too, that
    stands one deeper than they do. An empty line between header and quotation ends nothing.
    """
    place = next((n for n, s in enumerate(segments) if s.zone is Zone.QUOTE_HEADER), None)
    if place is None:
        return ""
    depth, found = None, []
    for segment in segments[place + 1 :]:
        words = text[segment.start : segment.end]
        if segment.zone is Zone.QUOTE_HEADER:
            break
        if not _MARKS.sub("", words).strip():
            continue
        if segment.zone is Zone.NEW and segment.depth == 0:
            break
        depth = segment.depth if depth is None else depth
        if segment.depth == depth:
            found.append(words)
    return _MARKS.sub("", "".join(found)).strip()
