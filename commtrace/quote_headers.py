"""The line or block that mail programs put above what they quote: who wrote it, when, to whom.

Known forms: `On <date>, <name> wrote:` over up to three lines (and its German and French twins),
a From/Sent/To/Subject block in any order, bold or plain, with or without the lines
`-----Original Message-----`, `__________`, `---------- Forwarded message ---------` and
`Begin forwarded message:` above it; the block of Lotus Notes, in which name and time stand without
a field's name above To, cc and Subject; and a date with a name alone, where marked lines follow.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from commtrace import quoted_dates
from commtrace.model import Address
from commtrace.moments import Moment

_SEPARATOR = re.compile(
    r"(?:-{2,}\s{0,3}(?:original message|original appointment|forwarded message|forwarded by.{0,80}"
    r"|message d'origine|urspr\S{1,4}ngliche nachricht|reply message|weitergeleitete nachricht)"
    r"\s{0,3}-{0,40}|_{20,100}|-{20,100}|begin forwarded message:?)$",
    re.IGNORECASE,
)
_FIELDS = {
    word: field
    for field, words in tomllib.loads(
        files("commtrace.data").joinpath("quotations.toml").read_text("utf-8")
    )["fields"].items()
    for word in words
}
_FIELD = re.compile(
    r"[*\s]{0,4}(" + "|".join(sorted(map(re.escape, _FIELDS), key=len, reverse=True))
    + r")\s{0,2}\*{0,2}\s{0,2}[:：]\*{0,2}\s{0,8}(.{0,600})$",
    re.IGNORECASE,
)  # fmt: skip
_OPENERS = ("on ", "at ", "am ", "le ", "el ")
_WROTE = re.compile(r"(?:wrote|writes|schrieb|a écrit|escribió|said)\b", re.IGNORECASE)
_ENDS = re.compile(
    r"(?:wrote|writes|schrieb(?:en)?[^:]{0,80}|a écrit|a ecrit|escribió)\s?[:：]?\s{0,3}$",
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"-{2,}\s{0,3}forwarded by\b[^\n]{0,120}$", re.IGNORECASE)
_TO = re.compile(r"to\s{0,2}:", re.IGNORECASE)
_DATE_FIRST = re.compile(r"(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}\b[^\n]{3,160}:$")
_FOLDED = 30  # characters: a shorter field is not broken in two
_ABOVE_TO = 5  # lines of a Notes block that stand above its To
_BARE = re.compile(r"(.{2,80}?)\s(?:wrote|writes)(?:\s(?:on|at)\s.{4,60})?:$", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+'&%=/-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}")
_VEILED = re.compile(r"([\w.+-]{1,64}) at ([\w-]{1,63}(?:\.[\w-]{1,63}){1,6})")  # web archives
_LINES, _LONGEST_OPENER, _BLOCK_LINES = 3, 400, 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a quoted header says; `block` for a From/Sent/To block, which quotes to the end."""

    author: Address | None = None
    when: Moment | None = None
    to: tuple[Address, ...] = ()
    subject: str | None = None
    block: bool = False
    dated: bool = False


