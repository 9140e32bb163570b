# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from stories import failed, found_by, story, view_of

from commtrace.brief import Person
from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party families families home.example
    party pact forum pact.example
    party firm provider taxis.example
    as of 2022-03-31
"""
BOTH = """
    mailbox helpdesk@get.example 2021-09-01 to 2022-03-31
    mailbox parent@home.example 2021-09-01 to 2022-03-31
"""
ASKED = """
    #1 2022-01-10 09:30 parent@home.example -> helpdesk@get.example "Bus" : Hello,|Can you please tell me when the new bus will start?|Kind regards|Ann
"""


findings = partial(found_by, "unanswered")


def of(*parts, **changes):
    return findings(view_of("".join(parts), **changes))


def test_a_question_without_an_answer_in_either_mailbox_is_observed():
    (gap,) = of(STAGE, BOTH, ASKED)
    assert gap.observability is Observability.OBSERVED
    assert gap.anchor == ("message-1",)
    assert gap.owes == "get"
    assert gap.parties == ("families", "get")
    assert "No record of a reply was found in either party's mailboxes" in gap.sentence
    assert "“Can you please tell me when the new bus will start?”" in gap.sentence
    assert gap.measure["due"] == "2022-02-07"
    assert gap.measure["days elapsed"] == 58
    assert gap.cites[0].role == "the request"
    assert gap.cites[0].span is not None
    assert failed(gap) == []


def test_with_one_mailbox_the_sentence_names_the_one_that_was_not_provided():
    (gap,) = of(STAGE, "\n mailbox helpdesk@get.example 2021-09-01 to 2022-03-31\n", ASKED)
    assert gap.observability is Observability.ONE_SIDE
    assert "The mailbox of parent@home.example was not provided" in gap.sentence


def test_with_neither_mailbox_covering_the_time_it_is_not_testable():
    stage = "\n mailbox helpdesk@get.example 2022-01-01 to 2022-01-31\n"
    (gap,) = of(STAGE, stage, ASKED)
    assert gap.observability is Observability.NOT_TESTABLE
    assert gap.severity is Severity.LOW
    assert "cannot show" in gap.sentence


@pytest.mark.parametrize(
    "reply",
    [
        '#2 2022-01-12 10:00 helpdesk@get.example -> parent@home.example "Re: Bus" [re #1] : It starts on 21 February.',
        '#2 2022-01-12 10:00 colleague@get.example -> parent@home.example "Bus" : The new bus starts on 21 February.',
        '#2 2022-03-30 10:00 helpdesk@get.example -> parent@home.example "Re: Bus" [re #1] : It starts on 21 February.',
    ],
    ids=["the addressee", "a colleague from another box", "late"],
)
def test_an_answer_on_record_leaves_no_gap(reply):
    assert of(STAGE, BOTH, ASKED, reply) == ()


def test_an_answer_by_somebody_to_whom_it_was_passed_is_an_answer():
    passed_on = """
    #2 2022-01-11 10:00 helpdesk@get.example -> lead@cype.example "FW: Bus" [fw #1] : Please reply to this parent.
    #3 2022-01-14 10:00 lead@cype.example -> parent@home.example "Re: Bus" [re #1] : It starts on 21 February.
    """
    assert of(STAGE, BOTH, ASKED, passed_on) == ()


def test_an_answer_to_another_family_is_none():
    other = """
    #2 2022-01-12 10:00 helpdesk@get.example -> other@home.example "Bus" : It starts on 21 February.
    """
    assert len(of(STAGE, BOTH, ASKED, other)) == 1


def test_an_automatic_reply_is_no_answer_and_is_cited():
    auto = """
    #2 2022-01-10 09:31 helpdesk@get.example -> parent@home.example "Automatic reply: Bus" [re #1] [auto] : Thank you for your e-mail.
    """
    (gap,) = of(STAGE, BOTH, ASKED, auto)
    assert gap.measure["automatic replies"] == 1
    assert "one automatic reply" in gap.sentence
    assert "an automatic reply, no answer" in {c.role for c in gap.cites}


@pytest.mark.parametrize(
    ("reply", "gaps"),
    [
        ("Thank you for your email.", 1),
        ("Dear Ann,|Thank you for your email about the bus.|Kind regards|The helpdesk", 1),
        (
            "Dear Ann,|Thank you for your email. It has been passed to a colleague, who will reply in due course.|Regards",
            1,
        ),
        (
            "Thank you for your email. We are looking into this. We have many messages today and our lines are open until five.",
            1,
        ),
        ("Thank you for your email. The bus starts on Monday the 21st.", 0),
        ("Sorry for the delay, the new bus will be there at 8.", 0),
        (
            "Thank you for your message. The bus starts after half term and the driver is called Stan.",
            0,
        ),
        ("On Monday.", 0),
    ],
)
def test_a_short_answer_is_an_answer_and_a_receipt_is_none(reply, gaps):
    answer = f"""
    #2 2022-01-12 10:00 helpdesk@get.example -> parent@home.example "Re: Bus" [re #1] : {reply}
    """
    assert len(of(STAGE, BOTH, ASKED, answer)) == gaps


def test_a_holding_reply_is_no_answer_and_a_second_cue():
    holding = """
    #2 2022-01-12 10:00 helpdesk@get.example -> parent@home.example "Re: Bus" [re #1] : Thank you for your email. We are looking into this and will get back to you shortly.
    """
    (gap,) = of(STAGE, BOTH, ASKED, holding)
    assert gap.measure["holding replies"] == 1
    assert gap.strength is Strength.CORROBORATED


def test_what_is_not_yet_due_at_the_end_of_the_evidence_is_no_gap():
    late = ASKED.replace("2022-01-10", "2022-03-03")  # day 20 is 31 March
    assert of(STAGE, BOTH, late) == ()
    assert len(of(STAGE, BOTH, ASKED.replace("2022-01-10", "2022-03-02"))) == 1


def test_reminders_are_counted_and_are_no_gaps_of_their_own():
    chased = """
    #2 2022-01-24 09:30 parent@home.example -> helpdesk@get.example "Re: Bus" [re #1] : I am still waiting for a reply. Any update?
    #3 2022-02-14 09:30 parent@home.example -> helpdesk@get.example "Bus" : Could you please answer my question below?
    """
    (gap,) = of(STAGE, BOTH, ASKED, chased)
    assert gap.measure["chasers"] == 2
    assert gap.severity is Severity.GRAVE
    assert gap.strength is Strength.CORROBORATED
    assert "The asker came back to it twice." in gap.sentence


def test_a_second_question_after_an_answer_is_a_gap_of_its_own():
    more = """
    #2 2022-01-12 10:00 helpdesk@get.example -> parent@home.example "Re: Bus" [re #1] : It starts on 21 February.
    #3 2022-01-13 09:30 parent@home.example -> helpdesk@get.example "Re: Bus" [re #2] : Could you tell me who the driver will be?
    """
    (gap,) = of(STAGE, BOTH, ASKED, more)
    assert gap.anchor == ("message-3",)


def test_a_matter_that_the_asker_closed_is_no_gap():
    closed = """
    #2 2022-01-12 10:00 parent@home.example -> helpdesk@get.example "Re: Bus" [re #1] : Please ignore my last email, this is now sorted.
    """
    assert of(STAGE, BOTH, ASKED, closed) == ()


def test_a_later_message_in_a_new_thread_with_its_words_is_named_and_weakens_it():
    elsewhere = """
    #1 2022-01-10 09:30 parent@home.example -> helpdesk@get.example "Start of bus 17 Canterbury" : Can you please tell me when it will start?
    #2 2022-01-20 10:00 helpdesk@get.example -> parent@home.example "Your Canterbury bus 17" : The start is on 21 February.
    """
    (gap,) = of(STAGE, BOTH, elsewhere)
    assert "It was answered in another thread" in failed(gap)
    assert gap.severity is Severity.LOW
    assert gap.strength is Strength.INDICATED
    assert "One message elsewhere may answer it" in gap.sentence


def test_a_conversation_off_the_record_is_named_and_weakens_it():
    spoken = """
    #2 2022-01-24 09:30 parent@home.example -> helpdesk@get.example "Re: Bus" [re #1] : As discussed on the phone this morning, we need the bus.
    """
    (gap,) = of(STAGE, BOTH, ASKED, spoken)
    assert "It was dealt with by telephone or at a meeting" in failed(gap)
    assert gap.severity is Severity.LOW


def test_a_note_of_a_call_between_the_two_weakens_it():
    call = """
    #2 2022-01-24 09:30 helpdesk@get.example -> parent@home.example "Telephone note" [call] : Spoke to the parent.
    """
    (gap,) = of(STAGE, BOTH, ASKED, call)
    assert "It was dealt with by telephone or at a meeting" in failed(gap)


@pytest.mark.parametrize(
    "words",
    [
        ASKED.replace('"Bus" :', '"Bus" [auto] :'),
        ASKED.replace('"Bus" :', '"Bus" [bulk] :'),
        ASKED.replace(
            '-> helpdesk@get.example "Bus" :', '-> a@home.example "Bus" [cc helpdesk@get.example] :'
        ),
        ASKED.replace(
            "-> helpdesk@get.example",
            "-> " + ", ".join(f"person{n}@get.example" for n in range(16)),
        ),
        ASKED.replace("-> helpdesk@get.example", "-> chair@pact.example"),
        ASKED.replace("Can you please tell me when the new bus will start?", "The bus was late."),
        ASKED.replace(
            "Can you please tell me when the new bus will start?",
            "We are so grateful for the crew.",
        ),
    ],
    ids=[
        "automatic",
        "bulk",
        "copy only",
        "sixteen recipients",
        "to a forum",
        "no request",
        "thanks",
    ],
)
def test_what_is_owed_no_answer_is_no_gap(words):
    assert of(STAGE, BOTH, words) == ()


def test_a_question_inside_one_party_is_no_gap_and_between_directorates_it_is():
    inside = ASKED.replace("parent@home.example", "boss@get.example")
    across = ASKED.replace("parent@home.example", "boss@cype.example")
    assert of(STAGE, BOTH, inside) == ()
    (gap,) = of(STAGE, BOTH, across)
    assert gap.parties == ("cype", "get")


def test_one_of_several_addressees_answering_is_an_answer():
    several = ASKED.replace("-> helpdesk@get.example", "-> helpdesk@get.example, lead@cype.example")
    reply = """
    #2 2022-01-12 10:00 lead@cype.example -> parent@home.example "Re: Bus" [re #1] : It starts on 21 February.
    """
    assert of(STAGE, BOTH, several, reply) == ()


def test_the_school_clock_stops_in_half_term_and_the_working_clock_goes_on():
    stage = STAGE + BOTH + "\n holiday 2022-02-14 to 2022-02-18 half term\n"
    asked = ASKED.replace("2022-01-10", "2022-02-11")
    (school,) = of(stage, "\n criterion reply_school_days = 5\n", asked)
    (working,) = of(stage, "\n criterion reply_working_days = 5\n", asked)
    assert school.measure["due"] == "2022-02-25"
    assert "29 school days and 34 working days had passed" in school.sentence
    assert working.measure["due"] == "2022-02-18"


def test_a_threshold_of_case_toml_wins_over_a_criterion():
    stage = STAGE + BOTH + "\n criterion reply = kcc-complaint\n rule unanswered days = 3\n"
    (gap,) = of(stage, ASKED)
    assert gap.measure["days allowed"] == 3
    assert gap.measure["criterion"] == "case.toml, [rules.unanswered]"


def test_a_criterion_in_force_is_named_and_one_out_of_force_is_not_applied():
    (named,) = of(STAGE, BOTH, "\n criterion reply = foi\n", ASKED)
    assert (named.measure["criterion"], named.measure["due"]) == ("foi", "2022-02-07")
    (default,) = of(STAGE, BOTH, "\n criterion reply = lgsco-stage-1\n", ASKED)
    assert default.measure["criterion"] == "default of the rule"
    assert "A criterion was set that was not in force" in failed(default)


def test_a_request_of_which_the_covering_mailbox_holds_no_copy_may_not_have_arrived():
    other = """
    #9 2022-01-05 10:00 helpdesk@get.example -> lead@get.example "Rota" : The rota for January.
    """
    (gap,) = of(STAGE, BOTH, other, ASKED.replace('"Bus" :', '"Bus" [held parent@home.example] :'))
    assert "It was lost on the way" in failed(gap)


def test_the_id_survives_later_evidence_and_its_exhibits_tell():
    (before,) = of(STAGE, BOTH, ASKED)
    auto = """
    #2 2022-01-10 09:31 helpdesk@get.example -> parent@home.example "Automatic reply: Bus" [re #1] [auto] : Thank you.
    """
    (after,) = of(STAGE, BOTH, ASKED, auto)
    assert before.id == after.id
    assert before.exhibits_digest != after.exhibits_digest


def test_somebody_who_moved_counts_for_the_party_of_the_day():
    from commtrace.brief import Person
    from commtrace.model import Membership

    mover = Person(
        name="Mo",
        address="mo@get.example",
        membership=(
            Membership(party="get", until=date(2022, 1, 14)),
            Membership(party="cype", since=date(2022, 1, 15)),
        ),
    )
    asked = ASKED.replace("-> helpdesk@get.example", "-> mo@get.example")
    (gap,) = of(STAGE, BOTH, asked, people=(mover,))
    assert gap.owes == "get"
    (later,) = of(STAGE, BOTH, asked.replace("2022-01-10", "2022-01-17"), people=(mover,))
    assert later.owes == "cype"


@story
def test_a_story_reads_as_an_exchange(view):
    """
    party get directorate get.example
    party families families home.example
    mailbox helpdesk@get.example 2021-09-01 to 2022-03-31
    as of 2022-03-31

    #1 2022-01-10 09:30 parent@home.example -> helpdesk@get.example "Bus" : Can you tell me when?
    #2 2022-01-12 10:00 helpdesk@get.example -> parent@home.example "Re: Bus" [re #1] : On Monday.
    """
    assert len(view) == 2
    assert view.parent.tolist() == [-1, 0]
    assert view.custodians_holding["message-1"] == ("helpdesk@get.example",)
    assert findings(view) == ()


NAMED = """
    #1 2022-02-11 09:30 parent@home.example -> helpdesk@get.example "A seat" : Can you tell me if B.A. keeps her own seat by the door on W26?
