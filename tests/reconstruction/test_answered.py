"""Parents told by what a message quotes, where no header names them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from commtrace.model import LinkBasis
from commtrace.moments import Basis, Moment
from commtrace.quoted_dates import EASTERNMOST, WESTERNMOST

AMY, BEN = "Amy Hart <amy@gmail.com>", "Ben Cole <ben@btinternet.com>"
GINA = "Gina Ray <gina.ray@wantsum.example>"
OLI = "Oli Penn <oli.penn@taxis.example>"
ASKED = "When will the new bus come to our road, and who tells the driver about the wheelchair?"
LONG = "Both schools asked for it in the autumn, and so did the forum, twice, before the snow came."
TOLD = "The driver was told last Friday and the bus comes from Monday at ten past eight."


def marked(words, head=""):
    return f"Noted.\n\n{head}\n> {words}\n"


def parent(view, child):
    """The id that a message is said to answer, what says so, and whether it is relied on."""
    link = next((link for link in view.links if link.child == child.id), None)
    return None if link is None else (link.parent, link.basis, not link.suggested)


def test_quoted_words_that_one_message_on_the_subject_holds_name_the_parent(mail, view):
    """#1 Amy; #2 Gina on the same subject; #3 Oli quotes #1 without saying whose words they are."""
    first = mail("2022-01-10 09:00", AMY, OLI, "Bus", mid="1@x", text=ASKED)
    second = mail("2022-01-10 10:00", GINA, OLI, "Re: Bus", mid="2@x", text=TOLD)
    third = mail("2022-01-10 11:00", OLI, GINA, "Re: Bus", mid="3@x", text=marked(ASKED))
    seen = view([first, second, third])
    assert parent(seen, third) == (first.id, LinkBasis.QUOTED_TEXT, True)


def test_words_that_stand_in_another_authors_message_only_suggest(mail, view):
    """#1 Gina holds the words; #2 Oli says that Ben wrote them."""
    first = mail("2022-01-10 09:00", GINA, OLI, "Bus", mid="1@x", text=ASKED)
    head = "Ben Cole wrote:"
    second = mail("2022-01-10 11:00", OLI, GINA, "Re: Bus", mid="2@x", text=marked(ASKED, head))
    assert parent(view([first, second]), second) == (first.id, LinkBasis.QUOTED_TEXT, False)


