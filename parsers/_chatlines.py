"""A WhatsApp export as messages: stamps found, days and months told apart, people and events seen.

Android writes `14/02/2022, 09:30 - Jo: text`, iOS `[14/02/2022, 09:30:15] Jo: text`; the order of
day and month follows the phone's country and is decided from the whole file. Lines that do not
begin with a stamp go on with the message above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

from commtrace.moments import Basis, Moment, plausible

from ._text import clean_line

DAY_FIRST = "The file does not show whether days or months come first; it was read day first."
BY_ORDER = "Whether days or months come first was told from the order of the messages."
BOTH_ORDERS = "Dates of both orders stand in the file; each was read as it can be, else day first."
NO_ZONE = "The time is that of the phone that made the export, whose zone is not given."
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)  # the zones of the world
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BLANKS = re.compile("[\u202f\u00a0\u2009]")
_STAMP = re.compile(
    r"(?P<open>\[)?(?P<a>\d{1,4})(?P<s>[/.\-])(?P<b>\d{1,2})(?P=s)(?P<c>\d{2,4}),?\s"
    r"(?P<h>\d{1,2})[:.](?P<m>\d{2})(?:[:.](?P<sec>\d{2}))?"
    r"(?:\s?(?P<half>[AaPp])\.?\s?[Mm]\.?)?(?(open)\]\s?|\s[-–]\s)"
)
_SENDER = re.compile(r"([^\s:][^:\n]{0,79}?):(?:\s|$)")
_EVENT = re.compile(
    r"\b(?:added|removed|left|joined using|created (?:this )?group|turned (?:on|off)|"
    r"changed (?:the|this|to|their|your)|deleted this group|end-to-end encrypted|pinned a message|"
    r"is a contact|started a call|updated the message timer|requested to join|now an admin)\b"
)
_MOVES = (
    (re.compile(r"^(?P<who>.{1,80}?) (?P<what>joined)\b"), ("who",), True),
    (re.compile(r"^(?P<who>.{1,80}?) (?:was|were) added\b"), ("who",), True),
    (re.compile(r"^.{1,80}? added (?P<who>.{1,2000})$"), ("who",), True),
    (re.compile(r"^(?P<who>.{1,80}?) left\b"), ("who",), False),
    (re.compile(r"^.{1,80}? removed (?P<who>.{1,2000})$"), ("who",), False),
)  # fmt: skip
_GROUP = re.compile(
    "(?:created group|changed the subject (?:from .{1,100} )?to|changed the group name to) "
    "[\"“']?(.{1,100}?)[\"”']?$"
)
_ONESELF = frozenset({"you", "yourself"})


@dataclass(frozen=True, slots=True)
class Said:
    """One message or event: where it stands, when, who (None for an event), and its words."""

    number: int
    moment: Moment | None
    sender: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Chat:
    """All messages of an export; `group` is its name where one is told."""

    said: tuple[Said, ...]
    group: str
    doubts: tuple[str, ...]


@dataclass(slots=True)
class _Raw:
    stamp: re.Match[str]
    rest: list[str]
    marked: bool  # the text began with a mark that the program writes before its own words


def stamps(lines: Sequence[str]) -> tuple[int, int]:
    """How many lines begin with a stamp, and how many of them go on like a message or an event."""
    found = [match for line in lines if (match := _STAMP.match(_plain(line)))]
    rest = [match.string[match.end() :] for match in found]
    return len(found), sum(bool(_SENDER.match(one) or _EVENT.search(one)) for one in rest)


def begins(line: str) -> bool:
    """Whether a line begins with a stamp."""
    return _STAMP.match(_plain(line)) is not None


def chat(text: str, *, most: int) -> Chat:
    """The messages of an export's text, `most` at most."""
    raw = list(islice(_raw(text), most))
    order, doubts = order_of([one.stamp for one in raw])
    ios_group = _ios_group(raw)
    said: list[Said] = []
    group = ios_group
    for number, one in enumerate(raw, 1):
        sender, words = _parted(one, ios_group)
        if sender is None and (named := _GROUP.search(words)):
            group = named[1]
        said.append(Said(number, _moment(one.stamp, order), sender, words))
    return Chat(tuple(said), group, doubts)


def _plain(line: str) -> str:
    return _BLANKS.sub(" ", _MARKS.sub("", line))


