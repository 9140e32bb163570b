r"""A document saved as RTF: its text in the order a reader meets it, and the files inside it.

RTF 1.9.1. One pass over the tokens with a bounded stack, so that neither depth nor size breaks it.
Headers, notes, text boxes and comments are read and labelled; pictures and objects are handed on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ._layout import Text, assembled
from ._rtf import SYMBOLS
from ._rtfstate import (
    DEEP,
    DEEPEST,
    LONG,
    MOST_TOKENS,
    TRAILING,
    UNENDED,
    Group,
    Inside,
    Reader,
    Sink,
)
from ._rtfwords import apply

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])"
    r"|[\r\n\x00]+|([^\\{}\r\n\x00]+)"
)
_WIDE = frozenset({"cp932", "cp949", "gb18030", "big5hkscs", "johab"})


@dataclass(frozen=True, slots=True)
class Document:
    """All that an RTF document holds; `problems` are sentences on what was not read."""

    text: Text
    files: tuple[Inside, ...]
    problems: tuple[str, ...]


def document(data: bytes) -> Document:
    """The text and the files of an RTF document. Never raises; damage is read through."""
    reader = Reader(group=Group(sink=Sink()))
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


def _read(reader: Reader, data: bytes) -> int:
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


def _token(reader: Reader, token: re.Match[str]) -> None:
    word, number, code, symbol, brace, text = token.groups()
    if brace == "{":
        _open(reader)
    elif brace == "}":
        _close(reader)
    elif word:
        apply(reader, word, int(number) if number else None)
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


def _open(reader: Reader) -> None:
    reader.to_skip = 0
    if len(reader.stack) >= DEEPEST:
        reader.beyond += 1
        reader.problems[DEEP] = None
        return
    reader.stack.append(reader.group)
    reader.group = replace(reader.group, close=None)


def _close(reader: Reader) -> None:
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


def _byte(reader: Reader, value: int) -> None:
    if reader.to_skip:
        reader.to_skip -= 1
    else:
        reader.byte(value)


def _symbol(reader: Reader, symbol: str) -> None:
    if reader.to_skip:
        reader.to_skip -= 1
    elif symbol in "\\{}" and _is_open_pair(reader):
        reader.byte(ord(symbol))
    elif symbol in "\r\n":
        reader.end_paragraph()
    else:
        reader.write(SYMBOLS.get(symbol, ""))


def _is_open_pair(reader: Reader) -> bool:
    """Whether the first byte of a character of two was written, and its second is due."""
    if not reader.pending or reader.pending_charset not in _WIDE:
        return False
    try:
        reader.pending.decode(reader.pending_charset)
    except UnicodeDecodeError:
        return True
    return False


def _text(reader: Reader, text: str) -> None:
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


def _binary(reader: Reader, data: bytes, place: int, length: str | None) -> int:
    end = min(len(data), place + max(0, int(length or 0)))
    if reader.group.binary is not None:
        reader.group.binary.append(data[place:end])
    return end
