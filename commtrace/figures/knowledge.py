"""Who knew what when: for a fact, when each party was told or could have known, lane by lane."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from commtrace.figures.ground import Ground, volumes, wrap
from commtrace.figures.marks import (
    DAY,
    Arrow,
    Bar,
    Dot,
    Figure,
    Key,
    Label,
    Lane,
    Line,
    Mark,
    Pattern,
    Shape,
    Table,
    clock,
    time_axis,
)
from commtrace.figures.palette import SHAPES
from commtrace.figures.words import message_words
from commtrace.moments import LONDON, say_day
from commtrace.reconstruction.knowledge import Answer, Knowledge, Layer
from commtrace.reconstruction.reach import Step
from commtrace.view import NOBODY, View

MOST = 12  # lanes
_LAYERS = (Layer.ANY, Layer.MATTER, Layer.CARRYING)
_PATTERN = {
    Layer.ANY: Pattern.HOLLOW,
    Layer.MATTER: Pattern.PLAIN,
    Layer.CARRYING: Pattern.PLAIN,
}
_INK = {Layer.ANY: "council", Layer.MATTER: "faint", Layer.CARRYING: "council"}
_HALF = {Layer.ANY: 0.12, Layer.MATTER: 0.18, Layer.CARRYING: 0.24}
_LEGEND = (
    Key(label="a message that carries it reached them", ink="council", pattern=Pattern.PLAIN),
    Key(label="messages of the matter could have", ink="faint", pattern=Pattern.PLAIN),
    Key(label="some chain of messages could have", ink="council", shape=Shape.SQUARE, hollow=True),
)
WORDS = {
    Answer.TOLD: "told",
    Answer.MATTER: "possible in the matter, not shown",
    Answer.POSSIBLE: "possible by some chain, not shown",
    Answer.IMPOSSIBLE: "no chain of messages in this evidence could have carried it",
    Answer.OPEN: "a list whose members are not known was reached",
}
NO_TIME = "no such message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A party and a fact: the answer by the day asked for, and the first moment in each layer."""

    party: int
    answer: Answer
    first: tuple[int | None, int | None, int | None]  # any chain, of the matter, carrying it


def parties_known(view: View, found: Knowledge, by: int) -> tuple[Known, ...]:
    """Every party that is on some message, told ones first, then by their first moment."""
    on_messages = volumes(view)
    firsts = [found.layers[layer].parties(found.belongings) for layer in _LAYERS]

    def known(party: int) -> Known:
        moments = [first.get(party) for first in firsts]
        one, two, three = (at[0] if at else None for at in moments)
        return Known(party=party, answer=found.party_answer(party, by), first=(one, two, three))

    order = {answer: place for place, answer in enumerate(Answer)}
    every = [known(party) for party in range(len(view.parties)) if on_messages[party]]

    def place(one: Known) -> tuple[int, int, str]:
        at = next((at for at in reversed(one.first) if at is not None), 2**62)
        return order[one.answer], at, view.parties[one.party].id

    return tuple(sorted(every, key=place))


def path_to(found: Knowledge, party: int, by: int) -> tuple[Layer | None, tuple[Step, ...]]:
    """The strongest layer in which somebody of a party held it in time, and the messages to them.

    Where nobody could have, (None, ()).
    """
    for layer in reversed(_LAYERS):
        at, who = found.layers[layer].parties(found.belongings).get(party, (2**62, NOBODY))
        if who != NOBODY and at < by:
            return layer, found.path(who, layer)
    return None, ()


def lanes(
    ground: Ground,
    found: Knowledge,
    known: Sequence[Known],
    opened: int,
    by: int,
    *,
    width: int = 860,
) -> Figure:
    """Parties in lanes: from when each could have known and was told, and one path drawn."""
    view, shown = ground.view, _shown(known, opened)
    place = {one.party: lane for lane, one in enumerate(shown)}
    low, high = _bounds(view, found, shown, by)
    _, steps = path_to(found, opened, by)
    marks = [mark for one in shown for mark in _bars(one, place[one.party], low, high)]
    marks += _path(ground, steps, place, low)
    x = _x(by, low, high)
    marks += [
        Line(points=((x, 0.0), (x, float(len(shown)))), ink="late", width=2.0),
        Label(x=x, y=0, text=f"before {_day(by)}", size=12, shift=-9, halo=True, ink="late"),
    ]
    told = sum(one.answer is Answer.TOLD for one in known)
    never = sum(one.answer is Answer.IMPOSSIBLE for one in known)
    return Figure(
        marks=tuple(marks),
        x=time_axis(low, high, most=7),
        y0=0,
        y1=len(shown),
        alt=f"Of {len(known)} parties {told} were told before {_day(by)}; to {never} no chain of"
        f" messages in this evidence could have carried it. The path to {ground.party(opened)} has"
        f" {len(steps)} steps.",
        table=table(ground, known, by),
        lanes=tuple(
            Lane(label=wrap(ground.party(one.party)), y0=lane, y1=lane + 1)
            for lane, one in enumerate(shown)
        ),
        legend=_LEGEND,
        width=width,
        height=64 + 44 * len(shown),
        left=168,
        right=40,
        top=24,
        bottom=34,
    )  # fmt: skip


