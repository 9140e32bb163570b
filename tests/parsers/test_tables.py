"""Tables before and after a person has said what their columns are."""

import io
import json
import struct
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from office import LOG, opendocument, under, workbook, zipped
from openpyxl.comments import Comment
from papers import item, problems, read

from commtrace.model import Channel, Grade, Problem, ProblemKind, Proposal, Record
from commtrace.moments import Basis, say
from commtrace.parsers import _delimited, _grid
from commtrace.parsers._columns import guess
from commtrace.parsers._grid import Sheet
from commtrace.parsers._tabular import LOGGED, moment_of
from commtrace.parsers.delimited import delimited
from commtrace.parsers.table import table
from commtrace.plugins import choose

CSV = (
    b"Date,From,To,Subject,Ref\n14/02/2022,H Whitlock,KCC,Transport,K1\n"
    b"03/04/2022,KCC,H Whitlock,Reply,K2\n"
)
MAPPED = {
    "sheet": "Log", "header": 3, "as": "communications", "channel": "letter",
    "columns": {"date": "Date sent", "from": "From", "to": "To", "subject": "Subject",
                "reference": "Our ref", "text": "Notes"},
}  # fmt: skip


def records(found):
    return [one for one in found if isinstance(one, Record)]


def proposals(found):
    return [one for one in found if isinstance(one, Proposal)]


def proposed(found):
    (one,) = proposals(found)
    return json.loads(one.value)


def test_before_a_ruling_a_workbook_is_one_note_with_all_its_rows():
    (note,) = records(read(table, "log.xlsx", workbook()))
    assert note.channel is Channel.NOTE
    assert "14 Feb 2022    Hannah Whitlock    D Akehurst; B Pell    Transport    K/1" in note.text


def test_a_log_is_proposed_as_communications_by_its_headings():
    (one,) = proposals(read(table, "log.xlsx", workbook()))
    value = json.loads(one.value)
    assert {key: value[key] for key in MAPPED} == MAPPED
    assert (one.source.part, one.applied) == (("sheet Log",), False)
    assert one.why == "It looks like a log of communications, by the headings in row 3."
    assert value["sample"][0][1] == "Hannah Whitlock"


def test_every_sheet_has_its_proposal_at_its_place():
    people = ("People", (("Name", "E-mail"), ("Jo Day", "jo@pact.example")))
    found = proposals(read(table, "a.xlsx", workbook(("Log", LOG), people)))
    assert [one.source.part for one in found] == [("sheet Log",), ("sheet People",)]
    assert [json.loads(one.value)["as"] for one in found] == ["communications", "audience"]


def test_under_a_ruling_each_row_is_a_reported_communication():
    found = records(under(table, "log.xlsx", workbook(), MAPPED))
    first, second = [one for one in found if one.grade is Grade.REPORTED]
    assert first.source.part == ("sheet Log", "row 4")
    assert (first.channel, first.subject, first.our_ref) == (Channel.LETTER, "Transport", "K/1")
    assert (first.sender.name, [one.name for one in first.to]) == (
        "Hannah Whitlock", ["D Akehurst", "B Pell"],
    )  # fmt: skip
    assert (say(first.sent), first.sent.basis) == ("14 Feb 2022", Basis.LOGGED)
    assert (first.text, first.doubts) == ("rang too", (LOGGED,))
    assert say(second.sent) == "3 Apr 2022"
    assert any("read day first" in doubt for doubt in second.doubts)


def test_what_stands_above_the_headings_stays_a_note():
    notes = [
        one
        for one in records(under(table, "log.xlsx", workbook(), MAPPED))
        if one.channel is Channel.NOTE
    ]
    assert [one.text for one in notes] == ["[Sheet Log]\nLetters 2022"]


def test_a_ruling_comes_back_as_an_applied_proposal():
    (one,) = proposals(under(table, "log.xlsx", workbook(), MAPPED))
    assert (one.applied, json.loads(one.value)["columns"]) == (True, MAPPED["columns"])


def test_several_rulings_hold_each_for_its_sheet():
    data = workbook(("Log", LOG), ("More", LOG))
    found = under(table, "log.xlsx", data, MAPPED, {**MAPPED, "sheet": "More"})
    places = {one.source.part[:1] for one in records(found) if one.grade is Grade.REPORTED}
    assert places == {("sheet Log",), ("sheet More",)}


