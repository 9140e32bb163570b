"""Threads, told as short exchanges."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commtrace.brief import Brief
from commtrace.model import Grade, LinkBasis
from commtrace.moments import Basis, Moment
from commtrace.quoted_dates import EASTERNMOST, WESTERNMOST

AMY, BEN = "Amy Hart <amy@gmail.com>", "Ben Cole <ben@btinternet.com>"
HELP = "Helpdesk <helpdesk@wantsum.example>"
GINA = "Gina Ray <gina.ray@wantsum.example>"
OLI = "Oli Penn <oli.penn@taxis.example>"


def basis(view, child):
    return next((link.basis for link in view.links if link.child == child.id), None)


def row(view, one):
    return view.row_of[one.id]


def test_a_reply_answers_the_message_it_names(mail, view):
    """#1 Amy -> helpdesk; #2 helpdesk -> Amy, In-Reply-To #1."""
    first = mail("2022-01-10 09:00", AMY, HELP, "Bus", mid="1@x")
    second = mail("2022-01-11 09:00", HELP, AMY, "Re: Bus", mid="2@x", re="1@x")
    seen = view([second, first])
    assert seen.parent[row(seen, second)] == row(seen, first)
    assert basis(seen, second) is LinkBasis.IN_REPLY_TO
    assert len(seen.threads) == 1


def test_a_cited_message_that_nobody_supplied_is_kept_as_a_ghost(mail, view):
    """#1 Amy -> helpdesk; (#2 absent); #3 Amy -> helpdesk, References #1 #2."""
    first = mail("2022-01-10 09:00", AMY, HELP, "Bus", mid="1@x")
    third = mail("2022-01-14 09:00", AMY, HELP, "Re: Bus", mid="3@x", re="2@x", refs=["1@x", "2@x"])
    seen = view([first, third])
    (ghost,) = seen.ghosts
    assert ghost.message_ids == ("2@x",)
    assert ghost.cited_by == (third.id,)
    assert ghost.when.earliest == first.when.earliest
    assert ghost.when.latest == third.when.latest
    assert seen.thread[0] == seen.thread[1]
    assert seen.parent[row(seen, third)] == -1
    assert "In-Reply-To" in ghost.evidence[0]


def test_two_replies_to_one_absent_message_are_two_witnesses_of_one_ghost(mail, view):
    """(#1 Gina -> Amy, Ben, absent); #2 Amy -> Gina; #3 Ben -> Gina."""
    second = mail("2022-01-11 09:00", AMY, GINA, "Re: Routes", mid="2@x", re="1@x")
    third = mail("2022-01-12 09:00", BEN, GINA, "Re: Routes", mid="3@x", re="1@x")
    (ghost,) = view([second, third]).ghosts
    assert ghost.cited_by == (second.id, third.id)


def test_a_made_up_id_does_not_join_unrelated_households(mail, view):
    """Amy and Ben each write to the helpdesk; their mail program cites <0@localhost>."""
    one = mail("2022-01-10 09:00", AMY, HELP, "Bus for Ann", mid="1@x", re="0@localhost")
    answer = mail(
        "2022-01-11 09:00", HELP, AMY, "Re: Bus for Ann", mid="2@x", re="1@x",
        refs=["0@localhost", "1@x"],
    )  # fmt: skip
    other = mail("2022-01-12 09:00", BEN, HELP, "Taxi for Tim", mid="3@x", re="0@localhost")
    again = mail(
        "2022-01-13 09:00", HELP, BEN, "Re: Taxi for Tim", mid="4@x", re="3@x",
        refs=["0@localhost", "3@x"],
    )  # fmt: skip
    seen = view([one, answer, other, again])
    assert [len(t.members) for t in seen.threads] == [2, 2]
    assert len(seen.ghosts) == 2
    assert len({g.id for g in seen.ghosts}) == 2


def test_strangers_who_cite_a_supplied_message_do_not_join_its_thread(mail, view):
    one = mail("2022-01-10 09:00", AMY, HELP, "Bus for Ann", mid="0@localhost")
    other = mail("2022-01-12 09:00", BEN, OLI, "Taxi for Tim", mid="3@x", re="0@localhost")
    assert len(view([one, other]).threads) == 2


def test_one_whose_address_an_archive_rewrote_is_no_stranger_to_himself(mail, view):
    """#1 Oli -> taxis list; #2 Oli's next item, as an archive that masks addresses kept it."""
    lists, masked = "Routes <routes@lists.example>", "Oli Penn <oli.penn-6d6DI@archive.example>"
    kept = "Bids <bids-u79uw@archive.example>"
    first = mail("2022-01-10 09:00", OLI, lists, "Routes 2022: what follows", mid="cover@taxis")
    second = mail("2022-01-10 09:01", masked, kept, "Lot 14", mid="2@taxis", re="cover@taxis")
    seen = view([first, second])
    assert seen.parent[row(seen, second)] == row(seen, first)


