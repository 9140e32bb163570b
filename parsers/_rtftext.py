r"""A document saved as RTF: its text in the order a reader meets it, and the files inside it.

RTF 1.9.1. One pass over the tokens with a bounded stack, so that neither depth nor size breaks it.
Headers, notes, text boxes and comments are read and labelled; pictures and objects are handed on.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from ._layout import Around, Lines, Text, assembled
from ._oleobject import from_rtf
from ._rtf import CHARSETS, SYMBOLS
from ._text import clean_line, codec_of

DEEPEST = 2_000  # groups within groups
MOST_TOKENS = 20_000_000
LARGEST_FILES = 256 << 20  # bytes of all pictures and objects together
DEEP = "The document is nested deeper than documents are; its layout there was not followed."
LONG = "The document is longer than is read; only its beginning was read."
UNENDED = "The document does not end as it should; it may be cut short."
TRAILING = "Other bytes follow the end of the document; they were not read."

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])"
    r"|[\r\n\x00]+|([^\\{}\r\n\x00]+)"
)
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
_WIDE = frozenset({"cp932", "cp949", "gb18030", "big5hkscs", "johab"})
_ENDS = frozenset({"par", "sect", "page", "column", "pagebb"})


@dataclass(frozen=True, slots=True)
class Inside:
    """A file within a document: its name or kind of file, and its bytes."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Document:
    """All that an RTF document holds; `problems` are sentences on what was not read."""

    text: Text
    files: tuple[Inside, ...]
    problems: tuple[str, ...]


@dataclass(slots=True)
class _Sink:
    """A stretch of text that is read for itself: the body, a header, a note, a text box."""

    lines: Lines = field(default_factory=Lines)
    pieces: list[str] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)
    in_row: bool = False
    heading: bool = False


@dataclass(slots=True)
class _Group:
    """What holds until the group closes."""

    sink: _Sink
    skip: bool = False
    table: bool = False  # inside the font table
    unicode_width: int = 1
    charset: str = "cp1252"
    bold: bool = False
    hidden: bool = False
    deleted: bool = False
    hexadecimal: list[str] | None = None  # where a picture's or an object's digits go
    binary: list[bytes] | None = None
    close: Callable[[], None] | None = None


@dataclass(slots=True)
class _Reader:
    group: _Group
    stack: list[_Group] = field(default_factory=list)
    beyond: int = 0  # groups opened below the deepest that is followed
    around: Around = field(default_factory=Around)
    files: list[Inside] = field(default_factory=list)
    problems: dict[str, None] = field(default_factory=dict)
    room: int = LARGEST_FILES
    charset: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    pending: bytearray = field(default_factory=bytearray)
    pending_charset: str = "cp1252"
    to_skip: int = 0
    fresh: bool = False  # right after an opening brace: only there a star marks a destination
    starred: bool = False
    picture: str = ""
    author: str = ""
    mark: str = ""  # the bracket that is open: "deleted" or "hidden"

    def write(self, text: str) -> None:
        self.flush()
        self.put(text)

    def put(self, text: str) -> None:
        """Text of the document goes to the sink, in brackets where it was deleted or hidden."""
        group = self.group
        if group.skip or not text:
            return
        mark = "deleted" if group.deleted else "hidden" if group.hidden else ""
        if mark != self.mark and text.strip():
            self.bracket(mark)
        group.sink.pieces.append(text)
        if text.strip():
            group.sink.bold.append(group.bold)

    def bracket(self, mark: str) -> None:
        pieces = self.group.sink.pieces
        if self.mark:
            pieces.append("]")
        if mark:
            pieces.append(f"[{mark}: ")
        self.around.tracked |= mark == "deleted"
        self.around.hidden |= mark == "hidden"
        self.mark = mark

    def byte(self, value: int) -> None:
        if self.group.skip:
            return
        if self.pending and self.group.charset != self.pending_charset:
            self.flush()
        self.pending_charset = self.group.charset
        self.pending.append(value)

    def flush(self) -> None:
        if self.pending:
            text = self.pending.decode(self.pending_charset, "replace")
            self.pending.clear()
            self.put(text)

    def end_paragraph(self) -> None:
        self.flush()
        sink = self.group.sink
        if self.mark:
            self.bracket("")
        text = _paired("".join(sink.pieces))
        emphasised = sink.heading or (bool(sink.bold) and all(sink.bold))
        sink.lines.paragraph(text, emphasised=emphasised)
        sink.pieces.clear()
        sink.bold.clear()

    def end_sink(self) -> list[str]:
        """Close the open sink: its lines."""
        if self.group.sink.pieces:
            self.end_paragraph()
        while self.group.sink.lines.rows:
            _end_row(self)
        return self.group.sink.lines.joined().split("\n")


