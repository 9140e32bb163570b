"""Acts with the time they set: what a sentence says, read on the day on which it was said.

Kept apart from the derived rows because it needs the day of the message and the calendars of the
case, which the auditor may change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from commtrace.language.deadlines import deadline
from commtrace.language.undertakings import audience, firm
from commtrace.model import Act, ActKind, Communication, CommunicationId
from commtrace.workdays import Calendar

Acts = Mapping[CommunicationId, tuple[Act, ...]]
_TIMED = frozenset({ActKind.UNDERTAKING, ActKind.ANNOUNCEMENT, ActKind.REQUEST})


def dated(
    acts: Acts,
    rows: Sequence[Communication],
    days: Sequence[date | None],
    calendars: Mapping[str, Calendar],
) -> Acts:
    """The acts of `rows`, each undertaking, announcement and request with its deadline, if any.

    `days` are the days in Europe/London on which the rows were sent; an undated row sets no day.
    """
    found = dict(acts)
    for one, day in zip(rows, days, strict=True):
        some = acts.get(one.id)
        if day is not None and some and any(act.kind in _TIMED for act in some):
            found[one.id] = tuple(_read(act, day, calendars) for act in some)
    return found


def _read(act: Act, day: date, calendars: Mapping[str, Calendar]) -> Act:
    if act.kind not in _TIMED:
        return act
    due = deadline(act.said, day, calendars)
    if act.kind is ActKind.REQUEST:
        return replace(act, due=due)
    return replace(act, due=due, firm=firm(act.said), audience=audience(act.said))
