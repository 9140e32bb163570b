"""How well the lines of a mail are told apart: own words, quotations, their headers, signatures.

    python benchmarks/segments.py FILE.jsonl ...

Each file holds annotated mails as JSON lines: `text` and `labels` as [start, end, class] (the Webis
segmentation of list mail, Bevendorff et al., ACL 2020, has fifteen classes; they are put together
here into the product's zones). A line counts where it has a word and the gold names it; for each
zone precision, recall and F1 with a bootstrap's interval, and the share of lines that are right.
Left out are closings ("Regards, Ann": own words to one reader and signature to another) and, below
inline headers without marks, paragraphs: the gold calls them paragraphs whoever wrote them. The
baseline knows `>`, "On ... wrote:" and "-- " alone. The rules were not made on these mails.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from scores import Found, Share

from commtrace.language.zones import zones
from commtrace.model import Zone

CLASSES = {
    "quotation": "quoted",
    "quotation_marker": "quote header",
    "inline_headers": "quote header",
    "personal_signature": "signature",
    "mua_signature": "signature",
}
LEFT_OUT = frozenset({"visual_separator", "closing"})
OURS = {
    Zone.NEW: "own words",
    Zone.QUOTED: "quoted",
    Zone.QUOTE_HEADER: "quote header",
    Zone.SIGNATURE: "signature",
    Zone.BOILERPLATE: "signature",
}
_WROTE = re.compile(r"(?:On\b|Am\b|Le\b).{0,200}\b(?:wrote|schrieb|a écrit)\s*:\s*$", re.IGNORECASE)
Line = tuple[int, int]
Told = Callable[[str, Sequence[Line]], list[str]]


def main() -> None:
    """Print a table for each file."""
    for name in sys.argv[1:]:
        mails = [json.loads(line) for line in Path(name).read_text("utf-8").split("\n") if line]
        print(f"{Path(name).name}: {len(mails):,} mails\n")
        print("| lines | measured | baseline |\n|---|---|---|")
        ours, base = (tally(mails, told) for told in (by_zones, by_marks))
        for zone in dict.fromkeys(OURS.values()):
            print(f"| {zone} | {of(zone, ours)} | {of(zone, base)} |")
        print(f"| all, the share that is right | {right(ours)} | {right(base)} |\n")


def tally(mails: Sequence[dict[str, object]], told: Told) -> Counter[tuple[str, str]]:
    """How many lines of each zone of the gold were told to be of each zone."""
    found: Counter[tuple[str, str]] = Counter()
    for one in mails:
        text = str(one["text"])
        lines = list(_lines(text))
        for mine, gold in zip(told(text, lines), _gold(one, lines), strict=True):
            if gold:
                found[gold, mine] += 1
    return found


def _lines(text: str) -> Iterator[Line]:
    start = 0
    for line in text.split("\n"):
        if re.search(r"\w", line):
            yield start, start + len(line)
        start += len(line) + 1


def _gold(one: dict[str, object], lines: Sequence[Line]) -> list[str]:
    """The zone of each line: that of the label that holds most of it; "" where none does."""
    labels: list[tuple[int, int, str]] = [(a, b, k) for a, b, k in one["labels"]]  # type: ignore[attr-defined]
    forwarded = min((a for a, _, k in labels if k == "inline_headers"), default=sys.maxsize)
    found = []
    for start, end in lines:
        most = max(labels, key=lambda la: min(end, la[1]) - max(start, la[0]), default=None)
        if most is None or min(end, most[1]) <= max(start, most[0]) or most[2] in LEFT_OUT:
            found.append("")
            continue
        zone = CLASSES.get(most[2], "own words")
        found.append("" if zone == "own words" and start > forwarded else zone)
    return found


def by_zones(text: str, lines: Sequence[Line]) -> list[str]:
    """The product."""
    parts = zones(text)
    found = []
    for start, end in lines:
        most = max(parts, key=lambda p: min(end, p.end) - max(start, p.start), default=None)
        found.append(OURS[most.zone] if most is not None else "own words")
    return found


def by_marks(text: str, lines: Sequence[Line]) -> list[str]:
    """The baseline."""
    found, signed = [], False
    for start, end in lines:
        line = text[start:end]
        signed = signed or line.rstrip() == "--"
        if line.lstrip().startswith(">"):
            found.append("quoted")
        elif _WROTE.match(line.strip()):
            found.append("quote header")
        else:
            found.append("signature" if signed else "own words")
    return found


def of(zone: str, counts: Counter[tuple[str, str]]) -> Found:
    """One zone against all others."""
    hits = counts[zone, zone]
    said = sum(n for (_, mine), n in counts.items() if mine == zone)
    there = sum(n for (gold, _), n in counts.items() if gold == zone)
    return Found(hits, said - hits, there - hits)


def right(counts: Counter[tuple[str, str]]) -> Share:
    """The share of lines that are told as the gold has them."""
    return Share(sum(n for (gold, mine), n in counts.items() if gold == mine), counts.total())


if __name__ == "__main__":
    main()
