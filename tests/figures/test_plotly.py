"""Plotly reads its texts as HTML, so none of the evidence's may be."""

import json

from commtrace.figures.marks import (
    Arrow,
    Axis,
    Bar,
    Cell,
    Dot,
    Figure,
    Label,
    Lane,
    Line,
    Pattern,
    Rect,
    Table,
)  # fmt: skip
from commtrace.figures.plotly import curve, to_plotly

HOSTILE = "<a href='http://tracker.example'><b>x</b></a>\u202e"


def figure() -> Figure:
    return Figure(
        marks=(
            Rect(x0=0, x1=1, y0=0, y1=1, ink="hatch", pattern=Pattern.HATCH),
            Rect(x0=0, x1=1, y0=0, y1=1, ink="veil", opacity=0.5, below=False),
            Cell(x0=0, x1=1, y0=0, y1=0.4, value=0.5, text=HOSTILE, hover=HOSTILE),
            Bar(x0=0, x1=1, y0=0.5, y1=0.9, ink="flow", label=HOSTILE, hover=HOSTILE, key="g1"),
            Line(points=((0, 0), (1, 1)), ink="ink"),
            Line(points=((0, 0), (0, 1)), ink="ink", below=True, dash="dash"),
            Dot(x=0.5, y=0.2, ink="council", hover=HOSTILE, key="m1"),
            Dot(x=0.6, y=0.2, ink="council", dim=True),
            Arrow(x0=0, y0=0, x1=1, y1=1, ink="ink"),
            Arrow(x0=0, y0=0, x1=1, y1=0, ink="ink", bend=0.1, hover=HOSTILE),
            Label(x=0.5, y=0.5, text=HOSTILE),
        ),
        x=Axis(first=0, last=1, ticks=((0, HOSTILE),)),
        y0=0,
        y1=1,
        alt="",
        table=Table(header=(), rows=()),
        lanes=(Lane(label=HOSTILE, sub=HOSTILE, y0=0, y1=1, note=HOSTILE),),
    )


def test_no_text_of_a_mark_reaches_plotly_as_markup() -> None:
    drawn = json.dumps(to_plotly(figure(), "light"))
    assert "<a " not in drawn
    assert "href='http" not in drawn.replace("&lt;a href='http", "")
    assert "\\u202e" not in drawn


def test_a_line_break_of_ours_is_a_break() -> None:
    one = Dot(x=0, y=0, ink="ink", hover="from\nto")
    drawn = to_plotly(
        Figure(marks=(one,), x=Axis(first=0, last=1), y0=0, y1=1, alt="",
               table=Table(header=(), rows=())),
        "light",
    )  # fmt: skip
    assert drawn["data"][0]["text"] == ["from<br>to"]


def test_strong_marks_are_drawn_after_dim_ones() -> None:
    dots = (
        Dot(x=0, y=0, ink="council", strong=True, key="s"),
        Dot(x=0, y=0, ink="families", dim=True, key="d"),
    )
    drawn = to_plotly(
        Figure(marks=dots, x=Axis(first=0, last=1), y0=0, y1=1, alt="",
               table=Table(header=(), rows=())),
        "light",
    )  # fmt: skip
    assert [trace["customdata"] for trace in drawn["data"]] == [["d"], ["s"]]


def test_labels_come_after_arrows_so_that_none_is_covered() -> None:
    kinds = [a["showarrow"] for a in to_plotly(figure(), "dark")["layout"]["annotations"]]
    assert kinds == sorted(kinds, reverse=True)


def test_a_bend_begins_and_ends_where_its_arrow_does() -> None:
    points = curve(Arrow(x0=0, y0=0, x1=1, y1=0, ink="ink", bend=0.1))
    assert points[0] == (0, 0)
    assert points[-1] == (1, 0)
    assert max(y for _, y in points) == 0.1


def test_a_drag_is_allowed_only_where_the_figure_says_so() -> None:
    layout = to_plotly(figure(), "light")["layout"]
    assert layout["dragmode"] is False
    assert layout["xaxis"]["fixedrange"] is True
