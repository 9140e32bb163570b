"""Messages that others cite and nobody supplied: empty outlines where they should stand."""

from __future__ import annotations

from commtrace.figures.ground import Ground
from commtrace.figures.marks import DAY, Bar, Dot, Mark, Pattern, clock
from commtrace.figures.thread import MIDDLE
from commtrace.figures.words import shorten
from commtrace.moments import say


def ghosts(ground: Ground, window: tuple[float, float], thread: int) -> list[Mark]:
    """An empty outline in the lane of the party whose message is the first to cite it."""
    view = ground.view
    marks: list[Mark] = []
    for ghost in view.ghosts:
        if ghost.when is None or not ghost.cited_by:
            continue
        x0, x1 = clock(ghost.when.earliest), clock(ghost.when.latest)
        row = view.row_of.get(ghost.cited_by[0])
        if row is None or row >= len(ground.lane) or x1 <= window[0] or x0 >= window[1]:
            continue
        y = int(ground.lane[row]) + MIDDLE
        own = thread >= 0 and view.thread_index.get(ghost.thread) == thread
        dim = thread >= 0 and not own
        x0, x1 = max(x0, window[0]), min(x1, window[1])
        words = f"Cited, and in none of the material\n{say(ghost.when)}\n" + shorten(
            "; ".join(ghost.evidence), 90
        )
        if x1 - x0 > DAY:
            marks.append(
                Bar(
                    x0=x0,
                    x1=x1,
                    y0=y - 0.09,
                    y1=y + 0.09,
                    ink="evidence",
                    pattern=Pattern.HOLLOW,
                    dim=dim,
                    strong=own,
                    key=f"h{ghost.id}",
                    hover=words,
                )
            )
        else:
            marks.append(
                Dot(
                    x=(x0 + x1) / 2,
                    y=y,
                    ink="evidence",
                    size=11,
                    hollow=True,
                    dim=dim,
                    strong=own,
                    key=f"h{ghost.id}",
                    hover=words,
                )
            )
    return marks
