"""Pairs that may be one, put together into sets for one ruling each."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from commtrace.model import IdentityId, Likely, Likeness
from commtrace.reconstruction.likely_sets import sets


def pair(one, other, likeness=Likeness.SAME_NAME):
    return Likely(one=IdentityId(one), other=IdentityId(other), likeness=likeness, why="Why.")


def members(found):
    return [one.members for one in sets(found)]


def test_three_spellings_of_one_name_are_one_row_and_not_three():
    found = [pair("a", "b"), pair("a", "c"), pair("b", "c")]
    (one,) = sets(found)
    assert (one.members, one.pairs) == (("a", "b", "c"), tuple(found))


def test_two_who_are_not_proposed_with_one_another_never_share_a_set():
    """Gina Ray may be Gina A. Ray, or Gina B. Ray; those two are not proposed as one."""
    assert members([pair("a", "g"), pair("b", "g")]) == [("a", "g"), ("b", "g")]


def test_a_weaker_reason_takes_in_stronger_pairs_and_comes_after_them():
    weak = Likeness.SAME_NAME_ELSEWHERE
    found = sets([pair("a", "b"), pair("a", "c", weak), pair("b", "c", weak)])
    assert [(one.members, one.likeness) for one in found] == [
        (("a", "b"), Likeness.SAME_NAME),
        (("a", "b", "c"), weak),
    ]


def test_a_set_with_a_look_alike_is_a_warning_and_the_others_keep_their_own():
    alike = Likeness.LOOKALIKE
    found = sets([pair("a", "b"), pair("a", "c", alike), pair("b", "c", alike)])
    assert [(one.members, one.warns) for one in found] == [
        (("a", "b"), False),
        (("a", "b", "c"), True),
    ]


def test_the_largest_set_of_a_reason_comes_first():
    assert members([pair("a", "b"), *(pair(*two) for two in combinations("cde", 2))]) == [
        ("c", "d", "e"),
        ("a", "b"),
    ]


PAIRS = st.dictionaries(
    st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")).filter(lambda p: p[0] < p[1]),
    st.sampled_from(Likeness),
).map(lambda by: [pair(*ids, likeness) for ids, likeness in by.items()])


@given(PAIRS, st.randoms())
def test_every_pair_lies_in_a_set_of_proposed_pairs_alone_in_any_order(found, random):
    proposed = {(one.one, one.other) for one in found}
    made = sets(found)
    inside = [set(combinations(one.members, 2)) for one in made]
    assert set().union(*inside) == proposed
    assert all(len(one.pairs) == len(two) for one, two in zip(made, inside, strict=True))
    again = list(found)
    random.shuffle(again)
    assert sets(again) == made