def document(data: bytes) -> Document:
    """The text and the files of an RTF document. Never raises; damage is read through."""
    reader = _Reader(group=_Group(sink=_Sink()))
    body = reader.group.sink
    place = _read(reader, data)
    flaws = [UNENDED] if reader.stack else []
    flaws += [TRAILING] if data[place : place + 4096].strip(b"\x00\x1a \r\n\t") else []
    while reader.stack:
        _close(reader)
    reader.group.sink = body
    reader.end_sink()
    text = assembled(body.lines, reader.around)
    text = replace(text, doubts=(*text.doubts, *flaws))
    return Document(text, tuple(reader.files), tuple(reader.problems))


def _read(reader: _Reader, data: bytes) -> int:
    """Read tokens until the outermost group is closed: the place behind it."""
    text = data.decode("latin-1")
    place, end, tokens = 0, len(text), 0
    while place < end:
        token = _TOKEN.match(text, place)
        tokens += 1
        if token is None:
            place += 1
            continue
        place = token.end()
        if token[1] == "bin":
            place = _binary(reader, data, place, token[2])
        else:
            _token(reader, token)
        if token[5] == "}" and not reader.stack:
            return place
        if tokens > MOST_TOKENS:
            reader.problems[LONG] = None
            return end
    return end


def _token(reader: _Reader, token: re.Match[str]) -> None:
    word, number, code, symbol, brace, text = token.groups()
    if brace == "{":
        _open(reader)
    elif brace == "}":
        _close(reader)
    elif word:
        _word(reader, word, int(number) if number else None)
    elif symbol == "*":
        reader.starred = reader.fresh
        return
    elif code:
        _byte(reader, int(code, 16))
    elif symbol:
        _symbol(reader, symbol)
    elif text:
        _text(reader, text)
    else:
        return  # a line's end in the file says nothing
    reader.starred, reader.fresh = False, brace == "{"


def _open(reader: _Reader) -> None:
    reader.to_skip = 0
    if len(reader.stack) >= DEEPEST:
        reader.beyond += 1
        reader.problems[DEEP] = None
        return
    reader.stack.append(reader.group)
    reader.group = replace(reader.group, close=None)


def _close(reader: _Reader) -> None:
    reader.to_skip = 0
    if reader.beyond:
        reader.beyond -= 1
        return
    if not reader.stack:
        return
    if reader.group.close is not None:
        reader.flush()
        reader.group.close()
    reader.flush()
    reader.group = reader.stack.pop()


def _byte(reader: _Reader, value: int) -> None:
    if reader.to_skip:
        reader.to_skip -= 1
    else:
        reader.byte(value)


def _symbol(reader: _Reader, symbol: str) -> None:
    if reader.to_skip:
        reader.to_skip -= 1
    elif symbol in "\\{}" and _is_open_pair(reader):
        reader.byte(ord(symbol))
    elif symbol in "\r\n":
        reader.end_paragraph()
    else:
        reader.write(SYMBOLS.get(symbol, ""))


def _is_open_pair(reader: _Reader) -> bool:
    """Whether the first byte of a character of two was written, and its second is due."""
    if not reader.pending or reader.pending_charset not in _WIDE:
        return False
    try:
        reader.pending.decode(reader.pending_charset)
    except UnicodeDecodeError:
        return True
    return False


def _text(reader: _Reader, text: str) -> None:
    group = reader.group
    if group.hexadecimal is not None:
        group.hexadecimal.append(text)
        return
    dropped = min(reader.to_skip, len(text))
    reader.to_skip -= dropped
    rest = text[dropped:]
    if group.skip or not rest:
        return
    if _is_open_pair(reader):
        reader.byte(ord(rest[0]))
        rest = rest[1:]
    reader.write(
        rest if rest.isascii() else rest.encode("latin-1").decode(group.charset, "replace")
    )


