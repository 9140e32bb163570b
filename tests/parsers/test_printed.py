"""Mail that exists only in print: layouts of several programs, chains, scans with lost letters."""

from __future__ import annotations

import json
import re
import tarfile
from collections import Counter
from datetime import timedelta
from email import message_from_bytes, policy
from itertools import islice

import pytest
import typst
from bundles import table
from papers import SHARED, item, record

from commtrace.model import Channel, Grade, Record, Source
from commtrace.parsers import _printed, _printtime
from commtrace.parsers.pdf import pdf
from commtrace.parsers.txt import txt

MEMO = """Jane Smith
____________________________________________

From:        Tom Okafor <tom@mail.example>
Sent:        3 March 2022 10:15
To:          Smith, Jane; Transport Team
Cc:          Clarke, Jean <jean@council.example>
Subject:     Route 4
Attachments: timetable.pdf
Importance:  High

The taxi came at nine again.

Tom
"""
CHAIN = (
    MEMO
    + """
-----Original Message-----
From: Smith, Jane
Sent: 02 March 2022 16:40
To: Tom Okafor
Subject: RE: Route 4

We have asked the firm.

Jane

On Tue, 1 Mar 2022 at 09:12, Tom Okafor <tom@mail.example> wrote:
> Where is the taxi?
> Tom
"""
)


def messages(text: str, name: str = "a.txt") -> list[Record]:
    return [one for one in txt.read(item(name, text.encode())) if isinstance(one, Record)]


def on_paper(*sheets: str) -> bytes:
    page = '#set page(paper: "a4", margin: 2cm)\n#set text(size: 10pt)\n'
    return typst.compile((page + "\n#pagebreak()\n".join(sheets)).encode())


def test_a_memo_style_print_gives_people_subject_and_its_time_as_written():
    (found,) = messages(MEMO)
    assert (found.channel, found.grade) == (Channel.EMAIL, Grade.REPORTED)
    assert (found.sender.name, found.sender.address) == ("Tom Okafor", "tom@mail.example")
    assert [(one.name, one.address) for one in found.to] == [
        ("Smith, Jane", ""), ("Transport Team", ""),
    ]  # fmt: skip
    assert [one.address for one in found.cc] == ["jean@council.example"]
    assert (found.subject, found.sent.said) == ("Route 4", "3 March 2022 10:15")


def test_a_printed_time_without_a_zone_is_as_wide_as_the_zones_and_says_so():
    (found,) = messages(MEMO)
    assert found.sent.latest - found.sent.earliest == timedelta(hours=26, minutes=1)
    assert _printtime.NO_ZONE in found.doubts


def test_a_printed_time_with_its_zone_is_a_minute_wide():
    (found,) = messages(MEMO.replace("10:15", "10:15 GMT"))
    assert found.sent.latest - found.sent.earliest == timedelta(minutes=1)
    assert _printtime.NO_ZONE not in found.doubts


def test_attachments_and_other_labels_stay_in_the_text_with_the_name_above():
    (found,) = messages(MEMO)
    assert "Attachments: timetable.pdf" in found.text
    assert "Importance:  High" in found.text
    assert found.text.count("Jane Smith") == 1


def test_each_message_of_a_chain_is_one_record_with_its_own_lines():
    first, second, third = messages(CHAIN)
    assert [one.sent.said for one in (first, second, third)] == [
        "3 March 2022 10:15", "02 March 2022 16:40", "Tue, 1 Mar 2022 at 09:12",
    ]  # fmt: skip
    assert second.text.startswith("We have asked the firm.\n\nJane\n\nOn Tue, 1 Mar 2022")
    assert "Where is the taxi?" not in first.text + second.text
    assert third.text == "Where is the taxi?\nTom"
    assert third.sender.address == "tom@mail.example"


def test_the_messages_of_a_chain_have_places_of_their_own():
    assert [one.source.part for one in messages(CHAIN)] == [
        ("message 1",), ("message 2",), ("message 3",),
    ]  # fmt: skip


def test_every_line_of_a_page_belongs_to_exactly_one_message():
    """The head of a quoted message is a line of the one that quotes it, as in any mail."""
    found = messages(CHAIN)
    head = [found[0].subject, found[0].sent.said, found[0].sender.said]
    head += [person.said for person in (*found[0].to, *found[0].cc)]
    held = " ".join(["From Sent To Cc Subject", *head, *(one.text for one in found)])
    assert Counter(re.findall(r"[^\W_]+", held)) == Counter(re.findall(r"[^\W_]+", CHAIN))


def test_a_message_keeps_the_head_of_the_one_it_quotes_so_that_it_is_seen_to_answer_it():
    first, second, _ = messages(CHAIN)
    assert "From: Smith, Jane\nSent: 02 March 2022 16:40" in first.text
    assert second.text.endswith("Tom Okafor <tom@mail.example> wrote:")


