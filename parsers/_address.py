"""Address headers: who is named, and by which mailbox, in one pass over the characters.

RFC 5322 section 3.4 with the obsolete forms, and the forms that Outlook, Exchange and list
archives write. A mailbox in angle brackets is the address; whatever stands before it is a name,
even if it looks like an address. Names are decoded after the header was taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from commtrace.model import Address

from ._words import UNREADABLE_WORD, unreadable, words

MOST_ADDRESSES = 20_000
_MOST_IN_ONE = 50
_SHORT = 400  # characters of what is worth remembering
_LONGEST = 1_000  # characters of one name, address or wording
NAMES_ANOTHER = "A display name holds another address than the one it belongs to."
NO_ADDRESS = "A name stands without an address."
UNCLOSED = "An address header has a quotation mark, comment or bracket that does not end."
SEVERAL_IN_ONE = "Several addresses stand where one belongs; all are kept."
DISGUISED = "An address header holds invisible or direction-changing characters."
COMMA = "A name and an address with an unquoted comma between them were read as one person."
REWRITTEN = 'An archive wrote an address as "name at domain"; it was read as name@domain.'
TOO_MANY = f"Only the first {MOST_ADDRESSES:,} addresses of a header were kept."
INTERNATIONAL = "An address has a domain outside plain ASCII, which can imitate another."

# One mailbox in its two commonest forms; everything else goes through the scanner.
_PLAIN = re.compile(
    r"""\s*(?:"([^"\\<>@=?]*)"|([^"\\<>@=?,;:()\[\]]*))\s*<([^\s<>@,;:()"\\=]+@[A-Za-z0-9.-]+)>\s*"""
)
_BARE = re.compile(r"\s*([^\s<>@,;:()\"\\'=]+@[A-Za-z0-9.-]+)\s*")
# One of several between commas: words, quoted words and a bracket, or an address alone.
_ONE = re.compile(
    r"""((?:[^"<>(),;:\\]*+(?:"[^"\\]*+"[^"<>(),;:\\]*+)*+<[^"<>(),;:\\@]*+@[^"<>(),;:\\]*+>"""
    r"""|\s*+[^\s"<>(),;:\\@]++@[^\s"<>(),;:\\]++))\s*+(?:,|\Z)"""
)
_TOKEN = re.compile(r'[<>(),;:"]')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_AT = re.compile(r"[^\s<>\"'()\[\],;:]+@[^\s<>\"'()\[\],;:]+")
_OBFUSCATED = re.compile(r"([^\s@]+) at ([^\s@]+\.[^\s@.]+)", re.IGNORECASE)
_ROUTE = re.compile(r"@[^:]*:")
_COMMENT = re.compile(r"\([^()]*\)")
_LEGACY = re.compile(r"/(?:o|c|cn|ou)=", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c]")


@dataclass(slots=True)
class _Entry:
    """What stands between two commas, taken apart: words, quoted words, brackets, comments."""

    start: int = 0
    comma: bool = False  # whether a comma stands before it
    phrase: list[str] = field(default_factory=list)
    angles: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def addresses(text: str) -> tuple[tuple[Address, ...], tuple[str, ...]]:
    """The mailboxes of an address header's characters, in order, and doubts.

    Groups give their members; a name without a mailbox has the address "". Linear in the length.
    """
    several = _several(text) if "," in text and text.isascii() else None
    if several is not None:
        return several
    if len(text) < _SHORT:
        return _short(text)
    return _read(text)


def _several(text: str) -> tuple[tuple[Address, ...], tuple[str, ...]] | None:
    """The mailboxes of a list whose every comma plainly ends one; None where one might not."""
    found: list[Address] = []
    doubts: dict[str, None] = {}
    place = 0
    while place < len(text):
        match = _ONE.match(text, place)
        if match is None or match.end() - place > _SHORT:
            return None
        people, unsure = _read_one(match[1].strip())
        found.extend(people)
        if unsure:
            doubts.update(dict.fromkeys(unsure))
        place = match.end()
        if len(found) > MOST_ADDRESSES:
            return None
    return tuple(found), tuple(doubts)


@lru_cache(maxsize=16_384)
def _read_one(text: str) -> tuple[tuple[Address, ...], tuple[str, ...]]:
    return _read(text)


@lru_cache(maxsize=16_384)
def _short(text: str) -> tuple[tuple[Address, ...], tuple[str, ...]]:
    if not text.isprintable():
        return _read(text)
    bare = _BARE.fullmatch(text)
    if bare:
        return (Address(name="", address=bare[1], said=bare[1]),), _international(bare[1])
    plain = _PLAIN.fullmatch(text)
    if plain and " at " not in text:
        name = _bared(words(plain[1] or plain[2] or ""))
        found = Address(name=name, address=plain[3], said=words(text))
        return (found,), (*_international(plain[3]), *_disguised(name))
    return _read(text)


def _read(text: str) -> tuple[tuple[Address, ...], tuple[str, ...]]:
    found: list[Address] = []
    doubts: dict[str, None] = {}
    for entry, said in _rejoined(_entries(text, doubts), doubts):
        found.extend(_mailboxes(entry, said, doubts))
        if len(found) > MOST_ADDRESSES:
            doubts[TOO_MANY] = None
            break
    return tuple(found[:MOST_ADDRESSES]), tuple(doubts)


def _rejoined(
    entries: Iterator[tuple[_Entry, str]], doubts: dict[str, None]
) -> Iterator[tuple[_Entry, str]]:
    """Put a name back together that an unquoted comma cut: `Bailey, Susan <s@x>`."""
    held: tuple[_Entry, str] | None = None
    for entry, said in entries:
        if held is not None and entry.angles and entry.comma:
            phrase = [*held[0].phrase, *held[0].angles, ", ", *entry.phrase]
            whole = replace(entry, phrase=phrase, comments=[*held[0].comments, *entry.comments])
            doubts[COMMA] = None
            yield whole, f"{held[1]},{said}"
            held = None
            continue
        if held is not None:
            yield held
        held = (entry, said) if _half_a_name(entry) else None
        if held is None:
            yield entry, said
    if held is not None:
        yield held


def _half_a_name(entry: _Entry) -> bool:
    name = "".join(entry.phrase).strip()
    if len(entry.angles) == 1 and not name:  # an export of Enron's wrote `<Bailey>,"Susan" <...>`
        name = entry.angles[0]
        return bool(name) and "@" not in name and _LEGACY.search(name) is None
    return bool(name) and not entry.angles and "@" not in name and len(name.split()) <= 2


def _entries(text: str, doubts: dict[str, None]) -> Iterator[tuple[_Entry, str]]:
    """Cut at commas, semicolons and group names that stand outside quotes, comments, brackets."""
    entry, place = _Entry(), 0
    unclosed: set[str] = set()
    while place < len(text):
        token = _TOKEN.search(text, place)
        if token is None:
            entry.phrase.append(text[place:])
            break
        at = token.start()
        if at > place:
            entry.phrase.append(text[place:at])
        mark = token[0]
        place = at + 1
        if mark in ",;":
            yield entry, text[entry.start : at]
            entry = _Entry(start=place, comma=mark == ",")
        elif mark == ":":
            if _names_group(entry):
                entry = _Entry(start=place)
            else:
                entry.phrase.append(":")
        elif mark != ">":
            place = _inside(text, at, entry, unclosed)
    if unclosed:
        doubts[UNCLOSED] = None
    yield entry, text[entry.start :]


def _names_group(entry: _Entry) -> bool:
    return not entry.angles and not any("@" in piece or "/" in piece for piece in entry.phrase)


def _inside(text: str, at: int, entry: _Entry, unclosed: set[str]) -> int:
    """Read a quoted string, comment or bracket that opens at `at`; where reading goes on.

    One that never closes is a mere character, found out once: the scan stays linear.
    """
    mark = text[at]
    end = -1 if mark in unclosed else _end(text, at)
    if end < 0:
        unclosed.add(mark)
        if mark == "<":  # what is left up to a comma is the best reading of an open bracket
            stop = next((m.start() for m in re.finditer("[,;]", text[at : at + _LONGEST])), None)
            end = at + stop if stop is not None else len(text)
            entry.angles.append(text[at + 1 : end])
            return end
        return at + 1
    inner = text[at + 1 : end - 1]
    if mark == '"':
        entry.phrase.append('"' + _ESCAPED.sub(r"\1", inner) + '"')
    elif mark == "(":
        entry.comments.append(_ESCAPED.sub(r"\1", inner))
    else:
        entry.angles.append(inner)
    return end


def _end(text: str, at: int) -> int:
    if text[at] == '"':
        match = _QUOTED.match(text, at)
        return match.end() if match else -1
    if text[at] == "<":
        return text.find(">", at) + 1 or -1
    depth, place = 0, at
    for match in re.compile(r"\\.|[()]", re.DOTALL).finditer(text, at):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            depth -= 1
        place = match.end()
        if depth == 0:
            return place
    return -1


def _mailboxes(entry: _Entry, said: str, doubts: dict[str, None]) -> Iterator[Address]:
    said = words(said)[:_LONGEST]
    if not said:
        return
    phrase = " ".join("".join(entry.phrase).split())
    if entry.angles:
        yield from _bracketed(entry, phrase, said, doubts)
        return
    name = words(" ".join(entry.comments))
    spelled = _OBFUSCATED.fullmatch(phrase)
    if spelled:
        doubts[REWRITTEN] = None
        yield _address(name, words(f"{spelled[1]}@{spelled[2]}"), said, doubts)
        return
    bare = _bare(phrase)
    if len(bare) == 1 and phrase.endswith(" " + bare[0]):  # `Alice Smith alice@x` in archives
        name = name or words(phrase.removesuffix(bare[0]).replace('"', ""))
    if len(bare) > 1:
        doubts[SEVERAL_IN_ONE] = None
    for address in bare:
        yield _address(name, address, said, doubts)
    if not bare and (phrase or name):
        doubts[NO_ADDRESS] = None
        yield _address(words(phrase.replace('"', "")) or name, "", said, doubts)


def _bracketed(entry: _Entry, phrase: str, said: str, doubts: dict[str, None]) -> Iterator[Address]:
    name = words(phrase.replace('"', "")) or words(" ".join(entry.comments))
    if len(entry.angles) > 1:
        doubts[SEVERAL_IN_ONE] = None
    name = name[:_LONGEST]
    for inner in entry.angles[:_MOST_IN_ONE]:
        address = _in_brackets(inner)
        others = {found.lower() for found in _AT.findall(name)} - {address.lower()}
        if others and name.lower().strip("'") != address.lower():
            doubts[NAMES_ANOTHER] = None
        if not address and not name:
            continue
        if not address:
            doubts[NO_ADDRESS] = None
        yield _address(name, address, said, doubts)


def _in_brackets(inner: str) -> str:
    inner = " ".join(inner[:4_000].split())
    address = words(_ROUTE.sub("", inner.strip(), count=1) if inner.startswith("@") else inner)
    if '"' not in address:
        address = _COMMENT.sub("", address).strip()
    if address.lower().startswith("undisclosed"):
        return ""
    address = address.removeprefix("mailto:").removeprefix("SMTP:").strip("'")
    spelled = _OBFUSCATED.fullmatch(address)
    if spelled:
        return f"{spelled[1]}@{spelled[2]}"
    return address if _LEGACY.search(address) else re.sub(r"\s*([@.])\s*", r"\1", address)


def _bare(phrase: str) -> list[str]:
    """Addresses written without brackets: `a@x`, `'a@x'`, `"a b"@x`, `/O=ORG/CN=A`, `a@x b@y`."""
    if _LEGACY.search(phrase):
        return [words(phrase)]
    if "@" not in phrase:
        return []
    text = re.sub(r"\s+\.\s*", ".", re.sub(r"\s*@\s*", "@", phrase))
    if '"@' in text:
        return [words(text)]
    return [words(part).strip("'") for part in text.replace('"', " ").split() if "@" in part]


def _address(name: str, address: str, said: str, doubts: dict[str, None]) -> Address:
    for doubt in (*_international(address), *_disguised(name + address)):
        doubts[doubt] = None
    if unreadable(name):
        doubts[UNREADABLE_WORD] = None
    return Address(name=_bared(name)[:_LONGEST].strip(), address=address[:_LONGEST], said=said)


def _bared(name: str) -> str:
    """A name without the apostrophes that Outlook puts around it."""
    return name[1:-1].strip() if len(name) > 1 and name[0] == name[-1] == "'" else name


def _international(address: str) -> tuple[str, ...]:
    domain = address.rpartition("@")[2]
    return () if domain.isascii() and "xn--" not in domain.lower() else (INTERNATIONAL,)


def _disguised(text: str) -> tuple[str, ...]:
    return (DISGUISED,) if not text.isascii() and _INVISIBLE.search(text) else ()