"""


def test_an_answer_in_a_new_thread_that_names_the_same_and_more_is_an_answer():
    answer = """
    #2 2022-02-15 10:00 planner@get.example -> parent@home.example "Your daughter" : B.A. keeps the seat by the door on W26.
    """
    assert of(STAGE, BOTH, NAMED, answer) == ()


def test_a_new_thread_that_names_the_same_and_nothing_more_is_none():
    other = """
    #2 2022-02-15 10:00 planner@get.example -> parent@home.example "Invoice" : The school has paid for B.A. in full.
    """
    (gap,) = of(STAGE, BOTH, NAMED, other)
    assert gap.measure["other messages considered"] == 1
    assert failed(gap) == []


def test_a_circular_to_many_is_no_possible_answer():
    many = ", ".join(["parent@home.example", *(f"p{n}@home.example" for n in range(8))])
    circular = f"""
    #2 2022-01-20 10:00 helpdesk@get.example -> {many} "Bus" [bulk] : The new bus will start on 21 February.
    #3 2022-01-21 10:00 helpdesk@get.example -> {many} "The new bus" : The new bus will start soon.
    """
    (gap,) = of(STAGE, BOTH, ASKED, circular)
    assert gap.measure["possible answers"] == 0


def test_a_letter_that_answers_the_message_of_that_day_is_an_answer():
    from dataclasses import replace

    letter = """
    #2 2022-01-24 10:00 office@get.example -> letter@paper.example "" [letter] : Dear Ms Bell,|In answer to your e-mail of 10 January 2022, the bus starts on 21 February.
    """
    view = view_of(STAGE + BOTH + ASKED + letter)
    labels = {"parent@home.example": "Ann Bell", "letter@paper.example": "Ms A Bell"}
    people = tuple(
        replace(one, label=labels.get(one.members[0].address, one.label)) for one in view.identities
    )
    assert findings(replace(view, identities=people)) == ()
    strangers = tuple(
        replace(one, label="Ms C Bell") if one.label == "Ms A Bell" else one for one in people
    )
    assert len(findings(replace(view, identities=strangers))) == 1


def test_a_receipt_is_no_absence_and_an_out_of_office_reply_is():
    receipt = """
    #2 2022-01-10 09:31 helpdesk@get.example -> parent@home.example "Automatic reply: Bus" [re #1] [auto] : Thank you for your message. We have it.
    """
    absence = receipt.replace("We have it.", "I am out of the office until 20 January.")
    (gap,) = of(STAGE, BOTH, ASKED, receipt)
    assert failed(gap) == []
    (away,) = of(STAGE, BOTH, ASKED, absence)
    assert failed(away) == ["An addressee was away"]


@pytest.mark.parametrize(
    ("words", "is_away"),
    [
        ("I am on annual leave until 21 January. I will read it then.", True),
        ("I am out of the office from 5.1.2022 to 21/01/2022.", True),
        ("I am on annual leave until 7 January.", False),
        ("I am out of the office. The forum meets on 21 January.", False),
    ],
    ids=["until a later day", "to a later day", "back before it", "the day is of something else"],
)
def test_leave_that_an_earlier_automatic_reply_gives_reaches_a_later_request(words, is_away):
    """It was sent to somebody else, five days before the request, and the reply comes to nobody."""
    away = f"""
    #8 2022-01-05 09:00 lead@cype.example -> helpdesk@get.example "Rota" : The rota for January.
    #9 2022-01-05 09:01 helpdesk@get.example -> lead@cype.example "Automatic reply: Rota" [re #8] [auto] : {words}
    """
    (gap,) = of(STAGE, BOTH, away, ASKED)
    assert failed(gap) == (["An addressee was away"] if is_away else [])
    if is_away:
        (said,) = (one.because for one in gap.checks if one.what == "An addressee was away")
        assert said == (
            "an automatic reply of 5 Jan 2022 says that they were away and names 21 Jan 2022"
        )


def test_a_body_that_asked_for_a_family_is_answered_by_an_answer_to_the_family():
    passed_on = """
    #2 2022-01-11 10:00 helpdesk@get.example -> lead@cype.example "Re: Bus" [re #1] : Could you tell this parent when it starts?
    #3 2022-01-14 10:00 lead@cype.example -> parent@home.example "Re: Bus" [re #1] : It starts on 21 February.
    """
    assert of(STAGE, BOTH, ASKED, passed_on) == ()


def notes(number):
    footer = "To provide attribution, please cite the archive of which this copy is a part."
    return "".join(
        f"""
    #{n} 2022-01-{10 + n % 10} 09:30 parent{n % 5}@home.example -> helpdesk@get.example "Note {n}" : {footer}
    """
        for n in range(number)
    )


def test_a_footer_in_everybodys_mail_is_nobodys_request():
    assert of(STAGE, BOTH, notes(25)) == ()


def test_the_same_question_by_several_people_is_everybodys_own():
    assert len(of(STAGE, BOTH, notes(5))) == 5


def test_a_message_that_wants_no_reply_is_owed_none():
    told = ASKED.replace("|Kind regards", "|No reply needed if it has not changed.|Kind regards")
    assert of(STAGE, BOTH, told) == ()


def test_a_mailbox_of_which_sent_items_alone_were_collected_cannot_show_what_came():
    from dataclasses import replace

    view = view_of(STAGE + BOTH + ASKED + OWN)
    (gap,) = findings(view)
    assert gap.observability is Observability.OBSERVED
    sent_only = tuple(
        replace(one, folders=("Sent Items",)) if one.name.startswith("parent") else one
        for one in view.brief.custodians
    )
    (half,) = findings(replace(view, brief=replace(view.brief, custodians=sent_only)))
    assert half.observability is Observability.ONE_SIDE


OWN = """
    #9 2022-01-05 10:00 parent@home.example -> other@home.example "Hello" : Hello.