def test_an_audience_comes_back_with_its_members():
    data = b"Name,Email\nJo Day,jo@pact.example\nSam Doe,\n,\n"
    ruling = {"sheet": None, "header": 1, "as": "audience", "channel": "email",
              "columns": {"name": "Name", "address": "Email"}}  # fmt: skip
    found = under(delimited, "list.csv", data, ruling)
    assert proposed(found)["members"] == [["Jo Day", "jo@pact.example"], ["Sam Doe", ""]]
    assert [one.channel for one in records(found)] == [Channel.NOTE]


def test_a_row_without_anything_in_the_named_columns_is_a_problem_at_its_place():
    ruling = {"header": 1, "as": "communications", "channel": "call", "columns": {"date": "Date"}}
    found = under(delimited, "a.csv", b"Date,More\n14/02/2022,x\n,stray\n", ruling)
    (one,) = [each for each in found if isinstance(each, Problem)]
    assert (one.source.part, one.kind) == (("row 3",), ProblemKind.NO_TEXT)


def test_columns_that_nobody_named_stand_in_the_text_with_their_headings():
    ruling = {"header": 1, "as": "communications", "channel": "call", "columns": {"date": "Date"}}
    (one,) = records(under(delimited, "a.csv", b"Date,School\n14/02/2022,Wantsum\n", ruling))
    assert (one.channel, one.text) == (Channel.CALL, "School: Wantsum")


def test_a_channel_is_read_from_its_column():
    ruling = {"header": 1, "as": "communications", "channel": "letter",
              "columns": {"date": "Date", "channel": "Method"}}  # fmt: skip
    data = b"Date,Method\n14/02/2022,phone call\n15/02/2022,pigeon\n16/02/2022,\n"
    found = records(under(delimited, "a.csv", data, ruling))
    assert [one.channel for one in found] == [Channel.CALL, Channel.LETTER, Channel.LETTER]
    assert any("pigeon" in doubt for doubt in found[1].doubts)


@pytest.mark.parametrize(
    "ruling",
    [
        {"header": 1, "as": "communications", "columns": {"date": "No such heading"}},
        {"header": -1, "as": "communications", "columns": {}},
        {"header": 1, "as": "poem", "columns": {}},
        {"header": 1, "as": "communications", "channel": "pigeon", "columns": {}},
        {"sheet": "Other", "header": 1, "as": "text", "columns": {}},
        ["no mapping"],
    ],
)
def test_a_ruling_that_does_not_fit_is_said_and_changes_nothing(ruling):
    found = under(delimited, "log.csv", CSV, ruling)
    assert [one.kind for one in found if isinstance(one, Problem)] == [ProblemKind.DOUBTFUL]
    assert [one for one in found if not isinstance(one, Problem)] == read(delimited, "log.csv", CSV)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2022, 2, 14), "14 Feb 2022"),
        (datetime(2022, 2, 14, 9, 30), "14 Feb 2022"),  # noqa: DTZ001 - as a workbook gives it
        ("14.02.2022", "14 Feb 2022"),
        ("Mon 14 February 2022", "14 Feb 2022"),
        ("14/02/2022 09:30", "14 Feb 2022"),
        ("2022-02-14T09:30:00", "14 Feb 2022"),
        ("w/c 7 Feb 2022", "7 Feb 2022 to 13 Feb 2022"),
        ("February 2022", "1 Feb 2022 to 28 Feb 2022"),
        ("early spring", "undated"),
        ("31/02/2022", "undated"),
        (None, "undated"),
        (44606, "undated"),
    ],
)
def test_dates_are_read_as_the_united_kingdom_writes_them(value, shown):
    moment, doubts = moment_of(value)
    assert say(moment) == shown
    assert bool(doubts) or moment is not None


def hide(book):
    sheet = book["Log"]
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["E"].hidden = True
    sheet["A4"].comment = Comment("is this right?", "Auditor")
    sheet["F5"] = "=1+1"
    book.create_sheet("Secret").append(["a secret"])
    book["Secret"].sheet_state = "hidden"


def test_hidden_parts_and_comments_are_read_and_labelled():
    (note,) = records(read(table, "log.xlsx", workbook(change=hide)))
    for label in ("[hidden row: 03/04/2022", "[Hidden columns: E]", "[Sheet Secret, hidden]",
                  "[Comment by Auditor at A4: is this right?]"):  # fmt: skip
        assert label in note.text
    assert len(note.doubts) == 3


