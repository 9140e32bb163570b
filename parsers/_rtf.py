"""Rich text as Outlook stores it: LZFu decompression, and the text or HTML wrapped inside.

Used only where a message has neither plain text nor HTML. One pass over the tokens, no recursion,
bounded in size; what is an office document's layout (fonts, pictures) is dropped.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass, field

from ._text import codec_of

CHECKSUM = "The message's rich text does not match its checksum; its text may be damaged."
TOO_LARGE = "The message's rich text is too large to be read; its body was left out."
UNREADABLE = "The message's rich text could not be unpacked; its body was left out."
_LARGEST = 4 << 20  # bytes of rich text
_WINDOW = 4096
_START = (  # what the window holds before the first byte (MS-OXRTFCP 2.1.2.1)
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])"
    r"|[\r\n]+|([^\\{}\r\n]+)"
)
# Groups whose text is no text of the message (RTF 1.9.1, "destinations").
_DROPPED = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "headerl",
    "headerr", "footerl", "footerr", "fldinst", "generator", "listtable", "listoverridetable",
    "rsidtbl", "themedata", "colorschememapping", "datastore", "xmlnstbl", "latentstyles",
    "bkmkstart", "bkmkend", "pntext", "mhtmltag", "filetbl", "revtbl", "nonshppict",
})  # fmt: skip
_WORDS = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "tab": "\t", "cell": "\t",
    "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "emspace": "\u2003", "enspace": "\u2002",
}  # fmt: skip
SYMBOLS = {"~": "\xa0", "_": "\u2011", "\n": "\n", "\r": "\n", "{": "{", "}": "}", "\\": "\\"}
# \fcharset to code page (RTF 1.9.1, font table).
CHARSETS = {
    0: "cp1252", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250", 255: "cp850",
}  # fmt: skip


def unpack(raw: bytes) -> tuple[bytes, str | None]:
    """The RTF inside PidTagRtfCompressed, and a doubt; empty where it could not be had.

    The checksum is compared here, so that damaged text is shown with a doubt rather than refused.
    Reference: MS-OXRTFCP 2.2.
    """
    if len(raw) < 16:
        return b"", UNREADABLE
    _, size, kind, checksum = struct.unpack_from("<II4sI", raw)
    body = raw[16:]
    if kind not in (b"MELA", b"LZFu"):
        return b"", UNREADABLE
    if max(size, len(body)) > _LARGEST or len(body) * 9 > 4 * _LARGEST:
        return b"", TOO_LARGE
    if kind == b"MELA":
        return body[:size], None
    body = raw[16 : 4 + max(12, struct.unpack_from("<I", raw)[0])]
    actual = zlib.crc32(body, 0xFFFFFFFF) ^ 0xFFFFFFFF
    try:
        return _expanded(body), CHECKSUM if actual != checksum else None
    except IndexError:
        return b"", UNREADABLE


def _expanded(body: bytes) -> bytes:
    """LZFu unpacked (MS-OXRTFCP 2.1.3.1): the last 4,096 bytes are the window that is copied from.

    Raises IndexError where the bytes end within a token.
    """
    out = bytearray(_START.rjust(_WINDOW))
    place, end = 0, len(body)
    while place < end:
        flags = body[place]
        place += 1
        for bit in range(8):
            if place >= end:
                break
            if not flags >> bit & 1:
                out.append(body[place])
                place += 1
                continue
            token = body[place] << 8 | body[place + 1]
            place += 2
            back = (len(out) + len(_START) - (token >> 4)) % _WINDOW
            if not back:
                return bytes(out[_WINDOW:])
            start, length = len(out) - back, (token & 15) + 2
            piece = out[start : start + length]
            out += (piece * (length // len(piece) + 1))[:length]
    return bytes(out[_WINDOW:])


@dataclass(slots=True)
class _Group:
    """What holds until the group closes."""

    skip: bool = False
    tag: bool = False  # inside \*\htmltag: the text is markup of the original
    hidden: bool = False  # between \htmlrtf and \htmlrtf0: made for the RTF view only
    table: bool = False  # inside the font table
    unicode_width: int = 1
    charset: str = "cp1252"

    def copy(self) -> _Group:
        return _Group(
            self.skip, self.tag, self.hidden, self.table, self.unicode_width, self.charset
        )


@dataclass(slots=True)
class _Reader:
    html: bool = False
    charset: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    out: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    pending_charset: str = "cp1252"
    to_skip: int = 0

    def write(self, text: str) -> None:
        self.flush()
        self.out.append(text)

    def byte(self, value: int, charset: str) -> None:
        if self.pending and charset != self.pending_charset:
            self.flush()
        self.pending_charset = charset
        self.pending.append(value)

    def flush(self) -> None:
        if self.pending:
            self.out.append(self.pending.decode(self.pending_charset, "replace"))
            self.pending.clear()


def to_text(rtf: bytes) -> tuple[str, bool]:
    r"""The text of an RTF document, and whether it is HTML that Outlook had wrapped in RTF.

    Follows MS-OXRTFEX 2.1 for \fromhtml1 and \fromtext; for other documents the running text.
    """
    reader = _Reader(html=b"\\fromhtml1" in rtf[:2048])
    group = _Group()
    stack: list[_Group] = []
    starred = False
    for token in _TOKEN.finditer(rtf.rstrip(b"\0").decode("latin-1")):
        word, number, code, symbol, brace, text = token.groups()
        if brace == "{":
            stack.append(group.copy())
        elif brace == "}":
            group = stack.pop() if stack else group
        elif word:
            _word(reader, group, word, number=number, starred=starred)
        elif symbol == "*":
            starred = True
            continue
        else:
            _characters(reader, group, code=code, symbol=symbol, text=text)
        starred = False
    reader.flush()
    return "".join(reader.out), reader.html


def _characters(
    reader: _Reader, group: _Group, *, code: str | None, symbol: str | None, text: str | None
) -> None:
    if group.skip or group.hidden:
        return
    if code:
        if reader.to_skip:
            reader.to_skip -= 1
        else:
            reader.byte(int(code, 16), group.charset)
    elif symbol:
        reader.write(SYMBOLS.get(symbol, ""))
    elif text:
        dropped = min(reader.to_skip, len(text))
        reader.to_skip -= dropped
        for character in text[dropped:] if reader.pending else "":
            reader.byte(ord(character), group.charset)
        if not reader.pending and len(text) > dropped:
            reader.out.append(text[dropped:].encode("latin-1").decode(group.charset, "replace"))


def _word(reader: _Reader, group: _Group, word: str, *, number: str | None, starred: bool) -> None:
    value = int(number) if number else None
    if word in _DROPPED or (starred and word != "htmltag"):
        group.skip = True
        group.table = word == "fonttbl"
    elif word == "htmltag":
        group.tag, group.hidden = True, False
        group.skip = not reader.html
    elif word == "htmlrtf":
        group.hidden = value != 0 and reader.html
    elif word in ("ansicpg", "f", "fcharset", "plain"):
        _charset(reader, group, word, value=value)
    elif word == "uc" and value is not None:
        group.unicode_width = max(0, min(value, 8))
    elif word == "u" and value is not None:
        _unicode(reader, group, value)
    elif word in _WORDS and not (group.skip or group.hidden):
        reader.write(_WORDS[word])


def _charset(reader: _Reader, group: _Group, word: str, *, value: int | None) -> None:
    if word == "ansicpg" and value:
        reader.charset = codec_of("utf-8" if value == 65001 else f"cp{value}") or "cp1252"
        group.charset = reader.charset
    elif word == "fcharset" and group.table:
        known = reader.charset if value in (0, 1) else CHARSETS.get(value or 0, reader.charset)
        reader.fonts[reader.font] = known
    elif word == "f" and group.table:
        reader.font = value or 0
    elif word == "f":
        group.charset = reader.fonts.get(value or 0, reader.charset)
    elif word == "plain":
        group.charset = reader.charset


def _unicode(reader: _Reader, group: _Group, value: int) -> None:
    if group.skip or group.hidden:
        return
    reader.flush()
    reader.out.append(chr(value % 65536))
    reader.to_skip = group.unicode_width
