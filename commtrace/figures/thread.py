"""One thread, opened on the lanes: arrows from sender to recipient, and how long each step took."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from commtrace.figures.ground import Ground, Ints
from commtrace.figures.marks import Arrow, Dot, Label, Line, Mark, day_of_clock
from commtrace.figures.palette import SHAPES
from commtrace.figures.words import message_words
from commtrace.model import Grade

LATE = 10  # working days after which a wait is drawn as late
MIDDLE = 0.24  # where in a lane the messages lie
HOUR = 3_600_000.0


def rows_of(ground: Ground, thread: int, window: tuple[float, float]) -> Ints:
    """The dated rows of a thread that begin in a window."""
    rows = np.asarray(ground.view.rows_of_thread[thread])
    rows = rows[rows < len(ground.x)]
    return rows[(ground.x[rows] >= window[0]) & (ground.x[rows] < window[1])]


def thread(ground: Ground, rows: Ints, message: str) -> list[Mark]:
    """Arrows from lane to lane, waits in working days, the messages; `message` is the one open."""
    if not len(rows):
        return []
    places = {int(r): (_x(ground, int(r)), int(ground.lane[r]) + MIDDLE) for r in rows}
    waits = _waits(ground, rows, places)
    arrows = [a for r in rows.tolist() for a in _arrows(ground, r, places[r])]
    labels = [m for m in waits if isinstance(m, Label)]
    lines = [m for m in waits if not isinstance(m, Label)]
    dots = [
        Dot(
            x=places[r][0],
            y=places[r][1],
            ink=ground.ink(int(ground.view.sender_party[r])),
            shape=SHAPES[ground.view.channels[r]],
            strong=True,
            hollow=ground.view.grade(r) is not Grade.ORIGINAL,
            size=17.0 if ground.view.ids[r] == message else 13.0,
            key=f"m{ground.view.ids[r]}",
            hover=message_words(ground, r),
        )
        for r in rows.tolist()
    ]
    letters = [m for r in rows.tolist() for m in grade_letter(ground, r, places[r], shift=-16.0)]
    return [*lines, *arrows, *dots, *letters, *labels]


def grade_letter(
    ground: Ground, row: int, place: tuple[float, float], *, shift: float = -10.0
) -> list[Mark]:
    """The letter of what is no original, above its mark: R for reported, E for entered by hand."""
    grade = ground.view.grade(row)
    if grade is Grade.ORIGINAL:
        return []
    x, y = place
    letter = grade.value[:1].upper()
    return [Label(x=x, y=y, text=letter, size=10.0, bold=True, halo=True, shift=shift)]


def _x(ground: Ground, row: int) -> float:
    x, x_end = float(ground.x[row]), float(ground.x_end[row])
    return (x + x_end) / 2 if x_end - x > HOUR else x


def _arrows(ground: Ground, row: int, place: tuple[float, float]) -> list[Mark]:
    x, y = place
    lane = int(ground.lane[row])
    to = {int(ground.lane_of_party[p]) for p in ground.view.parties_to(row, (0,))}
    to = to or {int(ground.lane_of_party[p]) for p in ground.view.parties_to(row)}
    return [
        Arrow(x0=x, y0=y, x1=x, y1=other + MIDDLE, ink="ink", gap=7.0)
        for other in sorted(to - {lane})
    ]


def _waits(ground: Ground, rows: Ints, places: dict[int, tuple[float, float]]) -> list[Mark]:
    """From each message to the one that answers it, in the lane of whoever then wrote."""
    view = ground.view
    marks: list[Mark] = []
    order = rows.tolist()
    for before, row in pairwise(order):
        asked = int(view.parent[row]) if int(view.parent[row]) in places else before
        x0, (x1, y) = places[asked][0], places[row]
        first, last = day_of_clock(x0), day_of_clock(x1)
        days = view.working.elapsed(first, last)
        late = days > LATE
        marks.append(
            Line(
                points=((x0, y), (x1, y)),
                ink="late" if late else "ink",
                width=3.0 if late else 1.6,
                dash="solid" if late else "dot",
            )
        )
        if days:
            marks.append(
                Label(
                    x=(x0 + x1) / 2,
                    y=y,
                    text=f"{days} wd",
                    bold=True,
                    halo=True,
                    ink="late" if late else "ink",
                    shift=-13.0,
                )
            )
    return marks
