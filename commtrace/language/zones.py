"""The zones of a message: new words, quotations, their headers, signature, boilerplate.

One pass over the lines, each looked at with a bounded look-ahead, so any input takes linear time.
What a quoted header says is parsed here; whose message it is, `reconstruction` decides. Measured by
`benchmarks/segments.py`: 91.7 % of 9,068 lines of list mail (Webis) lie in the right zone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from commtrace.model import Segment, Zone
from commtrace.quote_headers import Header, header_at

_MARKS = re.compile(r"[ \t]{0,3}((?:>[ \t]?)+)")
_DASHES = re.compile(r"\s{0,2}(?:--|—|–|-- )\s{0,2}$")
_RULE = re.compile(r"[_*=-]{10,}$")
_WORDS = re.compile(r"\w+")
_SHORT, _CLOSING_WORDS, _CLOSING_LINES, _BANNER_LINES = 90, 6, 16, 8
_BLANK_LINES = 8  # between a header and what it quotes
_SIGNATURE_LINES = 30
_FULL_LINE = 50  # characters: a quoted line so long may have been wrapped again
_CARD_WIDTH = 60
_REACH = re.compile(
    r"\+?\(?\d[\d ()/-]{7,}\d|[\w.+-]{1,64}@[\w-]{1,63}\.\w|https?://|\bwww\.", re.ASCII
)
_LOOKED_AT = 600  # characters of a line; what decides its zone stands at its beginning


@dataclass(slots=True)
class _Line:
    """A line's place, its words without quotation marks, and its zone so far."""

    start: int
    end: int
    words: str
    marks: int
    zone: Zone = Zone.NEW
    depth: int = 0
    header: Header | None = None


@cache
def _cues(kind: str) -> tuple[str, ...]:
    table = tomllib.loads(files("commtrace.data").joinpath("zones.toml").read_text("utf-8"))
    return tuple(table[kind])


def zones(text: str, *, mail: bool = True) -> tuple[Segment, ...]:
    """Part `text` into segments that cover it from beginning to end, in order; () if it is empty.

    `depth` is 0 for the writer's own words and counts quotation levels; a QUOTE_HEADER has the
    depth of what it introduces. With `mail` False the text is a letter or a minute: its own
    From/To/Date block heads no quotation.
    """
    lines = _lines(text)
    if mail:
        _quotations(lines)
        _banners_quoted(lines)
    said = False
    for run in _runs(lines):
        _boilerplate(run)
        _signature(run, after_words=said)
        said = said or any(line.words for line in run)
    return tuple(_segments(lines))


def _lines(text: str) -> list[_Line]:
    found, start = [], 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end + 1
        words = text[start : min(end, start + _LOOKED_AT)]
        match = _MARKS.match(words)
        marks = match[1].count(">") if match else 0
        found.append(_Line(start, end, words[match.end() if match else 0 :].strip(), marks))
        start = end
    return found


def _quotations(lines: list[_Line]) -> None:
    """Give every line its depth: its own marks, and the headers above that quote to the end."""
    _rewrapped(lines)
    below, place = 0, 0
    while place < len(lines):
        header, length = header_at([line.words for line in lines[place : place + 16]])
        line = lines[place]
        if header is None or not _fits(lines, place, length, header):
            line.depth = below + line.marks
            line.zone = Zone.QUOTED if line.depth else Zone.NEW
            place += 1
            continue
        open_ended = not _marks_its_quotation(lines, place + length, header, line.marks)
        depth = below + line.marks + 1
        for part in lines[place : place + length]:
            part.zone, part.depth = Zone.QUOTE_HEADER, depth
        line.header = header
        below += open_ended and not line.marks
        place += length


def _rewrapped(lines: Sequence[_Line]) -> None:
    """Give the mark back to the few words that a mail program pushed out of a quoted line."""
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        pushed_out = before.marks and not line.marks and after.marks == before.marks
        if not pushed_out or len(before.words) < _FULL_LINE or not line.words:
            continue
        carries_on = before.words[-1] not in ".?!:" and not line.words[0].isupper()
        if carries_on and len(line.words.split()) <= 3:
            line.marks = before.marks


def _fits(lines: Sequence[_Line], place: int, length: int, header: Header) -> bool:
    """Whether a header stands at one depth, and something follows that it may introduce."""
    depth = lines[place].marks
    if any(line.marks != depth for line in lines[place : place + length] if line.words):
        return False
    if header.block:
        return True
    return header.dated or _marked_after(lines, place + length, depth)


def _marked_after(lines: Sequence[_Line], place: int, marks: int) -> bool:
    """Whether the next line with words, within a few, is marked deeper than `marks`."""
    for line in lines[place : place + _BLANK_LINES]:
        if line.words or line.marks > marks:
            return line.marks > marks
    return False


def _marks_its_quotation(lines: Sequence[_Line], place: int, header: Header, marks: int) -> bool:
    """Whether the program that wrote a header marks what it quotes, line by line.

    Some put the header above the writer's own words: marked lines then follow before any other
    header does. Each line is looked at once more at most, for the header last above it.
    """
    if _marked_after(lines, place, marks) or header.block or marks:
        return _marked_after(lines, place, marks)
    for here in range(place, len(lines)):
        if lines[here].marks:
            return header_at([line.words for line in lines[here : here + 16]])[0] is None
        if header_at([line.words for line in lines[here : here + 16]])[0] is not None:
            return False
    return False


