"""The derived pass: what each communication's text says, kept under text and rule version.

Ingest stores evidence only; this reads texts from the store, asks `language`, and keeps the answer
beside the evidence, so that a better rule never needs a new ingest. May be deleted at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from typing import Any

from commtrace.language import acts as act_rules
from commtrace.language import zones as zone_rules
from commtrace.model import Act, ActKind, Address, Channel, CommunicationId, Segment, Zone, digest
from commtrace.moments import Basis, Moment
from commtrace.store import Store


def _version() -> str:
    """A digest of the language rules themselves, so that no change of one is ever overlooked."""
    rules = [item for item in files("commtrace.language").iterdir() if item.name.endswith(".py")]
    rules += [files("commtrace.data") / name for name in ("acts.toml", "zones.toml")]
    return digest(*(item.read_bytes() for item in sorted(rules, key=lambda item: item.name)))


VERSION = _version()
_KIND = "language"
_BATCH = 1000


def derive(store: Store) -> None:
    """Bring the derived rows up to date with the evidence and the version of the rules."""
    while texts := store.texts_without(_KIND, VERSION, _BATCH):
        said = {key: _derived(text, channel) for key, (channel, text) in texts.items()}
        store.derived_put(_KIND, VERSION, said)


def segments(
    store: Store, ids: Iterable[CommunicationId]
) -> Mapping[CommunicationId, tuple[Segment, ...]]:
    """The zones of each communication's text."""
    rows = store.derived(_KIND, VERSION, ids)
    return {
        CommunicationId(i): tuple(_segment(row) for row in json.loads(text)["z"])
        for i, text in rows.items()
    }


def acts(store: Store) -> Mapping[CommunicationId, tuple[Act, ...]]:
    """The acts of every communication that has any."""
    found = {}
    for name, text in store.derived(_KIND, VERSION, None).items():
        identifier = CommunicationId(name)
        if values := tuple(_acts(identifier, json.loads(text)["a"])):
            found[identifier] = values
    return found


def _derived(text: str, channel: Channel) -> str:
    zones = zone_rules.zones(text, mail=channel is Channel.EMAIL)
    said = act_rules.acts(text, zones, CommunicationId(""))
    value = {
        "z": [_plain(zone) for zone in zones],
        "a": [[a.kind, a.start, a.end, a.said, a.cue] for a in said],
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _plain(zone: Segment) -> list[Any]:
    if zone.zone is not Zone.QUOTE_HEADER:
        return [zone.zone, zone.start, zone.end, zone.depth]
    author = asdict(zone.author) if zone.author else None
    when = zone.when and {
        "earliest": zone.when.earliest.isoformat(),
        "latest": zone.when.latest.isoformat(),
        "said": zone.when.said,
        "basis": zone.when.basis,
    }
    to = [asdict(address) for address in zone.to]
    return [zone.zone, zone.start, zone.end, zone.depth, author, when, to, zone.subject]


def _segment(row: list[Any]) -> Segment:
    zone, start, end, depth, *rest = row
    if not rest:
        return Segment(zone=Zone(zone), start=start, end=end, depth=depth)
    author, when, to, subject = rest
    return Segment(
        zone=Zone(zone),
        start=start,
        end=end,
        depth=depth,
        author=Address(**author) if author else None,
        when=_moment(when) if when else None,
        to=tuple(Address(**address) for address in to),
        subject=subject,
    )


def _moment(value: Mapping[str, str]) -> Moment:
    return Moment(
        earliest=datetime.fromisoformat(value["earliest"]),
        latest=datetime.fromisoformat(value["latest"]),
        said=value["said"],
        basis=Basis(value["basis"]),
    )


def _acts(identifier: CommunicationId, rows: list[list[Any]]) -> Iterator[Act]:
    for kind, start, end, said, cue in rows:
        yield Act(
            kind=ActKind(kind), communication=identifier, start=start, end=end, said=said, cue=cue
        )
