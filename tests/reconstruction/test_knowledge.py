# ruff: noqa: E501 - a line of a story is a message
"""Who could have known: told as exchanges, and held against trying every chain of messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from stories import view_of

from commtrace.brief import Person
from commtrace.model import Source
from commtrace.moments import start_of
from commtrace.reconstruction.knowledge import (
    Answer,
    Fact,
    Layer,
    carrying_rows,
    enclosing_rows,
    knowledge,
    last_useful,
)
from commtrace.reconstruction.sendings import LATEST

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party pact forum forum.example
    party families families home.example
"""
FACT = "a quarter of the families will hear nothing before half term"
STORY = (
    STAGE
    + """
    #1 2022-01-13 17:00 planner@get.example -> head@get.example "Allocation" : I fear that a quarter of the families will hear nothing before half term.
    #2 2022-01-14 09:00 head@get.example -> director@get.example "FW: Allocation" [fw #1] : See below.
    #3 2022-01-14 10:00 director@get.example -> head@get.example "Re: Allocation" [re #2] : Thank you.
    #4 2022-01-17 09:00 director@get.example -> lead@cype.example "Budget" : The budget is attached.
    #5 2022-01-12 09:00 head@get.example -> chair@forum.example "Newsletter" : The newsletter is out.
    #6 2022-01-20 09:00 other@get.example -> parent@home.example "Pass" : Your pass is in the post.
"""
)


def seen(view):
    return {who.label: index for index, who in enumerate(view.identities)}


def known(view, words=FACT):
    return knowledge(view, carrying_rows(view, Fact(words=words), range(len(view))))


def at(words):
    return int(start_of(date.fromisoformat(words)).timestamp())


def test_the_three_layers_are_kept_apart():
    view = view_of(STORY)
    found, who = known(view), seen(view)
    assert [view.ids[row] for row in found.carrying] == ["message-1", "message-2"]
    assert {name: found.answer(who[name]) for name in who} == {
        "planner@get.example": Answer.TOLD,
        "head@get.example": Answer.TOLD,
        "director@get.example": Answer.TOLD,
        "lead@cype.example": Answer.POSSIBLE,
        "chair@forum.example": Answer.IMPOSSIBLE,  # the head wrote before he was told
        "parent@home.example": Answer.IMPOSSIBLE,  # whoever wrote was told by nobody
        "other@get.example": Answer.IMPOSSIBLE,
    }


def test_the_path_is_given_message_by_message():
    view = view_of(STORY)
    found, who = known(view), seen(view)
    path = found.path(who["lead@cype.example"], Layer.ANY)
    assert [view.ids[step.row] for step in path] == ["message-1", "message-2", "message-4"]
    assert found.path(who["lead@cype.example"], Layer.CARRYING) == ()


def test_a_party_knows_when_the_first_of_those_who_count_for_it_does():
    view = view_of(STORY)
    found, place = known(view), view.party_index
    assert found.party(place["get"], Layer.CARRYING) == int(view.start[view.row_of["message-1"]])
    assert found.party(place["cype"], Layer.ANY) == int(view.start[view.row_of["message-4"]])
    assert found.party_answer(place["cype"]) is Answer.POSSIBLE
    assert found.party_answer(place["cype"], at("2022-01-17")) is Answer.IMPOSSIBLE
    assert found.party_answer(place["pact"]) is Answer.IMPOSSIBLE
    assert found.party(place["families"], Layer.ANY) is None


def test_an_answer_in_the_thread_makes_it_possible_in_the_matter():
    more = """
    #7 2022-01-18 09:00 head@get.example -> chair@forum.example "Re: Allocation" [re #1] : We should speak.
    """
    view = view_of(STORY + more)
    assert known(view).answer(seen(view)["chair@forum.example"]) is Answer.MATTER


def test_an_absent_message_that_could_have_carried_it_flips_the_answer_and_is_named():
    more = """
    #7 2022-01-20 09:00 chair@forum.example -> head@get.example "Re: Forum" [re #8] : We wait to hear more.
    #8 2022-01-19 09:00 head@get.example -> chair@forum.example "Forum" [absent] : Not supplied.
    """
    view = view_of(STORY + more)
    found, chair = known(view), seen(view)["chair@forum.example"]
    (ghost,) = view.ghosts
    assert found.answer(chair) is Answer.IMPOSSIBLE
    assert found.flipped_by(chair) == (ghost.id,)
    assert found.flips() == {chair: (ghost.id,)}
    assert found.flipped_parties() == (view.party_index["pact"],)
    assert found.flipped_parties(at("2022-01-13")) == ()
    assert found.flipped_by(seen(view)["parent@home.example"]) == ()
    assert found.flips(at("2022-01-13")) == {}


