"""What the control words of RTF 1.9.1 do: destinations, characters, paragraphs, tables, files."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from functools import partial

from ._oleobject import from_rtf
from ._rtf import CHARSETS
from ._rtfstate import Inside, Reader, Sink, end_row
from ._text import clean_line, codec_of

_NOT_HEX = re.compile(r"[^0-9a-fA-F]")
# Groups whose text is none of the document's.
_DROPPED = frozenset({
    "colortbl", "stylesheet", "info", "fldinst", "generator", "listtable", "listoverridetable",
    "rsidtbl", "themedata", "colorschememapping", "datastore", "xmlnstbl", "latentstyles",
    "bkmkstart", "bkmkend", "filetbl", "revtbl", "nonshppict", "shprslt", "nonesttables", "xe",
    "tc", "tcn", "sp", "sn", "sv", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn",
    "atrfstart", "atrfend", "atnref", "atnparent", "atnicn", "pgptbl", "template", "mhtmltag",
    "htmltag", "wgrffmtfilter", "fontemb", "falt", "panose", "objclass", "objname", "objalias",
    "objsect", "private", "background", "docvar", "userprops", "mmathPr", "datafield", "list",
    "listname", "listlevel", "leveltext", "levelnumbers", "listoverride",
})  # fmt: skip
# Destinations marked as ones that may be skipped, and are not.
_KEPT = frozenset({"shppict", "shpinst", "shptxt", "annotation", "atnauthor", "atntime", "atnid",
    "atndate", "objdata", "ud", "dptxbxtext", "do", "footnote", "pict", "object", "result", "cs",
    "ds", "ts",
})  # fmt: skip
_BREAKS = {"line": "\n", "lbr": "\n", "softline": "\n", "tab": "    ", "emdash": "—",
    "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005",
    "zwj": "\u200d", "zwnj": "\u200c", "chftn": "", "chatn": "",
}  # fmt: skip
_PICTURES = {"pngblip": "png", "jpegblip": "jpeg", "emfblip": "emf", "wmetafile": "wmf",
    "dibitmap": "dib", "wbitmap": "bmp", "macpict": "pict", "pmmetafile": "met",
}  # fmt: skip
_HEADERS = frozenset({"header", "headerl", "headerr", "headerf"})
_FOOTERS = frozenset({"footer", "footerl", "footerr", "footerf"})
_ENDS = frozenset({"par", "sect", "page", "column", "pagebb"})


def apply(reader: Reader, word: str, value: int | None) -> None:
    """What a control word does to a reading."""
    group = reader.group
    if word == "ud":  # the second of a pair of twins (RTF 1.9.1, "upr") is the one that is read
        group.skip = group.skip and not group.twin
    elif word in _DESTINATIONS and not group.skip:
        _DESTINATIONS[word](reader)
    elif word in _DROPPED or (reader.starred and word not in _KEPT):
        group.skip = True
    elif word in _PICTURES:
        reader.picture = _PICTURES[word]
    elif word in _CHARACTERS:
        _CHARACTERS[word](reader, value)
    elif word in _ENDS:
        reader.flush()
        if not group.skip:
            reader.end_paragraph()
    elif word in _BREAKS:
        reader.write(_BREAKS[word])
    elif word in _TABLE and not group.skip:
        _TABLE[word](reader)


def _destination(reader: Reader, close: Callable[[], None]) -> None:
    """From here to the end of the group, text goes to a sink of its own."""
    reader.flush()
    reader.group.sink = Sink()
    reader.group.hidden = reader.group.deleted = reader.group.bold = False
    reader.group.close = close
    reader.mark = ""


def _aside(reader: Reader, keep: Callable[[str], None]) -> None:
    def close() -> None:
        keep("\n".join(reader.end_sink()))

    _destination(reader, close)


def _header(reader: Reader) -> None:
    _aside(reader, reader.around.headers.append)


def _footer(reader: Reader) -> None:
    _aside(reader, reader.around.footers.append)


def _footnote(reader: Reader) -> None:
    notes = reader.around.notes
    _aside(reader, lambda text: notes.append(("Footnote", text)))


def _comment(reader: Reader) -> None:
    by, comments = reader.author, reader.around.comments
    _aside(reader, lambda text: comments.append((by, text)))


def _author(reader: Reader) -> None:
    def keep(text: str) -> None:
        reader.author = clean_line(text)

    _aside(reader, keep)


def _unseen(reader: Reader) -> None:
    _aside(reader, lambda _: None)


def _box(reader: Reader) -> None:
    outer = reader.group.sink

    def close() -> None:
        outer.lines.block(reader.end_sink())

    _destination(reader, close)


def _upr(reader: Reader) -> None:
    reader.group.skip = reader.group.twin = True


def _font_table(reader: Reader) -> None:
    reader.group.skip = reader.group.table = True


def _picture(reader: Reader) -> None:
    digits: list[str] = []
    raw: list[bytes] = []
    _binary_group(reader, digits, raw)
    reader.picture = ""

    def close() -> None:
        number = sum(one.name.startswith("picture ") for one in reader.files) + 1
        _keep(reader, f"picture {number}.{reader.picture or 'bin'}", _bytes(digits, raw))

    reader.group.close = close


def _object(reader: Reader) -> None:
    digits: list[str] = []
    raw: list[bytes] = []
    _binary_group(reader, digits, raw)

    def close() -> None:
        name, data = from_rtf(_bytes(digits, raw))
        number = sum(not one.name.startswith("picture ") for one in reader.files) + 1
        _keep(reader, f"object {number}{name}" if name.startswith(".") or not name else name, data)

    reader.group.close = close


def _binary_group(reader: Reader, digits: list[str], raw: list[bytes]) -> None:
    reader.flush()
    reader.group.skip, reader.group.hexadecimal, reader.group.binary = True, digits, raw


def _bytes(digits: list[str], raw: list[bytes]) -> bytes:
    if raw:
        return b"".join(raw)
    letters = _NOT_HEX.sub("", "".join(digits))
    return binascii.unhexlify(letters[: len(letters) // 2 * 2])


def _keep(reader: Reader, name: str, data: bytes) -> None:
    if not data:
        return
    reader.room -= len(data)
    if reader.room < 0:
        reader.problems["Files inside the document are too large to be read."] = None
        return
    reader.files.append(Inside(name, data))


def _set_charset(reader: Reader, value: int | None) -> None:
    reader.charset = codec_of("utf-8" if value == 65001 else f"cp{value}") or "cp1252"
    if value == 10000:
        reader.charset = "mac-roman"
    reader.group.charset = reader.charset


def _set_font_charset(reader: Reader, value: int | None) -> None:
    if reader.group.table:
        own = value in (0, 1, 2) or value is None
        reader.fonts[reader.font] = (
            reader.charset if own else CHARSETS.get(value or 0, reader.charset)
        )


def _set_font(reader: Reader, value: int | None) -> None:
    if reader.group.table:
        reader.font = value or 0
        return
    reader.flush()
    reader.group.charset = reader.fonts.get(value or 0, reader.charset)


def _plain(reader: Reader, _: int | None) -> None:
    reader.flush()
    group = reader.group
    group.charset = reader.charset
    group.bold = group.hidden = group.deleted = False


def _set_width(reader: Reader, value: int | None) -> None:
    reader.group.unicode_width = max(0, min(1 if value is None else value, 8))


def _unicode(reader: Reader, value: int | None) -> None:
    if reader.group.skip or value is None:
        return
    reader.write(chr(value % 65536))
    reader.to_skip = reader.group.unicode_width


def _switch(name: str, reader: Reader, value: int | None) -> None:
    reader.flush()
    setattr(reader.group, name, value != 0)


def _new_paragraph(reader: Reader, _: int | None) -> None:
    if not reader.group.skip:
        reader.group.sink.heading = reader.group.sink.in_row = False


def _outline(reader: Reader, value: int | None) -> None:
    if not reader.group.skip and value is not None and value < 9:
        reader.group.sink.heading = True


def _mac(reader: Reader, _: int | None) -> None:
    reader.charset = reader.group.charset = "mac-roman"


def _dos(reader: Reader, _: int | None) -> None:
    reader.charset = reader.group.charset = "cp437"


def _endnote(reader: Reader, _: int | None) -> None:
    notes = reader.around.notes

    def close() -> None:
        notes.append(("Endnote", "\n".join(reader.end_sink())))

    if reader.group.close is not None:
        reader.group.close = close


def _row_starts(reader: Reader) -> None:
    """Cells gather in an open row; it is opened by the first cell's end where nothing else was."""
    lines = reader.group.sink.lines
    if not lines.rows:
        lines.open_row()