"""


def test_a_letter_is_answered_by_a_message_that_speaks_of_the_letter():
    letter = """
    #1 2022-01-10 09:30 parent@home.example -> helpdesk@get.example "Late arrivals in September" [letter] : Could you tell me why the bus was late?
    #2 2022-01-12 10:00 helpdesk@get.example -> parent@home.example "Late arrivals" : Thank you for the letter. The road was closed.
    """
    assert of(STAGE, BOTH, letter) == ()
    (gap,) = of(STAGE, BOTH, letter.replace("Thank you for the letter. ", ""))
    assert failed(gap) == ["It was answered in another thread"]


def test_a_question_by_somebody_without_a_party_is_owed_an_answer_too():
    from dataclasses import replace

    def unplaced(view):
        party = view.sender_party.copy()
        party[0] = -1
        return replace(view, sender_party=party)

    (gap,) = findings(unplaced(view_of(STAGE + BOTH + ASKED)))
    assert gap.parties == ("get",)
    assert "(not placed with a party)" in gap.sentence
    answer = """
    #2 2022-01-12 10:00 helpdesk@get.example -> parent@home.example "Re: Bus" [re #1] : On Monday.
    """
    assert findings(unplaced(view_of(STAGE + BOTH + ASKED + answer))) == ()


def test_a_party_guessed_from_a_domain_owes_only_where_a_mailbox_of_it_was_supplied():
    stage = "\n as of 2022-03-31\n mailbox helpdesk@get.example\n"
    own = """
    #9 2022-01-05 10:00 helpdesk@get.example -> other@get.example "Rota" : The rota.
    #8 2022-03-30 10:00 helpdesk@get.example -> other@get.example "Rota" : The rota.
    """
    back = ASKED.replace("#1", "#2").replace(
        "parent@home.example -> helpdesk@get.example", "helpdesk@get.example -> firm@taxis.example"
    )
    (gap,) = of(stage, own, ASKED, back)
    assert gap.anchor == ("message-1",)


SURGERY = """
    party trust directorate trust.example
    party surgery directorate surgery.example
    party patients families post.example
    mailbox kay@trust.example 2023-03-01 to 2023-06-16
    mailbox ruth@surgery.example 2023-03-01 to 2023-06-16
    as of 2023-06-16
