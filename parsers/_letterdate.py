"""The date a letter bears: day first as written in the United Kingdom, as an interval.

Knows where writers put it (a line of its own above the salutation, or after "Date:") and how they
put it (a day, "week commencing", a month). A date that only the running text mentions is no date
of the letter, and where there is none, none is given.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from commtrace.moments import Basis, Moment, WrittenDate, days, written_dates

SEVERAL = "The letter shows several dates; the one nearest above the salutation was taken."
IN_A_LINE = "The date was found within a line of the letterhead, not on a line of its own."
AT_THE_END = "The date was found below the signature."
OF_THE_NAME = "The letter shows no date; the one in the file's name was taken."
APART_FROM_NAME = "The date of the letter and that in the file's name are more than a day apart."
OF_THE_MEETING = "The date is that of the meeting; when its minutes were written is not shown."
WEEKDAY = "The weekday written does not belong to the date written."
TWO_DIGITS = "The year is written with two digits."

_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAY = re.compile(
    r"\b(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b", re.IGNORECASE
)
_LABEL = re.compile(
    r"(?:^|\s)(?:date|dated|date of (?:this )?letter|our date|letter date|dyddiad)\s*[:.\-–]?\s*",
    re.IGNORECASE,
)
_WEEK = re.compile(
    r"\b(?:w/?\s?c|w/b|week\s+(?:commencing|beginning|starting|of))\b[\s:.]*", re.IGNORECASE
)
_MONTH = re.compile(
    rf"(?:dated?\s*:?\s*)?({'|'.join(_MONTHS)})[\s,]+((?:19|20)\d\d)\.?", re.IGNORECASE
)
_REFERRED = re.compile(
    r"\b(?:your|my|our|the|a|his|her|their)\b.{0,40}\b(?:letter|e-?mail|of|dated|on)\W*$|"
    r"\b(?:by|before|after|until|since|from|on|to|due|d\.?o\.?b\.?|born|birth|expires?|effective|"
    r"meeting|held)\W*$",
    re.IGNORECASE,
)
_NAME_COMPACT = re.compile(r"(?<!\d)(20\d\d|19\d\d)[-_. ]?([01]\d)[-_. ]?([0-3]\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class LetterDate:
    """A moment, the number of the line that says it, and doubts."""

    moment: Moment
    line: int
    doubts: tuple[str, ...] = ()


def letter_date(head: Sequence[str], tail: Sequence[str] = ()) -> LetterDate | None:
    """The date of a letter from the lines above its salutation, else from those of its close.

    Order: a line of its own nearest the salutation, a date after "Date:", a date in a line that
    refers to nothing else, a line of its own in `tail`. None where none of these is there.
    """
    own = [found for number, line in enumerate(head) if (found := _own_line(line, number))]
    if own:
        labelled = [found for found in own if _LABEL.match(head[found.line])]
        return _with(labelled or own, own)
    within = [found for n, line in enumerate(head) for found in _within(line, n)]
    if within:
        return _with(within, within)
    closing = [found for n, line in enumerate(tail) if (found := _own_line(line, n))]
    if closing:
        last = closing[0]
        return LetterDate(last.moment, -1, (*last.doubts, AT_THE_END))
    return None


def meeting_date(head: Sequence[str]) -> LetterDate | None:
    """The day a meeting was held: the first date near the top of its minutes."""
    for number, line in enumerate(head[:12]):
        found = written_dates(line)
        if found:
            return _doubting(_read(found[0], line, number), OF_THE_MEETING)
    return None


def _with(preferred: Sequence[LetterDate], everything: Sequence[LetterDate]) -> LetterDate:
    chosen = preferred[-1]
    different = {(d.moment.earliest, d.moment.latest) for d in everything}
    return LetterDate(
        chosen.moment, chosen.line, (*chosen.doubts, *((SEVERAL,) if len(different) > 1 else ()))
    )


def _own_line(line: str, number: int) -> LetterDate | None:
    """A line that says a date and nothing else but "Date:", a weekday or "week commencing"."""
    text = line.strip()
    if not text or len(text) > 60:
        return None
    month = _MONTH.fullmatch(text)
    if month:
        return LetterDate(_month(int(month[2]), month[1], said=text), number)
    found = written_dates(text)
    if len(found) != 1:
        return None
    rest = text[: found[0].start] + " " + text[found[0].end :]
    rest = _WEEKDAY.sub(" ", _WEEK.sub(" ", _LABEL.sub(" ", rest)))
    if re.search(r"\w", rest):
        return None
    return _read(found[0], text, number)


def _within(line: str, number: int) -> list[LetterDate]:
    """Dates in a line of the letterhead: after "Date:", else where no other words claim them."""
    found = written_dates(line)
    labelled = [d for d in found if _LABEL.search(line[: d.start] + " ") and _ends_label(line, d)]
    if labelled:
        return [_read(labelled[0], line, number)]
    free = [d for d in found if not _REFERRED.search(line[: d.start]) and _stands_apart(line, d)]
    return [_doubting(_read(d, line, number), IN_A_LINE) for d in free]


def _ends_label(line: str, found: WrittenDate) -> bool:
    label = list(_LABEL.finditer(line, 0, found.start))
    return bool(label) and not re.search(
        r"\w", _WEEKDAY.sub("", line[label[-1].end() : found.start])
    )


def _stands_apart(line: str, found: WrittenDate) -> bool:
    """Whether the date begins or ends its line, or a wide gap sets it off (two columns)."""
    before, after = line[: found.start], line[found.end :]
    before = _WEEKDAY.sub("", before)
    apart_before = not before.strip(" ,") or before.endswith(("  ", "\t", ", "))
    apart_after = not after.strip(" .,") or after.startswith(("  ", "\t"))
    return apart_before and apart_after


def _doubting(found: LetterDate, doubt: str) -> LetterDate:
    return LetterDate(found.moment, found.line, (*found.doubts, doubt))


def _read(found: WrittenDate, line: str, number: int) -> LetterDate:
    doubts = [f'"{found.said}" was {found.doubt}.'] if found.doubt else []
    if re.search(r"[/.\-]\s?\d\d$", found.said) and not re.match(r"\d{4}\D", found.said):
        doubts.append(TWO_DIGITS)
    before = line[: found.start]
    weekday = _WEEKDAY.search(before, max(0, len(before) - 14))
    if weekday and _WEEKDAYS[found.day.weekday()][:3] != weekday[1][:3].lower():
        doubts.append(WEEKDAY)
    week = _WEEK.search(before, max(0, len(before) - 24))
    last = found.day + timedelta(days=6) if week else found.day
    said = f"{week[0].strip()} {found.said}" if week else found.said
    return LetterDate(days(found.day, last, said, Basis.LETTERHEAD), number, tuple(doubts))


def _month(year: int, name: str, *, said: str) -> Moment:
    month = _MONTHS.index(name.lower()) + 1
    last = calendar.monthrange(year, month)[1]
    return days(date(year, month, 1), date(year, month, last), said, Basis.LETTERHEAD)


def heading_date(line: str) -> LetterDate | None:
    """The one day or month that a heading says: "Experience 12 (March 2021)"."""
    found = written_dates(line)
    if len(found) == 1:
        return _read(found[0], line, 0)
    months = list(_MONTH.finditer(line)) if not found else []
    if len(months) == 1:
        return LetterDate(_month(int(months[0][2]), months[0][1], said=months[0][0]), 0)
    return None


def name_date(name: str) -> Moment | None:
    """The one day that a file's name states ("2022-03-07 reply.pdf"); None for none or several."""
    found = {one.day: name[one.start : one.end] for one in written_dates(name.replace("_", " "))}
    for match in _NAME_COMPACT.finditer(name):
        with suppress(ValueError):
            found.setdefault(date(int(match[1]), int(match[2]), int(match[3])), match[0])
    if len(found) != 1:
        return None
    ((day, said),) = found.items()
    return days(day, day, said, Basis.FILE_NAME)
