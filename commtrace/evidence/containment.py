"""The ledger below the file: what lay in each container, in which state, and what it declares.

Fed with what was found in one file, in the order in which it was found, and gives one row for each
place that holds or declares something, that has bytes of its own, or that could not be read. Only
the places on the way to the present one are open; folders and the last few thousand other places
are remembered in case something is said of them later, so memory does not grow with the messages.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, field

from commtrace.evidence.ledger import Ending, ending_of
from commtrace.evidence.values import SLIGHT, Inner
from commtrace.model import Contained, Counts, Declared, Problem, ProblemKind, Source, Status

_MESSAGES = "messages"
_REMEMBERED = 10_000  # closed places that something may still be said of
_WORDS = {
    Status.READ: "read",
    Status.PARTLY: "read in part",
    Status.DUPLICATE: "read elsewhere",
    Status.UNSUPPORTED: "not supported",
    Status.FAILED: "not read",
    Status.EXCLUDED: "left out",
}
Part = tuple[str, ...]
Row = tuple[Contained, bool]  # and whether a record was read at that very place


@dataclass(slots=True)
class Place:
    """One place while something may still be found in it."""

    part: Part
    inner: Inner | None = None
    reader: str | None = None
    is_record: bool = False
    attachments: int = 0
    declared: list[tuple[str, int, str]] = field(default_factory=list)
    own: Problem | None = None  # the first grave problem at this very place
    first: Problem | None = None  # the first at or beneath it
    grave: int = 0
    records: int = 0  # at or beneath it
    inside: Counter[Status] = field(default_factory=Counter)
    things: Counter[Status] = field(default_factory=Counter)  # of those inside, not folders
    through: Counter[Status] = field(default_factory=Counter)  # and those in its folders
    attached: Counter[Status] = field(default_factory=Counter)
    listed: bool = False  # whether a row was given

    @property
    def is_thing(self) -> bool:
        """Whether something was found here, and it is not only the folder of other things."""
        return self.is_record or self.inner is not None or not self.inside

    def ending(self) -> Ending:
        """Its state and the reason, as far as is known now."""
        if self.inner is not None and self.inner.excluded is not None and not self.records:
            return Ending(status=Status.EXCLUDED, reason=self.inner.excluded)
        first = self.own or self.first
        if first is not None and first.kind is ProblemKind.LOOP and not self.records and self.part:
            return Ending(status=Status.DUPLICATE, reason=first.what)
        return ending_of(records=self.records, grave=self.grave, first=first)


@dataclass
class Containment:
    """What is known of the places of one file."""

    top: Source
    name: str
    size: int
    open: list[Place] = field(init=False)
    closed: OrderedDict[Part, Place] = field(default_factory=OrderedDict)
    folders: dict[Part, Place] = field(default_factory=dict)  # closed, and never forgotten
    rows: list[Row] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open = [Place(())]

    def record(self, part: Part, reader: str, attachments: int) -> None:
        """A record was read at a place; it declares so many attachments."""
        place = self._at(part)
        place.reader = place.reader or reader
        place.attachments += attachments
        if not place.is_record:
            place.is_record = True
            for one in self.open:
                one.records += 1

    def problem(self, found: Problem) -> None:
        """Something could not be read at a place, or was read with a doubt."""
        place = self._at(found.source.part)
        if found.kind in SLIGHT:
            return
        place.own = place.own or found
        for one in self.open:
            one.grave += 1
            one.first = one.first or found

    def inner(self, part: Part, inner: Inner) -> None:
        """Something with bytes of its own lies at a place."""
        place = self._at(part)
        place.inner = inner
        place.reader = inner.reader or place.reader

    def declare(self, part: Part, what: str, number: int, by: str) -> None:
        """A container says, or another reader counts, how many things are in it."""
        self._at(part).declared.append((what, number, by))

    def taken(self) -> list[Row]:
        """The rows of places that are closed; each is given once, or again where it changed."""
        rows, self.rows = self.rows, []
        return rows

    def close(self, reader: str | None) -> tuple[Ending, tuple[Row, ...]]:
        """How the file itself ended, and the rows that are left."""
        while len(self.open) > 1:
            self._shut(self.open.pop())
        top = self.open[0]
        top.reader = reader
        end = self._ended(top)
        if top.inside or top.declared or top.attachments:
            self.rows.append(self._row(top, end))
        return end, tuple(self.taken())

    def _at(self, part: Part) -> Place:
        """The place, opened, with all that hold it."""
        while self.open[-1].part != part[: len(self.open[-1].part)]:
            self._shut(self.open.pop())
        while len(part) > len(self.open[-1].part):
            at = part[: len(self.open[-1].part) + 1]
            known = self.closed.pop(at, None) or self.folders.pop(at, None)
            if known is not None:
                self._withdraw(known)
            self.open.append(known or Place(at))
        return self.open[-1]

    def _shut(self, place: Place) -> None:
        """Count a place among what lies in the one that holds it, and list it."""
        end = self._ended(place)
        self._count(place, end.status, 1)
        if _worth_a_row(place):
            self.rows.append(self._row(place, end))
            place.listed = True
        if not place.is_thing:
            self.folders[place.part] = place
            return
        self.closed[place.part] = place
        if len(self.closed) > _REMEMBERED:
            self.closed.popitem(last=False)

    def _withdraw(self, place: Place) -> None:
        """Take a place out of the counts: more is said of it."""
        self._count(place, place.ending().status, -1)

    def _count(self, place: Place, status: Status, by: int) -> None:
        above = self.open[-1]
        above.inside[status] += by
        if place.is_thing:
            above.things[status] += by
            above.through[status] += by
            if place.part[-1].startswith(("attachment ", "message ")):
                above.attached[status] += by
        else:
            for state, number in place.through.items():
                above.through[state] += by * number

    def _ended(self, place: Place) -> Ending:
        """Its ending with what it declares, and a doubt where that is not what was found."""
        end = place.ending()
        said = [self._held_to(place, *one) for one in place.declared]
        if place.attachments:
            said.append(self._attachments(place))
        words = "; ".join(dict.fromkeys(one for one in said if one))
        if not words:
            return end
        return Ending(status=end.status, reason=f"{end.reason.rstrip('.')}: {words}.")

    def _held_to(self, place: Place, what: str, number: int, by: str) -> str:
        found = place.things if place.things.total() else place.through
        agreeing = {place.things.total(), place.through.total(), place.inside.total()}
        if what == _MESSAGES:  # what is no message is not among those that a reader of mail counts
            agreeing = {
                one.total() - one[Status.UNSUPPORTED] for one in (place.things, place.through)
            }
        noun = what.removesuffix("s") if number == 1 else what
        said = f"{by} counts {number:,} {noun}" if by else f"{number:,} {noun} declared"
        if number in agreeing:
            return f"{said}, {_states(found)}" if _troubled(found) else ""
        return self._doubt(place, f"{said}, {_states(found)}")

    def _attachments(self, place: Place) -> str:
        declared, found = place.attachments, place.attached
        noun = "attachment" if declared == 1 else "attachments"
        said = f"{declared:,} {noun} declared, {_states(found)}"
        if found.total() < declared:
            return self._doubt(place, said)
        return said if _troubled(found) else ""

    def _doubt(self, place: Place, said: str) -> str:
        source = Source(sha256=self.top.sha256, path=self.top.path, part=place.part)
        doubt = Problem(source=source, reader="", kind=ProblemKind.DOUBTFUL, what=f"{said}.")
        if doubt not in self.doubts:
            self.doubts.append(doubt)
        return said

    def _row(self, place: Place, end: Ending) -> Row:
        source = Source(sha256=self.top.sha256, path=self.top.path, part=place.part)
        inner, top = place.inner, not place.part
        name = inner.name if inner is not None else self.name if top else place.part[-1]
        declared = list(place.declared)
        if place.attachments:
            declared.append(("attachments", place.attachments, ""))
        row = Contained(
            source=source,
            name=name,
            media_type=inner.media_type if inner is not None else "",
            size=inner.size if inner is not None else self.size if top else None,
            sha256=inner.sha256 if inner is not None else self.top.sha256 if top else None,
            status=end.status,
            reason=end.reason,
            reader=place.reader,
            inside=Counts(**{status.value: place.inside[status] for status in Status}),
            declared=tuple(Declared(source=source, what=w, number=n, by=b) for w, n, b in declared),
        )
        return row, place.is_record


def _worth_a_row(place: Place) -> bool:
    """Whether a place is more than a record that was read whole and holds nothing."""
    plain = place.is_record and not (place.grave or place.inner or place.inside)
    return place.listed or not plain or bool(place.declared or place.attachments)


def _troubled(found: Counter[Status]) -> bool:
    well = {Status.READ, Status.EXCLUDED}
    return any(number for status, number in found.items() if status not in well)


def _states(found: Counter[Status]) -> str:
    """What was found, state by state: "91 read, 1 not supported"."""
    said = [f"{found[status]:,} {_WORDS[status]}" for status in Status if found[status]]
    return ", ".join(said) or "none found"
