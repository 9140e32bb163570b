"""What a case says of itself in numbers."""

from __future__ import annotations

from stories import view_of

from commtrace.accounts import connections

EXCHANGE = """
    #1 2022-01-10 09:30 ann@one.example -> ben@two.example "Bus" : Which bus is it?
    #2 2022-01-10 10:30 ben@two.example -> ann@one.example "Re: Bus" [re #1] : The red one.
    #3 2022-01-11 09:30 ann@one.example -> cat@three.example "Bus" : It is the red one.
    #4 2022-01-12 09:30 dan@four.example -> eve@five.example "Gate" : The gate is shut.
"""


def test_pairs_directions_and_groups_are_counted_over_parties():
    found = connections(view_of(EXCHANGE))
    assert (found.parties, found.pairs, found.groups) == (5, 3, 2)
    assert round(found.both_ways, 3) == 0.333


def test_a_case_without_messages_has_no_share():
    found = connections(view_of(""))
    assert (found.parties, found.pairs, found.both_ways) == (0, 0, None)
