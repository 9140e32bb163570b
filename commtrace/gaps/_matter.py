"""What texts name, read once for all requests: the words, references and days that tie two.

Of each message only what some request looks for is kept, so that a case of 100,000 stays small;
texts are read in batches. What follows from it is decided in `_elsewhere`.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from commtrace.gaps._columns import names, tokens
from commtrace.model import ActKind
from commtrace.moments import written_dates
from commtrace.view import Ints, View

_BATCH = 1000  # texts read at a time
_YOURS = re.compile(
    r"\byour (?:\w+ )?(?:e-?mail|letter|message|note|enquiry|query|questions?|points?|concerns?"
    r"|request|complaint|correspondence)\b"
    r"|\byou (?:\w+ )?(?:asked|wrote|e-?mailed|contacted|enquired|raised|requested|queried"
    r"|mentioned|reported|got in touch)\b|\b(?:for|in reply to your) writing\b",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\b(?:your|the|this) letter\b", re.IGNORECASE)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip
_WITHOUT_YEAR = re.compile(
    r"(?<!\w)([1-9][0-9]?)(?:st|nd|rd|th)?\s(?:of\s)?("
    + "|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in _MONTHS)
    + r")\b(?!\.?,?\s\d{4})",
    re.IGNORECASE,
)
_NUMBER = {name[:3]: number for number, name in enumerate(_MONTHS, 1)}
_ASKS = (ActKind.REQUEST, ActKind.CHASER)
_OF_ASKING = frozenset(  # words of asking, which say nothing of what is asked
    """
    know tell need want like let say explain confirm advise clarify speak talk hear see send give
    put find look come able possible position happening happened going done doing made decided
    anything anybody anyone somebody someone nobody people time times day days week weeks month
    today tomorrow yesterday news response reply answer grateful glad appreciate thoughts idea
    kindly sorry still ever again writing written asking asked ask council authority team
    """.split()  # noqa: SIM905 - words are read as words
)
_CLAUSE = re.compile(r"[^\w\s'’-]+")
_SIGN = re.compile(r"\d|[A-Z]\.[A-Z]\.")  # without one of these a text names nothing


@dataclass(frozen=True, slots=True)
class Request:
    """What a request looks for: the words of its subject (else all of them), what it names.

    `asked` are the telling words of the sentences that ask, and of its subject; `runs` the three
    words in a row of these sentences that hold one of them.
    """

    subject: frozenset[str]
    asked: frozenset[str]
    runs: frozenset[str]
    words: frozenset[str]
    names: frozenset[str]


def requests(view: View, rows: Iterable[int]) -> dict[int, Request]:
    """What each row looks for; all its words are kept only where it names something."""
    found = {}
    for row, said in _said(view, rows):
        named = names(said)
        subject = tokens(view.subjects[row])
        words = tokens(said) if named or not subject else frozenset[str]()
        asking = " ".join(act.said for act in view.acts.get(view.ids[row], ()) if act.kind in _ASKS)
        asked = (tokens(asking) | subject) - _OF_ASKING
        runs = frozenset(run for run in _runs(asking) if not asked.isdisjoint(run.split()))
        found[row] = Request(subject or words, asked, runs, words, named)
    return found


@dataclass(slots=True)
class Matters:
    """What later messages say of what requests look for.

    `bearing` and `naming` give the rows with a word or name, in order; `words` all words of a row
    that names something looked for; `dated` the days (with a year, and without) that a row names
    which also says "your letter", "you asked", as rows marked `yours` do; `letter` marks rows that
    speak of a letter.
    """

    letter: NDArray[np.bool_]
    yours: NDArray[np.bool_]
    bearing: dict[str, array[int]] = field(default_factory=lambda: defaultdict(_rows))
    naming: dict[str, array[int]] = field(default_factory=lambda: defaultdict(_rows))
    words: dict[int, tuple[str, ...]] = field(default_factory=dict)
    dated: dict[int, frozenset[date | tuple[int, int]]] = field(default_factory=dict)

    def share(self, part: frozenset[str], rows: Ints) -> NDArray[np.float64]:
        """How much of `part` occurs in each of `rows` (sorted), 0 to 1."""
        return self.shared(part, rows) / max(1, len(part))

    def shared(self, part: frozenset[str], rows: Ints) -> Ints:
        """How many words of `part` occur in each of `rows` (sorted)."""
        found = np.zeros(len(rows), dtype=np.int64)
        for word in part:
            found += _within(rows, self.bearing.get(word))
        return found

    def sharing_a_name(self, wanted: frozenset[str], rows: Ints) -> Ints:
        """Those of `rows` (sorted) that name something wanted."""
        found = np.zeros(len(rows), dtype=np.bool_)
        for name in wanted:
            found |= _within(rows, self.naming.get(name))
        return rows[found]


def matters(view: View, rows: Iterable[int], wanted: Mapping[int, Request]) -> Matters:
    """Read `rows` (sorted) for everything that the requests look for."""
    words = frozenset().union(*(one.subject | one.asked for one in wanted.values()))
    named = frozenset().union(*(one.names for one in wanted.values()))
    runs = frozenset().union(*(one.runs for one in wanted.values()))
    known: dict[str, str] = {}  # one object for each word
    found = Matters(np.zeros(len(view), dtype=np.bool_), np.zeros(len(view), dtype=np.bool_))
    for row, said in _said(view, rows):
        own = tokens(said)
        for word in own & words:
            found.bearing[word].append(row)
        shared = names(said) & named if _SIGN.search(said) else ()
        for name in shared:
            found.naming[name].append(row)
        if shared:
            found.words[row] = tuple(known.setdefault(word, word) for word in own)
        if _LETTER.search(said):
            found.letter[row] = True
        if _YOURS.search(said):
            found.yours[row] = True
            for run in runs.intersection(_runs(said)):
                found.bearing[run].append(row)
            if said_days := days_named(said):
                found.dated[row] = said_days
    return found


def _runs(said: str) -> set[str]:
    """Each three words in a row, case-folded, within a clause."""
    made: set[str] = set()
    for clause in _CLAUSE.split(said.casefold()):
        words = clause.split()
        made.update(" ".join(words[n : n + 3]) for n in range(len(words) - 2))
    return made


def days_named(said: str) -> frozenset[date | tuple[int, int]]:
    """The days that a text names: whole dates, and (day, month) where no year follows."""
    found: set[date | tuple[int, int]] = {one.day for one in written_dates(said)}
    for match in _WITHOUT_YEAR.finditer(said):
        found.add((int(match[1]), _NUMBER[match[2][:3].casefold()]))
    return frozenset(found)


def coming(named: tuple[int, int], day: date) -> date:
    """The next such day of a month, from `day` on; `day` itself where there is none."""
    for year in (day.year, day.year + 1):
        with suppress(ValueError):
            if (found := date(year, named[1], named[0])) >= day:
                return found
    return day


def _said(view: View, rows: Iterable[int]) -> Iterable[tuple[int, str]]:
    """The subject and new text of each row, read in batches."""
    wanted = list(rows)
    for start in range(0, len(wanted), _BATCH):
        some = wanted[start : start + _BATCH]
        texts = view.new_text([view.ids[row] for row in some])
        for row in some:
            yield row, f"{view.subjects[row]} {texts.get(view.ids[row], '')}"


def _rows() -> array[int]:
    return array("q")


def _within(rows: Ints, bearing: array[int] | None) -> NDArray[np.bool_]:
    """Which of `rows` stand in `bearing`; both sorted."""
    if not bearing or not len(rows):
        return np.zeros(len(rows), dtype=np.bool_)
    whole = np.frombuffer(bearing, dtype=np.int64)
    place = np.searchsorted(whole, rows)
    place[place == len(whole)] = 0
    return np.asarray(whole[place] == rows, dtype=np.bool_)
