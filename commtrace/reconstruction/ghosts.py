"""An absent message as a value: its names, its witnesses in words, when it was, who should hold it.

Nothing is invented: no time without an index, a quoted header, or bounds on both sides, and no
holder whom no witness implies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from commtrace.model import Communication, CommunicationId, Ghost, LinkBasis, Segment, ThreadId
from commtrace.moments import Basis, Moment, say, say_time
from commtrace.reconstruction.clocks import Clocks
from commtrace.reconstruction.identity import NOBODY, Directory
from commtrace.reconstruction.index_clocks import IndexClocks
from commtrace.reconstruction.quotations import NOTHING, Line, Quoted
from commtrace.reconstruction.quoted import instants
from commtrace.reconstruction.regenerated import regenerated
from commtrace.reconstruction.subjects import says_forward

_BY_INDEX = "conversation index: "
_MOST_SENTENCES = 12
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True, order=True)
class Witness:
    """A row that names an absent message; `how` is reply, references, index or quote.

    `distance` is 1 where the absent message is the witness's own parent.
    """

    row: int
    distance: int
    how: str


@dataclass(slots=True)
class GhostNames:
    """All names of one absent message and all its witnesses; `split` where an id is not its own."""

    message_ids: set[str] = field(default_factory=set)
    indices: set[str] = field(default_factory=set)
    witnesses: list[Witness] = field(default_factory=list)
    split: bool = False
    quoted: tuple[str, ...] = ()
    cues: set[LinkBasis] = field(default_factory=set)

    def add(self, message_id: str | None, index: str | None, witnesses: Sequence[Witness]) -> None:
        """Take in one container of the message."""
        if message_id:
            self.message_ids.add(message_id)
        if index:
            self.indices.add(index)
        self.witnesses.extend(witnesses)

    def identity(self, rows: Sequence[Communication]) -> tuple[str, ...]:
        """What the ghost's id is made of: a name, and where that is not its own, a witness."""
        if self.split:
            first = rows[min(w.row for w in self.witnesses)].id
            return ("split", min(self.message_ids), first)
        if self.message_ids:
            return ("id", min(self.message_ids))
        if self.quoted and not self.indices:
            return ("quoted", *self.quoted)
        return ("index", min(self.indices))


def ghost(
    identifier_of_ghost: str,
    names: GhostNames,
    *,
    rows: Sequence[Communication],
    people: Directory,
    senders: Sequence[int],
    participants: Sequence[frozenset[int]],
    clocks: Clocks,
    index_clocks: IndexClocks,
    quotations: Mapping[CommunicationId, Quoted],
    lines: Mapping[CommunicationId, tuple[Line, ...]],
    ancestor: int | None,
    identifier: ThreadId,
) -> Ghost:
    """The ghost of `names`; `ancestor` is the nearest supplied message above it, by row.

    `quotations` and `lines` are what direct witnesses quote, by id: its text is made of them.
    """
    witnesses = sorted(set(names.witnesses))
    direct = [w for w in witnesses if w.distance == 1]
    cited_by = tuple(rows[row].id for row in dict.fromkeys(w.row for w in witnesses))
    own = dict.fromkeys(w.row for w in direct)
    quoting = [(row, h) for row in own if (h := _header(quotations, rows[row])) is not None]
    index_time, shift = _index_time(names, witnesses, index_clocks)
    when = _when(index_time, quoting, witnesses, rows, ancestor=ancestor, clocks=clocks)
    text, sources = regenerated([(i, lines.get(i, ())) for i in (rows[row].id for row in own)])
    likely = _holders(direct or witnesses, quoting, people, senders, participants)
    return Ghost(
        id=identifier_of_ghost,
        message_ids=tuple(sorted(names.message_ids)),
        conversation_indices=tuple(sorted(names.indices)),
        cited_by=cited_by,
        when=when,
        evidence=_evidence(witnesses, quoting, index_time, rows, split=names.split, shift=shift),
        text=text,
        likely_holders=likely,
        thread=identifier,
        bases=_bases(names, witnesses),
        author=next((h.author for _, h in quoting if h.author is not None), None),
        recipients=next((h.to for _, h in quoting if h.to), ()),
        sources=sources,
    )


def _header(quotations: Mapping[CommunicationId, Quoted], one: Communication) -> Segment | None:
    return quotations.get(one.id, NOTHING).header


_BASES = {
    "reply": (LinkBasis.IN_REPLY_TO,),
    "references": (LinkBasis.REFERENCES,),
    "index": (LinkBasis.THREAD_INDEX,),
    "quote": (),
}


def _bases(names: GhostNames, witnesses: Sequence[Witness]) -> tuple[LinkBasis, ...]:
    return tuple(sorted(names.cues.union(*(_BASES[w.how] for w in witnesses))))


