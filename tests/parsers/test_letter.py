"""Letters in the layouts that councils, schools, firms and families use."""

from __future__ import annotations

from datetime import date

import pytest

from commtrace.model import Channel, Source
from commtrace.moments import Basis, local_day, say
from commtrace.parsers import _letterdate, _letterpeople
from commtrace.parsers._letter import letterhead, record

COUNCIL = """Wantsum County Council
Integrated Children's Services
Sessions House
Wantsum
CT9 1XQ

Telephone: 01632 960 141
Ask for: Jane Smith
Email: send.transport@wantsum.example

Mrs A Okafor
12 Mill Lane
Wantsum
CT5 2BC

Our ref: SEN/2022/0147
Your ref:
Date: 11 February 2022

Dear Mrs Okafor

School transport appeal: stage 2

I write further to your letter of 7 December 2021, received on 9 December 2021.
The panel met on 3 February 2022.

Yours sincerely


Jane Smith
Head of SEND Transport
Wantsum County Council

cc: Cllr P Marsh
    Thomas Brown, Headteacher
"""

PARENT = """12 Mill Lane
Wantsum
CT5 2BC

7th December 2021

The Director of Children's Services
Wantsum County Council
Sessions House
Wantsum CT9 1XQ

Dear Sir or Madam,

RE: Transport for my son

My son was promised a place by 1 September 2021 and I have heard nothing.

Yours faithfully,

A. Okafor (Mrs)
"""

SCHOOL = """Stour Valley Academy                               Our Ref: SVA/AB/7
Head: Mr T Brown                                   Date: 03/02/2022

BY EMAIL: a.okafor@mail.example

Dear Parent/Carer,

Thank you for attending.

Kind regards,

Mr T Brown BA (Hons)
Headteacher
t.brown@stourvalley.example
"""

FORUM = """Wantsum Parent Carer Forum
Registered charity 0000001
www.wpcf.example | hello@wpcf.example

Councillor Marsh
Cabinet Member for Education
Wantsum County Council

21 January 2022

Dear Councillor Marsh,

Open letter on school transport

We represent 400 families.

With best wishes,

On behalf of the Wantsum Parent Carer Forum

Ruth Adeyemi, Chair
"""

PSYCHOLOGIST = """Our Ref ABC/1/22    Your Ref XYZ-9    Tel 01632 960 000

Monday 7 March 2022

Private and Confidential
Ms K. O'Neill
Flat 2
3 The Street

Dear Ms O'Neill
Re: Annual review of the plan
and placement
I am writing to confirm what we discussed when we met last week at the school.
Yours truly
Dr Samuel van der Berg
Educational Psychologist
"""

MEMO = """MEMORANDUM

To: Jane Smith; Peter Hall
From: Mary Lee <mary.lee@wantsum.example>
Cc: Tom Brown
Date: 14 January 2022
Subject: Route R7 contract

The route has no driver from Monday.
"""


def test_a_council_letter_gives_date_people_references_salutation_and_subject():
    found = letterhead(COUNCIL)
    assert (say(found.date), found.date.basis) == ("11 Feb 2022", Basis.LETTERHEAD)
    assert (found.sender.name, found.sender.address) == (
        "Jane Smith",
        "send.transport@wantsum.example",
    )
    assert [one.name for one in found.recipients] == ["Mrs A Okafor"]
    assert (found.our_ref, found.your_ref) == ("SEN/2022/0147", None)
    assert found.salutation == "Dear Mrs Okafor"
    assert found.subject == "School transport appeal: stage 2"
    assert found.signatory == "Jane Smith"
    assert [one.name for one in found.copies] == ["Cllr P Marsh", "Thomas Brown, Headteacher"]


def test_dates_that_the_letter_only_mentions_are_not_its_date():
    found = letterhead("Dear Ms Smith\n\nI refer to your letter of 3 March 2022.\n\nRegards\nTom\n")
    assert found.date is None


def test_a_family_writes_to_a_body_and_its_own_address_is_not_the_addressee():
    found = letterhead(PARENT)
    assert found.recipients[0].name == "The Director of Children's Services"
    assert (found.sender.name, found.sender.address) == ("A. Okafor", "")
    assert (say(found.date), found.subject) == ("7 Dec 2021", "Transport for my son")


def test_two_columns_on_one_line_are_told_apart():
    found = letterhead(SCHOOL)
    assert (found.our_ref, say(found.date)) == ("SVA/AB/7", "3 Feb 2022")
    assert found.recipients[0].address == "a.okafor@mail.example"
    assert (found.sender.name, found.sender.address) == (
        "Mr T Brown",
        "t.brown@stourvalley.example",
    )


def test_a_numeric_date_is_read_day_first_and_says_so():
    found = letterhead(SCHOOL)
    assert any("day first" in doubt for doubt in found.doubts)


