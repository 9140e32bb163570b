"""Office files made in memory: rich text, OpenDocument, workbooks, calendars and chats."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
from papers import item

from commtrace.model import Found, RulingKind
from commtrace.plugins import Item, Parser

LETTER = (
    "Kent County Council\nOur Ref: PACT/17\n14 February 2022\n\nMrs H Whitlock\n1 High Street\n\n"
    "Dear Mrs Whitlock\n\nTransport for Sam\n\nThe bus will come from Monday.\n\n"
    "Yours sincerely\n\nDaniel Akehurst"
)
_O = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = " ".join(
    f'xmlns:{name}="{_O}{path}:1.0"'
    for name, path in (("office", "office"), ("text", "text"), ("table", "table"),
                       ("draw", "drawing"), ("style", "style"), ("fo", "xsl-fo-compatible"))
)  # fmt: skip


def rich(body: str, *, head: str = "") -> bytes:
    """A rich text document around a body of control words."""
    fonts = r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset204 Arial CYR;}}"
    return rf"{{\rtf1\ansi\ansicpg1252\deff0{fonts}{head}{body}}}".encode("latin-1")


def rich_letter(text: str = LETTER) -> bytes:
    return rich("".join(rf"\pard {line}\par" + "\n" for line in text.split("\n")))


def opendocument(
    body: str, *, styles: str = "", automatic: str = "", kind: str = "text",
    more: dict[str, bytes] | None = None,
) -> bytes:  # fmt: skip
    """An OpenDocument file: the XML within office:text (or :spreadsheet), and styles' master."""
    dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.2"'
    content = (
        f'<?xml version="1.0"?><office:document-content {_SPACES} {dc}>'
        f"<office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    master = (
        f'<?xml version="1.0"?><office:document-styles {_SPACES}><office:master-styles>'
        f'<style:master-page style:name="Standard">{styles}</style:master-page>'
        "</office:master-styles></office:document-styles>"
    )
    mimetype = "text" if kind == "text" else kind
    files = {
        "mimetype": f"application/vnd.oasis.opendocument.{mimetype}".encode(),
        "content.xml": content.encode(), "styles.xml": master.encode(),
        "META-INF/manifest.xml": b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:'
        b'opendocument:xmlns:manifest:1.0"/>', **(more or {}),
    }  # fmt: skip
    return zipped(files)


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def odt_letter(text: str = LETTER) -> bytes:
    return opendocument("".join(f"<text:p>{line}</text:p>" for line in text.split("\n")))


LOG = (
    ("Letters 2022",),
    (),
    ("Date sent", "From", "To", "Subject", "Our ref", "Notes"),
    (date(2022, 2, 14), "Hannah Whitlock", "D Akehurst; B Pell", "Transport", "K/1", "rang too"),
    ("03/04/2022", "Kent County Council", "Mrs H Whitlock", "Reply", "K/2", None),
)


def workbook(*sheets: tuple[str, Sequence[Sequence[object]]], change: Any = None) -> bytes:
    """An Excel workbook; `change` is a function of it, called before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets or (("Log", LOG),):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change is not None:
        change(book)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def told(name: str, data: bytes, *rulings: dict[str, Any]) -> Item:
    """A file as a parser is handed it under rulings on its tables."""
    value = json.dumps(rulings[0] if len(rulings) == 1 else list(rulings))
    return replace(item(name, data), told={RulingKind.TABLE: value})


def under(format_: Parser, name: str, data: bytes, *rulings: dict[str, Any]) -> list[Found]:
    return list(format_.read(told(name, data, *rulings)))


ZONE = """BEGIN:VTIMEZONE
TZID:Our time
BEGIN:STANDARD
DTSTART:16011028T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T010000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
END:VTIMEZONE
"""
EVENT = """BEGIN:VEVENT
UID:pact-7@council.example
DTSTAMP:20220301T090000Z
DTSTART;TZID=Our time:20220404T100000
DTEND;TZID=Our time:20220404T113000
SUMMARY:PACT\\, weekly
LOCATION:Room 3\\; Sessions House
ORGANIZER;CN="Pell, Bernard":mailto:b.pell@council.example
ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Hannah Whitlock:MAILTO:h.whitlock@pact.exa
 mple
ATTENDEE;ROLE=OPT-PARTICIPANT;CN=Odette Tarrant:mailto:o.tarrant@council.example
ATTENDEE;CUTYPE=ROOM;CN=Room 3:mailto:room3@council.example
DESCRIPTION:Routes that do not run.\\nBring the list.
END:VEVENT
"""


def calendar_file(*events: str, method: str = "REQUEST", zone: str = ZONE) -> bytes:
    said = f"METHOD:{method}\n" if method else ""
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\n{said}{zone}{''.join(events or (EVENT,))}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


ANDROID = """14/02/2022, 09:30 - Messages and calls are end-to-end encrypted. No one can read them.
14/02/2022, 09:30 - Jo Bloggs created group "PACT parents"
14/02/2022, 09:31 - Jo Bloggs added +44 7700 900123 and Sam Doe
14/02/2022, 09:32 - Jo Bloggs: Has any of you had a letter?
It is about the bus.
14/02/2022, 09:33 - +44 7700 900123: <Media omitted>
15/02/2022, 18:05 - Sam Doe left
16/02/2022, 10:00 - +44 7700 900123: This message was deleted
"""
IOS = (
    "\u200e[2/13/22, 9:30:15\u202fAM] PACT parents: \u200eMessages and calls are end-to-end"
    " encrypted.\n[2/13/22, 9:31:15\u202fPM] ~\u202fJo: No bus today\n"
    "\u200e[2/14/22, 12:01:02\u202fAM] Sam: \u200eimage omitted\n"
)