"""
FORM = """
    #1 2023-04-03 11:00 ruth@surgery.example -> kay@trust.example "Referral form version" : Which version of the knee referral form should we be using?
"""


def test_an_answer_under_another_subject_that_names_the_day_without_its_year_is_an_answer():
    other = """
    #2 2023-04-05 16:00 kay@trust.example -> ruth@surgery.example "Knee forms" : Ruth, you asked on 3 April about the knee referral form. The 2023 version is in force.
    """
    assert of(SURGERY, FORM, other) == ()
    (gap,) = of(SURGERY, FORM, other.replace("3 April", "3 March"))
    assert gap.anchor == ("message-1",)


@pytest.mark.parametrize(
    "words",
    [
        "Please use the 2023 version from today; the blue one is withdrawn.",
        "For more, please visit our page.",
        "Who would have thought it?",
        'You asked me "when will the list be done?" last week. It is done.',
    ],
)
def test_telling_somebody_what_to_use_or_repeating_a_question_asks_for_no_answer(words):
    told = f"""
    #1 2023-04-03 11:00 ruth@surgery.example -> kay@trust.example "Forms" : {words}
    """
    assert of(SURGERY, told) == ()


@pytest.mark.parametrize(
    ("sender", "footer"),
    [
        ("parcels@carrier.example", "***Do not reply to this e-mail."),
        ("parcels@carrier.example", "To unsubscribe, follow this link."),
        ("no-reply@carrier.example", "Carrier Ltd"),
    ],
)
def test_mail_sent_out_by_a_system_is_owed_no_answer(sender, footer):
    mailed = f"""
    #1 2023-04-03 11:00 {sender} -> kay@trust.example "Your parcel" : Please tell us how we did. What did you like?|{footer}
    """
    assert of(SURGERY, mailed) == ()


def test_a_person_who_reports_that_a_mail_forbids_replies_is_owed_an_answer():
    asked = """
    #1 2023-04-03 11:00 pat@post.example -> kay@trust.example "Your text" : It says do not reply to this e-mail. Whom can I ask about my appointment?
    """
    assert len(of(SURGERY, asked)) == 1


def test_a_sentence_that_ends_with_a_quotation_has_one_mark_at_its_end():
    said = FORM.replace("Which version of the knee referral form should we be using?", "Please {}")
    (asks,) = of(SURGERY, FORM)
    assert "should we be using?” No record" in asks.sentence
    (orders,) = of(SURGERY, said.format("send me the forms."))
    assert "“Please send me the forms.” No record" in orders.sentence
    (bare,) = of(SURGERY, said.format("send me the forms"))
    assert "“Please send me the forms”. No record" in bare.sentence


def test_the_days_that_passed_are_named_beside_the_date():
    (gap,) = of(SURGERY, FORM)
    assert "by 16 Jun 2023, 49 working days had passed." in gap.sentence


def test_a_mailbox_that_bears_the_name_of_its_party_is_named_once_and_a_person_with_their_role():
    people = (
        Person(name="TRUST", address="kay@trust.example"),
        Person(name="Ruth Pike", address="ruth@surgery.example", role="Practice Manager"),
    )
    (gap,) = of(SURGERY, FORM, people=people)
    assert "Ruth Pike, Practice Manager (SURGERY) asked TRUST: " in gap.sentence


def test_the_wait_is_counted_to_the_last_day_that_the_mailboxes_cover():
    stage = SURGERY.replace(
        "kay@trust.example 2023-03-01 to 2023-06-16", "kay@trust.example 2023-03-01 to 2023-05-12"
    )
    (gap,) = of(stage, FORM)
    assert "by 12 May 2023, the last day covered, 25 working days had passed." in gap.sentence
    assert gap.measure["days elapsed"] == 25
    assert gap.window.said == "3 Apr 2023 to 12 May 2023"


CAMPUS = """
    party uni directorate uni.example
    party build provider build.example
    party union forum union.example
    party students families student.example
    mailbox help@uni.example 2022-09-01 to 2023-01-31
    as of 2023-01-31