def _runs(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Unbroken stretches of new words."""
    run: list[_Line] = []
    for line in lines:
        if line.zone is Zone.NEW:
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _boilerplate(run: list[_Line]) -> None:
    """Paragraphs that say nothing of their own, and a gateway's warning at the top."""
    banners = _cues("banners")
    for line in run[:_BANNER_LINES]:
        if any(cue in line.words.casefold() for cue in banners):
            line.zone = Zone.BOILERPLATE
    cues = _cues("boilerplate")
    inside = False
    for line in run:
        if not line.words:
            inside = False
        elif not inside:
            folded = line.words.casefold()
            inside = any(cue in folded for cue in cues)
        if inside:
            line.zone = Zone.BOILERPLATE
    for line, after in pairwise(run):
        if after.zone is Zone.BOILERPLATE and _RULE.match(line.words):
            line.zone = Zone.BOILERPLATE


def _banners_quoted(lines: Sequence[_Line]) -> None:
    """A gateway's warning at the top of what a header introduces: nobody who is quoted wrote it.

    The gateway of whoever answered put it above the words of the message that came in.
    """
    banners, left, inside = _cues("banners"), 0, False
    for line in lines:
        if line.zone is Zone.QUOTE_HEADER:
            left, inside = _BANNER_LINES, False
        elif line.zone is not Zone.QUOTED or not left:
            left = 0
        elif not line.words:
            inside = False
        else:
            folded = line.words.casefold()
            inside = inside or any(cue in folded for cue in banners)
            if inside:
                line.zone = Zone.BOILERPLATE
            else:
                left -= 1


def _signature(run: list[_Line], *, after_words: bool) -> None:
    """From "-- ", a device's line, or a closing with a short block after it, to the run's end."""
    own = [line for line in run if line.zone is Zone.NEW]
    first = _signature_start(own, after_words=after_words)
    if first is None:
        return
    for line in own[first:]:
        line.zone = Zone.SIGNATURE


def _signature_start(own: Sequence[_Line], *, after_words: bool) -> int | None:
    filled = [place for place, line in enumerate(own) if line.words]
    tail = filled[-_SIGNATURE_LINES:]
    for place in tail:
        if _DASHES.match(own[place].words) and (after_words or place != filled[0]):
            return place
    for place in filled[-_CLOSING_LINES:]:
        if place != filled[0] and _is_closing(own[place].words) and _short_block(own, place):
            return place
    for place in filled[-4:]:
        words = own[place].words
        if "," not in words and words.casefold().startswith(_cues("devices")):
            return place
    return _card_start(own, filled)


def _card_start(own: Sequence[_Line], filled: Sequence[int]) -> int | None:
    """Where a visiting card begins that ends the run: short lines, one with a number or address."""
    first = len(filled)
    while first > 0 and len(filled) - first < _CLOSING_LINES:
        words = own[filled[first - 1]].words
        joined = first == len(filled) or filled[first] - filled[first - 1] == 1
        if not joined or len(words) > _CARD_WIDTH or words[-1] in ".?!:;,":
            break
        first -= 1
    card = [own[place].words for place in filled[first:]]
    if first == 0 or len(card) < 3 or not any(_REACH.search(words) for words in card):
        return None
    name = own[filled[first - 1]].words
    is_name = len(name.split()) <= 4 and name[-1] not in ".?!:" and name[0].isupper()
    return filled[first - 1] if is_name and first > 1 else filled[first]


def _is_closing(words: str) -> bool:
    if len(words) > 60 or words.endswith("?"):
        return False
    folded = words.casefold().rstrip(" ,.!-–—")
    if len(_WORDS.findall(folded)) > _CLOSING_WORDS:
        return False
    return any(
        folded == cue
        or (
            (folded.startswith(cue) and folded[len(cue)] in ",.!-– ")
            and len(_WORDS.findall(folded)) <= len(cue.split()) + 2
        )
        for cue in _cues("closings")
    )


def _short_block(own: Sequence[_Line], place: int) -> bool:
    """Whether what follows a closing looks like names and numbers, not like sentences."""
    after = [line.words for line in own[place + 1 :] if line.words]
    if len(after) > _CLOSING_LINES:
        return False
    return all(len(words) <= _SHORT and not words.endswith("?") for words in after)


def _segments(lines: Sequence[_Line]) -> Iterator[Segment]:
    """Neighbouring lines of one zone and depth as one segment; every header alone."""
    place = 0
    while place < len(lines):
        first, last = lines[place], place
        while last + 1 < len(lines) and _continues(first, lines[last + 1]):
            last += 1
        header = first.header
        yield Segment(
            zone=first.zone,
            start=first.start,
            end=lines[last].end,
            depth=first.depth,
            author=header.author if header else None,
            when=header.when if header else None,
            to=header.to if header else (),
            subject=header.subject if header else None,
        )
        place = last + 1


def _continues(first: _Line, line: _Line) -> bool:
    return line.header is None and line.zone is first.zone and line.depth == first.depth