def test_items_of_one_series_mean_one_covering_letter_under_any_address_of_their_sender(mail, view):
    """(#1 absent); #2 and #3 cite it, #3 as an archive that masks addresses kept it."""
    masked, kept = "Oli Penn <oli.penn-6d6DI@archive.example>", "<bids-u79uw@archive.example>"
    second = mail("2022-01-10 09:00", OLI, AMY, "[BID 1/2] Lot 3", mid="2@taxis", re="0@taxis")
    third = mail("2022-01-10 09:01", masked, kept, "[BID 2/2] Lot 9", mid="3@taxis", re="0@taxis")
    seen = view([second, third])
    assert len(seen.ghosts) == 1
    assert len(seen.threads) == 1


def test_a_leaf_with_three_levels_names_three_absent_ancestors_with_times(mail, view, index):
    times = ("2022-01-10 09:00", "2022-01-10 10:00", "2022-01-10 11:00", "2022-01-10 12:00")
    leaf = mail("2022-01-10 12:05", AMY, HELP, "RE: Bus", index=index(*times))
    ghosts = view([leaf]).ghosts
    assert len(ghosts) == 3
    for ghost, said in zip(ghosts, times, strict=False):
        true = datetime.fromisoformat(said).replace(tzinfo=UTC)
        assert ghost.when.earliest <= true < ghost.when.latest


def test_a_sent_item_without_sender_and_id_is_its_owners_and_not_missing(mail, view, index):
    """#1 from Gina's Sent Items as .msg: no sender, no Message-ID; #2 Oli's reply cites its id."""
    root = index("2022-01-10 09:00")
    first = mail(
        "2022-01-10 09:00", None, OLI, "Route 7", index=root,
        held_by=["gina.ray@wantsum.example"], folder="Sent Items",
    )  # fmt: skip
    second = mail(
        "2022-01-10 10:00", OLI, GINA, "RE: Route 7", mid="2@taxis", re="1@wantsum",
        index=index("2022-01-10 09:00", "2022-01-10 10:00"),
    )  # fmt: skip
    seen = view([second, first])
    assert seen.identities[seen.sender[row(seen, first)]].label == "Gina Ray"
    assert seen.parent[row(seen, second)] == row(seen, first)
    assert seen.ghosts == ()


def test_an_id_and_an_index_level_of_one_absent_message_are_one_ghost(mail, view, index):
    leaf = mail(
        "2022-01-10 12:05", AMY, HELP, "RE: Bus", mid="2@x", re="1@x",
        index=index("2022-01-10 09:00", "2022-01-10 12:00"),
    )  # fmt: skip
    (ghost,) = view([leaf]).ghosts
    assert ghost.message_ids == ("1@x",)
    assert len(ghost.conversation_indices) == 1


def test_an_index_level_that_stands_for_a_supplied_parent_is_no_ghost(mail, view, index):
    """#1 Amy (Gmail, no index) -> Gina; #2 Gina's reply in Outlook carries a level for #1."""
    first = mail("2022-01-10 09:00", AMY, GINA, "Bus", mid="1@x")
    second = mail(
        "2022-01-10 12:05", GINA, AMY, "RE: Bus", mid="2@x", re="1@x",
        index=index("2022-01-10 09:00", "2022-01-10 12:00"),
    )  # fmt: skip
    assert view([first, second]).ghosts == ()


QUOTE = """Not yet.

On Mon, 10 Jan 2022 at 10:00, Amy Hart <amy@gmail.com> wrote:
> When?
"""


def test_a_quoted_header_links_at_the_repliers_own_offset(mail, view):
    """Amy writes at 09:00 UTC; Oli, an hour east, quotes 10:00 and no header says so."""
    first = mail("2022-01-10 09:00", AMY, OLI, "Bus", mid="1@x")
    second = mail(
        "2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="2@x", text=QUOTE,
        said="Mon, 10 Jan 2022 12:00:00 +0100",
    )  # fmt: skip
    seen = view([first, second])
    assert basis(seen, second) is LinkBasis.QUOTED_HEADER
    assert seen.parent[row(seen, second)] == row(seen, first)


def test_a_message_that_only_a_quotation_shows_is_a_ghost_with_its_words(mail, view):
    """#1 Ben -> Oli; (Amy -> Oli absent, no id); #2 Oli -> Ben quotes Amy of 10 Jan, 10:00."""
    first = mail("2022-01-10 09:00", BEN, OLI, "Bus", mid="1@x", text="Where is it?")
    second = mail("2022-01-10 11:00", OLI, BEN, "Re: Bus", mid="2@x", text=QUOTE)
    third = mail("2022-01-10 12:00", GINA, BEN, "Re: Bus", mid="3@x", text=QUOTE)
    (ghost,) = view([first, second, third]).ghosts
    assert ghost.text == "When?"
    assert ghost.cited_by == (second.id, third.id)
    assert ghost.when.earliest == datetime(2022, 1, 10, 10, 0, tzinfo=UTC)
    assert "Amy Hart" in ghost.evidence[0]


