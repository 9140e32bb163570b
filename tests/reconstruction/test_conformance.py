"""Threading by headers as J. Zawinski and RFC 5256 have it, and where it departs from them.

Written anew from the algorithm (jwz.org/doc/threading.html; RFC 5256, THREAD=REFERENCES). It
departs in three ways: containers are never pruned, a subject never joins, and In-Reply-To names
the parent even where References has it elsewhere.
"""

from __future__ import annotations

from itertools import permutations

import pytest

from commtrace.reconstruction.subjects import base_subject, says_reply, series_of

A, B = "Amy Hart <amy@gmail.com>", "Help <help@wantsum.example>"


def tree(view):
    """Who answers whom, by Message-ID: held parents and absent ones alike."""
    names = {one: identifier for identifier, one in view.names.items()}
    ghosts = {ghost.id: ghost.message_ids[0] for ghost in view.seen.ghosts}
    return {
        names[link.child]: ghosts.get(link.parent) or names[link.parent]
        for link in view.seen.links
        if not link.suggested
    }


class Story:
    """Messages by their ids, and the view of them."""

    def __init__(self, mail, view, told):
        made = [
            mail(
                f"2022-01-10 09:{n:02}", *((A, B) if n % 2 else (B, A)),
                "Re: Bus" if n else "Bus", mid=name, refs=refs, re=reply,
            )
            for n, (name, refs, reply) in enumerate(told)
        ]  # fmt: skip
        self.names = {name: one.id for (name, _, _), one in zip(told, made, strict=True)}
        self.seen = view(made)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_chain_is_a_chain_in_whatever_order_it_comes(mail, view, order):
    told = [("a@x", [], None), ("b@x", ["a@x"], None), ("c@x", ["a@x", "b@x"], None)]
    story = Story(mail, view, [told[n] for n in order])
    assert tree(story) == {"b@x": "a@x", "c@x": "b@x"}


def test_the_last_of_references_is_the_parent_where_there_is_no_in_reply_to(mail, view):
    story = Story(mail, view, [("a@x", [], None), ("b@x", [], None), ("c@x", ["a@x", "b@x"], None)])
    assert tree(story)["c@x"] == "b@x"


def test_in_reply_to_alone_names_the_parent(mail, view):
    assert tree(Story(mail, view, [("a@x", [], None), ("b@x", [], "a@x")])) == {"b@x": "a@x"}


def test_in_reply_to_names_the_parent_where_references_list_it_first(mail, view):
    story = Story(
        mail, view, [("a@x", [], None), ("b@x", [], "a@x"), ("c@x", ["b@x", "a@x"], "b@x")]
    )
    assert tree(story)["c@x"] == "b@x"


def test_a_chain_of_absent_messages_is_kept_link_by_link(mail, view):
    story = Story(mail, view, [("d@x", ["a@x", "b@x", "c@x"], "c@x")])
    assert {name for ghost in story.seen.ghosts for name in ghost.message_ids} == {
        "a@x", "b@x", "c@x",
    }  # fmt: skip
    assert len(story.seen.threads) == 1


def test_an_absent_parent_with_several_children_is_one(mail, view):
    story = Story(mail, view, [("b@x", ["a@x"], "a@x"), ("c@x", ["a@x"], "a@x")])
    assert tree(story) == {"b@x": "a@x", "c@x": "a@x"}
    assert len(story.seen.ghosts) == len(story.seen.threads) == 1


def test_references_of_others_do_not_overrule_a_message_own(mail, view):
    """b answers a; c says that b comes after z."""
    story = Story(
        mail, view, [("a@x", [], None), ("b@x", ["a@x"], "a@x"), ("c@x", ["z@x", "b@x"], "b@x")]
    )
    assert tree(story)["b@x"] == "a@x"


def test_a_message_that_cites_itself_answers_nobody(mail, view):
    assert tree(Story(mail, view, [("a@x", ["a@x"], "a@x")])) == {}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_that_cite_one_another_in_a_ring_lose_one_link(mail, view, order):
    told = [("a@x", ["c@x"], "c@x"), ("b@x", ["a@x"], "a@x"), ("c@x", ["b@x"], "b@x")]
    story = Story(mail, view, [told[n] for n in order])
    assert len(tree(story)) == 2
    assert len(story.seen.threads) == 1


def test_messages_without_an_id_are_kept(mail, view):
    story = Story(mail, view, [("a@x", [], None), (None, ["a@x"], "a@x")])
    assert len(story.seen) == 2
    assert tree(story) == {None: "a@x"}


def test_one_subject_joins_nothing(mail, view):
    story = Story(mail, view, [("a@x", [], None), ("b@x", [], None)])
    assert len(story.seen.threads) == 2


def test_all_who_cite_one_absent_message_are_one_thread_though_none_is_its_child(mail, view):
    """A ticket's id stands before the parent in References, as a help desk writes it."""
    story = Story(mail, view, [("a@x", [], None), ("b@x", ["t@x"], "a@x"), ("c@x", ["t@x"], None)])
    assert len(story.seen.threads) == 1


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Bus", "bus"),
        ("Re: Bus", "bus"),
        ("RE: re: FW: Bus", "bus"),
        ("Re[2]: Bus", "bus"),
        ("Re: [transport] Bus", "bus"),
        ("[transport] Re: [transport] Bus", "bus"),
        ("Bus (fwd)", "bus"),
        ("Bus (fwd) (fwd)", "bus"),
        ("Re:   the\t bus  ", "the bus"),
        ("[only a blob]", "[only a blob]"),
        ("Re: ", ""),
        ("Real: Bus", "real: bus"),
        ("回复: Bus", "bus"),
        ("答复：Re: Bus", "bus"),
        ("Odp: Bus", "bus"),
    ],
)
def test_the_base_subject_is_what_rfc_5256_leaves(subject, base):
    assert base_subject(subject) == base


@pytest.mark.parametrize(
    ("subject", "place"),
    [
        ("[PATCH 3/7] x", (1, 3, 7)),
        ("Re: [PATCH v2 0/7] x", (2, 0, 7)),
        ("[PATCH linux v3] x", (3, 1, 1)),
        ("Route list 3/7", None),
        ("[transport] x", None),
    ],
)
def test_a_numbered_item_says_its_version_number_and_length(subject, place):
    assert series_of(subject) == place


def test_a_blob_before_the_reply_mark_does_not_hide_it():
    assert says_reply("[transport] Re: Bus")
