"""Disclaimers and banners learnt from repetition: paragraphs that many people's mail carries alike.

A paragraph at the head or foot of the new words, of 80 characters or more and without a date, is a
candidate. It is boilerplate where 20 messages or more carry it, of three senders or more (Zebra's
zones: Lampert, Dale and Paris, EMNLP 2009; gap-science 3). One sender's form letter is none, and a
message never loses all its words. Nothing is taken away: the stretch only changes its zone.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from commtrace.model import Segment, Zone

Foot = tuple[int, int, int]  # what the paragraph says, as a number; its start and end in the text
_LEAST, _SENDERS, _LETTERS = 20, 3, 80
_FIRST, _LAST = 2, 4  # paragraphs from either end that are looked at
_OWN_WORDS = 3
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_DATED = re.compile(
    r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\b(?:january|february|march|april|june|july|august|september|october|november|december"
    r"|tomorrow|today|yesterday)\b|\bterm \d|\b\d{1,2}(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)


def feet(text: str, segments: Sequence[Segment]) -> list[Foot]:
    """The candidates of one text, in order of place; none where they would be all that it says."""
    paragraphs = [part for one in segments if one.zone is Zone.NEW for part in _parts(text, one)]
    ends = {*range(_FIRST), *range(len(paragraphs) - _LAST, len(paragraphs))}
    found: list[Foot] = []
    words = 0
    for place, (start, end) in enumerate(paragraphs):
        said = " ".join(text[start:end].split())
        if place in ends and len(said) >= _LETTERS and not _DATED.search(said):
            found.append((_number(said), start, end))
        else:
            words += len(said.split())
    return found if words >= _OWN_WORDS else []


def _parts(text: str, segment: Segment) -> Iterator[tuple[int, int]]:
    start = segment.start
    for blank in _PARAGRAPH.finditer(text, segment.start, segment.end):
        if text[start : blank.start()].strip():
            yield start, blank.start() + 1
        start = blank.end()
    if text[start : segment.end].strip():
        yield start, segment.end


def _number(said: str) -> int:
    return int.from_bytes(hashlib.blake2b(said.casefold().encode(), digest_size=7).digest(), "big")


def learnt(read: Callable[[], Iterable[tuple[str, Iterable[int]]]]) -> frozenset[int]:
    """The paragraphs that are boilerplate; `read` gives each message's sender and candidates.

    It is read twice: the counts of the first pass decide whose senders the second looks at.
    """
    times: Counter[int] = Counter()
    for _, numbers in read():
        times.update(set(numbers))
    often = {number for number, count in times.items() if count >= _LEAST}
    senders: dict[int, set[str]] = defaultdict(set)
    for sender, numbers in read() if often else ():
        for number in often.intersection(numbers):
            if len(senders[number]) < _SENDERS:
                senders[number].add(sender)
    return frozenset(number for number, who in senders.items() if len(who) >= _SENDERS)


def apart(
    segments: Sequence[Segment], found: Iterable[Foot], repeated: frozenset[int]
) -> tuple[Segment, ...]:
    """The segments of a text, those of its candidates that are `repeated` as boilerplate."""
    spans = [(start, end) for number, start, end in found if number in repeated]
    made: list[Segment] = []
    for one in segments:
        place = one.start
        for start, end in spans if one.zone is Zone.NEW else ():
            if one.start <= start and end <= one.end:
                if place < start:
                    made.append(replace(one, start=place, end=start))
                made.append(replace(one, zone=Zone.BOILERPLATE, start=start, end=end))
                place = end
        if place < one.end:
            made.append(one if place == one.start else replace(one, start=place))
    return tuple(made)