def _binary(reader: _Reader, data: bytes, place: int, length: str | None) -> int:
    end = min(len(data), place + max(0, int(length or 0)))
    if reader.group.binary is not None:
        reader.group.binary.append(data[place:end])
    return end


def _word(reader: _Reader, word: str, value: int | None) -> None:
    group = reader.group
    if word in _DESTINATIONS and not group.skip:
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


def _destination(reader: _Reader, close: Callable[[], None]) -> None:
    """From here to the end of the group, text goes to a sink of its own."""
    reader.flush()
    reader.group.sink = _Sink()
    reader.group.hidden = reader.group.deleted = reader.group.bold = False
    reader.group.close = close
    reader.mark = ""


def _aside(reader: _Reader, keep: Callable[[str], None]) -> None:
    def close() -> None:
        keep("\n".join(reader.end_sink()))

    _destination(reader, close)


def _header(reader: _Reader) -> None:
    _aside(reader, reader.around.headers.append)


def _footer(reader: _Reader) -> None:
    _aside(reader, reader.around.footers.append)


def _footnote(reader: _Reader) -> None:
    notes = reader.around.notes
    _aside(reader, lambda text: notes.append(("Footnote", text)))


def _comment(reader: _Reader) -> None:
    by, comments = reader.author, reader.around.comments
    _aside(reader, lambda text: comments.append((by, text)))


def _author(reader: _Reader) -> None:
    def keep(text: str) -> None:
        reader.author = clean_line(text)

    _aside(reader, keep)


def _unseen(reader: _Reader) -> None:
    _aside(reader, lambda _: None)


def _box(reader: _Reader) -> None:
    outer = reader.group.sink

    def close() -> None:
        outer.lines.block(reader.end_sink())

    _destination(reader, close)


def _unicode_twin(reader: _Reader) -> None:
    r"""`\upr{narrow}{\*\ud{wide}}`: the wide one is read, what stood before it in it is not."""
    reader.group.skip = False


def _upr(reader: _Reader) -> None:
    reader.group.skip = True


def _font_table(reader: _Reader) -> None:
    reader.group.skip = reader.group.table = True


def _picture(reader: _Reader) -> None:
    digits: list[str] = []
    raw: list[bytes] = []
    _binary_group(reader, digits, raw)
    reader.picture = ""

    def close() -> None:
        number = sum(one.name.startswith("picture ") for one in reader.files) + 1
        _keep(reader, f"picture {number}.{reader.picture or 'bin'}", _bytes(digits, raw))

    reader.group.close = close


def _object(reader: _Reader) -> None:
    digits: list[str] = []
    raw: list[bytes] = []
    _binary_group(reader, digits, raw)

    def close() -> None:
        name, data = from_rtf(_bytes(digits, raw))
        number = sum(not one.name.startswith("picture ") for one in reader.files) + 1
        _keep(reader, f"object {number}{name}" if name.startswith(".") or not name else name, data)

    reader.group.close = close


def _binary_group(reader: _Reader, digits: list[str], raw: list[bytes]) -> None:
    reader.flush()
    reader.group.skip, reader.group.hexadecimal, reader.group.binary = True, digits, raw


