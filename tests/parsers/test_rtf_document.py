"""Letters saved as rich text: what a reader sees, what stands around it, and what lies inside."""

import struct

import pytest
from office import LETTER, rich, rich_letter
from papers import SHARED, embedded, problems, read, record

from commtrace.model import Problem, ProblemKind
from commtrace.parsers.rtf import rtf


def text(body, **more):
    return record(rtf, "a.rtf", rich(body, **more)).text


def test_a_letter_is_read_like_any_letter():
    found = record(rtf, "a.rtf", rich_letter())
    assert found.text.strip() == LETTER.strip()
    assert (found.sender.name, found.our_ref, found.subject) == (
        "Daniel Akehurst", "PACT/17", "Transport for Sam",
    )  # fmt: skip
    assert found.sent.said == "14 February 2022"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"caf\'e9", "café"),
        (r"{\f1 \'cf\'f0}", "Пр"),
        (r"\u8364?5", "€5"),
        (r"{\uc0\u8364 5}", "€5"),
        (r"\u-10187?\u-8440?", "\U0001d708"),
        (r"a\~b\_c\-d", "a\xa0b\u2011cd"),
        (r"\{x\}\\", "{x}\\"),
        (r"one\line two", "one\ntwo"),
        (r"{\upr{narrow}{\*\ud{w\u238?de}}}", "wîde"),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt shown}}", "shown"),
        (r"{\*\unknown hidden}seen", "seen"),
        (r"{\rtlch\*\cs7 after a style}", "after a style"),
        (r"\trowd\intbl A\cell B\cell\row\pard after", "A    B\nafter"),
        (r"{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt \pard in a box\par}}seen", "in a box\nseen"),
    ],
)
def test_words_are_read_as_a_word_processor_shows_them(body, expected):
    assert "\n".join(filter(None, text(body).split("\n"))) == expected


def test_text_in_two_byte_letters_is_joined_over_escapes():
    body = r"{\f2 \'83\'5c\'83A}"
    fonts = r"{\fonttbl{\f2\fnil\fcharset128 MS Gothic;}}"
    assert text(body, head=fonts).strip() == "ソア"


def test_headers_footers_notes_and_comments_are_labelled():
    found = text(
        r"{\header\pard On paper of the council\par}{\footer\pard page\par}"
        r"Seen{\footnote\pard see the annex\par}.{\*\atnauthor Jo}{\*\annotation\pard why?\par}\par"
    )
    assert found.startswith("On paper of the council")
    for label in ("[Footer: page]", "[Footnote: see the annex]", "[Comment by Jo: why?]"):
        assert label in found


def test_an_endnote_is_called_so():
    assert "[Endnote: last]" in text(r"a{\footnote\ftnalt\pard last\par}")


def test_deleted_and_hidden_words_are_kept_and_marked():
    found = record(rtf, "a.rtf", rich(r"We {\deleted never }{\v ever }agreed\par"))
    assert "We [deleted: never ][hidden: ever ]agreed" in found.text
    assert len(found.doubts) >= 2


def test_a_bold_line_below_the_salutation_is_the_subject():
    body = (
        r"Dear Mrs Okafor\par\par{\b The new route}\par\par I write to you.\par\par"
        r" Yours sincerely\par Jo Day\par"
    )
    assert record(rtf, "a.rtf", rich(body)).subject == "The new route"


@pytest.mark.parametrize("digits", [True, False])
def test_a_picture_is_handed_on(digits):
    picture = b"\x89PNG\r\n\x1a\nrest}{\\"
    data = picture.hex().encode() if digits else b"\\bin%d " % len(picture) + picture
    document = b"{\\rtf1 words {\\*\\shppict{\\pict\\pngblip " + data + b"}}more}"
    (found,) = embedded(rtf, "a.rtf", document)
    assert (found.name, found.media_type, found.data) == ("picture 1.png", "image/png", picture)
    assert "more" in record(rtf, "a.rtf", document).text


def test_a_packaged_file_keeps_its_name():
    inside = b"Date,From\n"
    native = b"\x02\x00list.csv\x00C:\\list.csv\x00" + struct.pack("<II", 0x30000, 4) + b"C:\\\x00"
    native += struct.pack("<I", len(inside)) + inside
    head = struct.pack("<III", 0x501, 2, 8) + b"Package\x00" + bytes(8)
    data = (head + struct.pack("<I", len(native)) + native).hex()
    found = embedded(rtf, "a.rtf", rich(rf"x{{\object\objemb{{\*\objdata {data}}}}}"))
    assert [(one.name, one.data) for one in found] == [("list.csv", inside)]


def test_a_document_nested_very_deep_is_read_and_named():
    found = read(rtf, "a.rtf", rich("{" * 200_000 + "deep words" + "}" * 200_000))
    assert "deep words" in found[0].text
    assert [one.kind for one in found if isinstance(one, Problem)] == [ProblemKind.LIMIT_DEPTH]


def test_a_document_that_is_cut_off_says_so():
    assert any("cut short" in doubt for doubt in record(rtf, "a.rtf", rich_letter()[:-1]).doubts)


def test_what_follows_the_end_is_said_and_not_read():
    found = record(rtf, "a.rtf", rich("words") + b"\n\x17qq garbage")
    assert found.text.strip() == "words"
    assert any("follow the end" in doubt for doubt in found.doubts)


def test_a_document_without_words_is_a_problem():
    assert [one.kind for one in problems(rtf, "a.rtf", rich(""))] == [ProblemKind.NO_TEXT]


@pytest.mark.skipif(not (SHARED / "rtf").is_dir(), reason="the shared corpora are not here")
def test_no_word_that_another_reader_finds_in_real_documents_is_lost(tmp_path):
    import re
    import tarfile

    striprtf = pytest.importorskip("striprtf.striprtf")
    folder = SHARED / "rtf"
    for packed in folder.rglob("*.tar.xz"):
        with tarfile.open(packed) as archive:
            archive.extractall(tmp_path, filter="data")
    files = sorted([*folder.rglob("*.rtf"), *tmp_path.rglob("*.rtf")])
    if not files:
        pytest.skip("no rich text documents are there")
    lost = {}
    for file in files:
        data = file.read_bytes()
        if b"fromhtml1" in data[:2000]:
            continue  # the other reader takes the page's markup for text
        said = " ".join(one.text for one in read(rtf, file.name, data) if hasattr(one, "text"))
        words = re.findall(r"\w+", striprtf.rtf_to_text(data.decode("latin-1"), errors="ignore"))
        known = said.replace("\xad", "")
        absent = [word for word in words if word not in known]
        if absent:
            lost[file.name] = absent
    # Paths of links stand in one file's fields; an optional hyphen parts no word.
    assert set(lost) <= {"testRTFHyperlinkAndStyles.rtf", "testRTFControls.rtf"}