def test_whoever_reads_a_shared_mailbox_may_have_known():
    more = """
    #7 2022-01-18 09:00 head@get.example -> jo@get.example "Rota" : The rota is attached.
    """
    view = view_of(STORY + more)
    assert known(view).answer(seen(view)["parent@home.example"]) is Answer.IMPOSSIBLE
    desk = Person(name="Jo", address="jo@get.example", shared=True)
    shared = view_of(STORY + more, people=(desk,))
    found, parent = known(shared), seen(shared)["parent@home.example"]
    assert found.answer(parent) is Answer.POSSIBLE
    path = found.path(parent, Layer.ANY)
    assert [step.row == -1 for step in path] == [False, False, True, False]
    assert [shared.ids[step.row] for step in path if step.row != -1] == [
        "message-1", "message-7", "message-6",
    ]  # fmt: skip
    assert found.answer(seen(shared)["chair@forum.example"]) is Answer.IMPOSSIBLE


def test_a_colleagues_knowledge_leaves_a_shared_mailbox_with_a_message_only():
    more = """
    #7 2022-01-10 09:00 jo@get.example -> chair@forum.example "Rota" : The rota is attached.
    #8 2022-01-19 09:00 jo@get.example -> lead@cype.example "Rota" : The rota is attached.
    #9 2022-01-25 09:00 other@get.example -> chair@forum.example "Rota" : The rota is attached.
    """
    jo = Person(name="Jo", address="jo@get.example", shared=True)
    view = view_of(STORY + more, people=(jo,))
    found, who = known(view), seen(view)
    # the planner may have written #8 in its name, the other officer seen it there, and written #9
    path = found.path(who["chair@forum.example"], Layer.ANY)
    assert [view.ids[step.row] for step in path if step.row != -1] == ["message-8", "message-9"]
    assert found.answer(who["parent@home.example"], at("2022-01-19")) is Answer.IMPOSSIBLE


def test_a_list_reaches_its_members_and_one_nobody_knows_leaves_it_open():
    more = """
    #7 2022-01-18 09:00 head@get.example -> all-list@lists.example "Rota" : The rota is attached.
    """
    named = Person(
        name="All", address="all-list@lists.example", list_members=("other@get.example",)
    )
    view = view_of(STORY + more, people=(named,))
    assert known(view).answer(seen(view)["parent@home.example"]) is Answer.POSSIBLE
    assert known(view).answer(seen(view)["chair@forum.example"]) is Answer.IMPOSSIBLE
    unknown = view_of(STORY + more)
    assert known(unknown).answer(seen(unknown)["chair@forum.example"]) is Answer.OPEN
    before = known(unknown).answer(seen(unknown)["chair@forum.example"], at("2022-01-18"))
    assert before is Answer.IMPOSSIBLE


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ("quarter half term", ["message-1", "message-2"]),
        ("quarter full term", []),
        (
            "families will hear nothing before half term and more will be said",
            ["message-1", "message-2"],
        ),
        ("nothing at all is said here that anybody wrote to anybody else", []),
        ("", []),
    ],
    ids=["topic", "topic with another word", "part of a sentence", "other sentence", "nothing"],
)
def test_what_carries_a_fact_is_found_by_its_words(words, rows):
    view = view_of(STORY)
    found = carrying_rows(view, Fact(words=words), range(len(view)))
    assert [view.ids[row] for row in found] == rows


def test_an_attachment_carries_a_fact_by_its_hash():
    more = """
    #7 2022-01-18 09:00 head@get.example -> chair@forum.example "Plan" [file plan.pdf] : Attached.
    #8 2022-01-18 10:00 head@get.example -> chair@forum.example "Plan" [file other.pdf] : Attached.
    """
    view = view_of(STORY + more)
    (file,) = view.attachments[view.ids[view.row_of["message-7"]]]
    rows = carrying_rows(view, Fact(attachment=file.sha256), range(len(view)))
    assert [view.ids[row] for row in rows] == ["message-7"]