def _index_time(
    names: GhostNames, witnesses: Sequence[Witness], clocks: IndexClocks
) -> tuple[Moment | None, int]:
    """The time a conversation index gives, of the witness that is surest of it.

    And by how many hours its program is off. A level is when writing began, so the end is an hour
    later (92.8 % of Outlook parents).
    """
    found = [
        dating
        for row in dict.fromkeys(w.row for w in witnesses if w.how == "index")
        for name in sorted(names.indices)
        if (dating := clocks.dating(row, name)) is not None
    ]
    if not found:
        return None, 0
    best = min(found, key=lambda one: one.slack)
    when = Moment(
        earliest=best.time - best.slack,
        latest=best.time + _HOUR,
        said=f"{_BY_INDEX}{say_time(best.time)}",
        basis=Basis.THREAD_INDEX,
    )
    return when, best.hours


def _when(
    index_time: Moment | None,
    quoting: Sequence[tuple[int, Segment]],
    witnesses: Sequence[Witness],
    rows: Sequence[Communication],
    *,
    ancestor: int | None,
    clocks: Clocks,
) -> Moment | None:
    spans = [s for row, header in quoting if (s := _span(header, row, rows, index_time, clocks))]
    if spans:
        return min(spans, key=lambda one: one.latest - one.earliest)
    if index_time is not None:
        return index_time
    after = rows[ancestor].when if ancestor is not None else None
    ends = [when.latest for w in witnesses if (when := rows[w.row].when) is not None]
    if after is None or not ends or min(ends) <= after.earliest:
        return None
    return Moment(
        earliest=after.earliest,
        latest=min(ends),
        said="after the last known message before it, before the first that cites it",
        basis=after.basis,
    )


def _span(
    header: Segment,
    row: int,
    rows: Sequence[Communication],
    index: Moment | None,
    clocks: Clocks,
) -> Moment | None:
    """When a quoted header says it was: before the reply, and where an index tells, as it tells."""
    if header.when is None:
        return None
    if index is not None:
        within = (t for t in instants(header, rows[row]) if _inside(t, index))
        start = next(within, None)
        found = (start, start + _MINUTE) if start is not None else None
    else:
        found = clocks.span(header, row)
    if found is None:
        return None
    return Moment(
        earliest=found[0], latest=found[1], said=header.when.said, basis=Basis.QUOTED_HEADER
    )


def _inside(instant: datetime, index: Moment) -> bool:
    return index.earliest - _MINUTE < instant < index.latest


def _holders(
    witnesses: Sequence[Witness],
    quoting: Sequence[tuple[int, Segment]],
    people: Directory,
    senders: Sequence[int],
    participants: Sequence[frozenset[int]],
) -> tuple[str, ...]:
    """Custodians who wrote or received it, as far as the witnesses imply.

    A reply implies that its sender received what it answers and its recipients knew of it; a
    quoted header names author and recipients outright.
    """
    implied: set[int] = set()
    for witness in witnesses:
        implied |= participants[witness.row] | {senders[witness.row]}
    for _, header in quoting:
        implied |= {people.find(header.author), *(people.find(address) for address in header.to)}
    implied.discard(NOBODY)
    return tuple(sorted(name for name, place in people.custodian_place.items() if place in implied))


def _evidence(
    witnesses: Sequence[Witness],
    quoting: Sequence[tuple[int, Segment]],
    index_time: Moment | None,
    rows: Sequence[Communication],
    *,
    split: bool,
    shift: int,
) -> tuple[str, ...]:
    sentences = [_sentence(w, rows[w.row], index_time) for w in witnesses if w.how != "quote"]
    for row, header in quoting:
        if header.author is not None and header.when is not None:
            who = header.author.name or header.author.address
            sentences.append(
                f"{_message(rows[row])} quotes a message by {who}, dated “{header.when.said}”."
            )
    kept = list(dict.fromkeys(sentences))
    if len(kept) > _MOST_SENTENCES:
        kept = [*kept[:_MOST_SENTENCES], f"And {len(kept) - _MOST_SENTENCES} more."]
    if shift:
        kept.append(_shifted(shift))
    if split:
        kept.append("Others cite the same id in an unrelated matter: they are kept apart.")
    return tuple(kept)


def _shifted(hours: int) -> str:
    many, way = f"{abs(hours)} hour{'s'[: abs(hours) != 1]}", "later" if hours > 0 else "earlier"
    return (
        f"In that index the time stands {many} {way}: the program that wrote it is off by so much "
        "where the message answered is held."
    )


def _sentence(witness: Witness, one: Communication, index_time: Moment | None) -> str:
    if witness.how == "reply":
        field_name = "In-Reply-To" if one.in_reply_to else "References"
        return f"Cited as {field_name} by {_message(one, start=False)}."
    if witness.how == "references":
        return f"Listed among the References of {_message(one, start=False)}."
    time = f" of {index_time.said.removeprefix(_BY_INDEX)} or soon after" if index_time else ""
    return f"The conversation index of {_message(one, start=False)} records a message{time}."


def _message(one: Communication, *, start: bool = True) -> str:
    words = "forward" if says_forward(one.subject) else "message"
    article = "The" if start else "the"
    return f"{article} {words} of {say(one.when)}"
