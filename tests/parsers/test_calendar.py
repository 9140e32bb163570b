"""Calendar files: who asks whom to what, by which clock, and what a damaged file still says."""

import pytest
from messages import read as read_mail
from messages import with_headers
from office import EVENT, ZONE, calendar_file
from papers import item, problems, read, record

from commtrace.model import Channel, Embedded, ProblemKind, Record
from commtrace.moments import Basis
from commtrace.parsers._icaltime import BY_NAME, FLOATING, UNKNOWN, repeats
from commtrace.parsers._meetingcard import CHANGED, CUT, NOBODY
from commtrace.parsers.calendar import calendar
from commtrace.plugins import choose


def card(*events, **more):
    return record(calendar, "a.ics", calendar_file(*events, **more))


def changed(*pairs):
    event = EVENT
    for old, new in pairs:
        assert old in event
        event = event.replace(old, new)
    return card(event)


def test_an_invitation_is_from_its_organiser_to_those_asked():
    found = card()
    assert found.channel is Channel.MEETING
    assert (found.sender.name, found.sender.address) == ("Pell, Bernard", "b.pell@council.example")
    assert [one.address for one in found.to] == ["h.whitlock@pact.example"]
    assert [one.address for one in found.cc] == ["o.tarrant@council.example"]
    assert found.subject == "PACT, weekly"


def test_it_was_sent_when_it_was_stamped():
    sent = card().sent
    assert (sent.basis, sent.said, sent.exact) == (Basis.CALENDAR, "20220301T090000Z", True)


def test_time_and_place_stand_in_words_at_the_head_of_the_text():
    assert card().text.split("\n") == [
        "Invitation to a meeting",
        "When: 4 Apr 2022, 10:00 to 11:30",
        "Where: Room 3; Sessions House",
        "Rooms: Room 3 <room3@council.example>",
        "Answers so far: Hannah Whitlock (accepted)",
        "",
        "Routes that do not run.",
        "Bring the list.",
    ]


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        ("DTSTART;TZID=Our time:20220327T003000", "27 Mar 2022, 00:30"),
        ("DTSTART;TZID=Our time:20220327T023000", "27 Mar 2022, 02:30"),
        ("DTSTART;TZID=Our time:20221030T023000", "30 Oct 2022, 02:30"),
        ("DTSTART:20220404T090000Z", "4 Apr 2022, 09:00 to 11:30 UTC (10:00 in London)"),
        ("DTSTART:20220104T090000Z", "4 Jan 2022, 09:00"),
        ("DTSTART:20220404T100000", "4 Apr 2022, 10:00 to 11:30 (no time zone given)"),
        ("DTSTART;VALUE=DATE:20220404", "4 Apr 2022"),
        ("DTSTART;TZID=Europe/Berlin:20220404T110000",
         "4 Apr 2022, 11:00 to 11:30 Europe/Berlin (10:00 in London)"),
        ("DTSTART;TZID=GMT Standard Time:20220404T100000", "4 Apr 2022, 10:00 to 11:30"),
        ("DTSTART;TZID=Mars:20220404T100000", "4 Apr 2022, 10:00 to 11:30 (Mars)"),
    ],
)  # fmt: skip
def test_the_clock_of_the_meeting_is_shown_as_it_is_set(start, shown):
    event = EVENT.replace("DTSTART;TZID=Our time:20220404T100000", start)
    assert any(line.startswith(f"When: {shown}") for line in card(event).text.split("\n"))


@pytest.mark.parametrize(
    ("zone", "doubt"),
    [
        (";TZID=Europe/London", BY_NAME.format(zone="Europe/London")),
        (";TZID=Mars", UNKNOWN.format(zone="Mars")),
        ("", FLOATING),
    ],
)
def test_a_zone_that_the_file_does_not_define_is_a_doubt(zone, doubt):
    assert doubt in changed((";TZID=Our time:20220404T100000", f"{zone}:20220404T100000")).doubts


def test_a_stamp_without_a_zone_is_as_wide_as_the_zones_of_the_world():
    found = changed(("DTSTAMP:20220301T090000Z", "DTSTAMP:20220301T090000"))
    assert (found.sent.latest - found.sent.earliest).total_seconds() == 26 * 3600 + 1


def test_an_answer_goes_to_the_organiser():
    event = EVENT.replace(
        "ATTENDEE;ROLE=OPT-PARTICIPANT;CN=Odette Tarrant:mailto:o.tarrant@council.example\n", ""
    ).replace("ATTENDEE;CUTYPE=ROOM;CN=Room 3:mailto:room3@council.example\n", "")
    found = card(event.replace("ACCEPTED", "DECLINED"), method="REPLY")
    assert (found.sender.name, found.to[0].name) == ("Hannah Whitlock", "Pell, Bernard")
    assert found.text.startswith("Answer to an invitation: declined")


@pytest.mark.parametrize(
    ("method", "words"),
    [("CANCEL", "Cancellation of a meeting"), ("COUNTER", "Proposal of another time")],
)
def test_what_an_item_asks_is_said(method, words):
    assert card(method=method).text.startswith(words)