def table(ground: Ground, known: Sequence[Known], by: int) -> Table:
    """The same facts as rows: for each party the answer and its three first moments."""
    rows = tuple(
        (
            ground.party(one.party),
            WORDS[one.answer],
            *(moment(at) for at in reversed(one.first)),
        )
        for one in known
    )
    return Table(
        header=("Party", f"Before {_day(by)}", "First told", "Possible in the matter",
                "Possible by any chain"),
        rows=rows,
        caption="Who was told, and who could have known",
    )  # fmt: skip


def moment(at: int | None) -> str:
    """A moment as a day and a time; from the beginning where an undated message left it open."""
    if at is None:
        return NO_TIME
    if at < 0:
        return "at any time"
    when = datetime.fromtimestamp(at, tz=UTC).astimezone(LONDON)
    return f"{say_day(when.date())}, {when:%H:%M}"


def _day(at: int) -> str:
    return say_day(datetime.fromtimestamp(at, tz=UTC).astimezone(LONDON).date())


def _shown(known: Sequence[Known], opened: int) -> list[Known]:
    """The first parties, as many as there are lanes, and always the one that is open."""
    first = list(known[:MOST])
    if opened not in {one.party for one in first}:
        first[-1:] = [one for one in known if one.party == opened] or first[-1:]
    return first


def _bounds(view: View, found: Knowledge, shown: Sequence[Known], by: int) -> tuple[float, float]:
    starts = [int(view.start[row]) for row in found.carrying if row < view.dated]
    arrivals = [at for one in shown for at in one.first if at is not None and at >= 0]
    low = clock(datetime.fromtimestamp(min(starts, default=by), tz=UTC)) - 2 * DAY
    last = max([by, *(at for at in arrivals if at <= by)])
    high = clock(datetime.fromtimestamp(last, tz=UTC)) + 5 * DAY
    return low, max(high, low + 14 * DAY)


def _x(at: int, low: float, high: float) -> float:
    return low if at < 0 else min(max(clock(datetime.fromtimestamp(at, tz=UTC)), low), high)


def _bars(one: Known, lane: int, low: float, high: float) -> Iterator[Mark]:
    """From the first moment of each layer to the right edge, the weakest layer behind."""
    for layer, at in zip(_LAYERS, one.first, strict=True):
        if at is None or (x := _x(at, low, high)) >= high:
            continue
        half = _HALF[layer]
        yield Bar(
            x0=x,
            x1=high,
            y0=lane + 0.5 - half,
            y1=lane + 0.5 + half,
            ink=_INK[layer],
            pattern=_PATTERN[layer],
            hover=f"{layer.value}: from {moment(at)}",
        )
    if one.first[0] is None:
        yield Label(
            x=(low + high) / 2,
            y=lane + 0.5,
            text="no chain of messages in this evidence",
            ink="muted",
            size=12,
            halo=True,
        )


def _path(
    ground: Ground, steps: Sequence[Step], place: dict[int, int], low: float
) -> Iterator[Mark]:
    """The messages of a path, each an arrow from the lane of its sender's party to the next's."""
    view = ground.view
    for step in steps:
        if step.row == NOBODY or step.row >= view.dated:
            continue
        sender = int(view.sender_party[step.row])
        x = max(_x(int(view.start[step.row]), low, 2.0**62), low)
        y0 = place.get(sender, 0) + 0.5
        to = next(
            (
                int(view.recipient_party[n])
                for n in view.recipients(step.row)
                if int(view.recipient[n]) == step.recipient
            ),
            sender,
        )
        y1 = place.get(to, place.get(sender, 0)) + 0.5
        if y1 != y0:
            yield Arrow(x0=x, y0=y0, x1=x, y1=y1, ink="accent", width=2.4)
        yield Dot(
            x=x,
            y=y0,
            ink=ground.ink(sender),
            shape=SHAPES[view.channels[step.row]],
            size=11,
            strong=True,
            key=f"m{view.ids[step.row]}",
            hover=message_words(ground, step.row),
        )