"""
LIFT = """
    #1 2022-10-03 09:00 ann@student.example -> help@uni.example "Lift in Block D" : When will it be mended?
"""


def test_whoever_it_was_passed_to_may_answer_the_asker_in_a_message_of_their_own():
    passed = """
    #2 2022-10-04 09:00 help@uni.example -> gus@build.example "FW: Lift in Block D" [fw #1] : Please tell Ann direct.
    """
    told = """
    #3 2022-10-05 09:00 gus@build.example -> ann@student.example "Repairs" : Dear Ann, the lift in Block D will be mended on Friday.
    """
    assert of(CAMPUS, LIFT, passed, told) == ()
    assert len(of(CAMPUS, LIFT, passed)) == 1
    assert len(of(CAMPUS, LIFT, passed, told.replace("lift in Block D", "roof"))) == 1


def test_a_forums_request_is_answered_where_the_person_it_was_copied_to_is_told():
    asked = """
    #1 2022-10-03 09:00 welfare@union.example -> help@uni.example "Block D" [cc ann@student.example] : I write for Ann. Will you please mend the lift?
    """
    told = """
    #2 2022-10-05 09:00 help@uni.example -> ann@student.example "RE: Block D" [re #1] : It is mended.
    """
    assert len(of(CAMPUS, asked)) == 1
    assert of(CAMPUS, asked, told) == ()


def test_thanks_for_a_call_that_answered_it_close_the_matter():
    thanks = """
    #2 2022-10-04 09:00 ann@student.example -> help@uni.example "RE: Lift in Block D" [re #1] : Thanks for ringing me back so quickly.
    """
    assert of(CAMPUS, LIFT, thanks) == ()


@pytest.mark.parametrize(
    "words",
    [
        "Please keep the gate clear.",
        "Please bear with us while the drilling goes on.",
        "Please give my regards to the team.",
        "I can confirm that the works end on Tuesday.",
        "Let me know if you need anything else.",
    ],
)
def test_what_is_said_in_passing_is_owed_no_answer(words):
    said = f"""
    #1 2022-10-03 09:00 ann@student.example -> help@uni.example "Works" : {words}
    """
    assert of(CAMPUS, said) == ()


def test_being_kept_informed_is_owed_an_answer():
    said = """
    #1 2022-10-03 09:00 ann@student.example -> help@uni.example "Works" : Please keep me informed of the repair.
    """
    assert len(of(CAMPUS, said)) == 1


COLLEAGUE = """
    #2 2022-01-18 09:30 {who} -> parent@home.example "{subject}" : {words}