def test_a_message_carries_what_the_letter_attached_to_it_says():
    more = """
    #7 2022-01-18 09:00 head@get.example -> chair@forum.example "Letter" [file letter.docx] : A letter is attached.
    #8 2022-01-18 10:00 head@get.example -> parent@home.example "Other" [file other.docx] : A letter is attached.
    #9 2022-01-18 09:00 head@get.example -> heads@school.example "To heads" [letter] : A quarter of the families wait.
    """
    view = view_of(STORY + more)
    letter = view.row_of["message-9"]
    (file,) = view.attachments["message-7"]
    alone = Source(sha256=file.sha256, path="letter.docx")
    view = replace(view, sources=tuple(alone if r == letter else s for r, s in enumerate(view.sources)))  # fmt: skip
    rows = enclosing_rows(view, [letter])
    assert [view.ids[row] for row in rows] == ["message-7", "message-9"]
    mail = view.sources[view.row_of["message-8"]]
    inside = Source(sha256=mail.sha256, path=mail.path, part=(*mail.part, "attachment 1"))
    view = replace(view, sources=tuple(inside if r == letter else s for r, s in enumerate(view.sources)))  # fmt: skip
    assert [view.ids[row] for row in enclosing_rows(view, [letter])] == ["message-9", "message-8"]


def test_the_last_useful_moment_is_that_of_the_last_message_that_could_have_carried_it():
    view = view_of(STORY)
    who = seen(view)
    until = last_useful(view, [who["lead@cype.example"]], at("2022-02-11"))
    ends = {name: int(view.end[view.row_of[f"message-{n}"]]) for name, n in
            (("director@get.example", 4), ("head@get.example", 2), ("planner@get.example", 1))}  # fmt: skip
    assert {name: int(until[who[name]]) for name in ends} == ends
    assert until[who["lead@cype.example"]] == at("2022-02-11")
    assert until[who["chair@forum.example"]] < 0


PEOPLE = ["a@get.example", "b@get.example", "c@cype.example", "d@forum.example", "e@home.example"]


def exchange(seed):
    """A story by chance: who writes to whom, on which of two matters, carrying the fact or not."""
    dice = Random(seed)  # noqa: S311 - a seeded generator is the point
    lines, threads = [STAGE], {0: [], 1: []}
    for number in range(1, dice.randrange(3, 9)):
        sender, other = dice.sample(PEOPLE, 2)
        matter = dice.randrange(2)
        above = f"[re #{dice.choice(threads[matter])}] " if threads[matter] else ""
        said = "quarter half term" if dice.random() < 0.3 else "a word"
        lines.append(
            f'#{number} 2022-01-{10 + number} 09:00 {sender} -> {other} "Matter {matter}" {above}: {said}'
        )
        threads[matter].append(number)
    return view_of("\n".join(lines))


def by_hand(view, rows, carrying):
    """Everybody who may hold it by `rows`: given on again and again until nobody is new."""
    held = {}
    for row in carrying:
        held.setdefault(int(view.sender[row]), int(view.start[row]))
    while True:
        before = dict(held)
        for row in rows:
            sender, time = int(view.sender[row]), int(view.start[row])
            if held.get(sender, LATEST) <= time:
                for other in view.identities_to(row):
                    held[other] = min(held.get(other, LATEST), time)
        if held == before:
            return held


@pytest.mark.parametrize("block", range(5))
def test_the_layers_equal_trying_every_chain_on_sixty_cases_each(block):
    answers = set()
    for seed in range(block * 60, block * 60 + 60):
        view = exchange(seed)
        found = known(view, "quarter half term")
        carrying = [
            r for r in range(len(view)) if "quarter" in view.new_text([view.ids[r]])[view.ids[r]]
        ]
        threads = {int(view.thread[row]) for row in carrying}
        layers = {
            Layer.CARRYING: carrying,
            Layer.MATTER: [r for r in range(len(view)) if int(view.thread[r]) in threads],
            Layer.ANY: range(len(view)),
        }
        assert list(found.carrying) == carrying
        for layer, rows in layers.items():
            wanted = by_hand(view, rows, carrying)
            arrival = found.layers[layer].arrival.tolist()
            assert {who: at for who, at in enumerate(arrival) if at != LATEST} == wanted
        answers |= {found.answer(who) for who in range(len(view.identities))}
    assert answers == {Answer.TOLD, Answer.MATTER, Answer.POSSIBLE, Answer.IMPOSSIBLE}
