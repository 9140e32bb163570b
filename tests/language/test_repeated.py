"""Disclaimers and banners learnt from repetition, in wordings that no table knows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from commtrace.language.repeated import apart, feet, learnt
from commtrace.language.zones import zones
from commtrace.model import Zone

NOTICE = (
    "Wantsum asks whoever gets this by mistake to tell the writer at once and to keep no copy."
    " Opinions are the writer's and bind nobody else."
)
OFFICERS = ("gina@wantsum.example", "omar@wantsum.example", "pat@wantsum.example")


def mails(count=20, notice=NOTICE, senders=OFFICERS):
    return [
        (
            senders[n % len(senders)],
            f"Dear all,\n\nThe bus of route {n} is late again.\n\n{notice}\n",
        )
        for n in range(count)
    ]


def learn(some):
    return learnt(lambda: [(who, [n for n, _, _ in feet(text, zones(text))]) for who, text in some])


def own(text, numbers):
    parts = apart(zones(text), feet(text, zones(text)), numbers)
    return "".join(text[one.start : one.end] for one in parts if one.zone is Zone.NEW)


def test_a_paragraph_that_three_people_send_twenty_times_is_boilerplate():
    some = mails()
    numbers = learn(some)
    words = " ".join(own(some[0][1], numbers).split())
    assert words == "Dear all, The bus of route 0 is late again."


def test_nineteen_times_is_not_enough():
    assert learn(mails(19)) == frozenset()


def test_one_mailbox_that_sends_a_form_letter_repeats_what_it_has_to_say():
    assert learn(mails(40, senders=OFFICERS[:1])) == frozenset()


def test_a_paragraph_that_names_a_day_is_never_boilerplate():
    dated = "Everybody who travels will be told the name of their operator by Friday at the latest."
    assert learn(mails(30, dated)) == frozenset()


def test_a_short_courtesy_stays_the_writers_own():
    assert learn(mails(30, "Please let me know if you have any questions.")) == frozenset()


def test_a_message_that_would_lose_all_its_words_loses_none():
    numbers = learn(mails())
    assert own(f"{NOTICE}\n", numbers) == f"{NOTICE}\n"


def test_a_banner_above_is_learnt_like_a_disclaimer_below():
    banner = (
        "This came from somebody outside Wantsum: open nothing in it that you were not expecting."
    )
    some = [(who, f"{banner}\n\nThe bus of route {n} is late.\n") for n, (who, _) in
            enumerate(mails())]  # fmt: skip
    assert own(some[3][1], learn(some)).strip() == "The bus of route 3 is late."


def test_a_quotation_of_it_stays_a_quotation():
    text = f"See below.\n\n> {NOTICE}\n"
    parts = apart(zones(text), feet(text, zones(text)), learn(mails()))
    assert [one.zone for one in parts] == [one.zone for one in zones(text)]


@given(
    st.lists(st.sampled_from([NOTICE, "Yes.\n\n", "> no\n", "Dear all,\n\n", "\n"]), max_size=12)
)
def test_the_zones_still_cover_the_text_from_beginning_to_end(pieces):
    text = "".join(pieces)
    parts = apart(zones(text), feet(text, zones(text)), learn(mails()))
    assert "".join(text[one.start : one.end] for one in parts) == text


@given(st.permutations(mails()))
def test_any_order_of_arrival_teaches_the_same(some):
    assert learn(some) == learn(mails())
