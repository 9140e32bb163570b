"""Who stood between whom, held against counting by hand."""

from __future__ import annotations

from collections import defaultdict

import networkx as nx
import pytest
from chance import by_chance, columns
from stories import view_of

from commtrace.reconstruction.brokerage import (
    Role,
    bridges,
    brokerage,
    constraint,
    edges,
    joined_and_left,
    one_way,
    period_graph,
    sent_rows,
    static_brokerage,
    stops,
    two_paths,
    working_places,
)
from commtrace.reconstruction.graph import components, reciprocity
from commtrace.reconstruction.sendings import sendings, within

DAYS = list(range(100))


def every_two_path(sent, limit):
    """By hand: every pair of entries, and of those from one source the latest."""
    entries = list(
        zip(sent.row.tolist(), sent.sender.tolist(), sent.recipient.tolist(), sent.start.tolist(),
            sent.end.tolist(), sent.thread.tolist(), strict=True)
    )  # fmt: skip
    latest = {}
    for came, a, v, start, end, thread in entries:
        for went, sender, b, after, _, other in entries:
            if sender == v and thread == other and b != a and end <= after:
                key = (a, v, b, went)
                if key not in latest or (start, came) > latest[key][:2]:
                    latest[key] = (start, came, after)
    days = {row: start for row, _, _, start, *_ in entries}
    return {
        (a, v, b, came, went)
        for (a, v, b, went), (_, came, _) in latest.items()
        if days[went] - days[came] <= limit
    }


@pytest.mark.parametrize("block", range(10))
def test_two_paths_equal_counting_by_hand_on_a_hundred_cases_each(block):
    met = 0
    for seed in range(block * 100, block * 100 + 100):
        sent = by_chance(seed)
        days = dict(zip(sent.row.tolist(), sent.start.tolist(), strict=True))
        places = [days.get(row, 0) for row in range(20)]
        found = two_paths(sent, places, limit=12)
        wanted = every_two_path(sent, 12)
        got = {(p.source, p.through, p.target, p.came, p.went) for p in found}
        assert got == wanted
        assert len(found) == len(wanted)
        met += len(wanted)
    assert met > 100


@pytest.mark.parametrize("block", range(10))
def test_bridges_and_roles_equal_counting_by_hand_on_a_hundred_cases_each(block):
    seen = 0
    for seed in range(block * 100, block * 100 + 100):
        sent = by_chance(seed, messages=25)
        paths = two_paths(sent, [0] * 30)
        whole, through = defaultdict(int), defaultdict(int)
        for path in paths:
            pair = frozenset((path.parties[0], path.parties[2]))
            if len(pair) == 2:
                whole[pair] += 1
                through[pair, path.through] += 1
        wanted = {
            (pair, person): (number, whole[pair])
            for (pair, person), number in through.items()
            if whole[pair] >= 4 and number / whole[pair] >= 0.6
        }
        got = {
            (frozenset(one.parties), one.person): (len(one.paths), one.of)
            for one in bridges(paths, share=0.6, least=4)
        }
        assert got == wanted
        seen += len(wanted)
        direct = set(edges(sent))
        pairs = {
            (p.through, p.source, p.target, p.parties)
            for p in paths
            if (p.source, p.target) not in direct
        }
        roles = brokerage(paths, direct)
        counted = {(v, kind): len(theirs) for v, r in roles.items() for kind, theirs in r.items()}
        assert counted == by_hand(pairs)
    assert seen > 10


def by_hand(pairs):
    """Each pair once for a broker and role, by the words of the definition."""
    found = defaultdict(set)
    for v, a, b, (of_a, of_v, of_b) in pairs:
        kind = (
            Role.COORDINATOR if of_a == of_v == of_b
            else Role.ITINERANT if of_a == of_b
            else Role.GATEKEEPER if of_v == of_b
            else Role.REPRESENTATIVE if of_v == of_a
            else Role.LIAISON
        )  # fmt: skip
        found[v, kind].add((a, b))
    return {key: len(both) for key, both in found.items()}


def test_the_published_example_of_gould_and_fernandez_comes_out_as_defined():
    made = nx.DiGraph(["AB", "AC", "BC", "BD", "CD", "DA"])
    assert static_brokerage(made, {"A": 1, "B": 1, "C": 2, "D": 2}) == {
        "A": {Role.ITINERANT: 1, Role.GATEKEEPER: 1},
        "B": {Role.REPRESENTATIVE: 1},
        "C": {Role.GATEKEEPER: 1},
        "D": {Role.ITINERANT: 1, Role.REPRESENTATIVE: 1},
    }