def test_a_quotation_whose_words_are_held_hides_nothing(mail, view):
    """The clock of the quoted header is wrong, its words are those of #1."""
    words = "When will the new bus come to our road?"
    first = mail("2022-01-09 09:00", AMY, OLI, "Bus", mid="1@x", text=words)
    second = mail(
        "2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="2@x", text=QUOTE.replace("When?", words)
    )
    seen = view([first, second])
    assert seen.ghosts == ()
    assert basis(seen, second) is LinkBasis.QUOTED_TEXT


def test_what_replies_quote_of_an_absent_message_becomes_its_text(mail, view):
    second = mail("2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="2@x", re="1@x", text=QUOTE)
    (ghost,) = view([second]).ghosts
    assert ghost.text == "When?"


def test_a_subject_only_suggests(mail, view):
    first = mail("2022-01-10 09:00", AMY, HELP, "Bus", mid="1@x")
    second = mail("2022-01-12 09:00", HELP, AMY, "Re: Bus", mid="2@x")
    seen = view([first, second])
    (link,) = seen.links
    assert link.suggested
    assert link.basis is LinkBasis.SUBJECT
    assert seen.parent[row(seen, second)] == -1
    assert len(seen.threads) == 2


def test_the_quoted_header_dates_the_ghost_and_names_who_should_hold_it(mail, view):
    """(#1 Amy -> Gina absent); #2 Gina's reply quotes it; Gina's mailbox is supplied."""
    second = mail(
        "2022-01-10 12:00", GINA, AMY, "Re: Bus", mid="2@x", re="1@x", text=QUOTE,
        held_by=["gina.ray@wantsum.example"],
    )  # fmt: skip
    (ghost,) = view([second]).ghosts
    assert ghost.when.earliest == datetime(2022, 1, 10, 10, 0, tzinfo=UTC)
    assert ghost.likely_holders == ("gina.ray@wantsum.example",)
    assert [(h.custodian, h.supplied) for h in ghost.holders] == [
        ("gina.ray@wantsum.example", True),
        ("Amy Hart", False),
    ]


def test_a_loop_of_references_is_broken(mail, view):
    one = mail("2022-01-10 09:00", AMY, HELP, "Bus", mid="1@x", re="2@x")
    two = mail("2022-01-11 09:00", HELP, AMY, "Re: Bus", mid="2@x", re="1@x")
    seen = view([one, two])
    assert sorted(seen.parent.tolist()) == [-1, 0]


def test_two_messages_with_one_id_are_both_kept_and_told_apart(mail, view):
    true = mail("2022-01-10 09:00", AMY, HELP, "Bus", mid="1@x", text="As it was.")
    other = mail("2022-01-10 09:00", AMY, HELP, "Bus", mid="1@x", text="As it was not.")
    reply = mail("2022-01-11 09:00", HELP, AMY, "Re: Bus", mid="2@x", re="1@x")
    seen = view([true, other, reply])
    marked = {one for thread in seen.threads for one in thread.imposters}
    assert marked == {true.id, other.id}
    assert len(seen) == 3


def test_a_reply_button_used_for_a_new_matter_starts_a_new_thread(mail, view):
    first = mail("2022-01-10 09:00", AMY, HELP, "Bus", mid="1@x")
    second = mail("2022-01-11 09:00", HELP, OLI, "Invoice 44", mid="2@x", re="1@x")
    seen = view([first, second])
    assert len(seen.threads) == 2
    assert seen.links[0].suggested


def test_a_new_subject_among_the_same_people_stays_in_the_thread(mail, view):
    first = mail("2022-01-10 09:00", AMY, HELP, "Bus", mid="1@x")
    second = mail("2022-01-11 09:00", HELP, AMY, "Your reference 44", mid="2@x", re="1@x")
    assert len(view([first, second]).threads) == 1


def test_a_letter_that_gives_our_reference_answers_our_last_letter(mail, view):
    ours = mail("2022-01-10 00:00", "Wantsum County Council", "Amy Hart", our_ref="ST/2021/44")
    hers = mail("2022-01-20 00:00", "Amy Hart", "Wantsum County Council", your_ref="ST/2021/44")
    assert basis(view([ours, hers]), hers) is LinkBasis.LETTER_REF


def test_the_number_of_a_matter_suggests_and_joins_nothing(mail, view):
    """#1 Amy complains; #2 the helpdesk writes to Oli of the same complaint, in another form."""
    first = mail("2022-01-10 09:00", AMY, HELP, "Complaint COM/2022/114: no bus", mid="1@x")
    second = mail("2022-01-12 09:00", HELP, OLI, "Please look into com / 2022/114", mid="2@x")
    other = mail("2022-01-13 09:00", HELP, OLI, "Please look into COM/2022/1145", mid="3@x")
    assert view([first, second, other]).links == ()
    seen = view([first, second, other], Brief(case_references=("COM/#/#",)))
    (link,) = seen.links
    assert (link.child, link.parent, link.suggested) == (second.id, first.id, True)
    assert link.basis is LinkBasis.CASE_REFERENCE
    assert len(seen.threads) == 3


PEOPLE = (AMY, BEN, HELP, GINA)


@st.composite
def correspondence(draw):
    """Up to nine messages that cite each other, absent ones, or themselves, by id and index."""
    found = []
    for number in range(draw(st.integers(1, 9))):
        sender, to = draw(st.permutations(PEOPLE))[:2]
        cited = draw(st.lists(st.integers(0, 10), max_size=3))
        hour = draw(st.integers(0, 23))
        found.append((number, sender, to, cited, hour, draw(st.sampled_from(["Bus", "Taxi"]))))
    return found


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(story=correspondence(), shuffled=st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_threads(mail, view, index, story, shuffled):
    messages = [
        mail(
            f"2022-01-10 {hour:02}:00", sender, to, f"Re: {subject}", mid=f"{number}@x",
            refs=[f"{c}@x" for c in cited],
            index=None if number % 3 else index("2022-01-10 00:00", f"2022-01-10 {hour:02}:00"),
        )
        for number, sender, to, cited, hour, subject in story
    ]  # fmt: skip
    first = view(messages)
    shuffled.shuffle(messages)
    second = view(messages)
    for name in ("ids", "threads", "links", "ghosts", "identities", "handoffs", "contacts"):
        assert getattr(first, name) == getattr(second, name)
    held = {member for thread in first.threads for member in thread.members}
    assert held == set(first.ids)


@pytest.mark.parametrize("count", [3000])
def test_one_long_thread_takes_one_pass(mail, view, count):
    messages = [
        mail(
            f"2022-01-{1 + n // 1000:02} {n // 60 % 16:02}:{n % 60:02}", AMY, HELP, "Re: Bus",
            mid=f"{n}@x", refs=[f"{n - 2}@x", f"{n - 1}@x"] if n > 1 else (),
        )
        for n in range(count)
    ]  # fmt: skip
    assert max(len(thread.members) for thread in view(messages).threads) >= count - 1


def test_a_ghost_is_never_dated_after_the_message_that_quotes_it(mail, view):
    """A Date header in another zone than the quoted clock would put the quoted minute later."""
    reply = mail(
        "2022-01-10 10:30", OLI, AMY, "Re: Bus", mid="2@x", re="1@x", text=QUOTE,
        said="Mon, 10 Jan 2022 02:30:00 -0800",
    )  # fmt: skip
    (ghost,) = view([reply]).ghosts
    assert ghost.when.latest <= reply.when.latest


def test_where_an_index_tells_the_time_the_quoted_minute_must_agree(mail, view, index):
    reply = mail(
        "2022-01-10 16:00", OLI, AMY, "Re: Bus", mid="2@x", text=QUOTE,
        index=index("2022-01-10 13:00", "2022-01-10 15:55"),
    )  # fmt: skip
    (ghost,) = view([reply]).ghosts
    assert ghost.when.earliest.hour == 12
    assert "10 Jan 2022, 13:00" in ghost.evidence[0] or "12:59" in ghost.evidence[0]


def test_a_printed_answer_is_seen_by_the_head_it_quotes_though_no_zone_is_printed(mail, view):
    """#1 Amy -> helpdesk; #2 helpdesk -> Amy, both on one sheet: the clock is that of London."""

    def printed(one):
        said = one.sent.said
        wall = datetime.fromisoformat(said).replace(tzinfo=UTC)
        wide = Moment(earliest=wall - EASTERNMOST, latest=wall + WESTERNMOST + timedelta(minutes=1),
                      said=said, basis=Basis.QUOTED_HEADER)  # fmt: skip
        return replace(one, sent=wide, grade=Grade.REPORTED)

    first = printed(mail("2022-07-10 09:00", AMY, HELP, "Bus"))
    head = "From: Amy Hart\nSent: 10 July 2022 09:00\nTo: Helpdesk\nSubject: Bus"
    second = printed(mail("2022-07-11 09:00", HELP, AMY, "Answer", text=f"Yes.\n\n{head}"))
    seen = view([first, second])
    assert basis(seen, second) is LinkBasis.QUOTED_HEADER
    assert not seen.ghosts