def _bytes(digits: list[str], raw: list[bytes]) -> bytes:
    if raw:
        return b"".join(raw)
    letters = _NOT_HEX.sub("", "".join(digits))
    return binascii.unhexlify(letters[: len(letters) // 2 * 2])


def _keep(reader: _Reader, name: str, data: bytes) -> None:
    if not data:
        return
    reader.room -= len(data)
    if reader.room < 0:
        reader.problems["Files inside the document are too large to be read."] = None
        return
    reader.files.append(Inside(name, data))


def _set_charset(reader: _Reader, value: int | None) -> None:
    reader.charset = codec_of("utf-8" if value == 65001 else f"cp{value}") or "cp1252"
    if value == 10000:
        reader.charset = "mac-roman"
    reader.group.charset = reader.charset


def _set_font_charset(reader: _Reader, value: int | None) -> None:
    if reader.group.table:
        own = value in (0, 1, 2) or value is None
        reader.fonts[reader.font] = (
            reader.charset if own else CHARSETS.get(value or 0, reader.charset)
        )


def _set_font(reader: _Reader, value: int | None) -> None:
    if reader.group.table:
        reader.font = value or 0
        return
    reader.flush()
    reader.group.charset = reader.fonts.get(value or 0, reader.charset)


def _plain(reader: _Reader, _: int | None) -> None:
    reader.flush()
    group = reader.group
    group.charset = reader.charset
    group.bold = group.hidden = group.deleted = False


def _set_width(reader: _Reader, value: int | None) -> None:
    reader.group.unicode_width = max(0, min(1 if value is None else value, 8))


def _unicode(reader: _Reader, value: int | None) -> None:
    if reader.group.skip or value is None:
        return
    reader.write(chr(value % 65536))
    reader.to_skip = reader.group.unicode_width


def _switch(name: str, reader: _Reader, value: int | None) -> None:
    reader.flush()
    setattr(reader.group, name, value != 0)


def _new_paragraph(reader: _Reader, _: int | None) -> None:
    if not reader.group.skip:
        reader.group.sink.heading = reader.group.sink.in_row = False


def _outline(reader: _Reader, value: int | None) -> None:
    if not reader.group.skip and value is not None and value < 9:
        reader.group.sink.heading = True


def _mac(reader: _Reader, _: int | None) -> None:
    reader.charset = reader.group.charset = "mac-roman"


def _dos(reader: _Reader, _: int | None) -> None:
    reader.charset = reader.group.charset = "cp437"


def _endnote(reader: _Reader, _: int | None) -> None:
    notes = reader.around.notes

    def close() -> None:
        notes.append(("Endnote", "\n".join(reader.end_sink())))

    if reader.group.close is not None:
        reader.group.close = close


def _row_starts(reader: _Reader) -> None:
    """Cells gather in an open row; it is opened by the first cell's end where nothing else was."""
    lines = reader.group.sink.lines
    if not lines.rows:
        lines.open_row()


def _end_cell(reader: _Reader) -> None:
    reader.flush()
    sink = reader.group.sink
    _row_starts(reader)
    if sink.lines.rows and len(sink.lines.containers) < 2:
        sink.lines.open_cell()
    reader.end_paragraph()
    sink.lines.close_cell()
    sink.lines.open_cell()


def _end_row(reader: _Reader) -> None:
    reader.flush()
    lines = reader.group.sink.lines
    if len(lines.containers) > 1:
        rest = lines.containers.pop()
        lines.close_row()
        lines.block(line for line in rest if line)
    else:
        lines.close_row()


def _in_table(reader: _Reader, _: int | None) -> None:
    if reader.group.skip:
        return
    lines = reader.group.sink.lines
    if not lines.rows:
        lines.open_row()
        lines.open_cell()


_DESTINATIONS: dict[str, Callable[[_Reader], None]] = {
    **dict.fromkeys(_HEADERS, _header), **dict.fromkeys(_FOOTERS, _footer),
    "footnote": _footnote, "annotation": _comment, "atnauthor": _author, "atnid": _unseen,
    "atntime": _unseen, "atndate": _unseen, "shptxt": _box, "dptxbxtext": _box,
    "fonttbl": _font_table, "pict": _picture, "objdata": _object, "upr": _upr,
}  # fmt: skip
_CHARACTERS: dict[str, Callable[[_Reader, int | None], None]] = {
    "ansicpg": _set_charset, "mac": _mac, "pc": _dos, "pca": _dos, "fcharset": _set_font_charset,
    "f": _set_font, "plain": _plain, "uc": _set_width, "u": _unicode, "b": partial(_switch, "bold"),
    "v": partial(_switch, "hidden"), "deleted": partial(_switch, "deleted"),
    "pard": _new_paragraph, "outlinelevel": _outline, "ftnalt": _endnote, "intbl": _in_table,
}  # fmt: skip
_TABLE: dict[str, Callable[[_Reader], None]] = {
    "cell": _end_cell, "row": _end_row, "nestcell": lambda reader: reader.write("    "),
    "nestrow": _Reader.end_paragraph,
}  # fmt: skip


def _paired(text: str) -> str:
    r"""Characters beyond U+FFFF, which `\u` writes as two halves, put together."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
