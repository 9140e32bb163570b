"""Where the items of a bundle begin: letters, printed mail, experiences bound into one document.

Works on the texts of pages (or of a Word document's parts) and says which pages begin an item, how
strong the evidence is, and why. Strong is what an ordinary long report, policy or set of minutes
does not show: a dated letter at the head of a page, a mail's head, a numbered series of items, page
numbers that run out and begin again. Chapters and appendices are no items by themselves.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from commtrace.moments import written_dates

from ._letter import is_close, is_salutation
from ._letterdate import heading_date, letter_date
from ._printhead import head_at
from ._text import clean_line

_TOP = 40  # lines of a page in which a letter's date and salutation stand
_HEADING = 3  # lines at the top of a page in which a heading stands
_DATED = 8  # lines at the top of a page in which an item's date stands
_MAIL_TOP = 12  # lines above the head of a printed mail: a stamp, the name of whoever printed it
_DATED_LETTER = "the head of a dated letter"
_AGAIN = "page numbers that begin again"
_SERIES, _LONG_SERIES = 3, 5
_MOST_OF = 0.6  # of a series that must be dated, or of the pages that it must cover
_SHORT, _CLOSE_BELOW = 60, 4  # characters of a first line, and lines in which its date stands
_SHIFTS = range(-10, 60)  # between the page numbers of a list of contents and those of the file
_MOST_ENTRIES, _TOP_OF_PAGE = 500, 25
_SLIP_WORDS = 25  # on a sheet that only says what follows
_LONGEST = 110  # characters of a heading
_ITEM = re.compile(
    r"(?:the\s+)?(?:(?:personal|family|parents?|child(?:'s)?|pupil|lived)\s+)?"
    r"(?:experiences?|famil(?:y|ies)|complaints?|complainants?|letters?|e-?mails?|statements?"
    r"|testimon(?:y|ies|ials?)|submissions?|stor(?:y|ies)|exhibits?|enclosures?|correspondence"
    r"|witness|parents?|representations?|tabs?|contributions?)",
    re.IGNORECASE,
)
_MAY_BE_ITEM = re.compile(  # a report's own parts are called so too
    r"(?:cases?|child|pupils?|respondents?|responses?|documents?|accounts?|messages?)",
    re.IGNORECASE,
)
_SHEET = re.compile(
    r"(?:appendix|annex|annexe|attachment|tab|exhibit|document|enclosure)\b", re.IGNORECASE
)
_STRUCTURE = re.compile(
    r"(?:chapter|section|part|page|table|figure|fig|volume|article|clause|schedule|paragraph|step|"
    r"stage|phase|item|agenda item|question|recommendation|theme|objective|priority|standard|goal|"
    r"outcome|module|lesson|week|day|year|month|key stage|level|version|draft|issue|unit|room|"
    r"slide|option|principle|criterion|rule|act|type|tier|group|number|no|ward|route|zone|band|area|"
    r"regulation|form|box|line|note|key|finding|action|target|strand|quarter|term|class)s?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?P<word>[^\W\d_][^\W\d_'’-]*(?:[ -][^\W\d_][^\W\d_'’-]*){0,2}?)\s+"
    r"(?:no\.?\s*|number\s+|#\s*)?(?P<number>\d{1,3}|[A-Z])(?=$|[\s.:;,)–—-])",
)
_OF = re.compile(r"(?:page\s+)?(\d{1,4})\s*(?:of|/)\s*(\d{1,4})$", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:pdf|docx?|msg|eml|jpe?g|tiff?|png|xlsx?|rtf|odt)$|^(?:re|fw|fwd)[:_]\s", re.IGNORECASE
)
_ENTRY = re.compile(r"(?P<title>\S.{5,160}?)[\s.…·_]{2,}(?P<page>\d{1,4})$")
_MINUTES = re.compile(
    r"(?:draft\s+)?(?:(?:notes|record)\s+of\s+(?:a|the)\b.{0,40}\bmeeting|minutes\b)", re.IGNORECASE
)


@dataclass(slots=True)
class Starts:
    """Pages that begin an item, by number from 1, with the reasons: strong and weak ones."""

    strong: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    weak: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    titles: dict[int, str] = field(default_factory=dict)

    def why(self, chosen: Iterable[int]) -> str:
        """The reasons for some starts in words, the most frequent first."""
        said: dict[str, int] = defaultdict(int)
        for page in chosen:
            for reason in self.strong.get(page) or self.weak.get(page) or ():
                said[reason] += 1
        return ", ".join(sorted(said, key=lambda reason: (-said[reason], reason)))


@dataclass(frozen=True, slots=True)
class Page:
    """A page as boundaries are looked for in it."""

    number: int
    lines: tuple[str, ...]  # those with words, on one line each
    own: tuple[str, ...]  # those at its top that do not run on from the page before
    words: int


def starts(pages: Sequence[str], outline: Sequence[tuple[int, str]] = ()) -> Starts:
    """Where items begin on `pages`; `outline` are (page number, title) of bookmarks."""
    looked = _looked_at(pages)
    found = Starts()
    letters, mails = _letters(looked, found), _mails(looked)
    _series(looked, found)
    _minutes(looked, found)
    _dated_headings(looked, found)
    _restarts(looked, found)
    _bookmarks(outline, len(pages), found)
    _contents(looked, found)
    if found.strong or letters or _between(mails, looked):
        for number in mails:
            found.strong[number].add("the head of a printed e-mail")
    _slips(looked, found)
    for kind in (found.strong, found.weak):
        kind.pop(1, None)
    if len(found.weak) == 1 and not {_AGAIN, _DATED_LETTER} & next(iter(found.weak.values())):
        found.weak.clear()
    return found


def _looked_at(pages: Sequence[str]) -> list[Page]:
    found: list[Page] = []
    for number, text in enumerate(pages, 1):
        lines = tuple(line for raw in text.split("\n")[:400] if (line := clean_line(raw[:400])))
        before = found[-1].lines if found else ()
        running = {*before[:4], *before[-3:]}
        top = tuple(line for line in lines[:_TOP] if line not in running and not _OF.match(line))
        found.append(Page(number, lines, top, len(text.split())))
    return found


def _letters(pages: Sequence[Page], found: Starts) -> list[int]:
    """Pages with a dated head above a salutation; without a date, only below another's close.

    One alone behind other pages may be the foreword or an appendix of a report; behind a few words
    (a letterhead, a banner, a slip) it is all there is.
    """
    starting: list[int] = []
    closed = True
    for page in pages:
        place = next((n for n, line in enumerate(page.lines[:_TOP]) if is_salutation(line)), None)
        if place is not None and letter_date(page.lines[:place]) is not None:
            found.strong[page.number].add(_DATED_LETTER)
            starting.append(page.number)
        elif place is not None and closed and len(page.lines) > place + 1:
            found.weak[page.number].add("a salutation")
        last = [n for n, line in enumerate(page.lines) if is_close(line)]
        closed = bool(last) or (closed and place is None)
    if len(starting) == 1 and starting[0] > 1:
        reasons = found.strong.pop(starting[0])
        if sum(page.words for page in pages[: starting[0] - 1]) > _SLIP_WORDS:
            found.weak[starting[0]] |= reasons
    return starting if len(starting) > 1 else []


def _mails(pages: Sequence[Page]) -> list[int]:
    found = []
    for page in pages:
        lines = page.lines
        if any(head_at(lines, n) is not None for n in range(min(_MAIL_TOP, len(lines)))):
            found.append(page.number)
    return found


def _between(mails: Sequence[int], pages: Sequence[Page]) -> bool:
    """Whether mail begins behind other pages: then what lies before it is something else."""
    return bool(mails) and mails[0] > 1 and len(pages) > 1


def _series(pages: Sequence[Page], found: Starts) -> None:
    """Numbered headings at the heads of pages: "Experience 1", "Experience 2", ..."""
    members: dict[str, list[tuple[int, Page, str]]] = defaultdict(list)
    for page in pages:
        for line in page.own[:_HEADING]:
            match = _NUMBERED.match(line) if len(line) <= _LONGEST else None
            if match:
                word = match["word"].casefold()
                members[word].append((_rank(match["number"]), page, line))
                break
    for word, series in members.items():
        run = _rising(series)
        if len(run) < _SERIES or _STRUCTURE.fullmatch(word):
            continue
        dated, covers = _mostly_dated(run), _covers(run, len(pages))
        strong = bool(_ITEM.fullmatch(word)) and (dated or covers)
        strong = strong or (bool(_MAY_BE_ITEM.fullmatch(word)) and dated and covers)
        for page, line in run:
            kind = found.strong if strong else found.weak
            found.titles.setdefault(page.number, line)
            kind[page.number].add(f'the numbered headings "{word.capitalize()} ..."')


def _rank(number: str) -> int:
    return int(number) if number.isdigit() else ord(number) - ord("A") + 1


def _rising(series: Sequence[tuple[int, Page, str]]) -> list[tuple[Page, str]]:
    """The members of a series whose numbers rise from its first, by no more than three a step."""
    run: list[tuple[Page, str]] = []
    last = 0
    for number, page, line in series:
        if last < number <= last + 3 or not run:
            run.append((page, line))
            last = number
    return run


def _mostly_dated(run: Sequence[tuple[Page, str]]) -> bool:
    dated = sum(any(_has_date(line) for line in page.own[:_DATED]) for page, _ in run)
    return dated >= _MOST_OF * len(run)


def _has_date(line: str) -> bool:
    return len(line) <= _LONGEST and (bool(written_dates(line)) or heading_date(line) is not None)


def _covers(run: Sequence[tuple[Page, str]], pages: int) -> bool:
    return len(run) >= _LONG_SERIES and pages - run[0][0].number + 1 >= _MOST_OF * pages


def _minutes(pages: Sequence[Page], found: Starts) -> None:
    """Several sets of minutes, each with its own date below its own title."""
    titled = [page for page in pages if any(map(_MINUTES.match, page.lines[:_HEADING]))]
    dated = [page for page in titled if any(map(_has_date, page.own[:_DATED]))]
    if len(dated) > 1:
        for page in dated:
            found.strong[page.number].add("the title of dated minutes")
            found.titles.setdefault(page.number, page.lines[0])


def _dated_headings(pages: Sequence[Page], found: Starts) -> None:
    """A short first line and a date close below it, again and again: it may be, and may not."""
    dated = [
        page
        for page in pages
        if page.own and len(page.own[0]) <= _SHORT and any(map(_says_date, page.own[:_CLOSE_BELOW]))
    ]
    if len(dated) >= _SERIES and 4 * len(dated) >= len(pages):
        for page in dated:
            found.weak[page.number].add("headings with a date close below")


def _says_date(line: str) -> bool:
    return len(line) <= _SHORT and _has_date(line)


def _restarts(pages: Sequence[Page], found: Starts) -> None:
    """Page numbers that begin again, as "Page 1 of 2" does below a page that was the last."""
    counted = {page.number: pair for page in pages if (pair := _page_of(page)) is not None}
    for before, page in pairwise(pages):
        last, first = counted.get(before.number), counted.get(page.number)
        if first is None or first[0] != 1:
            continue
        if last is not None and last[0] == last[1] and (last[1] > 1 or first[1] > 1):
            found.strong[page.number].add(_AGAIN)
        elif last is None or last[0] != last[1]:
            found.weak[page.number].add(_AGAIN)
    if not any(pair[0] > 1 for pair in counted.values()):
        return
    for before, page in pairwise(pages):
        pair = counted.get(before.number)
        if pair and pair[0] == pair[1] and pair[1] > 1 and page.number not in counted:
            found.weak[page.number].add("page numbers that have run out")


def _page_of(page: Page) -> tuple[int, int] | None:
    for line in (*page.lines[:3], *page.lines[-3:]):
        match = _OF.search(line[-60:])
        if match and 1 <= int(match[1]) <= int(match[2]):
            return int(match[1]), int(match[2])
    return None


def _bookmarks(outline: Sequence[tuple[int, str]], pages: int, found: Starts) -> None:
    """Bookmarks that are names of files, or carry dates: what joining files leaves behind."""
    here = [(page, title) for page, title in outline if 1 <= page <= pages]
    if len(here) < 2:
        return
    telling = sum(bool(_FILE.search(title.strip()) or written_dates(title)) for _, title in here)
    if telling >= _MOST_OF * len(here):
        for page, title in here:
            found.titles.setdefault(page, clean_line(title)[:_LONGEST])
            found.strong[page].add("bookmarks with names of files or dates")


def _contents(pages: Sequence[Page], found: Starts) -> None:
    """A list of dated documents with page numbers, of which most are found where it says."""
    entries = [
        (match["title"], frozenset(one.day for one in dates), int(match["page"]))
        for page in pages[:8]
        for line in page.lines
        if (match := _ENTRY.match(line)) and (dates := written_dates(match["title"]))
    ][:_MOST_ENTRIES]
    if len(entries) < _SERIES:
        return
    days = [_days_at_top(page) for page in pages]
    best = max(_SHIFTS, key=lambda shift: (_kept(entries, shift, days), -abs(shift)))
    if _kept(entries, best, days) < _MOST_OF * len(entries):
        return
    for title, _, number in entries:
        if 1 <= number + best <= len(pages):
            found.titles.setdefault(number + best, title.strip(" ."))
            found.strong[number + best].add("a list of dated documents with their pages")


Entry = tuple[str, frozenset[date], int]


def _kept(entries: Sequence[Entry], shift: int, days: Sequence[frozenset[date]]) -> int:
    """How many entries point to a page that bears, near its top, a date that they say."""
    return sum(
        1 <= number + shift <= len(days) and bool(said & days[number + shift - 1])
        for _, said, number in entries
    )


def _days_at_top(page: Page) -> frozenset[date]:
    lines = page.lines[:_TOP_OF_PAGE]
    if any(_ENTRY.match(line) for line in lines):
        return frozenset()
    return frozenset(found.day for line in lines for found in written_dates(line))


def _slips(pages: Sequence[Page], found: Starts) -> None:
    """A sheet that only says what follows belongs to what follows."""
    for slip, page in pairwise(pages):
        heads = slip.words <= _SLIP_WORDS and slip.own and _SHEET.match(slip.own[0])
        if not heads:
            continue
        if page.number in found.strong:
            found.strong[slip.number] |= found.strong.pop(page.number)
            if page.number in found.titles:
                found.titles.setdefault(slip.number, found.titles.pop(page.number))
        else:
            found.weak[slip.number].add("a sheet that says what follows")


def first_words(text: str) -> str:
    """The first line of a page that has words, as an outline shows it."""
    return next((line[:80] for raw in text.split("\n") if (line := clean_line(raw))), "")
