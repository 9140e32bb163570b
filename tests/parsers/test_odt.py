"""OpenDocument texts: letters, what stands around them, and files that are no good."""

import pytest
from office import LETTER, odt_letter, opendocument, zipped
from papers import embedded, item, problems, record

from commtrace.model import ProblemKind
from commtrace.parsers.odt import odt
from commtrace.plugins import choose


def text(body, **more):
    return record(odt, "a.odt", opendocument(body, **more)).text


def test_a_letter_is_read_like_any_letter():
    found = record(odt, "a.odt", odt_letter())
    assert (found.sender.name, found.our_ref, found.subject) == (
        "Daniel Akehurst", "PACT/17", "Transport for Sam",
    )  # fmt: skip
    assert found.text == LETTER


def test_it_is_chosen_by_what_it_says_of_itself():
    assert [one.name for one in choose(item("letter.bin", odt_letter()))] == ["odt"]


def test_spaces_tabs_and_breaks_are_kept():
    body = '<text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d</text:p>'
    assert text(body) == "a   b    c\nd"


def test_notes_comments_headers_and_footers_are_labelled():
    found = text(
        '<text:p>Seen<text:note text:note-class="footnote"><text:note-citation>1'
        "</text:note-citation><text:note-body><text:p>the annex</text:p></text:note-body>"
        "</text:note>"
        " so<office:annotation><dc:creator>Jo</dc:creator><dc:date>2022-02-14T09:00:00</dc:date>"
        "<text:p>why?</text:p></office:annotation>.</text:p>",
        styles="<style:header><text:p>The council</text:p></style:header>"
        "<style:footer><text:p>page</text:p></style:footer>",
    )
    assert found.startswith("The council")
    assert "Seen so." in found
    for label in ("[Footer: page]", "[Footnote: the annex]", "[Comment by Jo, 2022-02-14: why?]"):
        assert label in found


def test_a_tracked_deletion_stands_where_it_was():
    found = record(odt, "a.odt", opendocument(
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>'
        "<text:p>never</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        '<text:p>We <text:change text:change-id="c1"/> agreed.</text:p>'
    ))  # fmt: skip
    assert found.text == "We [deleted: never] agreed."
    assert any("tracked deletions" in doubt for doubt in found.doubts)


def test_a_text_box_is_read_where_it_is_anchored():
    assert "in a box" in text(
        "<text:p>a<draw:frame><draw:text-box><text:p>in a box</text:p></draw:text-box>"
        "</draw:frame></text:p>"
    )


def test_a_row_of_a_table_is_a_line():
    cells = "".join(f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in "AB")
    assert (
        text(f"<table:table><table:table-row>{cells}</table:table-row></table:table>") == "A    B"
    )


def test_a_picture_is_handed_on():
    data = opendocument("<text:p>a</text:p>", more={"Pictures/1.png": b"\x89PNG rest"})
    (found,) = embedded(odt, "a.odt", data)
    assert (found.name, found.media_type) == ("1.png", "image/png")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (opendocument("<text:p/>"), ProblemKind.NO_TEXT),
        (odt_letter()[:-40], ProblemKind.CORRUPT),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), ProblemKind.CORRUPT),
        (
            opendocument(
                "<text:p>a</text:p>", more={"META-INF/manifest.xml": b"<encryption-data>"}
            ),
            ProblemKind.PASSWORD_NEEDED,
        ),
        (opendocument(f"<text:p>{' ' * 30_000_000}</text:p>"), ProblemKind.LIMIT_RATIO),
        (
            zipped(
                {"content.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}
            ),
            ProblemKind.NO_TEXT,
        ),
    ],
)
def test_a_file_that_is_no_good_is_a_problem(data, kind):
    assert [one.kind for one in problems(odt, "a.odt", data)] == [kind]


def test_a_document_nested_very_deep_is_no_crash():
    deep = 2_000
    body = "<text:section>" * deep + "<text:p>deep</text:p>" + "</text:section>" * deep
    assert problems(odt, "a.odt", opendocument(body)) or record(odt, "a.odt", opendocument(body))


def test_files_that_are_read_are_numbered_as_the_record_lists_them():
    more = {"Pictures/1.png": bytes(2 << 20), "Pictures/2.png": b"\x89PNG rest"}
    data = opendocument("<text:p>a</text:p>", more=more)
    (found,) = embedded(odt, "a.odt", data)
    (flaw,) = problems(odt, "a.odt", data)
    assert (found.source.part, found.name) == (("attachment 1",), "2.png")
    assert (flaw.source.part, flaw.kind) == (("attachment 2",), ProblemKind.LIMIT_RATIO)
    assert [one.name for one in record(odt, "a.odt", data).attachments] == ["2.png"]
