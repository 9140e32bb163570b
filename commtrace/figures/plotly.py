"""A figure as a plain Plotly dictionary, in the colours of a theme.

Pure translation: no mark is added, moved or left out here, so that the screen and the papers cannot
disagree. Plotly reads its texts as a small HTML, so every text is escaped. Shapes and annotations
are built as lists (adding them one by one is quadratic in plotly.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from commtrace.figures import palette
from commtrace.figures.marks import (
    Anchor,
    Arrow,
    Bar,
    Cell,
    Dot,
    Figure,
    Label,
    Lane,
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
_XANCHOR = {Anchor.LEFT: "left", Anchor.MIDDLE: "center", Anchor.RIGHT: "right"}
_CLEAR = "rgba(0,0,0,0)"


def to_plotly(figure: Figure, theme: str) -> Dictionary:
    """The figure as `{"data": [...], "layout": {...}}` for theme "light" or "dark"."""
    marks = figure.marks
    data = [
        *_heat([m for m in marks if isinstance(m, Cell)], theme),
        *_hatches([m for m in marks if isinstance(m, Rect)], theme),
        *_bars([m for m in marks if isinstance(m, Bar)], theme),
        *_bar_labels(figure, theme),
        *_lines([m for m in marks if isinstance(m, Line) and not m.below], theme),
        *_curves([m for m in marks if isinstance(m, Arrow) and m.bend], theme),
        *_dots([m for m in marks if isinstance(m, Dot)], theme),
    ]
    return {"data": data, "layout": _layout(figure, theme)}


def text(words: str) -> str:
    """Words as Plotly reads them: escaped, unseen characters shown, line breaks kept."""
    return escape(shown(words), quote=False).replace("\n", "<br>")


def _bold(words: str) -> str:
    return f"<b>{text(words)}</b>"


# --------------------------------------------------------------------------- traces


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
                "color": _CLEAR,
                "line": {"width": 0},
                "pattern": {
                    "shape": "/",
                    "fgcolor": palette.colour("hatch", theme),
                    "bgcolor": _CLEAR,
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
        "color": _CLEAR if hollow else ink,
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
            "text": [_bold(b.label) for b in bars],
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


# --------------------------------------------------------------------------- layout


def _layout(figure: Figure, theme: str) -> Dictionary:
    ink, muted = palette.colour("ink", theme), palette.colour("muted", theme)
    page = palette.colour("page", theme)
    arrows = [m for m in figure.marks if isinstance(m, Arrow)]
    labels = [m for m in figure.marks if isinstance(m, Label)]
    cells = [m for m in figure.marks if isinstance(m, Cell) and m.text]
    return {
        "font": {"family": palette.FONT, "size": 13, "color": ink},
        "paper_bgcolor": _CLEAR,
        "plot_bgcolor": _CLEAR,
        "margin": {"l": figure.left, "r": figure.right, "t": figure.top, "b": figure.bottom},
        "hoverlabel": {
            "font": {"family": palette.FONT, "size": 13, "color": ink},
            "bgcolor": page,
            "bordercolor": muted,
            "align": "left",
        },
        "showlegend": False,
        "barmode": "overlay",
        "bargap": 0,
        "hovermode": "closest",
        "dragmode": figure.drag or False,
        "selectdirection": "h",
        "xaxis": _xaxis(figure, theme),
        "yaxis": {
            "range": [figure.y1, figure.y0],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "showticklabels": False,
            "ticks": "",
        },
        "shapes": [*_lane_rules(figure, theme), *_shapes(figure.marks, theme)],
        "annotations": [
            *(_arrow(a, theme) for a in arrows),
            *(_cell_label(c, theme) for c in cells),
            *(_label(label, theme) for label in labels),
            *_lane_names(figure.lanes, theme),
        ],
    }


def _xaxis(figure: Figure, theme: str) -> Dictionary:
    axis = figure.x
    return {
        "type": "date" if axis.is_time else "linear",
        "range": [axis.first, axis.last],
        "fixedrange": figure.drag != "zoom",
        "tickmode": "array",
        "tickvals": [x for x, _ in axis.ticks],
        "ticktext": [text(words) for _, words in axis.ticks],
        "tickfont": {"size": 12, "color": palette.colour("muted", theme)},
        "tickangle": 0,
        "showgrid": axis.grid,
        "gridcolor": palette.colour("grid", theme),
        "zeroline": False,
        "ticks": "outside" if axis.ticks else "",
        "ticklen": 4,
        "tickcolor": palette.colour("grid", theme),
        "showline": False,
    }


def _lane_rules(figure: Figure, theme: str) -> list[Dictionary]:
    rules = [_rule(lane.y0, lane.rule, figure, theme) for lane in figure.lanes]
    return [*rules, _rule(figure.lanes[-1].y1, True, figure, theme)] if figure.lanes else []


def _rule(y: float, opens: bool, figure: Figure, theme: str) -> Dictionary:
    width = figure.width - figure.left - figure.right
    return {
        "type": "line",
        "xref": "paper",
        "x0": -figure.left / width if opens else 0,
        "x1": 1,
        "y0": y,
        "y1": y,
        "layer": "below",
        "line": {"color": palette.colour("rule" if opens else "lane", theme), "width": 1},
    }


def _lane_names(lanes: Sequence[Lane], theme: str) -> list[Dictionary]:
    found = []
    muted = palette.colour("muted", theme)
    for lane in lanes:
        words = _bold(lane.label)
        if lane.sub:
            words += f'<br><span style="font-size:11px;color:{muted}">{text(lane.sub)}</span>'
        name = {"xref": "paper", "x": 0, "xshift": -12, "xanchor": "right", "align": "right"}
        found.append({**name, "y": (lane.y0 + lane.y1) / 2, "text": words, "showarrow": False})
        if lane.note:
            note = {"xref": "paper", "x": 1, "xshift": 5, "xanchor": "left", "showarrow": False}
            font = {"size": 12, "color": muted}
            found.append({**note, "y": lane.y0 + 0.7, "text": text(lane.note), "font": font})
    return found


def _shapes(marks: Sequence[Mark], theme: str) -> list[Dictionary]:
    found = []
    for mark in marks:
        if isinstance(mark, Rect) and mark.pattern is not Pattern.HATCH:
            found.append(_rect(mark, theme))
        elif isinstance(mark, Line) and mark.below:
            (x0, y0), (x1, y1) = mark.points[0], mark.points[-1]
            line = {"color": palette.colour(mark.ink, theme), "width": mark.width}
            found.append(
                {
                    "type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "layer": "below",
                    "line": {**line, "dash": mark.dash}, "opacity": mark.opacity,
                }
            )  # fmt: skip
    return found


def _rect(rect: Rect, theme: str) -> Dictionary:
    edge = palette.colour(rect.edge, theme) if rect.edge else _CLEAR
    clear = rect.opacity == 0 or rect.pattern is Pattern.HOLLOW
    return {
        "type": "rect",
        "x0": rect.x0,
        "x1": rect.x1,
        "y0": rect.y0,
        "y1": rect.y1,
        "layer": "below" if rect.below else "above",
        "fillcolor": _CLEAR if clear else palette.colour(rect.ink, theme),
        "opacity": 1 if clear else rect.opacity,
        "line": {"color": edge, "width": rect.edge_width},
    }


def _label(label: Label, theme: str) -> Dictionary:
    ground = palette.colour(label.ground, theme) if label.ground else _CLEAR
    return {
        "x": label.x,
        "y": label.y,
        "xanchor": _XANCHOR[label.anchor],
        "yanchor": "middle",
        "xshift": label.shift_x,
        "yshift": -label.shift,
        "text": _bold(label.text) if label.bold else text(label.text),
        "showarrow": False,
        "font": {"size": label.size, "color": palette.colour(label.ink, theme)},
        "bgcolor": palette.colour("page", theme) if label.halo else ground,
        "borderpad": 5 if label.ground else 1 if label.halo else 0,
        "captureevents": False,
    }


def _cell_label(cell: Cell, theme: str) -> Dictionary:
    ground = palette.heat(cell.value, cell.ink, theme)
    return {
        "x": (cell.x0 + cell.x1) / 2,
        "y": (cell.y0 + cell.y1) / 2,
        "text": text(cell.text),
        "showarrow": False,
        "font": {"size": 13, "color": palette.ink_on(ground)},
        "captureevents": False,
    }


def _arrow(arrow: Arrow, theme: str) -> Dictionary:
    x0, y0 = (curve(arrow)[-3]) if arrow.bend else (arrow.x0, arrow.y0)
    return {
        "x": arrow.x1,
        "y": arrow.y1,
        "ax": x0,
        "ay": y0,
        "xref": "x",
        "yref": "y",
        "axref": "x",
        "ayref": "y",
        "text": "",
        "showarrow": True,
        "arrowhead": 2,
        "arrowsize": 1.0 if not arrow.bend else max(0.5, 1.3 - arrow.width / 14),
        "arrowwidth": max(1.5, arrow.width if not arrow.bend else arrow.width * 0.6),
        "arrowcolor": palette.colour(arrow.ink, theme),
        "opacity": arrow.opacity,
        "standoff": 0 if arrow.bend else arrow.gap,
        "startstandoff": 0 if arrow.bend else arrow.gap,
    }
