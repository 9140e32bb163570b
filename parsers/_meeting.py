"""What an Outlook item says of a meeting: when and where, who called it, who was asked, the answer.

Knows the properties of MS-OXOCAL 2.2; the same for a message file and an item of a store. When the
meeting is stands at the head of its text, because a communication's own time is when it was sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from commtrace.model import Address
from commtrace.moments import Basis, Moment, instant, local_day, plausible, say_time, utc_text

from . import _mapi, _named
from ._mapi import Properties

OF_THE_MEETING = "When the item was sent is not kept; the time of the meeting stands in its place."
CANCELLED = "The meeting was cancelled."
NO_TIME = "The item does not say when the meeting is."
CLASSES = ("IPM.APPOINTMENT", "IPM.SCHEDULE.MEETING", "IPM.OLE.CLASS.{00061055")
_ANSWERS = {
    "IPM.SCHEDULE.MEETING.RESP.POS": "accepted", "IPM.SCHEDULE.MEETING.RESP.NEG": "declined",
    "IPM.SCHEDULE.MEETING.RESP.TENT": "accepted tentatively",
}  # fmt: skip
_START_DATE, _END_DATE = 0x0060, 0x0061  # PidTagStartDate, PidTagEndDate
_FLAGS, _ORGANISER = 0x5FFD, 0x02  # PidTagRecipientFlags (MS-OXOCAL 2.2.4.10.1)
_CANCELLED = 0x04


def is_one(item_class: str) -> bool:
    """Whether an item's class, in capitals, is that of a meeting or of mail about one."""
    return item_class.startswith(CLASSES)


def head(message: Properties, item_class: str) -> tuple[str, ...]:
    """The lines that say when and where the meeting is, and what was answered."""
    start, end = _span(message)
    answer = [f"Answer to an invitation: {_ANSWERS[item_class]}"] if item_class in _ANSWERS else []
    said = [f"When: {_said(start, end)}"] if start else []
    where = message.line(_named.WHERE)
    if where:
        said.append(f"Where: {where}")
    return (*answer, *said)


def doubts(message: Properties, item_class: str) -> Iterable[str]:
    """What a reader must know of the meeting."""
    state = message.number(_named.STATE) or 0
    if state & _CANCELLED or item_class.startswith("IPM.SCHEDULE.MEETING.CANCELED"):
        yield CANCELLED
    if _span(message)[0] is None and item_class not in _ANSWERS:
        yield NO_TIME


def changed(message: Properties) -> Moment | None:
    """When the organiser last sent it or an invitee answered: DTSTAMP of a calendar item."""
    times = (message.time(tag) for tag in (_named.OWNER_CHANGED, _named.INVITEE_CHANGED))
    when = next((one for one in times if one and plausible(one)), None)
    return instant(when, utc_text(when), Basis.CALENDAR) if when else None


def itself(message: Properties) -> Moment | None:
    """When the meeting is, as an interval; None where that is not said."""
    start, end = _span(message)
    if start is None:
        return None
    last = end if end and end > start else start + timedelta(seconds=1)
    return Moment(earliest=start, latest=last, said=_said(start, end), basis=Basis.CALENDAR)


def organiser(rows: Iterable[Properties]) -> Address | None:
    """The person that the list of recipients marks as the one who called the meeting."""
    marked = (row for row in rows if (row.number(_FLAGS) or 0) & _ORGANISER)
    return next((one for row in marked if (one := _mapi.person(row, _mapi.RECIPIENT))), None)


def rooms(people: Iterable[Address]) -> str:
    """A line that names the resources of a meeting, which its list keeps in the place of Bcc."""
    said = "; ".join(one.said for one in people)
    return f"Rooms: {said}" if said else ""


def _span(message: Properties) -> tuple[datetime | None, datetime | None]:
    start = message.time(_named.START) or message.time(_START_DATE)
    end = message.time(_named.END) or message.time(_END_DATE)
    kept = [one if one and plausible(one) else None for one in (start, end)]
    return kept[0], kept[1]


def _said(start: datetime, end: datetime | None) -> str:
    if end is None or end <= start:
        return say_time(start)
    same_day = local_day(start) == local_day(end)
    return (
        f"{say_time(start)} to {say_time(end).rpartition(', ')[2] if same_day else say_time(end)}"
    )
