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
from typing import TYPE_CHECKING, Any

from commtrace.evidence.apart import apart
from commtrace.language import acts as act_rules
from commtrace.language import zones as zone_rules
from commtrace.model import Act, ActKind, Address, Channel, CommunicationId, Segment, Zone, digest
from commtrace.moments import Basis, Moment

if TYPE_CHECKING:
    from commtrace.store import Store


def _version() -> str:
    """A digest of the language rules themselves, so that no change of one is ever overlooked."""
    rules = [item for item in files("commtrace.language").iterdir() if item.name.endswith(".py")]
    rules += [files("commtrace.data") / name for name in ("acts.toml", "zones.toml")]
    return digest(*(item.read_bytes() for item in sorted(rules, key=lambda item: item.name)))


VERSION = _version()
_ZONES, _ACTS = "zones", "acts"  # every text has zones, few have acts and only they a row
_NEW, _QUOTE_HEADER = Zone.NEW.value, Zone.QUOTE_HEADER.value
_ZONE = {zone.value: zone for zone in Zone}  # a look-up, where there are millions
_BATCH = 500
_FEW = 500  # texts that are read sooner than a process can be started
_Text = tuple[str, Channel, str]  # its key, its channel and itself
_Said = dict[str, str]  # JSON by key


def derive(store: Store) -> None:
    """Bring the derived rows up to date with the evidence and the version of the rules.

    Many texts are read in processes of their own, a few in this one; the rows are the same.
    """
    many = len(store.texts_without(_ZONES, VERSION, _FEW)) == _FEW
    batches = _batches(store)
    for zones, said in apart(read_texts, batches) if many else map(read_texts, batches):
        with store.batch():
            store.derived_put(_ACTS, VERSION, said)
            store.derived_put(_ZONES, VERSION, zones)


def _batches(store: Store) -> Iterator[list[_Text]]:
    after = "0"
    while texts := store.texts_without(_ZONES, VERSION, _BATCH, after):
        yield [(key, channel, text) for key, (channel, text) in texts.items()]
        after = list(texts)[-1]


def read_texts(texts: list[_Text]) -> tuple[_Said, _Said]:
    """The zones of each text, and the acts of those that have any, as JSON by key."""
    zones: _Said = {}
    said: _Said = {}
    for key, channel, text in texts:
        found = zone_rules.zones(text, mail=channel is Channel.EMAIL)
        zones[key] = _json([_plain(zone) for zone in found])
        acts_of = act_rules.acts(text, found, CommunicationId(""))
        if acts_of:
            said[key] = _json([[a.kind, a.start, a.end, a.said, a.cue] for a in acts_of])
    return zones, said


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def segments(
    store: Store, ids: Iterable[CommunicationId]
) -> Mapping[CommunicationId, tuple[Segment, ...]]:
    """The zones of each communication's text."""
    rows = store.derived(_ZONES, VERSION, ids)
    return {
        CommunicationId(i): tuple(_segment(row) for row in json.loads(text))
        for i, text in rows.items()
    }


def headers(
    store: Store, ids: Iterable[CommunicationId]
) -> Mapping[CommunicationId, tuple[Segment, ...]]:
    """The quoted headers of each communication's text that has any."""
    rows = store.derived(_ZONES, VERSION, ids)
    return {
        CommunicationId(i): tuple(_segment(r) for r in json.loads(text) if r[0] == _QUOTE_HEADER)
        for i, text in rows.items()
        if f'"{_QUOTE_HEADER}"' in text
    }


def new_texts(store: Store, ids: Iterable[CommunicationId]) -> Mapping[CommunicationId, str]:
    """The words of each communication that are its own: neither quoted nor a signature."""
    wanted = list(ids)
    zones = store.derived(_ZONES, VERSION, wanted)
    return {
        CommunicationId(name): _new(text, json.loads(zones.get(name, "[]")))
        for name, text in store.texts(wanted).items()
    }


def own_texts(store: Store, ids: Iterable[CommunicationId]) -> Mapping[CommunicationId, str]:
    """The words that each communication's writer wrote, signature included, without quotations."""
    wanted = list(ids)
    zones = store.derived(_ZONES, VERSION, wanted)
    return {
        CommunicationId(name): _own(text, json.loads(zones.get(name, "[]")))
        for name, text in store.texts(wanted).items()
    }


def _own(text: str, rows: list[list[Any]]) -> str:
    return "".join([text[row[1] : row[2]] for row in rows if not row[3]]) if rows else text


def _new(text: str, rows: list[list[Any]]) -> str:
    if not rows:
        return text
    return "".join([text[row[1] : row[2]] for row in rows if row[0] == _NEW])


def acts(store: Store) -> Mapping[CommunicationId, tuple[Act, ...]]:
    """The acts of every communication that has any."""
    found = {}
    for name, text in store.derived(_ACTS, VERSION, None).items():
        identifier = CommunicationId(name)
        found[identifier] = tuple(_acts(identifier, json.loads(text)))
    return found


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
        return Segment(zone=_ZONE[zone], start=start, end=end, depth=depth)
    author, when, to, subject = rest
    return Segment(
        zone=_ZONE[zone],
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