def test_an_answer_below_a_quotation_belongs_to_whoever_quotes():
    top, quoted = messages(
        MEMO + "\nOn 1 March 2022 at 09:12, Jane Smith wrote:\n> Who rang?\nI rang.\n"
    )
    assert "I rang." in top.text
    assert quoted.text == "Who rang?"


def test_a_page_of_a_letter_with_a_mail_printed_below_it_gives_both():
    letter = "Wantsum County Council\n\n4 March 2022\n\nDear Mr Okafor\n\nSee below.\n\n"
    first, second = messages(letter + "Yours sincerely\n\nJane Smith\n\n" + MEMO)
    assert (first.channel, first.grade) == (Channel.LETTER, Grade.ORIGINAL)
    assert (second.channel, second.subject) == (Channel.EMAIL, "Route 4")


def test_a_mail_pasted_into_the_middle_of_a_letter_leaves_the_letter_whole():
    (found,) = messages(
        "4 March 2022\n\nDear Sir\n\nI was sent this:\n\nFrom: Bob\nSent: 1 May 2020 10:00\n"
        "To: Tom\nSubject: x\n\nNo taxi.\n\nPlease answer.\n\nYours faithfully\n\nTom Okafor\n"
    )
    assert found.channel is Channel.LETTER


def test_a_memo_on_paper_is_no_mail():
    (found,) = messages("MEMO\n\nTo: All staff\nFrom: Jane Smith\nDate: 3 March 2022\n"
                        "Subject: Parking\n\nPark behind.\n")  # fmt: skip
    assert found.channel is not Channel.EMAIL


@pytest.mark.parametrize(
    ("other", "read", "month_first"),
    [("01/03/2022 09:00", "2022-03-04", False), ("04/13/2022 10:15", "2022-04-03", True)],
)
def test_numeric_dates_are_day_first_unless_the_document_proves_otherwise(other, read, month_first):
    chain = CHAIN.replace("3 March 2022 10:15", "04/03/2022 10:15")
    (found, *_) = messages(chain.replace("02 March 2022 16:40", other))
    assert str((found.sent.earliest + timedelta(hours=14)).date()) == read
    assert (_printtime.MONTH_FIRST in found.doubts) is month_first


def test_a_scan_that_lost_colons_and_letters_of_labels_is_still_read():
    (found,) = messages(
        "RELEASE IN PART\n\nFrom:      Mills, Cheryl <cheryl@state.example>" + " " * 27 + "B6\n"
        "Sent       Sunday, March 27, 2011 905 AM\nTo\nSubject    The road\n\nSee below.\n"
    )  # fmt: skip
    assert (found.sender.name, found.subject) == ("Mills, Cheryl", "The road")
    assert (found.sent.earliest + timedelta(hours=14)).strftime("%H:%M") == "09:05"
    assert _printtime.NO_COLON in found.doubts
    assert "B6" in found.text


def test_an_address_that_a_scan_has_spoilt_is_no_address():
    (found,) = messages(MEMO.replace("tom@mail.example", "tom©mail.example"))
    assert (found.sender.name, found.sender.address) == ("Tom Okafor", "")
    assert "tom©mail" in found.sender.said


def test_a_date_that_cannot_be_read_is_kept_in_words():
    (found,) = messages(MEMO.replace("3 March 2022", "nursciay ub"))
    assert found.sent is None
    assert "nursciay ub" in found.text


def test_lotus_notes_needs_neither_colons_nor_a_from():
    first, second = messages(
        "Jane Smith/EDU/Wantsum\n03/03/2022 10:15\n\n      To  Tom Okafor/EDU/Wantsum@Wantsum\n"
        "      cc  Jean Clarke/EDU/Wantsum@Wantsum\n Subject  Route 4\n\nPlease ring.\n\n"
        "---------------------- Forwarded by Jane Smith/EDU on 03/03/2022 10:14 ---------------\n"
        "Tom Okafor on 02/03/2022 16:40:00\nTo: Jane Smith/EDU/Wantsum@Wantsum\ncc:\n"
        "Subject: Route 4\n\nNo taxi.\n"
    )
    assert (first.sender.name, first.subject) == ("Jane Smith/EDU/Wantsum", "Route 4")
    assert (second.sender.name, second.sent.said) == ("Tom Okafor", "02/03/2022 16:40:00")