def header_at(lines: Sequence[str]) -> tuple[Header | None, int]:
    """The header that begins on the first of `lines` (without quotation marks), and its length.

    At most 16 lines need be given. (None, 0) where none begins there.
    """
    first = lines[0]
    if not first:
        return None, 0
    if _is_wrapped(lines):
        header, length = _after_separator(["----- Forwarded by", *lines[2:]])
        return header, length + 1 if header is not None else 0
    if _SEPARATOR.match(first):
        return _after_separator(lines)
    if _FIELD.match(first):
        return _block(lines)
    if first[:3].casefold() in _OPENERS:
        return _opener(lines)
    if (above := _above_to(lines)) and (found := _notes(lines, above))[0] is not None:
        return found
    if _DATE_FIRST.match(first):
        return Header(author=_dated_author(first), when=quoted_dates.moment(first[:-1])), 1
    if first.endswith(":") and (match := _BARE.match(first)):
        return _bare(match[0], match[1])
    return _attribution(lines)


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether a "Forwarded by" line was broken in two, its closing dashes on the next line."""
    first = lines[0]
    broken = first.startswith("--") and not first.endswith("-") and _WRAPPED.match(first)
    return bool(broken) and len(lines) > 1 and lines[1].endswith("---")


def _after_separator(lines: Sequence[str]) -> tuple[Header | None, int]:
    place = 1
    while place < min(len(lines), 4) and not lines[place]:
        place += 1
    header, length = _block(lines[place:]) if place < len(lines) else (None, 0)
    if header is None and place < len(lines) and (above := _above_to(lines[place:])):
        header, length = _notes(lines[place:], above)
    if header is not None:
        return header, place + length
    if not any(c.isalpha() for c in lines[0]):
        return None, 0
    return Header(block=True), 1


def _above_to(lines: Sequence[str]) -> int:
    """How many lines stand right above a line that begins with To: a Notes block's name and time.

    0 where there are none, or more than such a block has, or another kind of head begins below.
    """
    for place, line in enumerate(lines[: _ABOVE_TO + 1]):
        if _TO.match(line):
            return place
        if not line or _SEPARATOR.match(line) or _FIELD.match(line):
            return 0
    return 0


def _notes(lines: Sequence[str], above: int) -> tuple[Header | None, int]:
    """A block of Lotus Notes: a name, a time to the minute, then To, cc and Subject."""
    top = " ".join(lines[:above])
    found = [one for one in quoted_dates.readings(top[:_LONGEST_OPENER]) if one.timed]
    fields, length = _fields(lines[above:], wrapped=True)
    if not found or "subject" not in fields:
        return None, 0
    name = re.split(r"\s(?:on\s)?\d{1,2}[/.-]\d", lines[0], maxsplit=1)[0]
    header = Header(
        author=address(_WITHOUT_HOST.sub("", name)),
        when=quoted_dates.moment(_time_of(lines[:above])),
        to=addresses(fields.get("to", "")) + addresses(fields.get("cc", "")),
        subject=_plain(fields["subject"]),
        block=True,
        dated=True,
    )
    return header, above + length


_WITHOUT_HOST = re.compile(r"@[A-Z_]+(?:/[\w/]+)?$|(?:/[A-Za-z_]+){1,4}(?:@[A-Z_]+)?$")


def _time_of(lines: Sequence[str]) -> str:
    """The words of the line that holds the time: the last one with a figure in it."""
    line = next((line for line in reversed(lines) if any(c.isdigit() for c in line)), "")
    match = re.search(r"\d{1,2}[/.-]\d", line)
    return line[match.start() :] if match else line


def _dated_author(line: str) -> Address | None:
    """Who is named after the date that a line begins with."""
    found = quoted_dates.readings(line[:-1])
    rest = line[found[0].place : -1] if found else line[10:-1]
    words = rest.strip(" ,").split(" ")
    if len(words) > 1 and words[-1].isalpha() and words[-1].islower():
        words = words[:-1]  # the verb, in whatever language
    return address(" ".join(words))


def _block(lines: Sequence[str]) -> tuple[Header | None, int]:
    """A block of at least three named fields, From among them, or a date with one more."""
    fields, length = _fields(lines)
    if "from" not in fields or not {"date", "to", "subject"} & fields.keys() or len(fields) < 3:
        return None, 0
    return _from_fields(fields), length


def _fields(lines: Sequence[str], *, wrapped: bool = False) -> tuple[dict[str, str], int]:
    """The named fields that the first lines hold, and how many lines they take.

    With `wrapped` every line under To or cc carries it on, wherever it was broken.
    """
    fields: dict[str, str] = {}
    last, length = "", 0
    for place, line in enumerate(lines[:_BLOCK_LINES]):
        match = _FIELD.match(line)
        if match:
            last = _FIELDS[match[1].casefold()]
            if last in fields and last not in {"other", "cc"}:
                break
            fields.setdefault(last, match[2].strip())
            length = place + 1
        elif line and last and _carries_on(last, fields[last], lines[place:], wrapped=wrapped):
            fields[last] += " " + line
            length = place + 1
        elif line or (length and place > length):
            break
    return fields, length


def _carries_on(field: str, so_far: str, lines: Sequence[str], *, wrapped: bool) -> bool:
    """Whether a line without a name carries on the field above it, broken by a mail program."""
    if wrapped:
        return field in {"from", "to", "cc"}
    if field not in {"from", "to", "cc"}:
        return False
    if len(lines) > 1 and len(so_far) > _FOLDED and _FIELD.match(lines[1]):
        return True
    if so_far.rstrip().casefold().endswith((";", ",", "on behalf of")):
        return True
    return "@" in lines[0] and lines[0].endswith((";", ">", ","))


def _from_fields(fields: dict[str, str]) -> Header:
    when = quoted_dates.moment(_plain(fields["date"])) if "date" in fields else None
    return Header(
        author=address(fields["from"]),
        when=when,
        to=addresses(fields.get("to", "")) + addresses(fields.get("cc", "")),
        subject=_plain(fields["subject"]) if "subject" in fields else None,
        block=True,
        dated=when is not None,
    )


def _opener(lines: Sequence[str]) -> tuple[Header | None, int]:
    joined = ""
    found: tuple[Header | None, int] = None, 0
    for place, line in enumerate(lines[:_LINES]):
        if not line or len(joined) + len(line) > _LONGEST_OPENER:
            break
        joined = f"{joined} {line}".strip()
        if _ENDS.search(joined[-100:]):
            found = (_wrote(joined), place + 1)
            if joined[-1] in ":：" or _last_verb(joined)[1] == len(joined):
                break  # the name behind the verb may go on on the next line
        elif found[1]:
            break
    return found


def _wrote(joined: str) -> Header | None:
    start, end = _last_verb(joined)
    said, behind = joined[3:start].strip(" ,"), joined[end:].strip(" :：,")
    if not any(c.isdigit() for c in said) and "@" not in said:
        return None
    found = quoted_dates.readings(said)
    if not found:
        named = address(behind or _CLOCK_FIRST.sub("", said))
        return Header(author=named, block=False, dated="@" in said)
    place = _end_of_date(said, found[0].place)
    words = said[:place].strip(" ,")
    who = address(behind) if behind else address(said[place:])
    return Header(author=who, when=quoted_dates.moment(words), block=False, dated=True)


def _last_verb(joined: str) -> tuple[int, int]:
    """Where the last verb begins and ends."""
    found = [match.span() for match in _WROTE.finditer(joined)]
    return found[-1] if found else (len(joined), len(joined))


_CLOCK_FIRST = re.compile(r"\d{1,2}[:.]\d\d\s?(?:[ap]\.?m\b\.?)?[\s,]{0,3}", re.IGNORECASE)
_AFTER_DATE = re.compile(
    r"\s{0,2}(?:[+-]\d{4}|GMT|UTC|BST|Z\b)?(?:\s?[+-]\d{2}:?\d{2})?\s{0,2}(?:\([A-Z ]{1,30}\))?"
    r"[\s,;]{0,4}(?:schrieb|uhr)?[\s,;]{0,4}"
)


def _end_of_date(said: str, place: int) -> int:
    match = _AFTER_DATE.match(said, place)
    return match.end() if match else place


_CLOCK = re.compile(r"(?<![\d:])\d{1,2}[:.]\d\d(?![\d.])")
_BEGINS = re.compile(r"@|<|(?<!\d)(?:19|20)\d\d(?!\d)")


def _attribution(lines: Sequence[str]) -> tuple[Header | None, int]:
    """A time of day and an address that end in a colon, in whatever language.

    Only what stands above marked lines is one: the caller looks.
    """
    joined, length = "", 0
    for line in lines[:_LINES]:
        if not line or len(joined) + len(line) > _LONGEST_OPENER:
            return None, 0
        joined, length = f"{joined} {line}".strip(), length + 1
        if line[-1] in ":：":
            break
    clock, mailed = _CLOCK.search(joined), _ADDRESS.search(joined)
    if joined[-1] not in ":：" or not clock or not mailed or not _BEGINS.search(lines[0]):
        return None, 0
    if mailed.start() < clock.start():
        who, said = joined[: mailed.end()], joined[mailed.end() :]
    else:
        found = quoted_dates.readings(joined)
        place = max(clock.end(), found[0].place if found else 0)
        who, said = joined[place:], joined[:place]
    return Header(author=address(who), when=quoted_dates.moment(said.strip(" ,"))), length


def _bare(whole: str, who: str) -> tuple[Header | None, int]:
    if len(who.split()) > 8:
        return None, 0
    when = quoted_dates.moment(whole[len(who) :])
    return Header(author=address(who), when=when, block=False, dated=when is not None), 1


def _plain(words: str) -> str:
    return words.strip().strip("*").strip()


_COMMA = re.compile(r"(?<=[>\]]),|,(?=\s{0,3}[^\s,<>]{1,64}@)")


def addresses(words: str) -> tuple[Address, ...]:
    """The people of one header field: parted by semicolons where there are any, else by commas."""
    kept = words[:4000]
    parts = kept.split(";") if ";" in kept else _COMMA.split(kept)
    return tuple(found for part in parts if (found := address(part)) is not None)


def address(words: str) -> Address | None:
    """Name and address as a header writes them: `Doe, Jane <jane@x>`, `Jane [mailto:jane@x]`."""
    said = _plain(words)
    if not said:
        return None
    match = _ADDRESS.search(said)
    if match is None and (veiled := _VEILED.fullmatch(said.strip("<> "))):
        return Address(name="", address=f"{veiled[1]}@{veiled[2]}", said=said)
    if match is None:
        name = re.sub(r"[<\[][^<>\[\]]{0,100}[>\]]", "", said).strip(" ,\"'*")
        return Address(name=name, address="", said=said) if name else None
    cut = re.split(r"[<\[(]", said, maxsplit=1)[0] if match.start() else ""
    name = cut.replace("via ", "").strip(" ,\"'*")
    if "@" in name:
        name = ""
    return Address(name=name, address=match[0].removeprefix("mailto:"), said=said)
