"""`case.toml`: reads it into a Brief, checks it, and adds to it without losing its comments.

Every complaint is one sentence with the line. Says nothing about the store or the evidence.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from pathlib import Path

from commtrace._toml import Table, line_numbers
from commtrace.brief import (
    Audience,
    Brief,
    Calendars,
    Closure,
    Cohort,
    Custodian,
    Event,
    Expected,
    KnownMissing,
    PartyBrief,
    Person,
    PublishedAddress,
)
from commtrace.errors import CaseFileError
from commtrace.model import (
    Address,
    Channel,
    Membership,
    Party,
    PartyKind,
)

_MOST_BYTES = 16 << 20
_CALENDARS = ("working", "school", "every day")
_NATIONS = ("england", "scotland", "wales", "northern-ireland")


def load(path: Path) -> Brief:
    """The Brief in a `case.toml`; raises CaseFileError with one sentence and the line."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise CaseFileError(
                f"{path} is larger than a case.toml can be; put the right one back."
            )
        return parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CaseFileError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CaseFileError(f"{path} is not UTF-8 text; save it again as UTF-8.") from error


def parse(text: str) -> Brief:
    """The Brief in the text of a `case.toml`."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CaseFileError(f"case.toml cannot be read as TOML: {error}.") from error
    except RecursionError as error:
        raise CaseFileError("case.toml nests its brackets too deeply to be read.") from error
    top = Table(values, "", line_numbers(text))
    brief = Brief(
        title=top.text("title", "Untitled case"),
        period=_period(top),
        as_of=top.day("as_of"),
        time_zone=_time_zone(top),
        requests_by_model=top.flag("requests_by_model"),
        terms_of_reference=top.strings("terms_of_reference"),
        decision_makers=top.strings("decision_makers"),
        case_references=top.forms("case_references"),
        criteria=_criteria(top.table("criteria")),
        calendars=_calendars(top.table("calendars")),
        rules=_rules(top.table("rules")),
        parties=tuple(_party(item) for item in top.tables("parties")),
        people=tuple(_person(item) for item in top.tables("people")),
        custodians=tuple(_custodian(item) for item in top.tables("custodians")),
        events=tuple(_event(item) for item in top.tables("events")),
        audiences=tuple(_audience(item) for item in top.tables("audiences")),
        published_addresses=tuple(_published(i) for i in top.tables("published_addresses")),
        expected=tuple(_expected(item) for item in top.tables("expected")),
        known_missing=tuple(_known_missing(item) for item in top.tables("known_missing")),
    )
    top.finish()
    _check_references(top, brief)
    _check_period(top, brief)
    return brief


def _period(top: Table) -> tuple[date, date] | None:
    days = top.days("period")
    if not days:
        return None
    if len(days) != 2 or days[0] > days[1]:
        raise top.complain("period", "must hold two days, the first not after the second.")
    return days[0], days[1]


def _time_zone(top: Table) -> str:
    zone = top.text("time_zone", "Europe/London")
    if zone != "Europe/London":
        raise top.complain("time_zone", "must be Europe/London, the one zone this version shows.")
    return zone


def _criteria(table: Table) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    for key, value in table.plain():
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise table.complain(key, "must be a number of days or the id of a norm.")
        found[key] = value
    return found


def _rules(table: Table) -> dict[str, dict[str, int | float | str]]:
    found: dict[str, dict[str, int | float | str]] = {}
    for key, value in table.plain():
        if not isinstance(value, dict):
            raise table.complain(key, f"must be a table: write [rules.{key}].")
        found[key] = value
    return found


def _calendars(table: Table) -> Calendars:
    nation = table.text("bank_holidays", "england")
    if nation not in _NATIONS:
        raise table.complain("bank_holidays", f"must be one of {', '.join(_NATIONS)}.")
    calendars = Calendars(
        bank_holidays=nation,
        closures=tuple(_closure(item) for item in table.tables("closures")),
        school_holidays=tuple(_closure(item) for item in table.tables("school_holidays")),
    )
    table.finish()
    return calendars


def _closure(table: Table) -> Closure:
    first, last = table.day("from"), table.day("to")
    if first is None or last is None or first > last:
        raise table.complain("from", "and to must both be days, the first not after the second.")
    closure = Closure(first=first, last=last, what=table.text("what"))
    table.finish()
    return closure


def _party(table: Table) -> PartyBrief:
    identifier = table.need("id")
    kind = table.text("kind", "other")
    if kind not in list(PartyKind):
        raise table.complain("kind", f"must be one of {', '.join(PartyKind)}.")
    calendar = table.text("calendar", "working")
    if calendar not in _CALENDARS:
        raise table.complain("calendar", f"must be one of {', '.join(_CALENDARS)}.")
    party = Party(
        id=identifier,
        label=table.text("label", identifier),
        kind=PartyKind(kind),
        organisation=table.text("organisation"),
        calendar=calendar,
    )
    brief = PartyBrief(
        party=party,
        addresses=folded(table.strings("addresses")),
        domains=folded(table.strings("domains")),
    )
    table.finish()
    return brief


def _person(table: Table) -> Person:
    person = Person(
        name=table.text("name"),
        address=table.text("address").casefold(),
        also=table.strings("also"),
        role=table.text("role"),
        shared=table.flag("shared"),
        list_members=folded(table.strings("list_members")),
        membership=_memberships(table),
    )
    if not (person.name or person.address):
        raise table.complain("name", "or address is needed to know who is meant.")
    table.finish()
    return person


def _memberships(table: Table) -> tuple[Membership, ...]:
    found = []
    for item in table.tables("membership"):
        since, until = _window(item, "since", "until")
        found.append(Membership(party=item.need("party"), since=since, until=until))
        item.finish()
    ordered = sorted(found, key=lambda m: m.since or date.min)
    for earlier, later in pairwise(ordered):
        if (earlier.until or date.max) >= (later.since or date.min):
            raise table.complain("membership", "overlaps: one day belongs to two parties.")
    return tuple(ordered)


def _custodian(table: Table) -> Custodian:
    since, until = _window(table, "since", "until")
    custodian = Custodian(
        name=table.text("name"),
        address=table.need("address").casefold(),
        path=table.text("path"),
        since=since,
        until=until,
        folders=table.strings("folders"),
        supplied_by=table.text("supplied_by"),
    )
    table.finish()
    return custodian


def _event(table: Table) -> Event:
    day = table.day("date")
    if day is None:
        raise table.complain("date", "is needed: the day of the event.")
    event = Event(
        id=table.need("id"),
        label=table.text("label"),
        date=day,
        owner=table.text("owner"),
        audience=table.text("audience"),
        terms=table.strings("terms"),
    )
    table.finish()
    return event


def _audience(table: Table) -> Audience:
    members = []
    for item in table.tables("members"):
        address = item.need("address")
        members.append(Address(name=item.text("name"), address=address.casefold(), said=address))
        item.finish()
    cohorts = []
    for item in table.tables("cohorts"):
        cohorts.append(Cohort(label=item.need("label"), members=folded(item.strings("members"))))
        item.finish()
    audience = Audience(
        id=table.need("id"),
        label=table.text("label"),
        event=table.text("event"),
        party=table.text("party"),
        members=tuple(members),
        cohorts=tuple(cohorts),
        households=tuple(folded(row) for row in table.lists("households")),
        table=table.text("from"),
    )
    if audience.table and members:
        raise table.complain("from", "and members exclude each other: give one of them.")
    table.finish()
    return audience


def _published(table: Table) -> PublishedAddress:
    published = PublishedAddress(
        address=table.need("address").casefold(),
        party=table.need("party"),
        since=table.day("since"),
        replies_expected=table.flag("replies_expected", default=True),
    )
    table.finish()
    return published


def _expected(table: Table) -> Expected:
    expected = Expected(
        from_party=table.need("from"),
        to_party=table.need("to"),
        what=table.need("what"),
        every=table.text("every"),
        within_working_days=table.number("within_working_days"),
        event=table.text("event"),
        series=table.text("series"),
    )
    table.finish()
    return expected


def _known_missing(table: Table) -> KnownMissing:
    since, until = _window(table, "since", "until")
    channel = table.text("channel")
    if channel and channel not in list(Channel):
        raise table.complain("channel", f"must be one of {', '.join(Channel)}.")
    known = KnownMissing(
        what=table.need("what"),
        who_says=table.text("who_says"),
        asked_for=table.day("asked_for"),
        since=since,
        until=until,
        holder=table.text("holder"),
        channel=Channel(channel) if channel else None,
        answered=table.text("answered"),
    )
    table.finish()
    return known


def _window(table: Table, first_key: str, last_key: str) -> tuple[date | None, date | None]:
    first, last = table.day(first_key), table.day(last_key)
    if first and last and first > last:
        raise table.complain(first_key, f"is after {last_key}.")
    return first, last


def folded(items: Iterable[str]) -> tuple[str, ...]:
    """Addresses as they are compared."""
    return tuple(item.strip().casefold() for item in items)


def _check_references(top: Table, brief: Brief) -> None:
    ids = [item.party.id for item in brief.parties]
    for index, identifier in enumerate(ids):
        if identifier in ids[:index]:
            raise top.complain(f"parties.{index}.id", f'"{identifier}" is used twice.')
    named = [
        *((f"people.{i}.membership", m.party) for i, p in enumerate(brief.people)
          for m in p.membership),
        *((f"events.{i}.owner", e.owner) for i, e in enumerate(brief.events)),
        *((f"events.{i}.audience", e.audience) for i, e in enumerate(brief.events)),
        *((f"audiences.{i}.party", a.party) for i, a in enumerate(brief.audiences)),
        *((f"published_addresses.{i}.party", p.party)
          for i, p in enumerate(brief.published_addresses)),
        *((f"expected.{i}.from", e.from_party) for i, e in enumerate(brief.expected)),
        *((f"expected.{i}.to", e.to_party) for i, e in enumerate(brief.expected)),
        *(("decision_makers", party) for party in brief.decision_makers),
    ]  # fmt: skip
    for where, party in named:
        if party and party not in ids:
            raise top.complain(where, f'names "{party}", which is no id under [[parties]].')


def _check_period(top: Table, brief: Brief) -> None:
    if brief.period is None:
        return
    first, last = brief.period
    for index, event in enumerate(brief.events):
        if not first <= event.date <= last:
            raise top.complain(f"events.{index}.date", "lies outside the period of the case.")
    for index, custodian in enumerate(brief.custodians):
        late = custodian.since is not None and custodian.since > last
        early = custodian.until is not None and custodian.until < first
        if late or early:
            raise top.complain(f"custodians.{index}", "has a window outside the period.")
    if brief.as_of is not None and brief.as_of < first:
        raise top.complain("as_of", "lies before the period of the case.")
