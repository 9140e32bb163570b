"""The timeline shows every message and gap of its window, and nothing covers a label."""

import json
from dataclasses import replace
from datetime import date

import pytest

from commtrace.figures import gaps as gap_bars
from commtrace.figures import strip, timeline
from commtrace.figures.gaps import Gap
from commtrace.figures.ground import Ground, ground
from commtrace.figures.marks import (
    DAY,
    Arrow,
    Bar,
    Cell,
    Dot,
    Figure,
    Label,
    Line,
    Pattern,
    Rect,
    clock_of_day,
)  # fmt: skip
from commtrace.figures.plotly import to_plotly
from commtrace.figures.timeline import Chosen
from commtrace.model import Coverage, Family

FEBRUARY = (clock_of_day(date(2022, 2, 14)), clock_of_day(date(2022, 2, 28)))


def of(figure: Figure, kind: type) -> list:
    return [mark for mark in figure.marks if isinstance(mark, kind)]


def keyed(figure: Figure, letter: str) -> list[str]:
    return [m.key for m in of(figure, Dot) if m.key.startswith(letter)]


def test_each_message_of_a_short_window_has_one_mark(base: Ground) -> None:
    low, high = base.rows(*FEBRUARY)
    figure = timeline.lanes(base, (), FEBRUARY)
    assert keyed(figure, "m") == [f"m{i}" for i in base.view.ids[low:high]]


def test_a_long_window_shows_counts_that_add_up(base: Ground) -> None:
    window = (base.first, base.last)
    low, high = base.rows(*window)
    assert high - low > timeline.MOST_MARKS
    counts = sum(int(cell.hover.split(" ")[0].replace(",", ""))
                 for cell in of(timeline.lanes(base, (), window), Cell))  # fmt: skip
    assert counts == high - low


@pytest.mark.parametrize("days", [1, 3, 10, 40, 120, 426])
def test_the_browser_never_gets_more_than_it_can_draw(
    base: Ground, bars: tuple[Gap, ...], days: int
) -> None:
    middle = clock_of_day(date(2022, 2, 21))
    window = (max(base.first, middle - days * DAY / 2), min(base.last, middle + days * DAY / 2))
    figure = timeline.lanes(base, bars, window)
    assert len(of(figure, Dot)) <= timeline.MOST_MARKS + len(base.view.ghosts)
    assert len(json.dumps(to_plotly(figure, "light"))) < 200_000


def test_a_gap_lies_in_the_lane_of_whoever_owed_the_next_step(
    base: Ground, bars: tuple[Gap, ...]
) -> None:
    gap = next(g for g in bars if g.finding.owes == "get")
    label = base.lanes[gap.lane].label.replace("\n", " ")
    assert label == "Growth and Transport"


def test_bars_of_one_lane_never_overprint(base: Ground, bars: tuple[Gap, ...]) -> None:
    placed = gap_bars.layout(base, bars, (base.first, base.last), pixels=700)
    for one in placed.bars:
        for other in placed.bars:
            if one is not other and one.y0 == other.y0:
                assert one.x1 <= other.x0 or other.x1 <= one.x0


def test_gaps_without_a_row_left_are_counted_at_the_edge(
    base: Ground, bars: tuple[Gap, ...]
) -> None:
    placed = gap_bars.layout(base, bars, (base.first, base.last), pixels=700)
    assert len(placed.bars) + sum(placed.more) == len(bars)
    figure = timeline.lanes(base, bars, (base.first, base.last))
    assert [lane.note for lane in figure.lanes] == [f"+{n}" if n else "" for n in placed.more]


def test_the_gap_that_is_open_always_has_its_bar(base: Ground, bars: tuple[Gap, ...]) -> None:
    last = bars[-1].finding.id
    figure = timeline.lanes(base, bars, (base.first, base.last), Chosen(gap=last))
    (strong,) = [bar for bar in of(figure, Bar) if bar.strong]
    assert strong.key == f"g{last}"


def test_a_label_is_only_as_long_as_its_bar(base: Ground, bars: tuple[Gap, ...]) -> None:
    pixels = 692.0
    figure = timeline.lanes(base, bars, (base.first, base.last))
    for bar in of(figure, Bar):
        wide = (bar.x1 - bar.x0) * pixels / (base.last - base.first)
        assert len(bar.label) * 6 <= wide


