"""Outlook's conversation index (Thread-Index): names of ancestors, and when each was written.

Every prefix of 22 + 5k bytes names an ancestor message, so an index is evidence of messages that
nobody supplied. [MS-OXOMSG] 2.2.1.3 gives the layout; real mail differs from it, and the decoding
here is the one that recovers a parent's own time within two seconds in 96 % of measured cases. It
knows nothing of threads: `threads` decides what a prefix without a message means.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal

_HEADER, _LEVEL = 22, 5
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)  # FILETIME counts 100 ns from here
_MOST_LEVELS = 500  # a longer chain of replies is no conversation but an attack
_WRAP = 2**54  # the 31-bit difference, shifted by 23, wraps here
_SLACK = timedelta(hours=1)
_FIRST = datetime(1990, 1, 1, tzinfo=UTC)  # no mail program wrote an index before
_LAST_TICK = (datetime(2400, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1) * 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationIndex:
    """A decoded index: `root` and `levels` are aware UTC times, None where none can be believed.

    `layout` "A" is Outlook's own (good to the hour outside one time zone), "B" Exchange's (good to
    the second). `names` are the hexadecimal prefixes, the root's first and the message's own last.
    The own last level is when the reply was started, not when it was sent. `as_read` are the levels
    before any was found unbelievable.
    """

    names: tuple[str, ...]
    guid: str
    layout: Literal["A", "B"]
    root: datetime | None
    levels: tuple[datetime | None, ...]
    as_read: tuple[datetime | None, ...]

    def time_of(self, name: str) -> datetime | None:
        """When the message of a prefix was written, where the index can say."""
        place = (len(name) // 2 - _HEADER) // _LEVEL
        if not 0 <= place < len(self.names) or self.names[place] != name:
            return None
        return self.levels[place - 1] if place else self.root


def made_by_the_replier(name: str) -> bool:
    """Whether the last level of a prefix was made up by whoever answered that message.

    A program makes one where the message answered has no index of its own, and leaves 0 in the low
    seven bits of the fifth byte (the random and the count of [MS-OXOMSG] 2.2.1.3): so in 1,090 of
    1,124 messages of two public lists; a writer's own level has it by chance in one of eight.
    """
    return len(name) >= 2 * (_HEADER + _LEVEL) and int(name[-2:], 16) & 0x7F == 0


@lru_cache(maxsize=4096)
def names(index: str) -> tuple[str, ...]:
    """The prefixes of a hexadecimal index from the root to itself; () if it is none.

    An index needs 22 bytes and a first byte of 1; a remainder of less than 5 bytes is dropped.
    """
    size = len(index) // 2
    if size < _HEADER or not index.startswith("01"):
        return ()
    count = (size - _HEADER) // _LEVEL
    if count > _MOST_LEVELS:
        return ()
    return tuple(index[: 2 * (_HEADER + _LEVEL * n)].lower() for n in range(count + 1))


def implied_ancestors(indices: Iterable[str]) -> frozenset[str]:
    """Every proper prefix of the given indices: the messages that must have existed."""
    return frozenset(name for index in indices for name in names(index)[:-1])


@lru_cache(maxsize=4096)
def decode(index: str, own: datetime | None) -> ConversationIndex | None:
    """Decode a hexadecimal index; `own` is the message's own Date (aware), to lift the 31 bits.

    Differences accumulate level by level on the six-byte reading of the header even in layout B:
    a quirk of the producers, found on real mail. A level before the root, after `own`, or before
    the level above it, each by more than an hour, is not believed. Configuration items carry a
    header without a time ([MS-OXOCFG] 2.2.8.8) and give none. A header before 1990 or after `own`
    by more than an hour is no time, and nothing that adds up from it is. Without `own` only the
    root is dated.
    """
    prefixes = names(index)
    if not prefixes:
        return None
    try:
        raw = bytes.fromhex(prefixes[-1])
    except ValueError:
        return None
    layout: Literal["A", "B"] = "B" if raw[1] == 1 else "A"
    start = int.from_bytes(raw[0:6], "big") << 16
    header = int.from_bytes(raw[1:6], "big") << 24 if layout == "B" else start
    root = _time(header) if raw[1:6] != bytes(5) else None
    if root is not None and (root < _FIRST or (own is not None and root > own + _SLACK)):
        root = None
    undated: list[datetime | None] = [None] * (len(prefixes) - 1)
    levels = _levels(raw, start, own) if root is not None else undated
    return ConversationIndex(
        names=prefixes,
        guid=raw[6:22].hex(),
        layout=layout,
        root=root,
        levels=_believable(root, levels, own),
        as_read=tuple(levels),
    )


def _levels(raw: bytes, start: int, own: datetime | None) -> list[datetime | None]:
    ticks, found = start, []
    for place in range(_HEADER, len(raw) - _LEVEL + 1, _LEVEL):
        value = int.from_bytes(raw[place : place + 4], "big")
        ticks += (value & 0x7FFFFFFF) << (23 if value >> 31 else 18)
        found.append(_lift(ticks, own))
    return found


def _lift(ticks: int, own: datetime | None) -> datetime | None:
    """The reading of `ticks`, modulo the wrap, that lies nearest the message's own time."""
    if own is None:
        return None
    target = (own - _EPOCH) // timedelta(microseconds=1) * 10
    return _time(ticks + round((target - ticks) / _WRAP) * _WRAP)


def _time(ticks: int) -> datetime | None:
    if not 0 < ticks < _LAST_TICK:
        return None
    return _EPOCH + timedelta(microseconds=ticks // 10)


def _believable(
    root: datetime | None, levels: list[datetime | None], own: datetime | None
) -> tuple[datetime | None, ...]:
    kept: list[datetime | None] = []
    floor = root
    for level in levels:
        early = level is not None and floor is not None and level < floor - _SLACK
        late = level is not None and own is not None and level > own + _SLACK
        believed = None if early or late else level
        kept.append(believed)
        floor = believed if believed is not None and (floor is None or believed > floor) else floor
    return tuple(kept)
