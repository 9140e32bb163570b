"""The yardsticks of a case: the calendars in which days are counted, and the dated criteria.

Reads the shipped tables (`data/norms.toml`, `data/calendars/`) and what the auditor put in
`case.toml`. Says nothing about messages: a rule asks for a criterion and decides what it measures.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from types import MappingProxyType

from commtrace.brief import Brief, Closure
from commtrace.errors import CaseFileError
from commtrace.model import Criterion
from commtrace.workdays import EVERY_DAY, Calendar, calendar

NATIONS = ("england", "scotland", "wales", "northern-ireland")
BY_DEFAULT = "default of the rule"
BY_CASE = "case.toml"
_DEFAULTS = (
    ("reply", "Reply", 20, "working"),
    ("handoff_working_days", "Handoff taken up", 10, "working"),
    ("notice_school_days", "Notice before an event", 10, "school"),
)
NAMED_CALENDARS = (
    ("_working_days", "working"),
    ("_school_days", "school"),
    ("_foi_days", "foi"),
    ("_days", "every day"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """One row of `norms.toml`: `days` in `calendar`, in force between two dates, and its source."""

    id: str
    text: str
    days: int
    calendar: str
    valid_from: date | None
    valid_to: date | None
    status: str
    source: str


@cache
def norms() -> Mapping[str, Norm]:
    """Every shipped norm, by id."""
    return MappingProxyType({name: _norm(name, row) for name, row in _table("norms.toml").items()})


@cache
def bank_holidays(nation: str) -> Mapping[date, str]:
    """Weekday bank holidays of a nation of the United Kingdom, 2010 to 2035, with their names."""
    days: Mapping[str, str] = _table("calendars", f"{nation}.toml")["days"]
    return MappingProxyType({date.fromisoformat(day): name for day, name in days.items()})


def calendars(brief: Brief) -> Mapping[str, Calendar]:
    """The calendars of a case: "working", "school", "every day" and "foi".

    Working days leave out bank holidays of the case's nation and office closures; school days
    leave out bank holidays and school holidays. "foi" leaves out a bank holiday in any part of the
    United Kingdom, and office closures count in it (FOIA 2000 s10(6) and the ICO's guidance).
    """
    off = tuple(bank_holidays(brief.calendars.bank_holidays))
    kingdom = {day for nation in NATIONS for day in bank_holidays(nation)}
    return MappingProxyType(
        {
            "working": calendar("working", closed=[*off, *_days(brief.calendars.closures)]),
            "school": calendar("school", closed=[*off, *_days(brief.calendars.school_holidays)]),
            "every day": EVERY_DAY,
            "foi": calendar("foi", closed=kingdom),
        }
    )


def criteria(brief: Brief) -> Mapping[str, Criterion]:
    """The criteria of a case by the keys of `[criteria]`; a rule's default where none is set.

    A value is the id of a norm, or a number of days in the calendar that the key names
    (`..._working_days`, `..._school_days`, `..._days`); a key that names none counts in working
    days. `reply_school_days` and the like stand for `reply`. A norm may be out of force on the day
    that matters: `Criterion.in_force` says so, and `out_of_force` gives the sentence.

    Raises CaseFileError where an id is no norm or a number is not at least one day.
    """
    found = {key: Criterion(id=key, label=label, days=days, calendar=name, where=BY_DEFAULT)
             for key, label, days, name in _DEFAULTS}  # fmt: skip
    for key, value in brief.criteria.items():
        found[stands_for(key)] = (
            _set_by_number(key, value) if isinstance(value, int) else _set_by_norm(key, value)
        )
    return MappingProxyType(found)


def stands_for(key: str) -> str:
    """The yardstick that a key of `[criteria]` sets: `reply_school_days` sets `reply`."""
    return "reply" if key.startswith("reply_") else key


def out_of_force(criterion: Criterion, day: date) -> str | None:
    """A sentence where `criterion` was not in force on `day`, else None."""
    if criterion.in_force(day):
        return None
    since = f"from {criterion.valid_from.isoformat()}" if criterion.valid_from else ""
    until = f"until {criterion.valid_to.isoformat()}" if criterion.valid_to else ""
    span = " ".join(filter(None, (since, until)))
    return f"The criterion {criterion.id} was set, and was in force only {span}: it is not applied."


def warnings(brief: Brief) -> tuple[str, ...]:
    """A sentence for each criterion of the case that was not in force throughout its period."""
    if brief.period is None:
        return ()
    first, last = brief.period
    found = (
        out_of_force(criterion, day)
        for criterion in criteria(brief).values()
        for day in (first, last)
    )
    return tuple(dict.fromkeys(sentence for sentence in found if sentence))


def _set_by_number(key: str, days: int) -> Criterion:
    if days < 1:
        raise CaseFileError(f"case.toml, [criteria]: {key} must be at least one day.")
    name = next(
        (calendar for ending, calendar in NAMED_CALENDARS if key.endswith(ending)), "working"
    )
    label = key.partition("_")[0].capitalize()
    return Criterion(id=key, label=label, days=days, calendar=name, where=BY_CASE)


def _set_by_norm(key: str, name: str) -> Criterion:
    norm = norms().get(name)
    if norm is None:
        known = ", ".join(sorted(norms()))
        raise CaseFileError(
            f'case.toml, [criteria]: {key} = "{name}" is no norm. Known are {known}.'
        )
    return criterion_of(norm)


def criterion_of(norm: Norm) -> Criterion:
    """A norm as the yardstick of a case that chose it."""
    return Criterion(
        id=norm.id,
        label=norm.text,
        days=norm.days,
        calendar=norm.calendar,
        where=norm.id,
        valid_from=norm.valid_from,
        valid_to=norm.valid_to,
        source=f"{norm.source} ({norm.status})",
    )


def _norm(name: str, row: Mapping[str, object]) -> Norm:
    values = {key: row.get(key) for key in ("text", "days", "calendar", "status", "source")}
    return Norm(id=name, valid_from=row.get("valid_from"), valid_to=row.get("valid_to"), **values)  # type: ignore[arg-type] # the shipped table is checked by a test


def _days(closures: Iterable[Closure]) -> list[date]:
    return [
        closure.first + timedelta(days=n)
        for closure in closures
        for n in range((closure.last - closure.first).days + 1)
    ]


def _table(*path: str) -> dict[str, dict[str, str]]:
    file = resources.files("commtrace.data").joinpath(*path)
    return tomllib.loads(file.read_text(encoding="utf-8"))
