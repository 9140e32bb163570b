"""Marks as Plotly traces: heat, hatching, bars with their words, lines, arrows' shafts, dots.

Plotly reads its texts as a small HTML, so every text is escaped on its way in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from commtrace.figures import palette
from commtrace.figures.marks import (
    Arrow,
    Bar,
    Cell,
    Dot,
    Figure,
    Line,
    Mark,
    Pattern,
    Rect,
    Shape,
)
from commtrace.figures.words import shown

Dictionary = dict[str, Any]
_SYMBOL = {
    Shape.CIRCLE: "circle",
    Shape.SQUARE: "square",
    Shape.DIAMOND: "diamond",
    Shape.TRIANGLE: "triangle-up",
}
_PATTERN = {Pattern.DIAGONAL: "/", Pattern.CROSSED: "x", Pattern.DOTTED: ".", Pattern.HATCH: "/"}
CLEAR = "rgba(0,0,0,0)"


def traces(figure: Figure, theme: str) -> list[Dictionary]:
    """The traces of a figure, in the order in which they are drawn."""
    marks = figure.marks
    return [
        *_heat([m for m in marks if isinstance(m, Cell)], theme),
        *_hatches([m for m in marks if isinstance(m, Rect)], theme),
        *_bars([m for m in marks if isinstance(m, Bar)], theme),
        *_bar_labels(figure, theme),
        *_lines([m for m in marks if isinstance(m, Line) and not m.below], theme),
        *_curves([m for m in marks if isinstance(m, Arrow) and m.bend], theme),
        *_dots([m for m in marks if isinstance(m, Dot)], theme),
    ]


def text(words: str) -> str:
    """Words as Plotly reads them: escaped, unseen characters shown, line breaks kept."""
    return escape(shown(words), quote=False).replace("\n", "<br>")


def bold(words: str) -> str:
    """Words as Plotly reads them, in bold."""
    return f"<b>{text(words)}</b>"


def _groups(marks: Sequence[Mark], style: Any) -> Iterable[tuple[Any, list[Any]]]:
    found: dict[Any, list[Any]] = {}
    for mark in marks:
        found.setdefault(style(mark), []).append(mark)
    return found.items()


def _heat(cells: list[Cell], theme: str) -> list[Dictionary]:
    return [_heat_of(group, ink, dim, theme)
            for (ink, dim), group in _groups(cells, lambda c: (c.ink, c.dim))]  # fmt: skip


def _heat_of(cells: list[Cell], ink: str, dim: bool, theme: str) -> Dictionary:
    """Cells as one image: columns and rows between all their edges, empty where no cell is."""
    xs = sorted({x for c in cells for x in (c.x0, c.x1)})
    ys = sorted({y for c in cells for y in (c.y0, c.y1)})
    column = {x: i for i, x in enumerate(xs)}
    row = {y: i for i, y in enumerate(ys)}
    z: list[list[float | None]] = [[None] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    words: list[list[str]] = [[""] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    keys: list[list[str]] = [[""] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    for cell in cells:
        r, c = row[cell.y0], column[cell.x0]
        z[r][c], words[r][c], keys[r][c] = round(cell.value, 3), text(cell.hover), cell.key
    keyed = {"customdata": keys} if any(c.key for c in cells) else {}
    return {
        **keyed,
        "type": "heatmap",
        "x": xs,
        "y": ys,
        "z": z,
        "zmin": 0,
        "zmax": 1,
        "text": words,
        "colorscale": [list(stop) for stop in palette.scale(ink, theme)],
        "showscale": False,
        "hovertemplate": "%{text}<extra></extra>",
        "hoverongaps": False,
        "opacity": 0.4 if dim else 1,
        "xgap": 0.6,
    }


def _hatches(rects: list[Rect], theme: str) -> list[Dictionary]:
    hatched = [r for r in rects if r.pattern is Pattern.HATCH]
    if not hatched:
        return []
    return [
        {
            **_bar_places(hatched),
            "hoverinfo": "skip",
            "marker": {
                "color": CLEAR,
                "line": {"width": 0},
                "pattern": {
                    "shape": "/",
                    "fgcolor": palette.colour("hatch", theme),
                    "bgcolor": CLEAR,
                    "size": 7,
                    "solidity": 0.14,
                },
            },
        }
    ]


def _bar_places(marks: Sequence[Bar | Rect]) -> Dictionary:
    return {
        "type": "bar",
        "orientation": "h",
        "showlegend": False,
        "y": [round((m.y0 + m.y1) / 2, 4) for m in marks],
        "width": [round(abs(m.y1 - m.y0), 4) for m in marks],
        "base": [m.x0 for m in marks],
        "x": [m.x1 - m.x0 for m in marks],
    }


def _bars(bars: list[Bar], theme: str) -> list[Dictionary]:
    return [_bars_of(group, theme) for _, group in _groups(bars, lambda b: (b.ink, b.pattern))]


def _bars_of(bars: list[Bar], theme: str) -> Dictionary:
    ink, pattern = palette.colour(bars[0].ink, theme), bars[0].pattern
    hollow = pattern is Pattern.HOLLOW
    edge = palette.colour("edge", theme)
    strong = palette.colour("ink", theme)
    marker: Dictionary = {
        "color": CLEAR if hollow else ink,
        "opacity": [0.3 if b.dim else 1 for b in bars],
        "line": {
            "color": [ink if hollow else strong if b.strong else edge for b in bars],
            "width": [2.5 if b.strong else 1.6 if hollow else 0.6 for b in bars],
        },
    }
    if pattern in _PATTERN:
        marker["pattern"] = {
            "shape": _PATTERN[pattern],
            "fgcolor": palette.colour("on_bar", theme),
            "size": 6,
            "solidity": 0.2,
            "fillmode": "overlay",
        }
    return {
        **_bar_places(bars),
        "marker": marker,
        "customdata": [b.key for b in bars],
        "hovertext": [text(b.hover) for b in bars],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _bar_labels(figure: Figure, theme: str) -> list[Dictionary]:
    """The words on the bars, each on a plain stretch of its bar, as the text of one more trace.

    Annotations would say the same and take three times as long to draw.
    """
    bars = [m for m in figure.marks if isinstance(m, Bar) and m.label]
    if not bars:
        return []
    pixels = figure.width - figure.left - figure.right
    unit = (figure.x.last - figure.x.first) / pixels
    page = palette.colour("page", theme)
    wide = [min(b.x1 - b.x0, (len(b.label) * 5.9 + 8) * unit) for b in bars]
    inks = [palette.colour(b.ink, theme) for b in bars]
    return [
        {
            **_bar_places(bars),
            "base": [(b.x0 + b.x1 - w) / 2 for b, w in zip(bars, wide, strict=True)],
            "x": wide,
            "width": [round((b.y1 - b.y0) * 0.9, 4) for b in bars],
            "marker": {
                "color": [
                    palette.mix(page, ink, 0.3) if b.dim else ink
                    for b, ink in zip(bars, inks, strict=True)
                ],
                "line": {"width": 0},
            },
            "text": [bold(b.label) for b in bars],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "constraintext": "none",
            "textangle": 0,
            "textfont": {
                "size": 10.5,
                "color": [palette.colour("ink" if b.dim else "on_bar", theme) for b in bars],
            },
            "cliponaxis": False,
            "customdata": [b.key for b in bars],
            "hovertext": [text(b.hover) for b in bars],
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
    ]


def _lines(lines: list[Line], theme: str) -> list[Dictionary]:
    def style(line: Line) -> tuple[str, float, str, float]:
        return line.ink, line.width, line.dash, line.opacity

    traces = []
    for (ink, width, dash, opacity), group in _groups(lines, style):
        xs: list[float | None] = []
        ys: list[float | None] = []
        for line in group:
            xs += [*(x for x, _ in line.points), None]
            ys += [*(round(y, 4) for _, y in line.points), None]
        stroke = {"color": palette.colour(ink, theme), "width": width, "dash": dash}
        traces.append(_stroke(xs, ys, stroke, opacity))
    return traces


def _stroke(xs: Sequence[Any], ys: Sequence[Any], line: Dictionary, opacity: float) -> Dictionary:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "line": line,
        "opacity": opacity,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _dots(dots: list[Dot], theme: str) -> list[Dictionary]:
    def style(dot: Dot) -> tuple[bool, bool, str, bool]:
        return dot.strong, not dot.dim, dot.ink, dot.hollow

    ordered = sorted(_groups(dots, style), key=lambda item: item[0][:2])
    return [_dots_of(group, theme) for _, group in ordered]


def _dots_of(dots: list[Dot], theme: str) -> Dictionary:
    first = dots[0]
    ink = palette.colour(first.ink, theme)
    edge = palette.colour("ink" if first.strong else "edge", theme)
    width = 1.8 if first.strong or first.hollow else 0.8
    return {
        "type": "scatter",
        "mode": "markers",
        "showlegend": False,
        "x": [d.x for d in dots],
        "y": [round(d.y, 4) for d in dots],
        "customdata": [d.key for d in dots],
        "text": [text(d.hover) for d in dots],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "color": palette.colour("page", theme) if first.hollow else ink,
            "size": _common([d.size for d in dots]),
            "symbol": _common([_SYMBOL[d.shape] for d in dots]),
            "opacity": 0.22 if first.dim else 1.0 if first.strong else 0.88,
            "line": {"color": ink if first.hollow else edge, "width": width},
        },
    }


def _common(values: list[Any]) -> Any:
    return values[0] if len(set(values)) == 1 else values


def _curves(arrows: list[Arrow], theme: str) -> list[Dictionary]:
    """The bent shafts, each with an unseen target in its middle that a pointer can hit."""
    traces = []
    for arrow in arrows:
        points = curve(arrow)
        line = {"color": palette.colour(arrow.ink, theme), "width": round(arrow.width, 2)}
        traces.append(_stroke([p[0] for p in points], [p[1] for p in points], line, arrow.opacity))
    middles = [curve(arrow)[10] for arrow in arrows]
    if middles:
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [p[0] for p in middles],
                "y": [p[1] for p in middles],
                "customdata": [a.key for a in arrows],
                "text": [text(a.hover) for a in arrows],
                "hovertemplate": "%{text}<extra></extra>",
                "showlegend": False,
                "marker": {"size": 26, "opacity": 0},
            }
        )
    return traces


def curve(arrow: Arrow, steps: int = 20) -> list[tuple[float, float]]:
    """The points of a bent arrow: a quadratic curve whose middle is moved sideways by its bend."""
    dx, dy = arrow.x1 - arrow.x0, arrow.y1 - arrow.y0
    mx = (arrow.x0 + arrow.x1) / 2 - dy * arrow.bend * 2
    my = (arrow.y0 + arrow.y1) / 2 + dx * arrow.bend * 2
    points = []
    for n in range(steps + 1):
        t = n / steps
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        points.append(
            (
                round(a * arrow.x0 + b * mx + c * arrow.x1, 4),
                round(a * arrow.y0 + b * my + c * arrow.y1, 4),
            )
        )
    return points