def test_no_event_line_crosses_a_gap_bar(base: Ground, bars: tuple[Gap, ...]) -> None:
    figure = timeline.lanes(base, bars, (base.first, base.last))
    labelled = [bar for bar in of(figure, Bar) if bar.label]
    for line in of(figure, Line):
        if line.dash != "dash":
            continue
        (x, y0), (_, y1) = line.points
        for bar in labelled:
            assert not (bar.x0 < x < bar.x1 and y0 < bar.y1 and bar.y0 < y1)


def test_event_names_stand_apart(base: Ground) -> None:
    figure = timeline.lanes(base, (), (base.first, base.last))
    names = [label for label in of(figure, Label) if "▾" in label.text]
    assert len(names) == len(base.view.brief.events)
    scale = (figure.width - figure.left - figure.right) / (base.last - base.first)
    spans = []
    for name in names:
        x, wide = (name.x - base.first) * scale, 6.4 * len(name.text)
        spans.append((name.shift, x if name.anchor == "left" else x - wide, wide))
    for one in spans:
        for other in spans:
            if one is not other and one[0] == other[0]:
                assert one[1] + one[2] <= other[1] or other[1] + other[2] <= one[1]


def test_a_thread_is_drawn_as_arrows_with_its_waits_and_the_rest_steps_back(base: Ground) -> None:
    view = base.view
    number = next(n for n, rows in enumerate(view.rows_of_thread) if len(rows) == 4)
    rows = view.rows_of_thread[number]
    window = (float(base.x[rows[0]]) - DAY, float(base.x[rows[-1]]) + DAY)
    figure = timeline.lanes(base, (), window, Chosen(message=view.ids[rows[1]], thread=number))
    strong = [dot for dot in of(figure, Dot) if dot.strong and dot.key.startswith("m")]
    assert [dot.key for dot in strong] == [f"m{view.ids[r]}" for r in rows]
    assert max(strong, key=lambda dot: dot.size).key == f"m{view.ids[rows[1]]}"
    assert all(dot.dim for dot in of(figure, Dot) if not dot.strong)
    assert len(of(figure, Arrow)) == 4
    assert sum(1 for label in of(figure, Label) if label.text.endswith(" wd")) <= 3


def test_stretches_without_material_are_hatched_and_not_called_quiet(base: Ground) -> None:
    figure = timeline.lanes(base, (), (base.first, base.last))
    hatched = [rect for rect in of(figure, Rect) if rect.pattern is Pattern.HATCH]
    transport = next(n for n, row in enumerate(base.lanes) if row.label == "Growth and Transport")
    assert (base.first, clock_of_day(date(2021, 8, 16))) in {
        (rect.x0, rect.x1) for rect in hatched if int(rect.y0) == transport
    }
    assert "No material covers this" in [key.label for key in figure.legend]


def test_a_party_without_a_mailbox_of_its_own_says_so(base: Ground) -> None:
    figure = timeline.lanes(base, (), FEBRUARY)
    sub = {lane.label: lane.sub for lane in figure.lanes}
    assert sub["Schools"] == "no mailbox supplied"
    assert sub["Members"] == ""


def test_without_any_known_coverage_nothing_is_hatched(base: Ground) -> None:
    bare = ground(replace(base.view, coverage=()))
    assert all(row.holes == () for row in bare.lanes)


def test_one_day_outside_every_window_is_a_hole(base: Ground) -> None:
    windows = [(date(2022, 1, 1), date(2022, 1, 9)), (date(2022, 1, 11), date(2022, 1, 20))]
    from commtrace.figures.ground import _holes

    first, last = clock_of_day(date(2022, 1, 1)), clock_of_day(date(2022, 1, 21))
    tenth = clock_of_day(date(2022, 1, 10))
    assert _holes(windows, first, last) == ((tenth, tenth + DAY),)


def test_an_absent_message_is_an_empty_outline(base: Ground) -> None:
    figure = timeline.lanes(base, (), (base.first, base.last))
    outlines = [m for m in figure.marks if getattr(m, "key", "").startswith("h")]
    assert outlines
    assert all(
        mark.hollow if isinstance(mark, Dot) else mark.pattern is Pattern.HOLLOW
        for mark in outlines
    )