"""


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Your enquiry", "Your message about the bus came to me. It runs from Monday."),
        ("Monday", "You asked when the new bus will start. It is on Monday."),
    ],
)
def test_a_colleague_who_says_whose_question_it_is_and_names_the_matter_answers_it(subject, words):
    told = COLLEAGUE.format(who="clerk@get.example", subject=subject, words=words)
    assert of(STAGE, BOTH, ASKED, told) == ()


def test_a_colleague_who_answers_another_question_does_not_answer_this_one():
    words = "Your message about the swimming pool came to me. It opens at nine."
    told = COLLEAGUE.format(who="clerk@get.example", subject="Your enquiry", words=words)
    assert len(of(STAGE, BOTH, ASKED, told)) == 1


def test_an_answer_whose_clock_was_behind_the_question_is_an_answer():
    early = """
    #2 2022-01-10 09:20 helpdesk@get.example -> parent@home.example "Start" [re #1] : On Monday.
"""
    assert len(of(STAGE, BOTH, ASKED)) == 1
    assert of(STAGE, BOTH, ASKED, early) == ()


def test_a_familys_wait_is_said_in_their_days_too_where_the_council_counts_its_own():
    stage = STAGE.replace("families home.example", "families home.example in:school")
    (gap,) = of(stage, BOTH, "\n holiday 2022-02-14 to 2022-02-18 half term\n", ASKED)
    assert "by 31 Mar 2022, 58 working days and 53 school days had passed" in gap.sentence