def test_of_two_messages_of_one_author_in_one_minute_the_subject_decides(mail, view):
    """#1, #2 Amy at 09:00; #3 Oli answers the second, quoting too few words to tell."""
    first = mail("2022-01-10 09:00", AMY, OLI, "Taxi", mid="1@x", text="Thanks.")
    second = mail("2022-01-10 09:00", AMY, OLI, "Bus", mid="2@x", text="Thanks.")
    head = "On Mon, 10 Jan 2022 at 09:00, Amy Hart <amy@gmail.com> wrote:"
    third = mail("2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="3@x", text=marked("Thanks.", head))
    seen = view([first, second, third])
    assert parent(seen, third) == (second.id, LinkBasis.QUOTED_HEADER, True)


def test_a_server_that_dates_in_utc_does_not_hide_the_parent(mail, view):
    """#1 Amy at 15:02 UTC; #2 Oli's Date is in UTC, the header he quotes on his own clock."""
    first = mail("2022-01-10 15:02", AMY, OLI, "Bus", mid="1@x", text=ASKED)
    head = "On Monday, January 10, 2022 10:02 AM, Amy Hart <amy@gmail.com> wrote:"
    second = mail("2022-01-10 16:00", OLI, AMY, "Re: Bus", mid="2@x", text=marked(ASKED, head))
    assert parent(view([first, second]), second) == (first.id, LinkBasis.QUOTED_HEADER, True)


def test_a_header_in_an_unknown_language_does_not_make_the_grandparent_the_parent(mail, view):
    """#1 Amy; #2 Gina quotes her; #3 Oli quotes both, his program heads #2 in Welsh."""
    first = mail("2022-01-10 09:00", AMY, GINA, "Bus", mid="1@x", text=ASKED)
    amys = "On Mon, 10 Jan 2022 at 09:00, Amy Hart <amy@gmail.com> wrote:"
    second = mail(
        "2022-01-10 10:00", GINA, AMY, "Re: Bus", mid="2@x", text=f"{TOLD}\n\n{amys}\n> {ASKED}\n"
    )
    third = mail(
        "2022-01-10 11:00", OLI, GINA, "Re: Bus", mid="3@x",
        text=f"Diolch.\n\nAr Llun, Gina Ray:\n\n> {TOLD}\n>\n> {amys}\n>> {ASKED}\n",
    )  # fmt: skip
    seen = view([first, second, third])
    assert parent(seen, third) == (second.id, LinkBasis.QUOTED_TEXT, True)


def test_a_sender_whom_a_list_hides_is_known_by_name(mail, view):
    """The list writes its own address over Amy's; Oli's program quotes her name."""
    listed = "Amy Hart via Transport <transport@lists.example>"
    first = mail("2022-01-10 09:00", listed, "transport@lists.example", "Bus", mid="1@x")
    head = "On Mon, 10 Jan 2022 at 09:00, Amy Hart <amy@gmail.com> wrote:"
    second = mail("2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="2@x", text=marked("When?", head))
    assert parent(view([first, second]), second) == (first.id, LinkBasis.QUOTED_HEADER, True)


def test_a_name_that_a_program_lost_a_letter_of_is_still_the_senders(mail, view):
    """#1 Zoë; #2 Oli's program writes "Zo?" for her, and quotes too little to tell."""
    first = mail("2022-01-10 09:00", "Zoë Hart <z@gmail.com>", OLI, "Bus", mid="1@x", text="When?")
    head = "On Mon, 10 Jan 2022 at 09:00, Zo?  Hart wrote:"
    second = mail("2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="2@x", text=marked("When?", head))
    assert parent(view([first, second]), second) == (first.id, LinkBasis.QUOTED_HEADER, True)


def test_a_name_of_which_no_letter_is_left_still_has_the_lengths_of_its_words(mail, view):
    """Real: a program wrote "????? ?????????" for a name in Cyrillic letters."""
    roman = "Роман Мещеряков <r@gmail.com>"
    first = mail("2022-01-10 09:00", roman, OLI, "Bus", mid="1@x", text="When?")
    other = mail("2022-01-10 09:00", AMY, OLI, "Bus", mid="0@x", text="When?")
    head = "On Mon, 10 Jan 2022 at 09:00, ????? ????????? wrote:"
    second = mail("2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="2@x", text=marked("When?", head))
    seen = view([first, other, second])
    assert parent(seen, second) == (first.id, LinkBasis.QUOTED_HEADER, True)


def test_a_name_is_the_same_with_and_without_its_accents(mail, view):
    first = mail("2022-01-10 09:00", "Zoë Hart <z@gmail.com>", OLI, "Bus", mid="1@x", text="When?")
    head = "On Mon, 10 Jan 2022 at 09:00, Zoe Hart wrote:"
    second = mail("2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="2@x", text=marked("When?", head))
    assert parent(view([first, second]), second) == (first.id, LinkBasis.QUOTED_HEADER, True)


def test_who_wrote_last_on_a_subject_and_quotes_nothing_goes_on_from_there(mail, view):
    """#1 Amy; #2 Oli; #3 Amy; #4 Amy again, quoting nothing: a guess, and a better one than #2."""
    first = mail("2022-01-10 09:00", AMY, OLI, "Bus", mid="1@x", text=ASKED)
    second = mail("2022-01-10 10:00", OLI, AMY, "Re: Bus", mid="2@x", text=TOLD)
    third = mail("2022-01-10 11:00", AMY, OLI, "Re: Bus", mid="3@x", text="Which road is that?")
    fourth = mail("2022-01-10 11:30", AMY, OLI, "Re: Bus", mid="4@x", text="I mean in the snow.")
    seen = view([first, second, third, fourth])
    assert parent(seen, fourth) == (third.id, LinkBasis.SUBJECT, False)


def test_who_answers_the_last_of_somebody_else_is_not_taken_to_go_on(mail, view):
    first = mail("2022-01-10 09:00", AMY, OLI, "Bus", mid="1@x", text=ASKED)
    second = mail("2022-01-10 10:00", OLI, AMY, "Re: Bus", mid="2@x", text=TOLD)
    third = mail("2022-01-10 11:00", AMY, OLI, "Re: Bus", mid="3@x", text="Thank you.")
    assert parent(view([first, second, third]), third) == (second.id, LinkBasis.SUBJECT, False)


def test_a_date_without_a_zone_is_tried_as_utc_against_the_quoted_minute(mail, view):
    """#1 Amy, "-0000": it may be of any zone, and lies hours early; #2 Oli quotes its minute."""
    first = mail("2022-01-10 09:00", AMY, OLI, "Bus", mid="1@x", text="When?")
    whole_world = Moment(
        earliest=first.when.earliest - EASTERNMOST, latest=first.when.latest + WESTERNMOST,
        said="Mon, 10 Jan 2022 09:00:00 -0000", basis=Basis.DATE_HEADER,
    )  # fmt: skip
    first = replace(first, sent=whole_world)
    other = mail("2022-01-10 08:00", GINA, OLI, "Bus", mid="0@x", text=ASKED)
    head = "On Mon, 10 Jan 2022 at 09:00, Amy Hart <amy@gmail.com> wrote:"
    second = mail("2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="2@x", text=marked("When?", head))
    seen = view([other, first, second])
    assert parent(seen, second) == (first.id, LinkBasis.QUOTED_HEADER, True)


def test_where_no_zone_is_known_the_clock_on_the_wall_tells_which_came_first(mail, view):
    """#1, #3 Amy and #2 Oli, all dated without a zone: #2 answers #1 and not #3, a day later."""

    def zoneless(when, *said, **more):
        one = mail(when, *said, **more)
        wide = Moment(
            earliest=one.when.earliest - EASTERNMOST, latest=one.when.latest + WESTERNMOST,
            said=when, basis=Basis.DATE_HEADER,
        )  # fmt: skip
        return replace(one, sent=wide)

    first = zoneless("2022-01-10 09:00", AMY, OLI, "Bus", mid="1@x", text=ASKED)
    second = zoneless("2022-01-10 23:00", OLI, AMY, "Re: Bus", mid="2@x", text="I will ask.")
    third = zoneless("2022-01-11 08:00", AMY, OLI, "Re: Bus", mid="3@x", text=TOLD)
    seen = view([first, second, third])
    assert parent(seen, second) == (first.id, LinkBasis.SUBJECT, False)


def test_words_of_another_matter_are_no_guess_where_the_subject_offers_one(mail, view):
    """#1 Gina signs a footer that Oli quotes beside little else; #2 Amy is on the subject."""
    footer = "You get this because you are on the list of the routes of the north of the county."
    first = mail("2022-01-09 09:00", GINA, AMY, "Lot 3", mid="1@x", text=f"{TOLD}\n{footer}")
    second = mail("2022-01-10 09:00", AMY, OLI, "Bus", mid="2@x", text="When?")
    third = mail("2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="3@x", text=marked(footer))
    assert parent(view([first, second, third]), third) == (second.id, LinkBasis.SUBJECT, False)


def test_a_gateways_warning_above_the_quoted_words_does_not_make_the_parent_absent(mail, view):
    """#1 Amy; #2 Oli's gateway put a warning above her words, and his server dates in UTC."""
    short = "When will the new bus come to our road?"
    first = mail("2022-01-10 15:02", AMY, OLI, "Bus", mid="1@x", text=short)
    warned = (
        "From: Amy Hart <amy@gmail.com>\nSent: 10 January 2022 10:02\nTo: Oli Penn\n"
        "Subject: Bus\n\nYou don't often get email from amy@gmail.com. Learn why this is "
        "important\nWARNING: This message came from an external source. Please use caution and "
        "proper judgment when you open any attachment, follow any link or answer it, and tell "
        f"the service desk of whatever looks odd.\n\n{short}\n"
    )
    second = mail("2022-01-10 16:00", OLI, AMY, "Re: Bus", mid="2@x", text=f"Noted.\n\n{warned}")
    seen = view([first, second])
    assert parent(seen, second) == (first.id, LinkBasis.QUOTED_HEADER, True)
    assert seen.ghosts == ()


def test_a_short_absent_message_is_known_by_its_beginning_though_older_words_follow(mail, view):
    """#1 Amy; (#2 Gina, absent, quotes her); #3 Oli quotes both, his program marks no levels."""
    first = mail("2022-01-10 09:00", AMY, GINA, "Bus", mid="1@x", text=f"{ASKED} {TOLD} {LONG}")
    head = "On Tue, 11 Jan 2022 at 14:30, Gina Ray <gina.ray@wantsum.example> wrote:"
    unheard = "Nobody has told us yet which of the two lots that road lies in, or who drives there."
    quoted = f"{unheard}\n> {ASKED} {TOLD} {LONG}"
    third = mail("2022-01-11 15:00", OLI, GINA, "Re: Bus", mid="3@x", text=marked(quoted, head))
    (ghost,) = view([first, third]).ghosts
    assert LinkBasis.QUOTED_HEADER in ghost.bases


def test_items_of_a_series_hang_under_their_covering_letter(mail, view):
    cover = mail("2022-01-10 09:00", GINA, OLI, "[PATCH 0/2] routes", mid="0@x")
    first = mail("2022-01-10 09:01", GINA, OLI, "[PATCH 1/2] north", mid="1@x")
    other = mail("2022-01-10 09:02", OLI, GINA, "[PATCH 1/2] south", mid="2@x")
    seen = view([cover, first, other])
    assert parent(seen, first) == (cover.id, LinkBasis.SERIES, True)
    assert parent(seen, other) is None


def test_without_a_covering_letter_the_first_item_is_only_suggested(mail, view):
    first = mail("2022-01-10 09:01", GINA, OLI, "[PATCH 1/2] north", mid="1@x")
    second = mail("2022-01-10 09:02", GINA, OLI, "[PATCH 2/2] south", mid="2@x")
    assert parent(view([first, second]), second) == (first.id, LinkBasis.SERIES, False)


def test_an_answer_to_another_version_does_not_answer_this_one(mail, view):
    """#1 is version 1; (version 2 absent); #2 quotes version 2, of another minute."""
    first = mail("2022-01-10 09:00", GINA, OLI, "[PATCH v1 1/2] north", mid="1@x", text=ASKED)
    head = "On Tue, 11 Jan 2022 at 14:30, Gina Ray <gina.ray@wantsum.example> wrote:"
    second = mail(
        "2022-01-11 15:00", OLI, GINA, "Re: [PATCH v2 1/2] north", mid="2@x",
        text=marked(ASKED, head),
    )  # fmt: skip
    (ghost,) = view([first, second]).ghosts
    assert ghost.bases == (LinkBasis.QUOTED_HEADER, LinkBasis.SUBJECT)
    assert ghost.agreed


def test_a_subject_repeated_by_one_sender_is_no_reply(mail, view):
    """Two situation reports of one sender, no "Re:", nothing quoted."""
    first = mail("2022-01-10 09:00", GINA, OLI, "Situation report", mid="1@x", text=TOLD)
    second = mail("2022-01-11 09:00", GINA, OLI, "Situation report", mid="2@x", text=ASKED)
    assert view([first, second]).links == ()


def test_of_several_on_the_subject_the_addressees_last_message_is_suggested(mail, view):
    first = mail("2022-01-10 09:00", AMY, OLI, "Bus", mid="1@x", text="One.")
    second = mail("2022-01-10 10:00", BEN, OLI, "Re: Bus", mid="2@x", text="Two.")
    third = mail("2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="3@x", text="Three.")
    assert parent(view([first, second, third]), third) == (first.id, LinkBasis.SUBJECT, False)


def test_words_that_many_messages_share_prove_nothing(mail, view):
    """A list's footer stands under fifty messages; quoting it points to none of them."""
    footer = "To leave this list write to leave at lists dot example with the word unsubscribe"
    many = [
        mail(f"2022-01-10 09:{n:02}", AMY, OLI, f"Matter {n}", mid=f"{n}@x", text=footer)
        for n in range(50)
    ]
    reply = mail("2022-01-11 09:00", OLI, AMY, "Re: Other", mid="r@x", text=marked(footer))
    seen = view([*many, reply])
    assert parent(seen, reply) is None
    assert seen.ghosts == ()


def test_words_held_nowhere_are_an_absent_message_put_together_line_by_line(mail, view):
    """(Amy's message absent); Oli quotes lines 1 and 3 of it, Gina lines 1, 2 and 3."""
    one, two, three = ASKED, "The school asked the same last week.", TOLD
    head = "On Mon, 10 Jan 2022 at 10:00, Amy Hart <amy@gmail.com> wrote:\n\n"
    short = mail(
        "2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="2@x", text=f"{head}> {one}\n> {three}\n\nYes."
    )
    long = mail(
        "2022-01-10 12:00", GINA, AMY, "Re: Bus", mid="3@x",
        text=f"{head}> {one}\n> {two}\n> {three}\n> Ring me on the mobile.\n\nNo.",
    )  # fmt: skip
    (ghost,) = view([short, long]).ghosts
    assert ghost.text == f"{one}\n{two}\n{three}\nRing me on the mobile."
    assert {span.communication for span in ghost.sources} == {long.id}
    assert sum(span.lines for span in ghost.sources) == 4
    assert ghost.author.address == "amy@gmail.com"
    assert set(ghost.bases) >= {LinkBasis.QUOTED_HEADER, LinkBasis.QUOTED_TEXT}


def test_a_line_that_only_the_shorter_quotation_has_is_put_where_it_stood(mail, view):
    one, two, three = ASKED, "The school asked the same thing last week too.", TOLD
    head = "On Mon, 10 Jan 2022 at 10:00, Amy Hart <amy@gmail.com> wrote:\n\n"
    short = mail("2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="2@x", text=f"{head}> {one}\n> {two}")
    long = mail(
        "2022-01-10 12:00", GINA, AMY, "Re: Bus", mid="3@x", text=f"{head}> {one}\n> {three}"
    )
    (ghost,) = view([short, long]).ghosts
    assert ghost.text == f"{one}\n{two}\n{three}"
    text = {short.id: f"{head}> {one}\n> {two}", long.id: f"{head}> {one}\n> {three}"}
    quoted = [text[span.communication][span.start : span.end] for span in ghost.sources]
    assert quoted == [f"> {one}", f"> {two}", f"> {three}"]


def test_an_absent_message_that_one_cites_and_another_only_quotes_is_one(mail, view):
    """(#1 Amy absent); Oli cites its id and quotes it; Gina's reply lost its headers."""
    head = "On Mon, 10 Jan 2022 at 10:00, Amy Hart <amy@gmail.com> wrote:\n\n"
    cites = mail(
        "2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="2@x", re="1@x", text=f"{head}> {ASKED}"
    )
    quotes = mail("2022-01-10 12:00", GINA, AMY, "Re: Bus", mid="3@x", text=f"{head}> {ASKED}")
    seen = view([cites, quotes])
    (ghost,) = seen.ghosts
    assert ghost.message_ids == ("1@x",)
    assert ghost.cited_by == (cites.id, quotes.id)
    assert seen.thread[0] == seen.thread[1]


def test_a_clock_that_other_quotations_show_dates_the_absent_message(mail, view):
    """Oli's mail is dated in UTC; three quotations that found their message show UTC-5."""
    held, start = [], datetime(2022, 1, 3, 15, 0, tzinfo=UTC)
    for n in range(3):
        sent = start + timedelta(days=n)
        words = f"{ASKED} This is number {n} of the questions that I sent to you so far."
        held.append(mail(f"{sent:%Y-%m-%d %H:%M}", AMY, OLI, f"Bus {n}", mid=f"{n}@x", text=words))
        head = (
            f"On {sent - timedelta(hours=5):%A, %B %d, %Y %H:%M}, Amy Hart <amy@gmail.com> wrote:"
        )
        held.append(
            mail(f"{sent:%Y-%m-%d} 18:00", OLI, AMY, f"Re: Bus {n}", text=marked(words, head))
        )
    head = "On Thursday, January 06, 2022 10:30, Amy Hart <amy@gmail.com> wrote:"
    held.append(mail("2022-01-06 18:00", OLI, AMY, "Re: Taxi", text=marked(TOLD, head)))
    (ghost,) = view(held).ghosts
    assert ghost.when.earliest == datetime(2022, 1, 6, 15, 30, tzinfo=UTC)
    assert ghost.when.latest - ghost.when.earliest == timedelta(minutes=1)


def test_where_mail_in_utc_is_quoted_on_other_clocks_an_unknown_senders_minute_is_an_interval(
    mail, view
):
    sent = datetime(2022, 1, 3, 15, 0, tzinfo=UTC)
    first = mail(f"{sent:%Y-%m-%d %H:%M}", AMY, OLI, "Bus", mid="1@x", text=ASKED)
    head = "On Monday, January 03, 2022 10:00, Amy Hart <amy@gmail.com> wrote:"
    second = mail("2022-01-03 18:00", OLI, AMY, "Re: Bus", text=marked(ASKED, head))
    third = mail("2022-01-03 19:00", GINA, AMY, "Re: Taxi", text=marked(TOLD, head))
    (ghost,) = view([first, second, third]).ghosts
    assert ghost.when.earliest < sent < ghost.when.latest <= third.when.latest


def test_of_who_quotes_a_time_on_its_writers_clock_no_hour_is_believed(mail, view):
    """Oli is in Berlin; his program twice left the time at which Amy wrote on her clock."""

    def from_berlin(day, subject, text, mid=None):
        one = mail(f"{day} 18:00", OLI, AMY, subject, mid=mid, text=text)
        return replace(one, sent=replace(one.sent, said="Mon, 10 Jan 2022 19:00:00 +0100"))

    held = []
    for day in ("2022-01-03", "2022-01-04"):
        words = f"{ASKED} I asked it on {day} for the first time, and nobody has written back."
        held.append(mail(f"{day} 15:02", AMY, OLI, f"Bus {day}", mid=f"{day}@x", text=words))
        head = f"On {day} at 15:02, Amy Hart <amy@gmail.com> wrote:"
        held.append(from_berlin(day, f"Re: Bus {day}", marked(words, head)))
    head = "On 2022-01-06 at 10:30, Amy Hart <amy@gmail.com> wrote:"
    held.append(from_berlin("2022-01-06", "Re: Taxi", marked(TOLD, head)))
    (ghost,) = view(held).ghosts
    assert ghost.when.earliest < datetime(2022, 1, 6, 10, 30, tzinfo=UTC) < ghost.when.latest
    assert ghost.when.latest - ghost.when.earliest > timedelta(hours=1)


def test_any_order_of_arrival_gives_the_same_links_and_absent_messages(mail, view):
    head = "On Mon, 10 Jan 2022 at 10:00, Amy Hart <amy@gmail.com> wrote:\n\n"
    told = [
        mail("2022-01-10 09:00", BEN, OLI, "Bus", mid="1@x", text=TOLD),
        mail("2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="2@x", text=f"{head}> {ASKED}\n\nYes."),
        mail("2022-01-10 12:00", GINA, AMY, "Re: Bus", mid="3@x", text=f"{head}> {ASKED}\n\nNo."),
        mail("2022-01-10 13:00", OLI, BEN, "Re: Bus", mid="4@x", text=marked(TOLD)),
    ]
    seen = [view(list(order)) for order in permutations(told)]
    assert len({(one.links, one.ghosts, one.threads) for one in seen}) == 1
    assert len(seen[0].ghosts) == 1


def test_what_a_holder_supplied_stands_beside_the_absent_message(mail, view):
    """(#1 Amy -> Gina absent); Gina's mailbox is supplied and covers the day, Oli's is not."""
    gina = "gina.ray@wantsum.example"
    earlier = mail("2022-01-08 09:00", BEN, GINA, "Taxi", mid="0@x", held_by=[gina])
    reply = mail(
        "2022-01-10 12:00", GINA, AMY, "Re: Bus", mid="2@x", re="1@x", held_by=[gina],
        text="On Mon, 10 Jan 2022 at 10:00, Amy Hart <amy@gmail.com> wrote:\n\n> When?\n",
    )  # fmt: skip
    (ghost,) = view([earlier, reply]).ghosts
    holder, author = ghost.holders
    assert (author.custodian, author.supplied, author.covers) == ("Amy Hart", False, None)
    assert (holder.custodian, holder.supplied, holder.covers) == (gina, True, True)


def test_a_reply_button_used_for_other_words_starts_a_new_thread(mail, view):
    first = mail(
        "2022-01-10 09:00", AMY, OLI, "Bus", mid="1@x",
        text="When will the wheelchair accessible minibus arrive outside Ashford primary school"
        " tomorrow morning, because nobody from transport planning answers telephone calls?",
    )  # fmt: skip
    second = mail(
        "2022-01-11 09:00", OLI, AMY, "Invoice 44", mid="2@x", re="1@x",
        text="Please find enclosed our final account covering December deliveries, payable within"
        " thirty days under contract terms agreed last spring between both finance departments.",
    )  # fmt: skip
    seen = view([first, second])
    assert len(seen.threads) == 2
    assert seen.links[0].suggested


def test_where_no_level_is_marked_the_words_above_a_held_message_are_an_absent_one(mail, view):
    """#1 Ben is held; (Amy's answer absent); Oli's program puts hers above his, unmarked."""
    held = " ".join(f"{TOLD} That is answer number {n} of mine." for n in range(6))
    said = (
        f"{ASKED} I have put the same question three times since Christmas, twice by telephone and"
        " once to the reception desk in person, and nobody at County Hall could tell me anything"
        " about arrangements after half term, which starts a week on Monday."
    )
    first = mail("2022-01-10 09:00", BEN, AMY, "Bus", mid="1@x", text=held)
    head = "From: Amy Hart <amy@gmail.com>\nSent: 10 January 2022 10:17\nTo: Oli\nSubject: Bus\n\n"
    third = mail(
        "2022-01-10 11:00", OLI, AMY, "Re: Bus", mid="3@x",
        text=f"Agreed.\n\n{head}{said}\n{held}\n",
    )  # fmt: skip
    (ghost,) = view([first, third]).ghosts
    assert ghost.text.startswith(ASKED)
    assert ghost.when.earliest == datetime(2022, 1, 10, 10, 17, tzinfo=UTC)
