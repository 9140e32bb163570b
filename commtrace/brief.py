"""What the auditor told us: scope, parties, people, custodians, events, criteria, calendars.

Values only. `commtrace.casefile` reads them from `case.toml` and checks them; everything here may
be empty, and an empty brief still gives a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from commtrace.model import Address, Channel, Membership, Party


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyBrief:
    """A party with the addresses and whole domains that belong to it."""

    party: Party
    addresses: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody named by the auditor: other spellings and addresses, role, dated membership."""

    name: str
    address: str
    also: tuple[str, ...] = ()
    role: str = ""
    shared: bool = False
    list_members: tuple[str, ...] = ()
    membership: tuple[Membership, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Custodian:
    """Whose material was supplied, under which path, for which days (both included)."""

    name: str
    address: str
    path: str = ""
    since: date | None = None
    until: date | None = None
    folders: tuple[str, ...] = ()
    supplied_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What should have been told, promised or decided; `terms` are words that carry it."""

    id: str
    label: str
    date: date
    owner: str = ""
    audience: str = ""
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """A part of an audience, by address."""

    label: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who should have been told of an event; `table` is a file of the evidence that lists them.

    Its members are there once a person ruled that the table is an audience.
    """

    id: str
    label: str
    event: str = ""
    party: str = ""
    members: tuple[Address, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    households: tuple[tuple[str, ...], ...] = ()
    table: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedAddress:
    """An address that people were told to write to."""

    address: str
    party: str
    since: date | None = None
    replies_expected: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Who should tell whom what, and how often or by when."""

    from_party: str
    to_party: str
    what: str
    every: str = ""
    within_working_days: int | None = None
    event: str = ""
    series: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMissing:
    """Known to exist, and not provided.

    `since` and `until` (both included) are the days it is about, `holder` the name or address of
    whoever should have it, `answered` what became of the request for it. `channel` is the medium
    it used, where that is known.
    """

    what: str
    who_says: str = ""
    asked_for: date | None = None
    since: date | None = None
    until: date | None = None
    holder: str = ""
    channel: Channel | None = None
    answered: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Days, both included, on which an office or the schools were closed."""

    first: date
    last: date
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendars:
    """What the working-day and school-day calendars of the case are made of."""

    bank_holidays: str = "england"
    closures: tuple[Closure, ...] = ()
    school_holidays: tuple[Closure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The whole of `case.toml`, checked."""

    title: str = "Untitled case"
    period: tuple[date, date] | None = None
    as_of: date | None = None
    time_zone: str = "Europe/London"
    requests_by_model: bool = False
    terms_of_reference: tuple[str, ...] = ()
    decision_makers: tuple[str, ...] = ()
    case_references: tuple[str, ...] = ()
    criteria: Mapping[str, str | int] = field(default_factory=dict)
    calendars: Calendars = field(default_factory=Calendars)
    rules: Mapping[str, Mapping[str, int | float | str]] = field(default_factory=dict)
    parties: tuple[PartyBrief, ...] = ()
    people: tuple[Person, ...] = ()
    custodians: tuple[Custodian, ...] = ()
    events: tuple[Event, ...] = ()
    audiences: tuple[Audience, ...] = ()
    published_addresses: tuple[PublishedAddress, ...] = ()
    expected: tuple[Expected, ...] = ()
    known_missing: tuple[KnownMissing, ...] = ()

    def custodian_named(self, given: str | None) -> str | None:
        """The address of the custodian with a name or address; what was given where none has it."""
        if given is None:
            return None
        for custodian in self.custodians:
            if given.casefold() in {custodian.name.casefold(), custodian.address}:
                return custodian.address
        return given

    def custodian_at(self, path: str) -> str | None:
        """The address of the custodian whose folder is the longest beginning of `path`."""
        best: tuple[int, str] | None = None
        for custodian in self.custodians:
            prefix = custodian.path.strip("/")
            inside = bool(prefix) and (path == prefix or path.startswith(f"{prefix}/"))
            if inside and (best is None or len(prefix) > best[0]):
                best = (len(prefix), custodian.address)
        return best[1] if best else None
