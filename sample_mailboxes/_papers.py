"""Letters on paper: tagged PDF through typst, and .docx as the smallest zip that Word opens.

Every page carries the word SYNTHETIC. No clock: a letter's file is dated by its own date.
"""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from xml.sax.saxutils import escape

import typst

_TEMPLATE = """
#let letter = json(bytes(sys.inputs.letter))
#set document(title: letter.subject, date: none)
#set text(lang: "en", region: "GB", size: 11pt, font: "Libertinus Serif")
#set page(
  paper: "a4",
  margin: (x: 2.4cm, y: 2.2cm),
  background: rotate(-50deg, text(size: 84pt, fill: rgb("#e6e6e6"))[SYNTHETIC]),
  footer: align(center, text(size: 8pt)[SYNTHETIC: a fictional letter of the commtrace sample]),
)
#set par(justify: false, leading: 0.65em, spacing: 1.1em)
#for line in letter.letterhead [#strong(line) \\ ]
#v(0.8em)
#for line in letter.address [#line \\ ]
#v(0.4em)
#for line in letter.references [#line \\ ]
#letter.date
#v(0.6em)
#letter.salutation

#strong(letter.subject)

#for paragraph in letter.paragraphs [
  #paragraph
  #parbreak()
]
#letter.closing
#v(1.4em)
#for line in letter.signed [#line \\ ]
"""

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_KIND}.document.main+xml"/>'
        f'<Override PartName="/word/header1.xml" ContentType="{_KIND}.header+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    ),
    "word/_rels/document.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/header" Target="header1.xml"/></Relationships>'
    ),
}
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Letter = dict[str, object]


def pdf(letter: Letter) -> bytes:
    """The letter as a PDF; its words are handed to typst as data, never as markup."""
    made = typst.compile(
        _TEMPLATE.encode(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"letter": json.dumps(letter, ensure_ascii=False)},
        timestamp=0,
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gives one PDF as bytes.")
    return made


def docx(letter: Letter, day: date) -> bytes:
    """The letter as a Word document; members are stored, not packed, so no zlib matters."""
    body = "".join(_paragraph(line, bold) for line, bold in _lines(letter))
    parts = {
        **_PARTS,
        "word/header1.xml": f'<w:hdr xmlns:w="{_WORD}">{_paragraph(_MARK, True)}</w:hdr>',
        "word/document.xml": (
            f'<w:document xmlns:w="{_WORD}" xmlns:r="{_OFFICE}"><w:body>{body}'
            '<w:sectPr><w:headerReference w:type="default" r:id="rId1"/></w:sectPr>'
            "</w:body></w:document>"
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 9, 0, 0))
            info.create_system = 0
            archive.writestr(info, _DECLARATION + text)
    return out.getvalue()


_MARK = "SYNTHETIC: a fictional letter of the commtrace sample"


def _lines(letter: Letter) -> list[tuple[str, bool]]:
    def several(key: str) -> list[str]:
        value = letter[key]
        return [str(line) for line in value] if isinstance(value, list) else [str(value)]

    return [
        *((line, True) for line in several("letterhead")),
        *((line, False) for line in (*several("address"), *several("references"))),
        (str(letter["date"]), False),
        (str(letter["salutation"]), False),
        (str(letter["subject"]), True),
        *((line, False) for line in several("paragraphs")),
        (str(letter["closing"]), False),
        *((line, False) for line in several("signed")),
    ]


def _paragraph(text: str, bold: bool) -> str:
    style = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:p><w:r>{style}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
