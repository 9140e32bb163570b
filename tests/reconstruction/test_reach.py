"""How far something could have travelled, held against trying every chain of messages."""

from __future__ import annotations

from random import Random

import pytest
from chance import by_chance, columns

from commtrace.reconstruction.reach import Belonging, earliest, latest, newest_at, news
from commtrace.reconstruction.sendings import EARLIEST, LATEST
from commtrace.view import NOBODY

PEOPLE = 5
BLOCKS = range(10)


def cases(block):
    return [(seed, by_chance(seed)) for seed in range(block * 100, block * 100 + 100)]


def listed(sent):
    names = ("row", "sender", "recipient", "start", "end", "sender_party", "recipient_party")
    return list(zip(*(getattr(sent, name).tolist() for name in names), strict=True))


def held_from(sent, source, since):
    """By hand: give it to whoever may have got it, again and again, until nobody is new."""
    held = {source: since}
    while True:
        before = dict(held)
        for _, sender, recipient, start, end, *_ in listed(sent):
            if sender in held and held[sender] < end:
                at = max(held[sender], start)
                held[recipient] = min(held.get(recipient, LATEST), at)
        if held == before:
            return held


@pytest.mark.parametrize("block", BLOCKS)
def test_earliest_arrival_equals_trying_every_chain_on_a_hundred_cases_each(block):
    reached = 0
    for seed, sent in cases(block):
        source, since = seed % PEOPLE, seed % 7
        found = earliest(sent, {source: since}, PEOPLE)
        wanted = held_from(sent, source, since)
        assert {who: int(found.arrival[who]) for who in range(PEOPLE) if found.reached(who)} == (
            wanted
        )
        reached += len(wanted)
        for who in wanted:
            path = found.path(who)
            now, holder = since, source
            for step in path:  # each step is a message of its holder that may be later
                assert step.sender == holder
                assert sent.sender[step.entry] == step.sender
                assert sent.recipient[step.entry] == step.recipient
                assert now < sent.end[step.entry]
                now, holder = max(now, int(sent.start[step.entry])), step.recipient
                assert step.at == now
            assert (holder, now) == (who, wanted[who])
    assert reached > 150


@pytest.mark.parametrize("block", BLOCKS)
def test_the_last_useful_moment_equals_trying_every_moment_on_a_hundred_cases_each(block):
    useful = 0
    for seed, sent in cases(block):
        target, deadline = seed % PEOPLE, 10 + seed % 25
        until = latest(sent, {target: deadline}, PEOPLE)
        for who in range(PEOPLE):
            in_time = [
                moment
                for moment in range(-1, 40)
                if held_from(sent, who, moment).get(target, LATEST) < deadline
            ]
            assert in_time == [moment for moment in range(-1, 40) if moment < until[who]]
            useful += bool(in_time)
    assert useful > 100


@pytest.mark.parametrize("block", BLOCKS)
def test_parties_on_the_day_equal_asking_each_person_at_each_moment(block):
    met = 0
    for seed, sent in cases(block):
        dice = Random(seed)  # noqa: S311 - a seeded generator is the point
        belongings = []
        for who in range(PEOPLE):
            moved = dice.randrange(40)
            belongings += [
                Belonging(who=who, party=dice.randrange(3), until=moved),
                Belonging(who=who, party=dice.randrange(3), since=moved),
            ]
        found = earliest(sent, {0: 3}, PEOPLE)
        held = held_from(sent, 0, 3)
        wanted = {}
        for moment in range(50):
            for one in belongings:
                holds = held.get(one.who, LATEST) <= moment
                if holds and one.since <= moment < one.until:
                    wanted.setdefault(one.party, moment)
        got = found.parties(belongings)
        assert {party: at for party, (at, _) in got.items()} == wanted
        met += len(wanted)
    assert met > 100


def newest_by_hand(sent, from_party, to_party):
    """By hand: follow each message of a member on all chains, batches in order of time."""
    news = {}
    entries = listed(sent)
    for _, _, _, born, _, own, _ in entries:
        if own != from_party:
            continue
        held = {s: born for _, s, _, start, _, o, _ in entries if start == born and o == from_party}
        while True:
            before = dict(held)
            for _, sender, recipient, start, _, _, _ in entries:
                if sender in held and held[sender] <= start:
                    held[recipient] = min(held.get(recipient, LATEST), start)
            if held == before:
                break
        for _, sender, _, start, _, _, other in entries:
            if other == to_party and held.get(sender, LATEST) <= start:
                news[start] = max(news.get(start, EARLIEST), born)
    return news


@pytest.mark.parametrize("block", BLOCKS)
def test_the_clock_between_parties_equals_following_each_message_on_a_hundred_cases_each(block):
    grown = 0
    for _, sent in cases(block):
        by_hand = newest_by_hand(sent, 0, 1)
        curve = news(sent, 0, 1, PEOPLE)
        for moment in range(40):
            wanted = max((born for at, born in by_hand.items() if at < moment), default=None)
            found = newest_at(curve, moment)
            assert (found and found.newest) == wanted
        grown += len(curve)
    assert grown > 50


def test_nothing_is_passed_on_by_an_earlier_message():
    sent = columns([(0, 1, 2, 0, 0, 10, 11, 0), (1, 0, 1, 0, 0, 20, 21, 0)])
    found = earliest(sent, {0: 0}, 3)
    assert found.reached(1)
    assert not found.reached(2)
    assert found.path(2) == ()


def test_a_letter_of_the_day_may_have_been_written_after_the_mail_of_that_day():
    letter, mail = (0, 1, 2, 0, 0, 0, 24, 0), (1, 0, 1, 0, 0, 9, 10, 0)
    found = earliest(columns([letter, mail]), {0: 0}, 3)
    assert int(found.arrival[2]) == 9
    assert not found.in_order(found.path(2))
    later = (0, 1, 2, 0, 0, 30, 31, 0)
    sure = earliest(columns([later, mail]), {0: 0}, 3)
    assert sure.in_order(sure.path(2))


def test_an_undated_message_may_have_come_at_any_time():
    undated = (0, 1, 2, 0, 0, EARLIEST, LATEST, 0)
    found = earliest(columns([undated, (1, 0, 1, 0, 0, 9, 10, 0)]), {0: 0}, 3)
    assert found.reached(2)


def test_an_empty_case_holds_only_what_was_given():
    found = earliest(columns([]), {1: 5}, 3)
    assert found.arrival.tolist() == [LATEST, 5, LATEST]
    assert latest(columns([]), {1: 5}, 3).tolist() == [EARLIEST, 5, EARLIEST]
    assert news(columns([]), 0, 1, 3) == ()
    assert found.via.tolist() == [NOBODY] * 3