def test_an_entry_of_a_calendar_is_no_message_and_says_so():
    found = card(method="")
    assert CHANGED in found.doubts
    assert not found.text.startswith("Invitation")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=5", "every week on Monday, Wednesday, 5 times"),
        ("FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=2", "every 2 months on the last Friday"),
        ("FREQ=DAILY;UNTIL=20220401T000000Z", "every day, until 1 Apr 2022"),
        ("FREQ=YEARLY;BYSETPOS=3", "every year, BYSETPOS=3"),
        ("nonsense", "by the rule nonsense"),
    ],
)
def test_a_recurrence_is_kept_in_words(rule, words):
    assert repeats(rule) == words


def test_a_moved_occurrence_says_which():
    found = changed(("SUMMARY", "RECURRENCE-ID;TZID=Our time:20220411T100000\nSUMMARY"))
    assert "In place of the occurrence of 11 Apr 2022, 10:00" in found.text


def test_every_entry_of_a_file_has_its_place():
    found = read(calendar, "a.ics", calendar_file(EVENT, EVENT.replace("PACT", "Scrutiny")))
    assert [one.source.part for one in found] == [("entry 1",), ("entry 2",)]


def test_an_entry_that_names_nobody_says_so():
    event = "BEGIN:VEVENT\nDTSTAMP:20220301T090000Z\nSUMMARY:Think\nEND:VEVENT\n"
    assert NOBODY in card(event, method="").doubts


def test_a_task_is_a_note():
    found = card(EVENT.replace("VEVENT", "VTODO"), method="")
    assert found.channel is Channel.NOTE
    assert found.text.startswith("A task")


def test_one_bad_line_costs_nothing_else():
    found = changed(("SUMMARY", "\x00\x01 no line at all\nDTSTART;;;=bad\nSUMMARY"))
    assert found.subject == "PACT, weekly"


def test_a_file_that_is_cut_off_says_so():
    data = calendar_file()
    assert CUT in record(calendar, "a.ics", data[: data.index(b"DESCRIPTION")]).doubts


def test_a_rule_without_end_costs_no_time():
    zone = ZONE.replace("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "FREQ=SECONDLY")
    assert "When: 4 Apr 2022, 10:00" in card(zone=zone).text


def test_it_is_chosen_by_its_first_line_whatever_its_name():
    assert [one.name for one in choose(item("invite.dat", calendar_file()))] == ["calendar"]


def test_a_calendar_without_entries_is_a_problem():
    found = problems(calendar, "a.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    assert [one.kind for one in found] == [ProblemKind.NO_TEXT]


def test_a_calendar_of_version_one_is_read():
    data = (
        b"BEGIN:VCALENDAR\r\nVERSION:1.0\r\nBEGIN:VEVENT\r\nDTSTART:20220404T090000Z\r\n"
        b"SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:caf=C3=A9 and =\r\nmore\r\n"
        b"END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    assert record(calendar, "a.vcs", data).subject == "café and more"


PLAIN = b"Content-Type: text/plain\n\nPlease come."


def part(method):
    data = calendar_file(method=method).replace(b"\r\n", b"\n")
    return b"Content-Type: text/calendar; method=REQUEST\n\n" + data


def mail(kind, *parts):
    inner = b"".join(b"--BB\n" + part + b"\n" for part in parts) + b"--BB--\n"
    return with_headers(
        b"MIME-Version: 1.0", b"Content-Type: multipart/" + kind + b"; boundary=BB", body=inner
    )


def test_an_invitation_in_a_mail_is_that_mail_and_is_counted_once():
    found = read_mail(mail(b"alternative", PLAIN, part("REQUEST")))
    (one,) = found
    assert one.channel is Channel.MEETING
    assert one.text.startswith("Invitation to a meeting\nWhen: 4 Apr 2022, 10:00 to 11:30")
    assert one.text.endswith("Please come.")
    assert len(one.attachments) == 1


def test_a_calendar_sent_along_for_information_is_read_for_itself():
    found = read_mail(mail(b"mixed", PLAIN, part("")))
    assert [type(one) for one in found] == [Record, Embedded]
    assert found[0].channel is Channel.EMAIL


def test_an_entry_that_is_not_closed_does_not_swallow_the_next():
    data = calendar_file(EVENT.replace("END:VEVENT\n", ""), EVENT)
    found = read(calendar, "a.ics", data)
    assert [one.subject for one in found] == ["PACT, weekly"] * 2
    assert [CUT in one.doubts for one in found] == [True, False]


def test_an_invitation_that_is_attached_as_well_is_not_counted_again():
    twin = part("REQUEST").replace(
        b"text/calendar; method=REQUEST", b'application/octet-stream; name="invite.ics"'
    )
    (one,) = read_mail(mail(b"mixed", PLAIN, part("REQUEST"), twin))
    assert one.text.count("When:") == 1
    assert len(one.attachments) == 2