def test_an_addressee_who_is_greeted_by_name_is_found_among_organisations():
    found = letterhead(FORUM)
    assert found.recipients[0].name == "Councillor Marsh"
    assert found.sender.name == "Ruth Adeyemi"
    assert found.sender.said == "Ruth Adeyemi, Wantsum Parent Carer Forum"


def test_references_beside_each_other_and_a_subject_that_runs_on_are_read():
    found = letterhead(PSYCHOLOGIST)
    assert (found.our_ref, found.your_ref) == ("ABC/1/22", "XYZ-9")
    assert found.subject == "Annual review of the plan and placement"
    assert found.recipients[0].name == "Ms K. O'Neill"
    assert found.sender.name == "Dr Samuel van der Berg"


def test_a_memo_is_read_by_its_labels():
    found = letterhead(MEMO)
    assert [one.name for one in found.recipients] == ["Jane Smith", "Peter Hall"]
    assert (found.sender.name, found.sender.address) == ("Mary Lee", "mary.lee@wantsum.example")
    assert [one.name for one in found.copies] == ["Tom Brown"]
    assert (found.subject, say(found.date)) == ("Route R7 contract", "14 Jan 2022")


def test_minutes_carry_the_day_of_the_meeting_with_a_doubt_and_no_sender():
    found = letterhead("Minutes of the Transport Board\nHeld on 3 February 2022\n\n1. Apologies\n")
    assert (found.channel, say(found.date)) == (Channel.MINUTE, "3 Feb 2022")
    assert found.sender is None
    assert _letterdate.OF_THE_MEETING in found.doubts


def test_a_file_note_is_a_note():
    assert letterhead("File note\n\nDate: 2 March 2022\nSpoke to A.\n").channel is Channel.NOTE


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("3 March 2022", date(2022, 3, 3), date(2022, 3, 3)),
        ("Date: Monday, 7th March 2022", date(2022, 3, 7), date(2022, 3, 7)),
        ("w/c 7 February 2022", date(2022, 2, 7), date(2022, 2, 13)),
        ("Week commencing 7 February 2022", date(2022, 2, 7), date(2022, 2, 13)),
        ("March 2022", date(2022, 3, 1), date(2022, 3, 31)),
        ("November 28, 2008", date(2008, 11, 28), date(2008, 11, 28)),
        ("07.03.22", date(2022, 3, 7), date(2022, 3, 7)),
        ("2022-03-07", date(2022, 3, 7), date(2022, 3, 7)),
        ("Wantsum Pension Centre    23 April 2018", date(2018, 4, 23), date(2018, 4, 23)),
    ],
)
def test_a_date_line_is_an_interval_of_whole_days(line, first, last):
    moment = letterhead(f"{line}\n\nDear Jane\n\nHello.\n").date
    assert (local_day(moment.earliest), local_day(moment.last_second)) == (first, last)


@pytest.mark.parametrize(
    "line",
    [
        "Date [XX/XX/XXXX]",
        "Date of birth: 4 June 2011",
        "Your letter dated 5 May 2021",
        "31 February 2022",
        "Meeting on 3 March 2022",
    ],
)
def test_what_is_no_date_of_the_letter_gives_none(line):
    assert letterhead(f"{line}\n\nDear Jane\n\nHello.\n").date is None


def test_of_several_dates_the_one_nearest_above_the_salutation_counts_with_a_doubt():
    found = letterhead("1 March 2022\n\n4 March 2022\n\nDear Jane\n\nHello.\n")
    assert say(found.date) == "4 Mar 2022"
    assert _letterdate.SEVERAL in found.doubts


def test_a_weekday_that_does_not_fit_its_date_is_a_doubt():
    assert _letterdate.WEEKDAY in letterhead("Tuesday 7 March 2022\n\nDear Jane\n").doubts


def test_a_date_below_the_signature_counts_with_a_doubt():
    found = letterhead("Dear Ms Smith\n\nI object.\n\nYours sincerely, Ada Okafor\n3 March 2022\n")
    assert (say(found.date), found.signatory) == ("3 Mar 2022", "Ada Okafor")
    assert _letterdate.AT_THE_END in found.doubts


def test_a_letter_without_a_date_takes_the_one_in_its_file_name_and_says_so():
    source = Source(sha256="0" * 64, path="letters/2022-03-07 reply.txt")
    found = record(source, "Dear Jane\n\nHello.\n", reader="txt", name="2022-03-07 reply.txt")
    assert (say(found.sent), found.sent.basis) == ("7 Mar 2022", Basis.FILE_NAME)
    assert _letterdate.OF_THE_NAME in found.doubts


@pytest.mark.parametrize(
    "name", ["reply.txt", "letter 12345678.txt", "2021-09-01 to 2021-10-01.txt"]
)
def test_a_name_without_exactly_one_date_gives_none(name):
    source = Source(sha256="0" * 64, path=name)
    assert record(source, "Dear Jane\n\nHello.\n", reader="txt", name=name).sent is None