PASSED_ON = """
    party get directorate get.example
    party cype directorate cype.example
    party families families home.example

    #1 2022-01-10 09:30 parent@home.example -> lead@get.example "Bus" : When does the new bus start?
    #2 2022-01-11 09:30 lead@get.example -> head@cype.example "FW: Bus" [fw #1] : One for you.
    #3 2022-01-12 09:30 head@cype.example -> lead@get.example "Re: Bus" [re #2] : Thank you.
    #4 2022-01-14 09:30 lead@get.example -> parent@home.example "Re: Bus" [re #1] : On Monday.
    #5 2022-03-14 09:30 lead@get.example -> other@cype.example "FW: Bus" [fw #1] : For the file.
"""


def named(view, path):
    return tuple(view.identities[who].label for who in (path.source, path.through, path.target))


def test_what_was_passed_on_within_twenty_working_days_in_one_thread_is_a_two_path():
    view = view_of(PASSED_ON)
    paths = two_paths(sendings(view), working_places(view))
    assert [(named(view, p), view.ids[p.came], view.ids[p.went]) for p in paths] == [
        (
            ("parent@home.example", "lead@get.example", "head@cype.example"),
            "message-1",
            "message-2",
        ),
        (
            ("head@cype.example", "lead@get.example", "parent@home.example"),
            "message-3",
            "message-4",
        ),
    ]
    assert len(two_paths(sendings(view), working_places(view), limit=60)) == 4  # to #5 as well


def test_an_answer_is_no_passing_on():
    assert two_paths(columns([(0, 1, 2, 0, 1, 0, 1, 0), (1, 2, 1, 1, 0, 5, 6, 0)]), DAYS) == ()


def test_a_letter_of_the_same_day_may_have_come_later_and_makes_no_two_path():
    mail = (1, 2, 3, 1, 2, 9, 10, 0)
    assert two_paths(columns([(0, 1, 2, 0, 1, 0, 24, 0), mail]), DAYS) == ()
    assert len(two_paths(columns([(0, 1, 2, 0, 1, 0, 9, 0), mail]), DAYS)) == 1


def test_the_graph_of_a_period_keeps_the_messages_behind_each_edge():
    view = view_of(PASSED_ON)
    first, last = view.day(0), view.day(3)
    made = period_graph(view, within(view, first, last), parties=True)
    assert made.edges["get", "cype"]["communications"] == ("message-2",)
    assert reciprocity(made) == 1.0
    assert one_way(made) == ()
    whole = period_graph(view, sendings(view))
    lead = next(who.id for who in view.identities if who.label == "lead@get.example")
    other = next(who.id for who in view.identities if who.label == "other@cype.example")
    assert one_way(whole) == ((lead, other),)
    assert len(components(whole)) == 1
    assert constraint(whole, [lead])[lead] < constraint(whole, [other])[other]


def test_who_joined_and_who_left_is_shown_by_a_message():
    view = view_of(PASSED_ON)
    whole = sendings(view)
    joined, left = joined_and_left(whole, int(view.start[1]), int(view.start[4]))
    label = {index: who.label for index, who in enumerate(view.identities)}
    assert [(label[c.person], view.ids[c.row]) for c in joined] == [
        ("head@cype.example", "message-2")
    ]
    assert {(label[c.person], view.ids[c.row]) for c in left} == {
        ("head@cype.example", "message-3"), ("parent@home.example", "message-4"),
    }  # fmt: skip


def test_a_stop_is_whole_working_days_without_a_message_of_ones_own():
    view = view_of("""
    party get directorate get.example

    #1 2022-01-10 09:30 lead@get.example -> other@get.example "A" : a
    #2 2022-01-17 09:30 lead@get.example -> other@get.example "B" : b
    #3 2022-01-25 09:30 lead@get.example -> other@get.example "C" : c
    """)
    lead = int(view.sender[0])
    rows, places = sent_rows(sendings(view), lead), working_places(view)
    (one,) = stops(rows, places, places[2])  # 18 to 24 January; four days lie between #1 and #2
    assert (view.ids[one.before], one.after and view.ids[one.after], one.days) == (
        "message-2", "message-3", 5,
    )  # fmt: skip
    still = stops(rows, places, places[2] + 7)[-1]
    assert (still.before, still.after, still.days) == (rows[2], None, 7)
