"""What a message quotes of the one it answers: the header above, the words, and where they stand.

A quotation of a quotation speaks of an earlier message, not of the parent: only the outermost level
is taken, and only the header that introduces it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commtrace.model import Segment, Zone

_MARKS = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.MULTILINE)
_NO_WORDS = "> \t\r\n\xa0"
_LINE = 80  # characters of an opening that may greet somebody
_LONGEST = 20_000  # characters of a quotation that are compared
Line = tuple[int, int, str]  # its place in the text, and its words without marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """The outermost quotation of a text: its header, if one introduces it, and its words.

    `every` are all words quoted, of whatever level; `pieces` are `(start, end)` in the text;
    `opening` is the first line of the writer's own words.
    """

    header: Segment | None = None
    words: str = ""
    every: str = ""
    pieces: tuple[tuple[int, int], ...] = ()
    opening: str = ""


NOTHING = Quoted()


def unmarked(text: str) -> str:
    """A text without the marks at the beginnings of its lines."""
    return _MARKS.sub("", text)


def own_words(text: str, segments: Sequence[Segment]) -> str:
    """What the writer wrote, signature included; the whole text where its zones are not known."""
    if not segments:
        return text
    return "".join(text[s.start : s.end] for s in segments if not s.depth)


def quoted(text: str, segments: Sequence[Segment]) -> Quoted:
    """The outermost quotation of `text`; without pieces where it quotes nothing.

    Its depth is the least at which quoted words stand. A header introduces it where it has that
    depth, or stands one deeper but right above it: some clients quote their own header too.
    """
    spoken = [n for n, s in enumerate(segments) if _speaks(text, s)]
    headers = [n for n, s in enumerate(segments) if s.zone is Zone.QUOTE_HEADER]
    opening = _opening(text, segments)
    if not spoken:
        first = segments[headers[0]] if headers else None
        direct_header = first if first is not None and first.depth == 1 else None
        return Quoted(header=direct_header, opening=opening)
    depth = min(segments[n].depth for n in spoken)
    direct = _introducing(segments, headers, spoken, depth)
    begin, end = -1 if direct is None else direct, _end(segments, headers, direct, depth)
    own = [n for n in spoken if begin < n < end and segments[n].depth == depth]
    return Quoted(
        header=None if direct is None else segments[direct],
        words=_words(text, [segments[n] for n in own]),
        every=_words(text, [segments[n] for n in spoken]),
        pieces=tuple((segments[n].start, segments[n].end) for n in own),
        opening=opening,
    )


def quoted_lines(text: str, segments: Sequence[Segment]) -> tuple[Line, ...]:
    """The lines of the outermost quotation that say something, with their places in the text."""
    found = []
    for start, end in quoted(text, segments).pieces:
        place = start
        for line in text[start:end].splitlines(keepends=True):
            if words := unmarked(line).strip():
                found.append((place, place + len(line.rstrip()), words))
            place += len(line)
    return tuple(found)


def _opening(text: str, segments: Sequence[Segment]) -> str:
    for segment in segments:
        if segment.zone is Zone.NEW:
            words = text[segment.start : min(segment.end, segment.start + _LINE)].strip()
            if words:
                return words.split("\n", 1)[0]
    return ""


def _words(text: str, segments: Sequence[Segment]) -> str:
    pieces, size = [], 0
    for segment in segments:
        pieces.append(text[segment.start : segment.end])
        size += len(pieces[-1])
        if size > _LONGEST:
            break
    return unmarked("".join(pieces)[:_LONGEST]).strip()


def _speaks(text: str, segment: Segment) -> bool:
    if segment.zone in {Zone.QUOTE_HEADER, Zone.BOILERPLATE} or not segment.depth:
        return False
    return bool(text[segment.start : segment.end].strip(_NO_WORDS))


def _introducing(
    segments: Sequence[Segment], headers: Sequence[int], spoken: Sequence[int], depth: int
) -> int | None:
    for place in headers:
        if segments[place].depth <= depth:
            return place
        after = next((n for n in spoken if n > place), None)
        if after is not None and spoken[0] > place and segments[after].depth == depth:
            return place
    return None


def _end(
    segments: Sequence[Segment], headers: Sequence[int], direct: int | None, depth: int
) -> int:
    """Where the next message quoted beside this one begins."""
    for place in headers:
        if direct is not None and place > direct and segments[place].depth <= depth:
            return place
    return len(segments)
