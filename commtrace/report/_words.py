"""The words and marks every paper shares, so that no two papers say one thing differently.

Evidence may hold characters that do nothing visible or change what a reader sees (controls,
direction overrides, zero-width). They are printed as `[U+202E]`; nothing is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from commtrace.model import (
    Disposition,
    Family,
    Grade,
    HandoffState,
    Head,
    Observability,
    Outcome,
    Severity,
    Status,
    Strength,
)
from commtrace.moments import LONDON, Moment, local_day, say_day, say_time
from commtrace.plugins import rule_word

SEVERITY = {Severity.GRAVE: "Grave", Severity.MATERIAL: "Material", Severity.LOW: "Low"}
STRENGTH = {
    Strength.DIRECT: "Direct",
    Strength.CORROBORATED: "Corroborated",
    Strength.INDICATED: "Indicated",
}
OBSERVABILITY = {
    Observability.OBSERVED: "Observed",
    Observability.ONE_SIDE: "One side only",
    Observability.NOT_TESTABLE: "Not testable",
}
DISPOSITION = {
    Disposition.TO_REVIEW: "To review",
    Disposition.CONFIRMED: "Confirmed",
    Disposition.EXPLAINED: "Explained",
    Disposition.NOT_MATERIAL: "Not material",
    Disposition.CANNOT_DETERMINE: "Cannot determine",
}
GRADE = {
    Grade.ORIGINAL: "original",
    Grade.REPORTED: "reported, no original",
    Grade.ENTERED: "entered by hand",
}
RULED = "Sentences ruled by a person"
RULED_NOTE = "What a sentence does is read by cues; on these a named person decided."
OUTCOME = {
    Outcome.PASSED: "Looked for, not found",
    Outcome.FAILED: "Found",
    Outcome.UNTESTABLE: "Could not be tested",
}
HANDOFF = {
    HandoffState.TAKEN_UP: "taken up",
    HandoffState.LATE: "taken up late",
    HandoffState.NOT_TAKEN_UP: "no next step on record",
    HandoffState.NOT_YET_DUE: "not yet due",
    HandoffState.NOT_TESTABLE: "not testable",
}
STATUS = {
    Status.READ: "Read",
    Status.PARTLY: "Read in part",
    Status.DUPLICATE: "Duplicate of another file",
    Status.UNSUPPORTED: "Format not supported",
    Status.FAILED: "Could not be read",
    Status.EXCLUDED: "Excluded",
}
INSIDE = {**STATUS, Status.DUPLICATE: "Read elsewhere"}
LEVELS = (
    "Container", "Number", "Found in them", "Read", "In part", "Elsewhere", "Not supported",
    "Not read", "Left out",
)  # fmt: skip
FAMILY = {
    Family.EVIDENCE: "Evidence gaps: is the record complete?",
    Family.RESPONSE: "Response gaps: was it answered?",
    Family.FLOW: "Flow gaps: did it reach those who needed it?",
    Family.CONTENT: "Content gaps: was what was said kept and consistent?",
}
CEILING = (
    "This paper says what the supplied material shows and what no record was found of in it. "
    "It cannot show what was said where no record was kept, held elsewhere or not supplied. "
    "An empty stretch is a gap in the record until a person has looked at it. "
    "The program proposes; a named auditor decides."
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff]"
)
_RUN = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[.!?][”\"]?(?=\s+[A-Z“])")


def visible(text: str) -> str:
    """`text` with every character that cannot be seen written as `[U+XXXX]`; lines kept."""
    return _UNSEEN.sub(code_mark, text.replace("\r\n", "\n").replace("\r", "\n"))


def line(text: str) -> str:
    """`visible` text on one line, runs of white space made one blank."""
    return _RUN.sub(" ", visible(text)).strip()


def code_mark(match: re.Match[str]) -> str:
    """A matched character as `[U+202E]`."""
    return f"[U+{ord(match[0]):04X}]"


def shorten(text: str, limit: int) -> str:
    """`text`, cut at a word before `limit` characters and marked so."""
    if len(text) <= limit:
        return text
    cut = text[:limit].rsplit(" ", 1)[0].rstrip(" ,.;:") or text[:limit]
    return f"{cut} [...]"


def lead(text: str, limit: int = 240) -> str:
    """The first sentences of `text` up to `limit` characters, marked where it goes on."""
    if len(text) <= limit:
        return text
    ends = [m.end() for m in _SENTENCE_END.finditer(text, 0, limit + 1)]
    return f"{text[: ends[-1]].rstrip()} [...]" if ends else shorten(text, limit)


def head(end: Head) -> str:
    """The end of the audit chain when a paper was made, as `commtrace verify` takes it back."""
    return f"row {end.count:,}: {end.digest}" if end.count else "no row yet"


def until(when: datetime) -> str:
    """An exclusive end as a reader says it: midnight is the end of the day before."""
    local = when.astimezone(LONDON)
    if local.time() == time(0):
        return f"the end of {say_day(local.date() - timedelta(days=1))}"
    return say_time(when)


def plain_name(rule: str) -> str:
    """A rule as screen and papers call it: `missing_message` is "Missing message"."""
    return rule_word(rule)


def place(part: tuple[str, ...]) -> str:
    """A locator as a reader writes it: `message 42, attachment 2`; "whole file" if empty."""
    return line(", ".join(part)) or "whole file"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 file`, `1,240 files`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def bounded(total: int, shown: int, one: str) -> str:
    """What to say where only the first `shown` rows of `total` are printed; "" where all are."""
    if total <= shown:
        return ""
    return f"The first {shown:,} of {count(total, one)}; the workbook holds all of them."


def span(first: date | None, last: date | None) -> str:
    """Two included days in words; an unknown end is said."""
    if first is None and last is None:
        return "no dates"
    if first is None and last is not None:
        return f"up to {say_day(last)}"
    if last is None and first is not None:
        return f"from {say_day(first)}"
    assert first is not None  # noqa: S101 - both are dates here; tells the type checker
    assert last is not None  # noqa: S101 - the same
    return say_day(first) if first == last else f"{say_day(first)} to {say_day(last)}"


def window(moment: Moment) -> str:
    """A gap's window as two days in Europe/London."""
    return span(local_day(moment.earliest), local_day(moment.last_second))


def week_runs(weeks: Iterable[date]) -> tuple[tuple[date, date, int], ...]:
    """Runs of consecutive weeks (Mondays): first day, last day (a Sunday), number of weeks."""
    runs: list[list[date]] = []
    for week in sorted(set(weeks)):
        if runs and week - runs[-1][-1] == timedelta(days=7):
            runs[-1].append(week)
        else:
            runs.append([week])
    return tuple((run[0], run[-1] + timedelta(days=6), len(run)) for run in runs)
