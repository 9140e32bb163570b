"""Figures as SVG: the marks at the same places as on the screen, and nothing that can act."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml import etree

from commtrace.figures.gaps import gaps
from commtrace.figures.ground import ground
from commtrace.figures.marks import (
    Anchor,
    Arrow,
    Axis,
    Bar,
    Cell,
    Dot,
    Figure,
    Key,
    Label,
    Lane,
    Line,
    Pattern,
    Rect,
    Shape,
    Table,
)
from commtrace.figures.svg import to_svg
from commtrace.figures.timeline import lanes

EMPTY = Table(header=(), rows=())


def figure(*marks, **more) -> Figure:
    values = {
        "marks": marks, "x": Axis(first=0.0, last=100.0), "y0": 0.0, "y1": 2.0, "alt": "A figure.",
        "table": EMPTY, "width": 300, "height": 220, "left": 50, "right": 50, "top": 10,
        "bottom": 10,
    }  # fmt: skip
    return Figure(**(values | more))


def elements(svg, name):
    root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False))
    return [e for e in root.iter() if isinstance(e.tag, str) and e.tag.endswith(f"}}{name}")]


def test_a_mark_stands_where_its_data_coordinates_say():
    svg = to_svg(figure(Dot(x=25.0, y=0.5, ink="council")))
    (circle,) = elements(svg, "circle")[1:]  # the first belongs to a pattern
    # 50 + 200 * 25/100, and 10 + 200 * 0.5/2
    assert (circle.get("cx"), circle.get("cy")) == ("100", "60")


def test_a_bar_is_cut_at_the_edges_of_the_plot():
    svg = to_svg(figure(Bar(x0=-50.0, x1=150.0, y0=0.0, y1=1.0, ink="response")))
    bar = next(e for e in elements(svg, "rect") if e.get("fill") == "#9B1C31")
    assert (bar.get("x"), bar.get("width")) == ("50", "200")


@pytest.mark.parametrize("pattern", list(Pattern))
def test_every_pattern_is_drawn_by_more_than_its_colour(pattern):
    svg = to_svg(figure(Bar(x0=0, x1=50, y0=0, y1=1, ink="flow", pattern=pattern)))
    drawn = [e for e in elements(svg, "rect") if "url(#" in (e.get("fill") or "")]
    plain_or_hollow = pattern in {Pattern.PLAIN, Pattern.HOLLOW}
    assert bool(drawn) != plain_or_hollow


@pytest.mark.parametrize("shape", list(Shape))
def test_every_shape_is_its_own_outline(shape):
    svg = to_svg(figure(Dot(x=1, y=1, ink="members", shape=shape)))
    assert len(elements(svg, "polygon")) == (0 if shape is Shape.CIRCLE else 1)


@pytest.mark.parametrize("theme", ["paper", "light", "dark"])
def test_every_kind_of_mark_is_drawn_in_every_theme(theme):
    marks = (
        Rect(x0=0, x1=1, y0=0, y1=1, ink="veil", edge="ink", edge_width=1.0, opacity=0.5),
        Line(points=((0, 0), (1, 1)), ink="ink", dash="dash", opacity=0.5),
        Cell(x0=0, x1=9, y0=0, y1=1, value=0.5, text="12"),
        Bar(x0=0, x1=9, y0=0, y1=1, ink="evidence", label="M", dim=True),
        Arrow(x0=0, y0=0, x1=9, y1=1, ink="ink", bend=0.2),
        Dot(x=1, y=1, ink="families", hollow=True, dim=True, strong=True),
        Label(x=1, y=1, text="one\ntwo", halo=True),
    )
    keys = (Key(label="Letters", ink="ink", shape=Shape.SQUARE),
            Key(label="Hatched", ink="hatch", pattern=Pattern.HATCH))  # fmt: skip
    lane = Lane(label="A party\nof two lines", y0=0, y1=1, sub="no mailbox", note="+3", rule=True)
    whole = figure(*marks, legend=keys, lanes=(lane,), x=Axis(first=0, last=9, ticks=((1, "Jan"),)))
    words = "".join(etree.fromstring(to_svg(whole, theme=theme).encode()).itertext())
    for each in (
        "12",
        "M",
        "one",
        "two",
        "Letters",
        "Hatched",
        "A party",
        "no mailbox",
        "+3",
        "Jan",
    ):
        assert each in words


def test_an_arrow_of_no_length_draws_nothing():
    assert not elements(to_svg(figure(Arrow(x0=5, y0=1, x1=5, y1=1, ink="ink"))), "path")[1:]


def test_the_figure_says_in_words_what_it_shows():
    svg = to_svg(figure(alt="Two parties & <three> gaps."))
    assert elements(svg, "title")[0].text == "Two parties & <three> gaps."
    assert 'role="img"' in svg


def test_a_hostile_label_is_words_and_nothing_else():
    evil = '</text><script>alert(1)</script>"><image href="http://evil.example/x"/>'
    label = Label(x=1, y=1, text=evil, anchor=Anchor.LEFT)
    svg = to_svg(figure(label, Bar(x0=0, x1=99, y0=0, y1=1, ink="flow", label=evil), alt=evil))
    assert not elements(svg, "script")
    assert not elements(svg, "image")
    assert "href" not in re.sub(r">[^<]*<", "><", svg)


def test_a_wider_page_stretches_the_drawing_and_moves_nothing_in_it():
    own = figure(Dot(x=25.0, y=0.5, ink="council"))
    wide, usual = to_svg(own, 600), to_svg(own)
    assert re.search(r'viewBox="[^"]*"', wide)[0] == re.search(r'viewBox="[^"]*"', usual)[0]
    assert 'width="600"' in wide


def test_the_legend_wraps_inside_the_figure():
    keys = tuple(Key(label=f"A rather long name {n}", ink="ink", pattern=Pattern.PLAIN)
                 for n in range(9))  # fmt: skip
    texts = elements(to_svg(figure(legend=keys)), "text")
    assert len({e.get("y") for e in texts}) > 1
    assert all(float(e.get("x")) < 300 for e in texts)


def test_the_timeline_of_a_case_is_drawn_the_same_twice_and_names_its_parties(case):
    view = case.view()
    base = ground(view)
    bars = gaps(base, case.findings(), case.reference)
    drawn = to_svg(lanes(base, bars, (base.first, base.last)))
    assert drawn == to_svg(lanes(base, bars, (base.first, base.last)))
    words = "".join(etree.fromstring(drawn.encode()).itertext())
    assert "Parents and carers" in words
    assert "New routes start" in words


def test_a_pointer_of_a_label_is_a_shape_so_that_no_font_need_have_it():
    left = Label(x=1, y=1, text="\u25be Cut-off", anchor=Anchor.LEFT)
    right = replace(left, text="Cut-off \u25be", anchor=Anchor.RIGHT)
    for label in (left, right):
        svg = to_svg(figure(label))
        assert "\u25be" not in svg
        assert len(elements(svg, "polygon")) == 1
