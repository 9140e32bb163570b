"""The case file of a case with planted gaps: what an auditor would have entered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planted_case import LINES, Told, boxes_of


def case_text(told: Told) -> str:
    """Parties, custodians, events with their audiences, published addresses, as `case.toml`."""
    year, council = told.bank["year"], f"{told.bank['council'].lower()}.example"
    holidays = ", ".join(
        f'{{ from = {first}, to = {last}, what = "school holiday" }}'
        for first, last in told.bank["school_holidays"]
    )
    closed = f'{{ from = {year}-12-25, to = {year + 1}-01-01, what = "offices closed" }}'
    rows = [
        f'title = "Planted gaps in {told.bank["council"]} (SYNTHETIC)"',
        f"period = [{told.days[0]}, {told.days[-1]}]\nas_of = {told.days[-1]}",
        'time_zone = "Europe/London"\ndecision_makers = ["members"]',
        '[criteria]\nreply = 20\nnotice_school_days = 10\nconsultation = "h2s-consult"',
        "[rules.short_consultation]\ndays = 28",  # the norm ended in June 2023
        f'[calendars]\nbank_holidays = "england"\nclosures = [{closed}]',
        f"school_holidays = [{holidays}]",
        *_parties(told, council),
        *_custodians(told),
        *_events(told),
    ]
    for line in LINES:
        who = told.cast[line]
        rows.append(f'[[published_addresses]]\naddress = "{who.address}"\nparty = "{who.party}"')
    return "\n\n".join(rows) + "\n"


def _custodians(told: Told) -> Iterator[str]:
    for box in boxes_of(told):
        yield (
            f'[[custodians]]\nname = "{box.person.name}"\naddress = "{box.person.address}"\n'
            f'path = "{box.folder}"\nsince = {told.days[0]}\nuntil = {told.days[-1]}'
        )


def _events(told: Told) -> Iterator[str]:
    for event in told.events:
        people = ", ".join(
            f'{{ name = "{told.cast[key].name}", address = "{told.cast[key].address}" }}'
            for key in event["members"]
        )
        name, label = event["id"], event["label"]
        yield (
            f'[[events]]\nid = "{name}"\nlabel = "{label}"\ndate = {event["date"]}\nowner = "a"\n'
            f'audience = "families"\nterms = ["{event["term"]}"]'
        )
        yield (
            f'[[audiences]]\nid = "of-{name}"\nlabel = "Told of {label}"\nevent = "{name}"\n'
            f'party = "families"\nmembers = [{people}]'
        )


def _parties(told: Told, council: str) -> Iterator[str]:
    for party, label in zip("ab", told.bank["directorates"], strict=True):
        held = _list([p.address for p in told.cast.values() if p.party == party])
        yield (
            f'[[parties]]\nid = "{party}"\nlabel = "{label}"\nkind = "directorate"\n'
            f'organisation = "{told.bank["council"]} Council"\naddresses = {held}'
        )
    others = {
        "members": ("Members", "members"),
        "forum": (told.bank["forum"], "forum"),
        "families": ("Families", "families"),
    }
    firms = [*told.bank["outsiders"], "Bulletin", "Tracker"]
    others |= {f"firm{number}": (firm, "partner") for number, firm in enumerate(firms)}
    for party, (label, kind) in others.items():
        domains = _list(sorted({p.domain for p in told.cast.values() if p.party == party}))
        own = "school" if kind == "families" else "working"
        yield (
            f'[[parties]]\nid = "{party}"\nlabel = "{label}"\nkind = "{kind}"\n'
            f'domains = {domains}\ncalendar = "{own}"'
        )
    yield (
        '[[parties]]\nid = "post"\nlabel = "Mail system"\nkind = "other"\n'
        f'addresses = ["postmaster@mx.{council}"]'
    )


def _list(items: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{item}"' for item in items) + "]"
