"""The network counts every message once, and its nodes never move."""

import json
from dataclasses import replace
from datetime import date

import numpy as np

from commtrace.figures import coverage, handoffs, network, pairs
from commtrace.figures.ground import Ground, ground
from commtrace.figures.marks import DAY, Arrow, Cell, Dot, Label, Pattern, Rect, clock_of_day
from commtrace.figures.plotly import to_plotly
from commtrace.model import HandoffState


def whole(base: Ground) -> tuple[float, float]:
    return base.first, base.last


def test_a_message_to_two_people_of_a_party_counts_once(base: Ground) -> None:
    view = base.view
    doubled = replace(
        view,
        recipient=np.repeat(view.recipient, 2),
        recipient_party=np.repeat(view.recipient_party, 2),
        recipient_kind=np.repeat(view.recipient_kind, 2),
        recipient_offsets=view.recipient_offsets * 2,
    )
    assert np.array_equal(
        network.counts(ground(doubled), whole(base)), network.counts(base, whole(base))
    )


def test_counts_are_those_of_the_view(base: Ground) -> None:
    total = network.counts(base, whole(base))
    for one, other in base.view.pairs:
        inside = [r for r in base.view.rows_between(one, other)
                  if base.first <= base.x[r] < base.last]  # fmt: skip
        assert total[one, other] == len(inside)


def test_nodes_stand_still_whatever_the_period(base: Ground) -> None:
    def places(window: tuple[float, float]) -> dict[str, tuple[float, float]]:
        figure = network.graph(base, window)
        return {m.key: (m.x, m.y) for m in figure.marks if isinstance(m, Dot)}

    month = (clock_of_day(date(2022, 2, 1)), clock_of_day(date(2022, 3, 1)))
    assert places(month) == places(whole(base))


def test_the_same_case_gives_the_same_graph(base: Ground) -> None:
    assert network.positions(base) == network.positions(ground(base.view))


def test_no_two_nodes_share_a_place(base: Ground) -> None:
    places = list(network.positions(base).values())
    for i, one in enumerate(places):
        for other in places[i + 1 :]:
            assert abs(one[0] - other[0]) > 0.12 or abs(one[1] - other[1]) > 0.12


def test_arrows_are_thicker_for_more_messages(base: Ground) -> None:
    figure = network.graph(base, whole(base))
    total = network.counts(base, whole(base))
    arrows = {m.key: m.width for m in figure.marks if isinstance(m, Arrow)}
    ranked = sorted(arrows, key=lambda key: total[tuple(map(int, key[1:].split("-")))])
    assert [arrows[key] for key in ranked] == sorted(arrows.values())


def test_a_run_of_empty_weeks_is_outlined_with_its_length(base: Ground) -> None:
    figure = pairs.pairs_by_week(base, whole(base))
    outlines = [m for m in figure.marks if isinstance(m, Rect) and m.edge == "late"]
    labels = {label.text.split(" ")[0] for label in figure.marks
              if isinstance(label, Label) and label.ink == "late"}  # fmt: skip
    assert outlines
    assert {str(round((o.x1 - o.x0) / (7 * DAY))) for o in outlines} == labels
    assert all(int(n) >= pairs.RUN for n in labels)


def test_no_outline_covers_a_week_with_a_message(base: Ground) -> None:
    figure = pairs.pairs_by_week(base, whole(base))
    full = [m for m in figure.marks if isinstance(m, Cell) and m.value > 0]
    for outline in (m for m in figure.marks if isinstance(m, Rect) and m.edge == "late"):
        assert not any(
            cell.y0 == outline.y0 and outline.x0 < cell.x1 and cell.x0 < outline.x1 for cell in full
        )


def test_weeks_that_neither_side_could_show_are_hatched_and_never_outlined(base: Ground) -> None:
    window = replace(base.view.coverage[1], last=date(2021, 12, 31))
    blind = ground(replace(base.view, coverage=(window,)))
    figure = pairs.pairs_by_week(blind, whole(base))
    hatched = [m for m in figure.marks if isinstance(m, Rect) and m.pattern is Pattern.HATCH]
    after = clock_of_day(date(2022, 1, 10))
    assert hatched
    assert not any(m.x0 > after for m in figure.marks if isinstance(m, Rect) and m.edge == "late")


def test_the_matrix_prints_its_numbers(base: Ground) -> None:
    total = network.counts(base, whole(base))
    cells = {m.key: m.text for m in network.matrix(base, whole(base)).marks if isinstance(m, Cell)}
    assert cells["e0-1"] == f"{int(total[0, 1]):,}"
    assert cells["e9-0"] == ""


def test_totals_of_handoffs_add_up(base: Ground) -> None:
    totals = handoffs.totals(base.view)
    assert sum(t.count for t in totals) == len(base.view.handoffs)
    assert sum(t.not_taken_up for t in totals) == sum(
        1 for h in base.view.handoffs if h.state is HandoffState.NOT_TAKEN_UP
    )


def test_a_pair_of_which_none_ended_has_no_median(base: Ground) -> None:
    open_ones = tuple(h for h in base.view.handoffs if h.taken_up is None)
    (first, *_) = handoffs.totals(replace(base.view, handoffs=open_ones))
    assert first.median is None


def test_a_handoff_is_told_message_by_message(base: Ground) -> None:
    handoff = next(h for h in base.view.handoffs if len(h.communications) == 4 and h.taken_up)
    figure = handoffs.sequence(base, handoff)
    dots = [m.key for m in figure.marks if isinstance(m, Dot)]
    assert dots == [f"m{c}" for c in handoff.communications]
    texts = [m.text for m in figure.marks if isinstance(m, Label)]
    assert sum("working day" in text for text in texts) == 3
    assert sum(text.startswith("Handoff, ") for text in texts) == 1


def test_a_handoff_nobody_took_up_ends_in_the_open(base: Ground) -> None:
    handoff = next(h for h in base.view.handoffs if h.state is HandoffState.NOT_TAKEN_UP)
    figure = handoffs.sequence(base, handoff)
    texts = [m.text for m in figure.marks if isinstance(m, Label)]
    assert "no next step on record" in texts


def test_a_week_proven_elsewhere_and_empty_here_is_red(base: Ground) -> None:
    figure = coverage.heat_map(base)
    hot = [m for m in figure.marks if isinstance(m, Cell) and m.ink == "hot"]
    assert len(hot) == 3
    assert all("0 of 6 proven elsewhere are held" in cell.hover for cell in hot)


def test_a_week_outside_the_window_is_hatched(base: Ground) -> None:
    figure = coverage.heat_map(base)
    hatched = [m for m in figure.marks if isinstance(m, Rect) and m.pattern is Pattern.HATCH]
    outside = [w for w in base.view.weeks if not w.covered and w.held_received + w.held_sent == 0]
    assert len(hatched) == len(outside)


def test_every_figure_draws_in_both_themes_without_a_number_json_cannot_say(base: Ground) -> None:
    handoff = base.view.handoffs[0]
    for figure in (
        network.graph(base, whole(base)), network.matrix(base, whole(base)),
        pairs.pairs_by_week(base, whole(base)), coverage.heat_map(base),
        handoffs.sequence(base, handoff),
    ):  # fmt: skip
        for theme in ("light", "dark"):
            text = json.dumps(to_plotly(figure, theme), allow_nan=False)
            assert len(text) < 200_000