def test_gmails_page_gives_each_message_of_the_conversation_its_subject():
    head = "#strong[Gmail - Route 4]\n\n*Route 4* \\ 2 messages\n#line(length: 100%)\n"
    line = "*{} \\<{}\\>* #h(1fr) {} \\\nTo: {} \\<{}\\>\n\n{}\n\n"
    tom, jane = "tom\\@mail.example", "jane\\@council.example"
    one = line.format("Tom Okafor", tom, "1 March 2022 at 09:12", "Jane", jane, "Where is it?")
    two = line.format("Jane", jane, "2 March 2022 at 16:40", "Tom Okafor", tom, "We have asked.")
    found = [
        one
        for one in pdf.read(item("a.pdf", on_paper(head + one + two)))
        if isinstance(one, Record)
    ]
    assert [(r.sender.address, r.subject, r.source.part) for r in found] == [
        ("tom@mail.example", "Route 4", ("page 1", "message 1")),
        ("jane@council.example", "Route 4", ("page 1", "message 2")),
    ]  # fmt: skip


def test_a_mail_over_several_pages_names_them_and_a_label_over_several_lines_is_whole():
    people = "; ".join(f"Member {n} of the Forum" for n in range(30))
    rows = [
        ("From", "Tom Okafor"),
        ("Sent", "3 March 2022 10:15"),
        ("To", people),
        ("Subject", "Route 4"),
    ]
    data = on_paper(table(rows) + "\n\nHello\n\n#lorem(100)", "#lorem(80)")
    found = record(pdf, "a.pdf", data)
    assert found.source.part == ("pages 1-2",)
    assert [one.name for one in found.to] == [f"Member {n} of the Forum" for n in range(30)]


def test_the_name_at_the_top_of_a_second_sheet_is_of_the_mail_printed_there():
    first, second = messages(MEMO + "\f" + MEMO.replace("Route 4", "Route 5"))
    assert (first.source.part, second.source.part) == (("page 1",), ("page 2",))
    assert [one.text.count("Jane Smith") for one in (first, second)] == [1, 1]


def test_labels_that_were_read_as_a_column_find_their_values():
    values = "Tom Okafor\n3 March 2022 10:15\nJane\nRoute 4"
    (found,) = messages(f"From:\nSent:\nTo:\nSubject:\n\n{values}\n\nNo taxi.\n")
    assert (found.sender.name, found.to[0].name, found.subject, found.text) == (
        "Tom Okafor", "Jane", "Route 4", "No taxi.",
    )  # fmt: skip


def test_a_message_whose_head_is_not_on_the_page_has_none_of_the_one_it_forwards():
    first, second = messages(
        "See below.\n\n---------- Forwarded message ---------\nFrom: Ann <ann@z.example>\n"
        "Date: Tue, 1 Mar 2022 at 10:00\nSubject: Bus\nTo: Jane <jane@x.example>\n\nHello.\n"
    )
    assert (first.channel, first.sender, first.sent) == (Channel.EMAIL, None, None)
    assert _printed.NO_HEAD in first.doubts
    assert (second.sender.address, second.text) == ("ann@z.example", "Hello.")


@pytest.mark.parametrize(
    "told",
    [
        "On 3 March 2022 you wrote:\n\nThe taxi will come.",
        "On 3 March 2022 Mrs Smith wrote:\n\nThe taxi will come.",
        "From: 12 Mill Lane\nTo: Wantsum School\nDate: 3 March 2022 08:15\nDriver: Oli Penn",
    ],
)
def test_what_a_letter_quotes_and_a_journey_are_no_mails(told):
    (found,) = messages(f"4 March 2022\n\nDear Mrs Smith\n\n{told}\n\nYours sincerely\n\nTom")
    assert found.channel is Channel.LETTER


def test_nothing_of_a_mail_is_found_in_running_text():
    text = "We travel from: Mill Lane\nto: Wantsum\non date: 3 March 2022\n\nIt takes an hour."
    assert messages(text)[0].channel is not Channel.EMAIL


# ---- round trip: real mails, printed by code


def _mails(count: int):
    folder = SHARED / "eml"
    if not folder.is_dir():
        pytest.skip("the corpora are not here")
    usual = (path for path in sorted(folder.rglob("*.eml")) if path.stat().st_size < 100_000)
    kept = ((path, made) for path in usual if (made := _as_printed(path.read_bytes())))
    return list(islice(kept, count))


def _as_printed(data: bytes):
    """A mail with a date, a sender, and plain words, as Outlook would print it; None for others."""
    try:
        mail = message_from_bytes(data, policy=policy.default)
        when, sender = mail["date"].datetime, mail["from"].addresses[0]
        part = mail.get_body(("plain",))
        body, subject = part.get_content(), str(mail["subject"] or "")
        people = list(mail["to"].addresses) if mail["to"] else []
    except Exception:  # noqa: BLE001 - mails of tests for mail programs are broken on purpose
        return None
    words = (
        when
        and when.year >= 1970
        and body.isascii()
        and subject.isascii()
        and "From:" not in body
        and "rote:" not in body
    )
    if (
        not words
        or "\n" in subject
        or not sender.domain.count(".")
        or not body.strip()
        or ">" in body
    ):
        return None
    to = "; ".join(f"{a.display_name} <{a.addr_spec}>".strip() for a in people)
    lines = [f"From:\t{sender.display_name} <{sender.addr_spec}>", f"Sent:\t{when:%d %B %Y %H:%M}",
             f"To:\t{to}", f"Subject:\t{subject}", "", body]  # fmt: skip
    return "\n".join(lines), sender, when, subject, body