def _raw(text: str) -> Iterator[_Raw]:
    open_one: _Raw | None = None
    for line in text.split("\n"):
        match = _STAMP.match(_plain(line))
        if match is None:
            if open_one is not None:
                open_one.rest.append(_MARKS.sub("", line))
            continue
        if open_one is not None:
            yield open_one
        rest = match.string[match.end() :]
        own = re.search("\\]\\s?[^:\n]{0,80}:\\s\u200e", line) is not None
        open_one = _Raw(match, [rest], own)
    if open_one is not None:
        yield open_one


def _ios_group(raw: Sequence[_Raw]) -> str:
    """The group's name, which iOS writes as the sender of its own first words."""
    for one in raw[:5]:
        match = _SENDER.match(one.rest[0])
        if one.marked and match and "end-to-end encrypted" in one.rest[0]:
            return clean_line(match[1])
    return ""


def _parted(one: _Raw, group: str) -> tuple[str | None, str]:
    """The sender (None for an event) and the words."""
    first = one.rest[0]
    match = _SENDER.match(first)
    whole = "\n".join(one.rest).strip()
    if match is None:
        return None, whole
    name = clean_line(match[1].removeprefix("~")).strip()
    words = "\n".join([first[match.end() :], *one.rest[1:]]).strip()
    if name == group and group:
        return None, words
    if _EVENT.search(name):  # Jo changed the subject to "Transport: help"
        return None, whole
    if one.marked and _EVENT.search(words) and len(one.rest) == 1:
        return None, words if words.startswith(name) else f"{name} {words}"
    return name, words


def order_of(found: Sequence[re.Match[str]]) -> tuple[str, tuple[str, ...]]:
    """The order of day (d), month and year in the whole file, and a doubt where it is not told."""
    if found and all(len(one["a"]) == 4 for one in found):
        return "ymd", ()
    day_first = any(int(one["a"]) > 12 for one in found)
    month_first = any(int(one["b"]) > 12 for one in found)
    if day_first and month_first:
        return "dmy", (BOTH_ORDERS,)
    if day_first or month_first:
        return ("dmy" if day_first else "mdy"), ()
    forward, backward = (_steps_back(found, order) for order in ("dmy", "mdy"))
    if forward != backward and min(forward, backward) * 10 <= max(forward, backward):
        return ("dmy" if forward < backward else "mdy"), (BY_ORDER,)
    return "dmy", (DAY_FIRST,)


def _steps_back(found: Sequence[re.Match[str]], order: str) -> int:
    """How many messages would be older than the one above them."""
    days = [wall for one in found if (wall := wall_of(one, order))]
    return sum(later < earlier - timedelta(hours=1) for earlier, later in pairwise(days))


def wall_of(stamp: re.Match[str], order: str) -> datetime | None:
    """What the clock showed by the groups a, b, c, h, m, sec, half of a stamp; None for no time."""
    a, b, c = int(stamp["a"]), int(stamp["b"]), int(stamp["c"])
    year, month, day = (a, b, c) if order == "ymd" else (c, b, a) if order == "dmy" else (c, a, b)
    if order != "ymd" and month > 12 >= day:
        month, day = day, month
    hour, half = int(stamp["h"]), (stamp["half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 99
    try:
        return datetime(year + 2000 if year < 100 else year, month, day, hour, int(stamp["m"]),  # noqa: DTZ001 - a phone's clock
                        int(stamp["sec"] or 0))  # fmt: skip
    except ValueError:
        return None


def _moment(stamp: re.Match[str], order: str) -> Moment | None:
    """The time of a message, as wide as the zones of the world: the export names none."""
    wall = wall_of(stamp, order)
    if wall is None or not plausible(wall):
        return None
    at = wall.replace(tzinfo=UTC)
    width = timedelta(seconds=1) if stamp["sec"] else timedelta(minutes=1)
    words = clean_line(stamp[0].rstrip(" -–").strip("[] "))
    return Moment(earliest=at - _EAST, latest=at - _WEST + width, said=words, basis=Basis.CHAT)


def moves(words: str) -> tuple[tuple[str, ...], bool] | None:
    """Who came into a group or left it by an event's words, and whether they came."""
    for pattern, names, came in _MOVES:
        match = pattern.match(words.partition("\n")[0].strip().rstrip("."))
        if match:
            said = ",".join(match[name] for name in names).replace(" and ", ",")
            people = [clean_line(one.strip(" ~")) for one in said.split(",")]
            return tuple(
                one for one in people if one and len(one) <= 80 and one.lower() not in _ONESELF
            ), came
    return None
