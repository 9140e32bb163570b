"""Outlook properties that have a name and, in each file or store, a number of its own.

The map is kept alike in a message file (MS-OXMSG 2.2.3) and in a store (MS-PST 2.4.7): entries of
eight bytes and the sets of properties they belong to. Those that are read get tags above 0xFFFF
here, which no property of a file can have. Sources of the names: MS-OXPROPS, MS-OXOCAL 2.2.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from uuid import UUID

START, END, WHERE = 0x1820D, 0x1820E, 0x18208
"""PidLidAppointmentStartWhole, PidLidAppointmentEndWhole, PidLidLocation."""
STATE = 0x18217
"""PidLidAppointmentStateFlags: 1 a meeting, 2 received, 4 cancelled."""
OWNER_CHANGED, INVITEE_CHANGED = 0x1001A, 0x10001
"""PidLidOwnerCriticalChange and PidLidAttendeeCriticalChange: when it was last sent or answered."""

_APPOINTMENT = UUID("00062002-0000-0000-c000-000000000046").bytes_le
_MEETING = UUID("6ed8da90-450b-101b-98da-00aa003f1305").bytes_le
_WANTED = {
    (_APPOINTMENT, 0x820D): START, (_APPOINTMENT, 0x820E): END, (_APPOINTMENT, 0x8208): WHERE,
    (_APPOINTMENT, 0x8217): STATE, (_MEETING, 0x001A): OWNER_CHANGED,
    (_MEETING, 0x0001): INVITEE_CHANGED,
}  # fmt: skip
_FIRST_SET = 3  # indexes below it name no set, PS_MAPI and PS_PUBLIC_STRINGS


def aliases(sets: bytes, entries: bytes) -> Mapping[int, int]:
    """Of each property that is read its tag here and its number in this file or store."""
    found: dict[int, int] = {}
    for name, place, number in struct.iter_unpack("<IHH", entries[: len(entries) // 8 * 8]):
        if place & 1:
            continue  # named by a string
        at = 16 * ((place >> 1) - _FIRST_SET)
        ours = _WANTED.get((sets[at : at + 16], name)) if at >= 0 else None
        if ours is not None:
            found.setdefault(ours, 0x8000 + number)
    return found


def tag_of(of_set: bytes, number: int) -> int | None:
    """The tag here of a property named by a set and a number; None if it is not read."""
    return _WANTED.get((of_set, number))
