"""The derived pass: what each communication's text says, kept under text and rule version.

Ingest stores evidence only; this reads texts from the store, asks `language`, and keeps the answer
beside the evidence, so that a better rule never needs a new ingest. May be deleted at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from commtrace.evidence.apart import apart
from commtrace.language import acts as act_rules
from commtrace.language import repeated as repetitions
from commtrace.language import zones as zone_rules
from commtrace.language.learned import BY_MODEL
from commtrace.language.matched import matched
from commtrace.model import (
    Act,
    ActKind,
    Address,
    Channel,
    Communication,
    CommunicationId,
    Segment,
    Zone,
    digest,
)
from commtrace.moments import Basis, Moment

if TYPE_CHECKING:
    from commtrace.store import Store


_READ_WITH = ("moments.py", "quote_headers.py", "quoted_dates.py")
_WORDS = ("acts.toml", "quotations.toml", "requests.tsv", "zones.toml")


def _version() -> str:
    """A digest of the language rules themselves, so that no change of one is ever overlooked."""
    rules = [item for item in files("commtrace.language").iterdir() if item.name.endswith(".py")]
    rules += [files("commtrace") / name for name in _READ_WITH]
    rules += [files("commtrace.data") / name for name in _WORDS]
    return digest(*(item.read_bytes() for item in sorted(rules, key=lambda item: item.name)))


VERSION = _version()
_ZONES, _ACTS, _FEET = "zones", "acts", "feet"  # every text has zones, few the others a row
_NOTHING: frozenset[int] = frozenset()
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
    for zones, said, feet in apart(read_texts, batches) if many else map(read_texts, batches):
        with store.batch():
            store.derived_put(_ACTS, VERSION, said)
            store.derived_put(_FEET, VERSION, feet)
            store.derived_put(_ZONES, VERSION, zones)


def _batches(store: Store) -> Iterator[list[_Text]]:
    after = "0"
    while texts := store.texts_without(_ZONES, VERSION, _BATCH, after):
        yield [(key, channel, text) for key, (channel, text) in texts.items()]
        after = list(texts)[-1]


def read_texts(texts: list[_Text]) -> tuple[_Said, _Said, _Said]:
    """The zones of each text, and the acts and candidates of those that have any, as JSON by key.

    A candidate is a paragraph that may be a disclaimer or a banner, if others carry it too.
    """
    zones: _Said = {}
    said: _Said = {}
    feet: _Said = {}
    for key, channel, text in texts:
        found = zone_rules.zones(text, mail=channel is Channel.EMAIL)
        zones[key] = _json([_plain(zone) for zone in found])
        acts_of = act_rules.acts(text, found, CommunicationId(""))
        if acts_of:
            said[key] = _json([[a.kind, a.start, a.end, a.said, a.cue] for a in acts_of])
        if channel is Channel.EMAIL and (ends := repetitions.feet(text, found)):
            feet[key] = _json(ends)
    return zones, said, feet


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def repeated(store: Store, communications: Sequence[Communication]) -> frozenset[int]:
    """The paragraphs that many people's mail carries alike: see `language.repeated`."""

    def read() -> Iterator[tuple[str, list[int]]]:
        for start in range(0, len(communications), _BATCH):
            some = communications[start : start + _BATCH]
            rows = store.derived(_FEET, VERSION, [one.id for one in some])
            for one in some:
                if one.id in rows and one.sender is not None:
                    sender = (one.sender.address or one.sender.name).casefold()
                    yield sender, [number for number, _, _ in json.loads(rows[one.id])]

    return repetitions.learnt(read)


def _boilerplate(
    store: Store, ids: Sequence[CommunicationId], numbers: frozenset[int]
) -> dict[str, list[repetitions.Foot]]:
    """The candidates of each text that has any of these."""
    rows = store.derived(_FEET, VERSION, ids) if numbers else {}
    found = {name: [(n, a, b) for n, a, b in json.loads(text)] for name, text in rows.items()}
    return {name: feet for name, feet in found.items() if any(n in numbers for n, _, _ in feet)}


def segments(
    store: Store, ids: Iterable[CommunicationId], numbers: frozenset[int] = _NOTHING
) -> Mapping[CommunicationId, tuple[Segment, ...]]:
    """The zones of each communication's text; paragraphs of `numbers` are boilerplate."""
    wanted = list(ids)
    rows = store.derived(_ZONES, VERSION, wanted)
    feet = _boilerplate(store, wanted, numbers)
    found = {i: tuple(_segment(row) for row in json.loads(text)) for i, text in rows.items()}
    for name, some in feet.items():
        if name in found:
            found[name] = repetitions.apart(found[name], some, numbers)
    return {CommunicationId(name): some for name, some in found.items()}


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


def new_texts(
    store: Store, ids: Iterable[CommunicationId], numbers: frozenset[int] = _NOTHING
) -> Mapping[CommunicationId, str]:
    """The words of each communication that are its own: not quoted, signature or boilerplate."""
    wanted = list(ids)
    zones = store.derived(_ZONES, VERSION, wanted)
    feet = _boilerplate(store, wanted, numbers)
    found = {}
    for name, text in store.texts(wanted).items():
        if name in feet and name in zones:
            parts = [_segment(row) for row in json.loads(zones[name])]
            kept = repetitions.apart(parts, feet[name], numbers)
            found[CommunicationId(name)] = "".join(
                text[one.start : one.end] for one in kept if one.zone is Zone.NEW
            )
            continue
        found[CommunicationId(name)] = _new(text, json.loads(zones.get(name, "[]")))
    return found


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


def acts(
    store: Store, numbers: frozenset[int] = _NOTHING, *, by_model: bool = False
) -> Mapping[CommunicationId, tuple[Act, ...]]:
    """The acts of every communication that has any, without those in paragraphs of `numbers`.

    `by_model`: with the requests that the trained model alone sees; else without them.
    """
    found = {}
    rows = store.derived(_ACTS, VERSION, None)
    feet = _boilerplate(store, [CommunicationId(name) for name in rows], numbers)
    for name, text in rows.items():
        identifier = CommunicationId(name)
        said = tuple(_acts(identifier, json.loads(text)))
        spans = [(start, end) for number, start, end in feet.get(name, ()) if number in numbers]
        kept = tuple(
            act
            for act in said
            if (by_model or not act.cue.startswith(BY_MODEL))
            and not any(start <= act.start < end for start, end in spans)
        )
        if kept:
            found[identifier] = kept
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
            kind=ActKind(kind),
            communication=identifier,
            start=start,
            end=end,
            said=said,
            cue=cue,
            matched=matched(cue, said),
        )
