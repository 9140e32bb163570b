"""Reads story.toml: who there is, which days count, the scripted scenes and the everyday traffic.

Gives values only; what chance adds is `_traffic`, how a mail reads is `_compose`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from commtrace.workdays import Calendar, calendar

from ._mail import Draft, Enclosure, Person

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A custodian's material: folder, file kind, and days of which nothing was supplied."""

    person: Person
    folder: str
    kind: str
    hole: tuple[date, date] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Days on which one party writes nothing to another."""

    sender: str
    recipient: str
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """story.toml in values; `raw` holds the banks, streams, series and letters as written."""

    cast: Mapping[str, Person]
    working: Calendar
    mailboxes: tuple[Mailbox, ...]
    quiet: tuple[Quiet, ...]
    lists: Mapping[str, tuple[str, ...]]
    scripted: tuple[Draft, ...]
    raw: Mapping[str, Any]


def load(path: Path, enclosures: Mapping[str, Enclosure]) -> Story:
    """The story in a file; `enclosures` are the files that scenes attach, by name."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    cast = {key: _person(raw, key, row) for key, row in raw["cast"].items()}
    lists = {key: tuple(names) for key, names in raw["lists"].items()}
    return Story(
        cast=cast,
        working=calendar("working", closed=_closed(raw["calendar"])),
        mailboxes=tuple(_mailbox(cast, row) for row in raw["mailboxes"]),
        quiet=tuple(_quiet(row) for row in raw["quiet"]),
        lists=lists,
        scripted=tuple(d for scene in raw["scenes"] for d in _scene(scene, lists, enclosures)),
        raw=raw,
    )


def _closed(row: Mapping[str, Any]) -> Iterator[date]:
    yield from row["bank_holidays"]
    first, last = row["closure"]
    yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def _person(raw: Mapping[str, Any], key: str, row: Mapping[str, Any]) -> Person:
    signature = tuple(row.get("signature", ()))
    if signature:
        signature = (row["name"], *signature, *raw["signature_foot"].get(row["party"], ()))
    return Person(
        key=key,
        name=row["name"],
        address=row["address"],
        party=row["party"],
        client=row.get("client", "outlook"),
        manner=row.get("manner", "council"),
        signature=signature,
    )


def _mailbox(cast: Mapping[str, Person], row: Mapping[str, Any]) -> Mailbox:
    hole = row.get("hole")
    return Mailbox(
        person=cast[row["custodian"]],
        folder=row["folder"],
        kind=row["kind"],
        hole=(hole[0], hole[1]) if hole else None,
    )


def _quiet(row: Mapping[str, Any]) -> Quiet:
    return Quiet(sender=row["from"], recipient=row["to"], first=row["since"], last=row["until"])


def _scene(
    scene: Mapping[str, Any],
    lists: Mapping[str, tuple[str, ...]],
    enclosures: Mapping[str, Enclosure],
) -> Iterator[Draft]:
    for row in scene["mails"]:
        at: datetime = row["at"]
        yield Draft(
            key=row["key"],
            at=at.replace(tzinfo=LONDON),
            sender=row["from"],
            to=_people(row.get("to", []), lists),
            cc=_people(row.get("cc", []), lists),
            bcc=_people(row.get("bcc", []), lists),
            subject=row.get("subject", scene.get("subject", "")),
            title=row.get("subject", "") if _kind(row) != "new" else "",
            body=row["body"].strip("\n"),
            kind=_kind(row),
            parent=row.get("answers") or row.get("forwards") or "",
            client=row.get("client", ""),
            bare=row.get("bare", False),
            quote=row.get("quote", True),
            lost=tuple(row.get("lost", ())),
            altered=row.get("altered", {}),
            headers=row.get("headers", {}),
            enclosures=tuple(enclosures[name] for name in row.get("encloses", ())),
        )


def _kind(row: Mapping[str, Any]) -> str:
    if "forwards" in row:
        return "forward"
    return "reply" if "answers" in row else "new"


def _people(keys: list[str], lists: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(name for key in keys for name in lists.get(key, (key,)))