def test_a_formula_is_never_evaluated_and_one_without_a_value_is_a_doubt():
    (note,) = records(read(table, "log.xlsx", workbook(change=hide)))
    assert "=1+1" not in note.text
    assert any("not evaluated" in doubt for doubt in note.doubts)


def test_a_cell_at_the_end_of_a_sheet_is_not_unfolded_to_billions():
    def far(book):
        book["Log"]["XFD1048576"] = "far"

    found = problems(table, "a.xlsx", workbook(change=far))
    assert [(one.kind, one.source.part) for one in found] == [
        (ProblemKind.LIMIT_SIZE, ("sheet Log",))
    ]


def test_a_workbook_that_unpacks_to_a_hundred_times_its_size_is_not_read():
    source = zipfile.ZipFile(io.BytesIO(workbook()))
    files = {name: source.read(name) for name in source.namelist()}
    files["xl/worksheets/sheet1.xml"] = b" " * (70 << 20)
    found = problems(table, "a.xlsx", zipped(files))
    assert [one.kind for one in found] == [ProblemKind.LIMIT_SIZE]


def test_a_picture_in_a_workbook_is_handed_on():
    from papers import embedded

    source = zipfile.ZipFile(io.BytesIO(workbook()))
    files = {name: source.read(name) for name in source.namelist()}
    found = embedded(table, "a.xlsx", zipped({**files, "xl/media/image1.png": b"\x89PNG rest"}))
    assert [(one.name, one.media_type) for one in found] == [("image1.png", "image/png")]


def test_an_opendocument_sheet_is_read():
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{word}</text:p></table:table-cell>'
        for word in ("Date", "From", "Subject")
    )
    data = opendocument(
        f'<table:table table:name="Log"><table:table-row>{cells}</table:table-row></table:table>',
        kind="spreadsheet",
    )
    assert [one.name for one in choose(item("a.bin", data))] == ["table"]
    assert "Date    From    Subject" in records(read(table, "a.ods", data))[0].text


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.xlsx", workbook()[:-60], ProblemKind.CORRUPT),
        ("a.xlsx", b"PK\x03\x04 nothing", ProblemKind.CORRUPT),
        ("a.xlsx", workbook(("Log", ())), ProblemKind.NO_TEXT),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ProblemKind.CORRUPT),
    ],
)
def test_a_workbook_that_is_no_good_is_a_problem(name, data, kind):
    assert [one.kind for one in problems(table, name, data)] == [kind]


@pytest.mark.parametrize(
    "data",
    [
        CSV,
        CSV.replace(b",", b";"),
        CSV.replace(b",", b"\t"),
        b"sep=|\n" + CSV.replace(b",", b"|"),
        b"\xef\xbb\xbf" + CSV,
        CSV.decode().encode("utf-16"),
        CSV.replace(b"\n", b"\r\n"),
        CSV.replace(b"KCC", b'"KCC"'),
    ],
)
def test_the_same_log_is_read_from_every_dialect(data):
    value = proposed(read(delimited, "log.csv", data))
    assert value["as"] == "communications"
    assert value["headings"] == ["Date", "From", "To", "Subject", "Ref"]
    assert value["sample"][0] == ["14/02/2022", "H Whitlock", "KCC", "Transport", "K1"]


def test_a_cell_of_several_lines_is_one_cell():
    sheet, _, _ = _delimited.sheet_of('Date,Text\n14/02/2022,"one, and\ntwo"\n')
    assert sheet.rows[1] == (2, ("14/02/2022", "one, and\ntwo"))


def test_a_quotation_mark_that_never_closes_swallows_nothing():
    text = 'Date,Text\n14/02/2022,"open\n' + "15/02/2022,x\n" * 5_000
    sheet, doubts, _ = _delimited.sheet_of(text)
    assert len(sheet.rows) == 5_002
    assert _delimited.UNQUOTED in doubts


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, workbook()])
def test_other_data_named_as_a_table_of_text_is_said_to_be_that(data):
    assert [one.kind for one in problems(delimited, "a.csv", data)] == [
        ProblemKind.UNSUPPORTED_TYPE
    ]


def test_a_locked_workbook_asks_for_its_password():
    from extract_msg import OleWriter

    writer = OleWriter()
    writer.addEntry("EncryptedPackage", bytes(5000))
    writer.addEntry("EncryptionInfo", bytes(5000))
    made = io.BytesIO()
    writer.write(made)
    assert [one.name for one in choose(item("a.xlsx", made.getvalue()))] == ["table"]
    assert [one.kind for one in problems(table, "a.xlsx", made.getvalue())] == [
        ProblemKind.PASSWORD_NEEDED
    ]