def test_real_mails_printed_by_code_are_read_back():
    mails = _mails(400)
    wrong = []
    for path, (text, sender, when, subject, body) in mails:
        found = _printed.messages([text])
        place = Source(sha256="0", path=path.name)
        read = _printed.records(place, found, reader="txt", name="", paged=False)
        made = [one for one, _ in read]
        if len(made) != 1:
            wrong.append((path.name, "messages", len(made)))
            continue
        (one,) = made
        middle = one.sent and (one.sent.earliest + timedelta(hours=14)).strftime("%Y%m%d%H%M")
        right = (
            one.sender is not None and one.sender.address == sender.addr_spec,
            middle == when.strftime("%Y%m%d%H%M"),
            one.subject == " ".join(subject.split()),
            re.sub(r"\W", "", one.text) == re.sub(r"\W", "", body),
        )
        if not all(right):
            wrong.append((path.name, right, one.subject, subject))
    assert len(wrong) <= len(mails) * 0.04, wrong


PAPER = """#set page(paper: "a4", margin: 2cm)
#set text(size: 9pt)
#for mail in json(bytes(sys.inputs.mails)) {
  grid(columns: (3cm, 1fr), row-gutter: 5pt, ..mail.head.map(pair => (
    strong(pair.at(0) + ":"), pair.at(1))).flatten())
  line(length: 100%)
  raw(mail.body, block: true)
  pagebreak(weak: true)
}
"""


def test_real_mails_printed_as_pages_of_a_pdf_are_read_back():
    kept = [made for _, made in _mails(60) if len(made[4]) < 20_000 and made[0].isascii()]
    told = [
        {
            "head": [line.split(":\t", 1) for line in text.split("\n", 4)[:4]],
            "body": body.replace("\r", ""),
        }
        for text, _, _, _, body in kept
    ]
    data = typst.compile(PAPER.encode(), sys_inputs={"mails": json.dumps(told)})
    found = [one for one in pdf.read(item("a.pdf", data)) if isinstance(one, Record)]
    assert len(found) == len(kept)
    right = Counter()
    for one, (_, sender, when, subject, body) in zip(found, kept, strict=True):
        middle = one.sent and (one.sent.earliest + timedelta(hours=14)).strftime("%Y%m%d%H%M")
        right["sender"] += one.sender is not None and one.sender.address == sender.addr_spec
        right["sent"] += middle == when.strftime("%Y%m%d%H%M")
        right["subject"] += one.subject == " ".join(subject.split())
        right["text"] += re.sub(r"\W", "", one.text) == re.sub(r"\W", "", body)
    assert all(right[name] >= 0.95 * len(kept) for name in ("sender", "sent", "subject", "text"))


RELEASED = SHARED / "printed_mail_txt" / "clinton" / "clinton-HRC_Email_296.tar.xz"


@pytest.mark.skipif(not RELEASED.exists(), reason="the corpus of released mail is not here")
def test_released_mail_with_the_noise_of_a_scan_is_found_and_no_word_of_it_is_lost():
    with tarfile.open(RELEASED) as archive:
        texts = [archive.extractfile(one).read().decode() for one in archive if one.isfile()][:80]
    lost: Counter[str] = Counter()
    heads = found = 0
    for text in texts:
        pages = text.split("\f")
        place = Source(sha256="0", path="a.txt")
        read = _printed.records(place, _printed.messages(pages), reader="txt", name="", paged=True)
        made = [one for one, _ in read]
        heads += len(re.findall(r"^\W{0,20}Sent:? {1,60}\w+day,? \w", text, re.MULTILINE))
        found += len(made)
        held = [
            " ".join([one.text, one.subject, one.sent.said if one.sent else "",
                      *(who.said for who in (one.sender, *one.to, *one.cc, *one.bcc) if who)])
            for one in made
        ]  # fmt: skip
        lost += Counter(re.findall(r"[^\W_]+", text)) - Counter(
            re.findall(r"[^\W_]+", " ".join(held))
        )
    labels = re.compile(r"(?i)[fp]ron?[mt]|s.nt|date|to|b?cc|sub.{3,5}|original|forwarded|message"
                        r"|begin|on|wrote")  # fmt: skip
    assert not [word for word in lost if not labels.fullmatch(word)]
    assert found >= 0.97 * heads
