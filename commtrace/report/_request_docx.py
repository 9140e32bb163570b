"""The disclosure request as a Word file, so that it can be finished and sent as a letter.

Written with python-docx from its plain template; words of the evidence are text runs, never fields
or links. The parts of the package are packed again in a fixed order and with a fixed time, so that
the same request gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table

from commtrace.report._request import HOW, NOTHING, OPENING, DisclosureRequest
from commtrace.report._wanted import Item, Request, Wanted

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed mark, no moment
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ACCENT = RGBColor(0x1D, 0x35, 0x57)
_MUTED = RGBColor(0x55, 0x60, 0x6E)
_FONT = "Calibri"
_MESSAGE = ("Time", "From", "To", "Subject", "Message-ID or place")
_FILE = ("File", "Place in it")


def document(one: DisclosureRequest) -> bytes:
    """The request as .docx, A4 across."""
    made = docx.Document()
    _style(made, one)
    made.add_heading(_plain(f"{one.title}: disclosure request"), level=0)
    made.add_paragraph(_plain(f"Period under review: {one.period}"))
    made.add_paragraph(OPENING)
    made.add_paragraph(HOW)
    if not one.requests:
        made.add_paragraph(NOTHING)
    else:
        made.add_heading("Who is asked for what", level=1)
        overview = [(r.holder, r.party, f"{len(r.wanted):,}") for r in one.requests]
        _table(made, ("Holder", "Party", "Requests"), overview)
    for request in one.requests:
        _request(made, request)
    made.add_heading("This request", level=1)
    _table(
        made,
        ("Item", "Value"),
        [
            ("Evidence up to", one.as_of),
            ("Case fingerprint", one.fingerprint),
            ("Head of the audit chain", one.head),
            ("Made with", f"commtrace {one.version}"),
        ],
    )
    out = BytesIO()
    made.save(out)
    return _repacked(out.getvalue())


def _style(made: Document, one: DisclosureRequest) -> None:
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(18))
    section.footer.paragraphs[0].text = _plain(f"{one.marking}    Case {one.fingerprint}")
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = made.styles[name]
        style.font.name = _FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), _FONT)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
            fonts.attrib.pop(qn(theme), None)
        if name != "Normal":
            style.font.color.rgb = _ACCENT
    made.styles["Normal"].font.size = Pt(10.5)
    made.styles["Title"].font.size = Pt(24)
    made.styles["Heading 2"].font.size = Pt(12)
    core = made.core_properties
    core.title, core.author, core.comments = _plain(f"{one.title}: disclosure request"), "", ""
    core.created = core.modified = _MADE
    core.last_modified_by, core.language = "", "en-GB"


def _request(made: Document, request: Request) -> None:
    made.add_heading(_plain(request.holder), level=1).paragraph_format.page_break_before = True
    if request.party:
        made.add_paragraph(_plain(request.party))
    for number, wanted in enumerate(request.wanted, 1):
        made.add_heading(_plain(f"{number}. {wanted.ask}"), level=2)
        for reference, why in wanted.reasons:
            reason = made.add_paragraph()
            reason.add_run(_plain(f"{reference}. ")).bold = True
            reason.add_run(_plain(why))
        _items(made, wanted)


def _items(made: Document, wanted: Wanted) -> None:
    items = wanted.items
    if items and items[0].when:
        _table(made, _MESSAGE, [_cells(item) for item in items])
    elif items:
        _table(made, _FILE, [(item.subject, item.name) for item in items])
    if wanted.more:
        note = made.add_paragraph().add_run(_plain(wanted.more))
        note.font.color.rgb = _MUTED


def _cells(item: Item) -> tuple[str, ...]:
    return item.when, item.sender, item.to, item.subject, item.name


def _table(made: Document, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = made.add_table(rows=1, cols=len(header), style="Light Grid Accent 1")
    for cell, name in zip(table.rows[0].cells, header, strict=True):
        cell.text = name
    table.rows[0]._tr.get_or_add_trPr().append(  # noqa: SLF001 - the library has no call for it
        table.rows[0]._tr.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"})  # noqa: SLF001
    )
    _plain_look(table)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = _plain(text)
    for row in table.rows:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                for run in paragraph.runs:
                    run.font.size = Pt(8.5)
    made.add_paragraph()


def _plain_look(table: Table) -> None:
    """No bold first column and no bands: the style's own are for figures."""
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001 - the library has no call for it
    if look is not None:
        look.set(qn("w:firstColumn"), "0")
        look.set(qn("w:noHBand"), "1")
        look.set(qn("w:val"), "0620")


def _plain(text: str) -> str:
    """Text without what XML cannot hold; nothing else is left that could be."""
    return _NOT_XML.sub("", text)


def _repacked(data: bytes) -> bytes:
    """The same package with its parts in order and at a fixed time."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        names = sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            part = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            part.compress_type = ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return out.getvalue()