def _end_cell(reader: Reader) -> None:
    reader.flush()
    sink = reader.group.sink
    _row_starts(reader)
    if sink.lines.rows and len(sink.lines.containers) < 2:
        sink.lines.open_cell()
    reader.end_paragraph()
    sink.lines.close_cell()
    sink.lines.open_cell()


def _end_row(reader: Reader) -> None:
    reader.flush()
    end_row(reader.group.sink.lines)


def _in_table(reader: Reader, _: int | None) -> None:
    if reader.group.skip:
        return
    lines = reader.group.sink.lines
    if not lines.rows:
        lines.open_row()
        lines.open_cell()


_DESTINATIONS: dict[str, Callable[[Reader], None]] = {
    **dict.fromkeys(_HEADERS, _header), **dict.fromkeys(_FOOTERS, _footer),
    "footnote": _footnote, "annotation": _comment, "atnauthor": _author, "atnid": _unseen,
    "atntime": _unseen, "atndate": _unseen, "shptxt": _box, "dptxbxtext": _box,
    "fonttbl": _font_table, "pict": _picture, "objdata": _object, "upr": _upr,
}  # fmt: skip
_CHARACTERS: dict[str, Callable[[Reader, int | None], None]] = {
    "ansicpg": _set_charset, "mac": _mac, "pc": _dos, "pca": _dos, "fcharset": _set_font_charset,
    "f": _set_font, "plain": _plain, "uc": _set_width, "u": _unicode, "b": partial(_switch, "bold"),
    "v": partial(_switch, "hidden"), "deleted": partial(_switch, "deleted"),
    "pard": _new_paragraph, "outlinelevel": _outline, "ftnalt": _endnote, "intbl": _in_table,
}  # fmt: skip
_TABLE: dict[str, Callable[[Reader], None]] = {
    "cell": _end_cell, "row": _end_row, "nestcell": lambda reader: reader.write("    "),
    "nestrow": Reader.end_paragraph,
}  # fmt: skip