def test_two_signatories_are_a_doubt():
    found = letterhead("Dear All\n\nHello.\n\nSincerely,\n\nRob Ashe            Amy Goyal\n")
    assert found.sender.name == "Rob Ashe"
    assert _letterpeople.TWO_SIGN in found.doubts


def test_a_letter_that_nobody_signs_is_from_the_body_at_its_head_with_a_doubt():
    found = letterhead("Wantsum County Council\n\n3 March 2022\n\nDear Resident\n\nRoad works.\n")
    assert found.sender.name == "Wantsum County Council"
    assert _letterpeople.BY_HEADING in found.doubts


def test_a_job_title_is_not_taken_for_a_name():
    text = "Dear Mr Hall\n\nHello.\n\nYours sincerely\n\nComplaints Officer\nWantsum Council\n"
    assert letterhead(text).signatory is None


def test_a_running_first_sentence_is_not_a_subject():
    found = letterhead(
        "Dear Tom\n\nThank you for calling me about the bus yesterday.\n\nRegards\nAda\n"
    )
    assert found.subject == ""


def test_two_letterhead_addresses_are_not_guessed_between():
    text = COUNCIL.replace("Ask for: Jane Smith", "Other: info@wantsum.example")
    assert letterhead(text).sender.address == ""


@pytest.mark.parametrize("text", ["", "\n\n\n", "Dear", "Our ref:", "Re:", "cc:", "Dear \n\f\n"])
def test_almost_nothing_gives_nothing(text):
    found = letterhead(text)
    assert (found.date, found.sender, found.recipients, found.subject) == (None, None, (), "")


def test_a_long_text_without_line_ends_is_read_at_once():
    assert letterhead("dear " + "1/2/2022 ref a@b " * 200_000).date is None


def test_a_printed_mail_carries_its_own_day_and_not_the_stamp_of_who_disclosed_it():
    text = (
        "UNCLASSIFIED\nCase No. 12\nDate: 13/05/2015          RELEASE IN PART\n\n\n"
        "From:          Mills, Cheryl <cheryl@state.example>\n"
        "Sent           Sunday, November 11, 2012 10:16 AM\nTo:            H\n"
        "Subject:       Fw: The road\n\nSee below.\n\nFrom: Pat\nSent: 10 November 2012\n"
    )
    found = letterhead(text)
    assert (say(found.date), found.channel) == ("11 Nov 2012", Channel.EMAIL)
    assert (found.sender.name, found.sender.address) == ("Mills, Cheryl", "cheryl@state.example")
    assert found.subject == "Fw: The road"
    assert found.doubts


def test_a_mail_pasted_into_a_letter_does_not_make_it_a_memo():
    text = PARENT.replace("My son was", "From: Bob\nSent: 1 May 2020\nTo: Tom\nMy son was")
    assert (letterhead(text).sender.name, letterhead(text).channel) == ("A. Okafor", Channel.LETTER)


def test_a_circular_names_whom_it_is_for_and_its_heading_may_touch_the_text():
    found = letterhead(
        "Wantsum County Council\n\nTo families of pupils travelling on 7 December 2021\n\n"
        "8 December 2021\n\nDear parent or carer,\nHave your say: draft statement\n"
        "We are asking for views on a draft statement of how children with special educational\n"
        "needs travel to school.\n\nYours faithfully,\n\nClementine Roe\n"
    )
    assert found.recipients[0].name == "families of pupils travelling on 7 December 2021"
    assert found.subject == "Have your say: draft statement"
    assert say(found.date) == "8 Dec 2021"


def test_a_team_that_signs_is_the_sender_and_a_letter_may_be_a_reference():
    found = letterhead(
        "Wantsum County Council\n\nMr Marek Zielny\n14 Saltpan Lane, Wantsum CT9 1DD\n\n"
        "Our ref: GET/22/7\nYour ref: your e-mail of 11 February 2022\n24 February 2022\n\n"
        "Dear Mr Zielny,\n\nTransport for K.Z.\n\nIn answer to your e-mail: it is route W40.\n\n"
        "Yours sincerely,\n\nTransport Helpdesk\n"
    )
    assert found.sender.said == "Transport Helpdesk, Wantsum County Council"
    assert found.your_ref == "your e-mail of 11 February 2022"
    assert (found.subject, say(found.date)) == ("Transport for K.Z.", "24 Feb 2022")
    assert found.recipients[0].said == "Mr Marek Zielny, 14 Saltpan Lane, Wantsum CT9 1DD"


def test_a_complaint_headed_by_its_writer_is_addressed_to_the_body_below():
    found = letterhead(
        "Gwen Ostler\n\n3 Mill Cottages, Wantsum CT5 6CC\n\nComplaints Team\n"
        "Wantsum County Council\n17 February 2022\nDear Sir or Madam,\n\nComplaint\n\n"
        "I had no answer.\n\nYours faithfully,\nGwen Ostler\n"
    )
    assert found.sender.said == "Gwen Ostler"
    assert found.recipients[0].name == "Complaints Team"
