"""A figure as a plain Plotly dictionary, in the colours of a theme.

Pure translation: no mark is added, moved or left out here, so that the screen and the papers cannot
disagree. Shapes and annotations are built as lists (adding them one by one is quadratic).
"""

from __future__ import annotations

from collections.abc import Sequence

from commtrace.figures import palette
from commtrace.figures.marks import (
    Anchor,
    Arrow,
    Cell,
    Figure,
    Label,
    Lane,
    Line,
    Mark,
    Pattern,
    Rect,
)
from commtrace.figures.traces import CLEAR, Dictionary, bold, curve, text, traces

_XANCHOR = {Anchor.LEFT: "left", Anchor.MIDDLE: "center", Anchor.RIGHT: "right"}


def to_plotly(figure: Figure, theme: str) -> Dictionary:
    """The figure as `{"data": [...], "layout": {...}}` for theme "light" or "dark"."""
    return {"data": traces(figure, theme), "layout": _layout(figure, theme)}


def _layout(figure: Figure, theme: str) -> Dictionary:
    ink, muted = palette.colour("ink", theme), palette.colour("muted", theme)
    page = palette.colour("page", theme)
    arrows = [m for m in figure.marks if isinstance(m, Arrow)]
    labels = [m for m in figure.marks if isinstance(m, Label)]
    cells = [m for m in figure.marks if isinstance(m, Cell) and m.text]
    return {
        "font": {"family": palette.FONT, "size": 13, "color": ink},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
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
        words = bold(lane.label)
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
    edge = palette.colour(rect.edge, theme) if rect.edge else CLEAR
    clear = rect.opacity == 0 or rect.pattern is Pattern.HOLLOW
    return {
        "type": "rect",
        "x0": rect.x0,
        "x1": rect.x1,
        "y0": rect.y0,
        "y1": rect.y1,
        "layer": "below" if rect.below else "above",
        "fillcolor": CLEAR if clear else palette.colour(rect.ink, theme),
        "opacity": 1 if clear else rect.opacity,
        "line": {"color": edge, "width": rect.edge_width},
    }


def _label(label: Label, theme: str) -> Dictionary:
    ground = palette.colour(label.ground, theme) if label.ground else CLEAR
    return {
        "x": label.x,
        "y": label.y,
        "xanchor": _XANCHOR[label.anchor],
        "yanchor": "middle",
        "xshift": label.shift_x,
        "yshift": -label.shift,
        "text": bold(label.text) if label.bold else text(label.text),
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