def test_nul_bytes_are_shown_and_break_nothing():
    (note,) = records(read(delimited, "a.csv", CSV + b"\x00,\x00\n"))
    assert "\u2400" in note.text
    assert "\x00" not in note.text


def test_one_endless_line_is_bounded(monkeypatch):
    from commtrace.parsers import delimited as module

    monkeypatch.setattr(module, "_LARGEST", 100_000)
    found = read(delimited, "a.csv", b"a," * 1_000_000)
    assert [one.kind for one in found if isinstance(one, Problem)] == [ProblemKind.LIMIT_SIZE]


def test_text_beyond_what_is_kept_is_cut_with_a_doubt(monkeypatch):
    monkeypatch.setattr(_grid, "LARGEST_TEXT", 60)
    (note,) = records(read(delimited, "log.csv", CSV))
    assert len(note.text) <= 60
    assert _grid.CUT in note.doubts


def test_columns_are_told_by_what_they_hold_where_no_heading_tells():
    rows = tuple((n, (date(2022, 2, n), "a", "b")) for n in range(1, 9))
    found = guess(Sheet(name=None, rows=rows), "calls.csv")
    assert (found.header, found.columns, found.as_) == (0, {"date": "column 1"}, "text")


def test_headings_that_repeat_are_told_apart():
    value = proposed(read(delimited, "a.csv", b"Date,Name,Name,\n1/2/2022,a,b,c\n"))
    assert value["headings"] == ["Date", "Name", "Name (3)", "column 4"]


def test_the_two_readers_of_workbooks_agree():
    data = workbook(change=lambda book: book["Log"].append([1.5, True, 10**12, 0.1, -3]))
    ours = records(read(table, "a.xlsx", data))[0].text.split("\n")[1:]
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Log"]
    theirs = [_grid.row_text(row) for row in sheet.iter_rows(values_only=True)]
    assert ours == [line for line in theirs if line]


def old_workbook(*, rows=1, columns=1):
    """An .xls file with one cell, whose sheet claims so many rows and columns."""
    from extract_msg import OleWriter

    def biff(kind, data):
        return struct.pack("<HH", kind, len(data)) + data

    begins = [biff(0x809, struct.pack("<HH", 0x600, what) + bytes(12)) for what in (5, 16)]
    size = biff(0x200, struct.pack("<IIHHH", 0, rows, 0, columns, 0))
    cell = biff(0x204, struct.pack("<HHHHB", 0, 0, 0, 4, 0) + b"Date")
    end = biff(0x0A, b"")
    name = b"\x03\x00Log"
    start = len(begins[0]) + 4 + 6 + len(name) + len(end)
    stream = begins[0] + biff(0x85, struct.pack("<IBB", start, 0, 0) + name) + end
    writer = OleWriter()
    writer.addEntry("Workbook", stream + begins[1] + size + cell + end + bytes(4096))
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_workbook_of_excel_97_is_read():
    (note,) = records(read(table, "a.xls", old_workbook()))
    assert note.text == "[Sheet Log]\nDate"


@pytest.mark.parametrize(
    ("rows", "columns", "kind"),
    [(0xFFFFFF00, 4, ProblemKind.LIMIT_SIZE), (65_536, 256, ProblemKind.LIMIT_SIZE)],
)
def test_an_old_sheet_that_claims_billions_of_cells_ends_no_process(rows, columns, kind):
    found = problems(table, "a.xls", old_workbook(rows=rows, columns=columns))
    assert [one.kind for one in found] == [kind]


@pytest.mark.parametrize("said", ["2022-03-14", "2022-03-14 00:00:00"])
def test_a_date_with_its_year_first_has_no_year_of_two_digits(said):
    moment, doubts = moment_of(said)
    assert say(moment) == "14 Mar 2022"
    assert doubts == ()


def test_a_proposal_says_how_the_cells_it_shows_would_be_read_as_dates():
    data = b"Date sent,From,To,Subject\nw/c 14/02/2022,A Reed,KCC,Bus\nsoon,B Roy,KCC,Taxi\n"
    value = proposed(read(delimited, "log.csv", data))
    assert value["dates"] == {"w/c 14/02/2022": "14 Feb 2022 to 20 Feb 2022"}
