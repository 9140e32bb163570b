"""Which yardstick a finding is measured by, and in whose days (decisions of thresholds and days).

What the auditor set for the rule comes first, then a criterion of the case that was in force on
the day, then the rule's default. The finding prints which.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commtrace.model import Check, Criterion, Outcome
from commtrace.norms import BY_CASE, BY_DEFAULT, out_of_force
from commtrace.view import View
from commtrace.workdays import Calendar

_IN_FORCE = "A criterion was set that was not in force"


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """`days` in `calendar`, who set them (`where`), and a check where another was set."""

    days: int
    calendar: Calendar
    where: str
    checks: tuple[Check, ...] = ()

    def due(self, start: date) -> date:
        """The last day that is still in time, `start` being day 0."""
        return self.calendar.due(start, self.days)


def yardstick(
    view: View, *, rule: str, key: str, days: int, default: int, party: int, day: date
) -> Yardstick:
    """The yardstick for what `party` owed from `day` on.

    Days run in the criterion's own calendar where it names one other than working days (a school
    or statutory clock), else in the calendar of the party that owes.
    """
    theirs = view.calendar_of(party)
    if days != default or "days" in view.brief.rules.get(rule, {}):
        return Yardstick(days=days, calendar=theirs, where=f"{BY_CASE}, [rules.{rule}]")
    criterion = view.criteria.get(key)
    if criterion is None or criterion.where == BY_DEFAULT:
        return Yardstick(days=days, calendar=theirs, where=BY_DEFAULT)
    if warning := out_of_force(criterion, day):
        check = Check(what=_IN_FORCE, outcome=Outcome.FAILED, because=warning)
        return Yardstick(days=days, calendar=theirs, where=BY_DEFAULT, checks=(check,))
    calendar = theirs if criterion.calendar == "working" else view.calendars[criterion.calendar]
    return Yardstick(days=criterion.days, calendar=calendar, where=_named(criterion))


def _named(criterion: Criterion) -> str:
    if criterion.where == BY_CASE:
        return f"{BY_CASE}, [criteria] {criterion.id}"
    return criterion.where
