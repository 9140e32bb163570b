"""Papers, mailboxes and mails built to trap a reader: each ends in its state, the rest is read."""

from __future__ import annotations

import base64
import io
import sys
import zipfile
import zlib

import pytest

from commtrace.case import Case as WholeCase
from commtrace.evidence.workers import Limits, processes
from commtrace.report import export

HEAD = (
    b"From: Anna Price <anna.price@wantsum.example>\r\nTo: ben@wantsum.example\r\n"
    b"Date: Mon, 7 Feb 2022 09:30:00 +0000\r\nSubject: Transport\r\n"
)
WORDS = b"BT /F 12 Tf 50 700 Td (Dear Ms Price, this letter of 7 February 2022.) Tj ET "
WORD = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    b"<w:p><w:r><w:t>Dear Ms Price, 7 February 2022</w:t></w:r></w:p></w:body></w:document>"
)
TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
FONTS = b"<</Font<</F 5 0 R>>>>"
SEPARATOR = b"From a@x.example Mon Feb  7 09:30:00 2022\n"
LINES = HEAD.replace(b"\r\n", b"\n")


def pdf(stream: bytes, *, filters: bytes = b"", pages: int = 1, catalog: bytes = b"") -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R %s>>" % catalog,
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, b"3 0 R " * pages),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources %s>>" % FONTS,
        b"<</Length %d %s>>stream\n%s\nendstream" % (len(stream), filters, stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (
        b"xref\n0 6\n0000000000 65535 f \n%strailer <</Size 6/Root 1 0 R>>\n"
        b"startxref\n%d\n%%%%EOF\n" % (table, len(out))
    )


def docx(*inside: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as paper:
        paper.writestr("[Content_Types].xml", TYPES)
        paper.writestr("word/document.xml", WORD)
        for name, content in inside:
            paper.writestr(name, content)
    return out.getvalue()


def mail_with(name: bytes, content: bytes) -> bytes:
    return (
        HEAD + b'Content-Type: multipart/mixed; boundary="q%d"\r\n\r\n--q%d\r\n'
        b'Content-Type: application/octet-stream; name="%s"\r\nContent-Transfer-Encoding: base64'
        b"\r\n\r\n%s--q%d--\r\n"
        % (len(content), len(content), name, base64.encodebytes(content), len(content))
    )


@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is read from /proc")
def test_a_pdf_that_unpacks_to_a_gigabyte_ends_by_the_room_of_its_size(bad):
    """It took the whole two gibibytes of a worker; a megabyte of file has room by its size."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(1024)) + packer.flush()
    bad.write("bomb.pdf", pdf(packed, filters=b"/Filter/FlateDecode"))
    file = bad.read(processes(1, limits=Limits(seconds=60)))["bomb.pdf"]
    assert (str(file.status), bad.kinds("bomb.pdf")) == ("failed", {"out_of_memory"})
    assert file.reason == "Reading needed more memory than one file may have."


@pytest.mark.parametrize("name", ["both.pdf", "both.docx", "both.zip", "both.eml"])
def test_a_file_that_is_a_pdf_and_an_archive_is_read_as_a_pdf(bad, name):
    bad.write(name, pdf(WORDS) + docx())
    file = bad.read()[name]
    assert (str(file.status), file.reader, file.communications) == ("read", "pdf", 1)


def test_a_pdf_with_scripts_is_read_and_runs_nothing(bad):
    act = b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\);)>>/AA<</WC<</S/Launch/F(/bin/sh)>>>>"
    bad.write("act.pdf", pdf(WORDS, catalog=act))
    assert str(bad.read()["act.pdf"].status) == "read"


def test_a_pdf_whose_pages_are_their_own_parent_or_countless_ends(bad):
    bad.write("loop.pdf", pdf(WORDS).replace(b"/Kids[3 0 R ]", b"/Kids[2 0 R ]"))
    bad.write("count.pdf", pdf(WORDS).replace(b"/Count 1/", b"/Count 999999999/"))
    bad.write("many.pdf", pdf(WORDS, pages=10_000))
    files = bad.read()
    assert str(files["loop.pdf"].status) == "failed"
    assert bad.kinds("many.pdf") == {"limit_size"}


def test_an_archive_whose_entries_share_their_bytes_is_not_unfolded(bad):
    out = io.BytesIO(docx(("word/embeddings/0.bin", HEAD + b"\r\n" + b"a" * 1_000_000)))
    with zipfile.ZipFile(out, "a") as paper:
        last = paper.infolist()[-1]
        for number in range(1, 2000):
            again = zipfile.ZipInfo(f"word/embeddings/{number}.bin")
            for name in ("compress_type", "CRC", "compress_size", "file_size", "header_offset"):
                setattr(again, name, getattr(last, name))
            paper.filelist.append(again)
            paper.NameToInfo[again.filename] = again
        paper.writestr("word/last.xml", b"<a/>")
    bad.write("overlap.docx", out.getvalue())
    assert str(bad.read()["overlap.docx"].status) in {"partly", "failed"}
    assert bad.kinds("overlap.docx") & {"corrupt", "limit_ratio"}


def test_names_inside_an_archive_are_never_paths(bad):
    names = ("../../../evil.txt", "/evil.txt", "word/embeddings/../../../../evil.bin")
    bad.write("out.docx", docx(*((name, HEAD + b"\r\nInside.\r\n") for name in names)))
    bad.read()
    assert not list(bad.folder.parent.rglob("evil*"))


def test_mail_in_letters_in_mail_is_followed_to_the_end(bad):
    inner = docx()
    for number in range(8):
        inner = mail_with(b"n.docx", inner) if number % 2 == 0 else docx(
            ("word/embeddings/o.eml", inner))  # fmt: skip
    bad.write("in.eml", mail_with(b"last.docx", inner))
    file = bad.read()["in.eml"]
    assert (str(file.status), file.communications, file.embedded) == ("read", 10, 9)


def test_attachments_deeper_than_the_cap_are_named(bad):
    inner = HEAD + b"\r\nThe innermost.\r\n"
    for _ in range(25):
        inner = mail_with(b"n.eml", inner)
    bad.write("deep.eml", inner)
    assert str(bad.read()["deep.eml"].status) == "partly"
    assert bad.kinds("deep.eml") == {"limit_depth"}


@pytest.mark.parametrize("length", [b"999999999", b"-5", b"9" * 40, b"1e9", b""])
def test_a_mailbox_that_lies_about_its_lengths_loses_nothing(bad, length):
    message = SEPARATOR + LINES + b"Content-Length: " + length + b"\n\nText %d.\n\n"
    bad.write("lying.mbox", b"".join(message % number for number in range(3)))
    bad.read()
    assert len(bad.messages("lying.mbox")) == 3


def test_a_mailbox_without_messages_and_one_of_carriage_returns(bad):
    bad.write("none.mbox", b"\n\n\n")
    two = SEPARATOR + LINES + b"\nOne.\n\n" + SEPARATOR + LINES + b"\nTwo.\n"
    bad.write("cr.mbox", two.replace(b"\n", b"\r"))
    files = bad.read()
    assert str(files["none.mbox"].status) in {"unsupported", "failed"}
    assert files["cr.mbox"].communications == 2


def test_one_id_with_two_contents_is_two_messages(bad):
    bad.write("1.eml", HEAD + b"Message-ID: <same@x.example>\r\n\r\nPay the operator.\r\n")
    bad.write("2.eml", HEAD + b"Message-ID: <same@x.example>\r\n\r\nDo not pay anybody.\r\n")
    bad.read()
    assert bad.messages("1.eml")[0].id != bad.messages("2.eml")[0].id


@pytest.mark.skipif(sys.platform == "win32", reason="such names exist on POSIX only")
def test_a_folder_named_like_a_message_long_names_and_devices(bad):
    (bad.evidence / "folder.eml").mkdir()
    bad.write("folder.eml/in.eml", HEAD + b"\r\nIn a folder.\r\n")
    bad.write("n" * 251 + ".eml", HEAD + b"\r\nLong.\r\n")
    (bad.evidence / "zero.eml").symlink_to("/dev/zero")
    files = bad.read()
    assert str(files["folder.eml/in.eml"].status) == "read"
    assert str(files["n" * 251 + ".eml"].status) == "read"
    assert str(files["zero.eml"].status) == "excluded"


DATES = (
    b"Mon, 7 Feb 0000 09:30:00 +0000", b"1 Jan 0001 00:00:00 +1400", b"1 Jan 1601 00:00:00 +0000",
    b"Thu, 1 Jan 1970 00:00:00 +0000", b"31 Dec 9999 23:59:59 -1200", b"7 Feb 2022 09:30 +9999",
    b"7 Feb 2022 09:30 -2400", b"30 Feb 2022 09:30 +0000", b"7 Feb 202400000000 09:30 +0000",
    b"31 Dec 2016 23:59:60 +0000", b"27 Mar 2022 01:30:00", b"9" * 5000, b"Mon, " * 5000, b"",
)  # fmt: skip
FROMS = (
    b"head@council.example <evil@evil.example>", b"a@x.example, b@y.example", b"<>", b"(" * 5000,
    b'"' * 5001, b"=?utf-8?q?=1B[2J=00=0D=0AX:_y?= <e@evil.example>", b"Team: a@x.example;",
    b'=HYPERLINK("http://evil.example") <e@evil.example>', b"\xff\xfe <e@evil.example>",
)  # fmt: skip


def test_no_date_sender_or_thread_keeps_a_case_from_being_told(tmp_path):
    """Whole way: in, put together, judged, and written as data, with every loop of references."""
    box = tmp_path / "box"
    box.mkdir()
    ring = 12
    for number, date in enumerate(DATES):
        head = b"From: a@x.example\r\nTo: b@y.example\r\nSubject: d%d\r\nDate: " % number + date
        (box / f"date {number}.eml").write_bytes(head + b"\r\n\r\nCould you reply by 30 Feb?\r\n")
    for number, sender in enumerate(FROMS):
        head = b"From: " + sender + b"\r\nTo: b@y.example\r\nSubject: f%d\r\n" % number
        (box / f"from {number}.eml").write_bytes(head + b"\r\nPlease reply, %d.\r\n" % number)
    for number in range(ring):
        ids = b"Message-ID: <%d@x>\r\nIn-Reply-To: <%d@x>\r\nReferences: %s\r\n"
        others = b" ".join(b"<%d@x>" % (other % ring) for other in range(number, number + 2000))
        head = HEAD + ids % (number, (number + 1) % ring, others)
        (box / f"ring {number}.eml").write_bytes(head + b"\r\nRound %d.\r\n" % number)
    case = WholeCase.create(tmp_path / "case")
    case.ingest([box])
    assert case.reconciliation().files == len(DATES) + len(FROMS) + ring
    assert case.failures() == ()
    assert {str(file.status) for file in case.files()} == {"read"}
    assert export(case, tmp_path / "out")["files"]
    spoofed = next(c for c in case.communications() if c.sightings[0].source.path == "from 0.eml")
    assert spoofed.sender.address == "evil@evil.example"
    case.close()
