"""How well and how fast scans are read: derived scans whose true text is known.

For each scan: seconds a page, character error rate against the text layer it was drawn from (word
for word in no order, since a page has no single one), the share of its words found, how many words
more were read (a page shows words that are pictures and in no text layer, so these are no errors),
and the share of dates and references found. Run: python benchmarks/ocr.py [folder of derived scans]
"""

from __future__ import annotations

import hashlib
import io
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from commtrace.model import Record, Source
from commtrace.moments import written_dates
from commtrace.parsers import _ocr
from commtrace.parsers.pdf import pdf
from commtrace.parsers.scan import scan
from commtrace.plugins import Item

DERIVED = Path(__file__).parents[1] / ".." / "shared" / "corpora" / "scans" / "derived"
_REFERENCE = re.compile(r"(?<!\w)(?=[\w/.-]*\d)(?=[\w/.-]{4})[^\W_]+(?:[/.-][^\W_]+)*(?!\w)")


@dataclass(frozen=True)
class Score:
    """How one scan was read: counts of what its truth holds, and how much of it was found."""

    name: str
    seconds: float
    pages: int
    wrong: int
    characters: int
    words: tuple[int, int]
    more: int  # words read that the truth has not
    telling: tuple[int, int]  # dates, and references


def truth_of(path: Path) -> str:
    """The text of the page a scan was drawn from."""
    name = next(p for p in path.parent.glob("*.truth.txt") if path.name.startswith(p.stem[:-6]))
    return name.read_text("utf-8")


def score(path: Path, truth: str) -> Score:
    """Read one scan and compare it with its true text."""
    data = path.read_bytes()
    source = Source(sha256=hashlib.sha256(data).hexdigest(), path=path.name)
    item = Item(source=source, name=path.name, size=len(data), head=data[:65536],
                open=lambda: io.BytesIO(data))  # fmt: skip
    start = time.perf_counter()
    found = list((pdf if path.suffix == ".pdf" else scan).read(item))
    seconds = time.perf_counter() - start
    text = "\f".join(one.text for one in found if isinstance(one, Record))
    wrong, characters = _errors(truth, text)
    words = _share(_words(truth), _words(text))
    told = _share(telling(truth), telling(text))
    more = (_words(text) - _words(truth)).total()
    pages = text.count("\f") + 1
    return Score(path.name, seconds, pages, wrong, characters, words, more, told)


def telling(text: str) -> Counter[str]:
    """The dates of a text, and its references: what has a figure and four characters."""
    dates = Counter(str(one.day) for one in written_dates(text))
    return dates + Counter(match[0].casefold() for match in _REFERENCE.finditer(text))


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def _share(wanted: Counter[str], found: Counter[str]) -> tuple[int, int]:
    return (wanted & found).total(), wanted.total()


def _errors(truth: str, text: str) -> tuple[int, int]:
    """Wrong characters: words both texts have are right, the others are matched where nearest."""
    wanted, found = _words(truth), _words(text)
    missed = sorted((wanted - found).elements(), key=len, reverse=True)
    extra = list((found - wanted).elements())
    wrong = 0
    for word in missed:
        near = min(extra, key=lambda other: distance(word, other), default="")
        if near and distance(word, near) < len(word):
            wrong += distance(word, near)
            extra.remove(near)
        else:
            wrong += len(word)
    return wrong, sum(len(word) * times for word, times in wanted.items())


def distance(one: str, other: str) -> int:
    """The edit distance of two words (Levenshtein 1966)."""
    row = list(range(len(other) + 1))
    for n, letter in enumerate(one, 1):
        before, row[0] = row[0], n
        for m, against in enumerate(other, 1):
            before, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, before + (letter != against))
    return row[-1]


def main(folder: Path) -> None:
    """Print one line a scan, and the totals."""
    if (absent := _ocr.missing()) or not folder.is_dir():
        print(absent or f"No derived scans in {folder}.")
        return
    scores = [
        score(path, truth_of(path)) for path in sorted(folder.iterdir()) if path.suffix != ".txt"
    ]
    print(
        f"{'scan':40} {'s/page':>7} {'CER':>7} {'words':>7} {'more':>5} {'dates, references':>18}"
    )
    for one in scores:
        print(_line(one.name, [one]))
    print(_line("all", scores))


def _line(name: str, scores: list[Score]) -> str:
    seconds = sum(one.seconds for one in scores) / sum(one.pages for one in scores)
    errors = sum(one.wrong for one in scores) / sum(one.characters for one in scores)
    words = sum(one.words[0] for one in scores) / sum(one.words[1] for one in scores)
    more = sum(one.more for one in scores)
    right, all_ = (sum(one.telling[n] for one in scores) for n in (0, 1))
    said = f"{right}/{all_} {right / all_:.1%}"
    return f"{name:40} {seconds:7.2f} {errors:7.2%} {words:7.1%} {more:5} {said:>18}"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DERIVED)
