"""Calendars and criteria in use: which days were counted, by whose yardstick, in force when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from commtrace.model import Criterion
from commtrace.report import _words as words
from commtrace.view import View
from commtrace.workdays import Calendar

_CLOSED_SHOWN = 24  # days off written out for a calendar
_CALENDARS = {"every day": "Every day", "foi": "FOI working days"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRow:
    """A yardstick in use and the days for which it is in force."""

    label: str
    days: str
    where: str
    validity: str


def calendar_row(view: View, key: str) -> tuple[str, str]:
    """A calendar's name and which days of the period count in it."""
    one, period = view.calendars[key], _period(view)
    name = _CALENDARS.get(key, f"{key.capitalize()} days")
    closed = [day for day in one.closed if period is None or period[0] <= day <= period[1]]
    weekdays = "Monday to Friday" if one.weekdays_only else "Every day of the week"
    if not closed:
        return name, f"{weekdays}; no other days are left out in the period."
    shown = _day_runs(one, closed)
    more = f" and {len(shown) - _CLOSED_SHOWN} more" if len(shown) > _CLOSED_SHOWN else ""
    listed = ", ".join(shown[:_CLOSED_SHOWN])
    return name, f"{weekdays}, without {listed}{more}."


def _period(view: View) -> tuple[date, date] | None:
    """The period reviewed; where none is stated, from the first dated communication to the last."""
    if view.brief.period or not view.dated:
        return view.brief.period
    return view.day(0), view.day(view.dated - 1)


def _day_runs(calendar: Calendar, closed: Sequence[date]) -> list[str]:
    """Closed days in words; those with no counting day between them are one run."""
    runs: list[list[date]] = []
    for day in closed:
        if runs and calendar.clear_days(runs[-1][-1], day) == 0:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [words.span(run[0], run[-1]) for run in runs]


def criterion_row(view: View, one: Criterion) -> CriterionRow:
    """A yardstick with its days, who set it and when it is in force."""
    calendar = "days" if one.calendar == "every day" else f"{one.calendar} days"
    source = f"; {words.line(one.source)}" if one.source else ""
    return CriterionRow(
        label=words.line(one.label),
        days=f"{one.days} {calendar}",
        where=f"{words.line(one.where)}{source}",
        validity=_validity(view, one),
    )


def _validity(view: View, one: Criterion) -> str:
    if one.valid_from is None and one.valid_to is None:
        return "no dates stated"
    stated, period = words.span(one.valid_from, one.valid_to), view.brief.period
    if period is not None and not (one.in_force(period[0]) and one.in_force(period[1])):
        return f"{stated}: not on every day of the period"
    return stated