def test_a_letter_dated_by_its_day_is_a_square_on_a_bar_a_day_long(base: Ground) -> None:
    row = next(n for n, channel in enumerate(base.view.channels) if channel == "letter")
    start = float(base.x[row])
    figure = timeline.lanes(base, (), (start - DAY, start + 2 * DAY))
    dot = next(d for d in of(figure, Dot) if d.key == f"m{base.view.ids[row]}")
    assert dot.shape == "square"
    assert any(
        line.points[0][0] == start and line.points[1][0] == start + DAY
        for line in of(figure, Line)
        if line.ink == dot.ink
    )


def test_parties_beyond_ten_share_the_last_lane(base: Ground) -> None:
    view = base.view
    more = tuple(replace(view.parties[8], id=f"p{n}.example", label=f"p{n}") for n in range(5))
    wide = ground(replace(view, parties=(*view.parties, *more)))
    assert len(wide.lanes) == 10
    assert wide.lanes[-1].label == "6 other parties"


def test_the_strip_counts_every_dated_message_of_the_period(base: Ground) -> None:
    low, high = base.rows(base.first, base.last)
    figure = strip.strip(base, (), (base.first, base.last))
    total = sum(int(cell.replace(",", "")) for row in figure.table.rows for cell in row[1:-1])
    assert total == high - low


def test_open_gaps_are_counted_in_every_week_they_touch(
    base: Ground, bars: tuple[Gap, ...]
) -> None:
    figure = strip.strip(base, bars, (base.first, base.last))
    week = next(row for row in figure.table.rows if row[0] == "21 Feb 2022")
    begin, end = clock_of_day(date(2022, 2, 21)), clock_of_day(date(2022, 2, 28))
    assert week[-1] == str(sum(1 for g in bars if g.x0 < end and g.x1 > begin))


def test_an_empty_case_still_gives_figures(base: Ground) -> None:
    from commtrace.figures import network, pairs

    view = base.view
    import numpy as np

    none = np.zeros(0, dtype=np.int64)
    empty = replace(
        view, ids=(), whens=(), subjects=(), sources=(), channels=(), start=none, end=none,
        sender=none, sender_party=none, recipient_offsets=np.zeros(1, dtype=np.int64),
        recipient=none, recipient_party=none, recipient_kind=none, thread=none, parent=none,
        threads=(), ghosts=(), contacts=(), coverage=(), weeks=(), handoffs=(), parties=(),
    )  # fmt: skip
    bare = ground(empty)
    window = (bare.first, bare.last)
    for figure in (
        strip.strip(bare, (), window), timeline.lanes(bare, (), window),
        network.graph(bare, window), network.matrix(bare, window),
        pairs.pairs_by_week(bare, window),
    ):  # fmt: skip
        json.dumps(to_plotly(figure, "dark"))


def test_the_length_on_a_bar_is_the_number_of_the_sentence(bars: tuple[Gap, ...]) -> None:
    for gap in bars:
        if "working days" in gap.finding.measure and gap.unit:
            assert gap.count == gap.finding.measure["working days"]


def test_the_table_beside_the_lanes_lists_the_same_messages(base: Ground) -> None:
    low, high = base.rows(*FEBRUARY)
    table = timeline.lanes(base, (), FEBRUARY).table
    assert list(table.keys) == list(base.view.ids[low:high][:300])


@pytest.mark.parametrize("family", list(Family))
def test_a_family_is_named_in_the_legend_only_where_it_occurs(
    base: Ground, bars: tuple[Gap, ...], family: Family
) -> None:
    inside = [g for g in bars if g.finding.family is family]
    labels = [key.label for key in timeline.legend(base, inside)]
    assert any(label.endswith(" gap") for label in labels) == bool(inside)


def test_a_coverage_without_a_known_identity_hides_nobody(base: Ground) -> None:
    stretch: Coverage = replace(base.view.coverage[0], identity=None)
    odd = ground(replace(base.view, coverage=(stretch,)))
    assert not any(row.supplied for row in odd.lanes)
