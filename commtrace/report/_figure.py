"""The timeline as the papers print it: the marks of the screen, drawn for a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from commtrace.figures.gaps import gaps
from commtrace.figures.ground import ground
from commtrace.figures.marks import Figure, Pattern, Rect
from commtrace.figures.svg import to_svg
from commtrace.figures.timeline import lanes
from commtrace.report import _words as words
from commtrace.report._case import Case
from commtrace.report.paper import Options

_WIDTH, _LANE = 780, 58  # pixels: a width whose words are 7 points on A4, and a lane's height


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A drawing, what it shows in words, and what stands under it; all "" where there is none."""

    svg: str
    alt: str
    caption: str


def timeline(case: Case, options: Options) -> Drawn:
    """The whole period in lanes, with the gaps of the families asked for."""
    view = case.view()
    if view.dated == 0:
        return Drawn(svg="", alt="", caption="")
    base = ground(view)
    chosen = [
        one
        for one in case.findings()
        if options.families is None or one.family.value in options.families
    ]
    height = 70 + _LANE * max(len(base.lanes), 1)
    bars = gaps(base, chosen, case.reference)
    figure = lanes(base, bars, (base.first, base.last), width=_WIDTH, height=height)
    caption = _caption(figure, [bar.word for bar in bars])
    return Drawn(svg=to_svg(figure), alt=words.line(figure.alt), caption=caption)


def _caption(figure: Figure, names: Iterable[str]) -> str:
    """What stands under the drawing: only what occurs in it is explained."""
    named = sorted({f"{name[0]} {name.lower()}" for name in names})
    text = ["What each party sent, and the gaps in the record."]
    if named:
        text.append(
            "A bar stands in the lane of the party that owed the next step, from the message left "
            f'open; "wd" is working days. Letters: {", ".join(named)}.'
        )
    if any(lane.note for lane in figure.lanes):
        text.append("A number with a plus at the right counts further gaps of that lane.")
    if any(isinstance(m, Rect) and m.pattern is Pattern.HATCH for m in figure.marks):
        text.append(
            "Hatched: no material could show anything there; an empty stretch is not a quiet one."
        )
    return " ".join(text)
