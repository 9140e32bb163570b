"""Mail archives as the product reads them: with their headers, stripped of them, or thinned.

An archive is ingested into a case (parsers, copies, zones); what the mail itself says of its
parents (In-Reply-To, else the last of References) is the gold that reconstruction does not see.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from commtrace import norms, understanding
from commtrace.brief import Brief
from commtrace.case import Case
from commtrace.model import Channel, Communication, CommunicationId, Segment, Zone, digest
from commtrace.reconstruction import conversation_index, reconstruct
from commtrace.reconstruction.subjects import (
    base_subject,
    says_forward,
    says_reply,
    series_of,
)
from commtrace.view import View

_BATCH = 2000


@dataclass(frozen=True, kw_only=True)
class Archive:
    """Mail in the product's order: communications, their texts and zones, and the gold."""

    name: str
    rows: Sequence[Communication]
    texts: Mapping[CommunicationId, str]
    zones: Mapping[CommunicationId, tuple[Segment, ...]]
    brief: Brief = field(default_factory=Brief)

    @cached_property
    def place(self) -> Mapping[CommunicationId, int]:
        """The row of each communication."""
        return {one.id: row for row, one in enumerate(self.rows)}

    @cached_property
    def by_message_id(self) -> Mapping[str, int]:
        """The first row that bears each Message-ID."""
        found: dict[str, int] = {}
        for row, one in enumerate(self.rows):
            if one.message_id:
                found.setdefault(one.message_id, row)
        return found

    @cached_property
    def gold(self) -> Sequence[int | None]:
        """By row: the row of the parent, -1 for one that begins a thread, None if not known.

        The parent is what In-Reply-To names. A message without one that looks like a reply (by its
        subject, a quotation, References or a conversation index) is not known, nor is one whose
        parent never was in the archive: neither can be judged. Nor can one that only used the reply
        button: under a subject of its own, without a reply mark, quoting nothing.
        """
        return [self._gold(row) for row in range(len(self.rows))]

    def _gold(self, row: int) -> int | None:
        one = self.rows[row]
        if one.in_reply_to is None:
            names = conversation_index.names(one.thread_index or "")
            reply = "re:" in one.subject.casefold() or one.references or len(names) > 1
            return None if reply or self._quotes(row) else -1
        parent = self.by_message_id.get(one.in_reply_to)
        return None if parent == row or self._new_matter(row, parent) else parent

    def _new_matter(self, row: int, parent: int | None) -> bool:
        """Whether a message has nothing of the one it names but the name."""
        subject = self.rows[row].subject
        if parent is None or says_reply(subject) or says_forward(subject) or self._quotes(row):
            return False
        mine, theirs = base_subject(subject), base_subject(self.rows[parent].subject)
        return series_of(subject) is None and mine not in theirs and theirs not in mine

    def _quotes(self, row: int) -> bool:
        return any(
            z.zone is not Zone.NEW and z.depth for z in self.zones.get(self.rows[row].id, ())
        )

    def own_text(self, row: int) -> str:
        """What a message's writer wrote, signature included, without any quotation."""
        identifier = self.rows[row].id
        text = self.texts.get(identifier, "")
        zones = self.zones.get(identifier, ())
        return "".join(text[z.start : z.end] for z in zones if not z.depth) if zones else text

    def only(self, kept: Iterable[int]) -> Archive:
        """The same archive with some rows only."""
        rows = [self.rows[row] for row in kept]
        return replace(self, rows=rows)

    def view(self, *, stripped: bool) -> View:
        """The archive reconstructed by the product, with or without its threading headers."""
        rows = [_stripped(one) for one in self.rows] if stripped else self.rows
        return reconstruct(
            rows,
            brief=self.brief,
            calendars=norms.calendars(self.brief),
            criteria=norms.criteria(self.brief),
            text=lambda ids: {one: self.texts[one] for one in ids},
            segments=lambda ids: {one: self.zones[one] for one in ids if one in self.zones},
            acts={},
        )


def _stripped(one: Communication) -> Communication:
    return replace(one, in_reply_to=None, references=(), thread_index=None)


def read(name: str, paths: Sequence[Path], *, cases: Path | None = None) -> Archive:
    """Ingest `paths` into a case, kept in the folder `cases` if given, and take out its mail."""
    if cases is None:
        with tempfile.TemporaryDirectory() as folder:
            return _read(name, Path(folder) / "case", paths)
    key = digest(*(str(path.resolve()) for path in paths))[:12]
    return _read(name, cases / f"{name}-{key}", paths)


def _read(name: str, folder: Path, paths: Sequence[Path]) -> Archive:
    case = Case.open(folder) if (folder / "case.toml").is_file() else Case.create(folder)
    try:
        case.ingest(paths)
        rows = sorted(
            (one for one in case.communications() if one.channel is Channel.EMAIL),
            key=lambda one: (one.when is None, str(one.when.earliest) if one.when else "", one.id),
        )
        ids = [one.id for one in rows]
        texts: dict[CommunicationId, str] = {}
        zones: dict[CommunicationId, tuple[Segment, ...]] = {}
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            texts.update({CommunicationId(k): v for k, v in case.store.texts(batch).items()})
            zones.update(understanding.segments(case.store, batch))
        return Archive(name=name, rows=rows, texts=texts, zones=zones)
    finally:
        case.close()


def halves(archive: Archive) -> tuple[Archive, Archive]:
    """The earlier half, on which rules may be developed, and the later half, held out."""
    middle = len(archive.rows) // 2
    first = replace(archive, name=f"{archive.name}, first half", rows=archive.rows[:middle])
    return first, replace(archive, name=f"{archive.name}, second half", rows=archive.rows[middle:])
