"""Mail that exists only in print: each message of a page or a chain of them, with its own lines.

Pages become lines; a line that heads a message begins one, and each line belongs to exactly one
message, by the head above it and its quotation marks. A printed message is *reported*: its people
stand as printed, and its time without a zone is as wide as the zones of the earth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from textwrap import dedent

from commtrace.model import Address, Attachment, Channel, Grade, Record, Source
from commtrace.quote_headers import address, addresses

from . import _letter
from ._printhead import Head, head_at
from ._printtime import moment, proves_month_first, readings_of
from ._text import clean_line

NO_HEAD = "The head of this message is not on the page; who wrote it and when is not shown."
_MARKS = re.compile(r"[ \t]{0,12}((?:>[ \t]?)+)")
_GMAIL = re.compile(r"(?:gmail|mail)\s[-–—]\s(.{1,200})$", re.IGNORECASE)
_COUNTED = re.compile(r"\d{1,4} messages?$")
_PREAMBLE = 15  # lines above the first head that are a stamp or a name, and not a text of its own
_RUNNING = 70  # characters of a line of running text
_QUOTES = "'\"‘’“”"
_MAILTO = re.compile(r"\W?\w?mail?to:?$", re.IGNORECASE)
_PAIR = re.compile(r"\s*[^\s,;]+(?:\s+[^\s,;]+){1,3}\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document: its page from 1, its words, and its quotation marks counted."""

    page: int
    text: str
    marks: int


@dataclass(slots=True)
class Message:
    """A printed message: its head (None for what stands above the first), and its lines."""

    head: Head | None
    pages: list[int]
    depth: int = 0
    lines: list[str] = field(default_factory=list)
    own: int | None = None  # lines before the first head that it quotes, None for all


def messages(pages: Sequence[str], *, first: int = 1) -> list[Message]:
    """The messages printed on `pages`, the first of which has the number `first`; [] if none.

    What stands above the first head is a message without a head, unless it is no more than a stamp
    or the name of whoever printed it, which is counted to the message below.
    """
    lines = _lines(pages, first)
    bare = [line.text.strip().lstrip("> \t") for line in lines]
    found = _parted(lines, bare)
    if len(found) < 2 and not (found and found[0].head):
        return []
    if found[0].head is None:
        found = _with_preamble(found)
    return [] if _pasted(found) else found


def _lines(pages: Sequence[str], first: int) -> list[Line]:
    found = []
    for number, page in enumerate(pages, first):
        for text in page.split("\n"):
            match = _MARKS.match(text)
            found.append(Line(number, text.rstrip(), match[1].count(">") if match else 0))
    return found


def _parted(lines: Sequence[Line], bare: Sequence[str]) -> list[Message]:
    found = [Message(None, [])]
    open_: list[Message] = [found[0]]
    n = 0
    while n < len(lines):
        line = lines[n]
        head = head_at(bare, n) if bare[n] else None
        if head is not None and _is_mail(head, below_another=len(found) > 1):
            below = lines[min(n + head.length, len(lines) - 1)]
            quoted = head.opener and below.marks > line.marks
            message = Message(head, [], line.marks + quoted)
            whole = lines[n : n + head.length]
            message.pages += sorted({one.page for one in whole})
            while len(open_) > 1 and open_[-1].depth > line.marks:
                open_.pop()
            if _quotes(open_[-1], head, lines, n):
                open_[-1].own = len(open_[-1].lines) if open_[-1].own is None else open_[-1].own
                for one in whole:  # as mail programs keep it: it says whom this message answers
                    _put(open_[-1], one)
            elif _begins_page(lines, n):
                _give_over(open_[-1], message, _above_on_page(lines, n))
            open_.append(message)
            found.append(message)
            n += head.length
            continue
        if bare[n]:
            while len(open_) > 1 and open_[-1].depth > line.marks:
                open_.pop()
        _put(open_[-1], line)
        n += 1
    return [one for one in found if one.head or any(text.strip() for text in one.lines)]


def _quotes(above: Message, head: Head, lines: Sequence[Line], place: int) -> bool:
    """Whether a head is quoted by the message it stands in, and is not that of another sheet."""
    if head.quoting:
        return True
    return above.head is not None and not head.stamped and not _begins_page(lines, place)


def _give_over(above: Message, below: Message, count: int) -> None:
    """The name at the top of a sheet is of the message printed there, not of the one before."""
    if not count or above.head is None or count > len(above.lines):
        return
    page = min(below.pages)
    below.lines, above.lines = above.lines[-count:], above.lines[:-count]
    above.pages = [number for number in above.pages if number != page]


def _begins_page(lines: Sequence[Line], place: int) -> bool:
    """Whether no more than a name stands above a line on its page."""
    above = 0
    n = place - 1
    while n >= 0 and lines[n].page == lines[place].page and above <= 1:
        above += bool(lines[n].text.strip())
        n -= 1
    return above <= 1


def _above_on_page(lines: Sequence[Line], place: int) -> int:
    """How many lines stand above a line on its page."""
    n = place
    while n > 0 and lines[n - 1].page == lines[place].page:
        n -= 1
    return place - n


def _put(message: Message, line: Line) -> None:
    text = line.text
    for _ in range(message.depth):
        text = re.sub(r"^[ \t]*>[ \t]?", "", text, count=1)
    if text.strip() and line.page not in message.pages:
        message.pages.append(line.page)
    message.lines.append(text)


def _is_mail(head: Head, *, below_another: bool) -> bool:
    """Whether a head is a mail's, and not a memo's or a journey's, which have from, to and date.

    "Sent", an address, or a line that mail programs put above it tells; else a subject with a time
    of day, or, in a chain, a subject.
    """
    if head.separated or head.opener or head.stamped or head.sent:
        return True
    fields = head.fields
    if "@" in " ".join(fields.get(name, "") for name in ("from", "to", "cc")):
        return True
    found = readings_of(fields.get("date", ""))[0]
    timed = bool(found) and found[0].timed
    return "subject" in fields and (timed or below_another)


def _with_preamble(found: list[Message]) -> list[Message]:
    above, first = found[0], found[1]
    filled = [line for line in above.lines if line.strip()]
    quoting = first.head is not None and (
        first.head.quoting or (first.head.ruled and not _is_name(filled))
    )
    short = len(filled) <= _PREAMBLE and sum(len(clean_line(x)) > _RUNNING for x in filled) < 3
    if quoting or not short or _is_letter("\n".join(filled)):
        return found
    first.lines = [*above.lines, *first.lines]
    first.pages = sorted({*above.pages, *first.pages})
    return found[1:]


def _is_name(lines: Sequence[str]) -> bool:
    """Whether lines are no more than the name that Outlook prints above its ruled line."""
    words = " ".join(lines).split()
    return len(lines) == 1 and 2 <= len(words) <= 5 and all(word[:1].isupper() for word in words)


def _is_letter(text: str) -> bool:
    return _letter.letterhead(text).salutation is not None


def _pasted(found: Sequence[Message]) -> bool:
    """Whether a letter quotes a mail in its middle, so that its own close stands below it."""
    if found[0].head is not None:
        return False
    above = "\n".join(found[0].lines)
    last = "\n".join(found[-1].lines)
    opened = _letter.letterhead(above)
    below = _letter.letterhead(last)
    return bool(
        opened.salutation and not opened.signatory and below.signatory and not below.salutation
    )


def records(
    source: Source,
    found: Sequence[Message],
    *,
    reader: str,
    name: str,
    paged: bool,
    attachments: tuple[Attachment, ...] = (),
    doubts: tuple[str, ...] = (),
) -> Iterator[tuple[Record, tuple[int, ...]]]:
    """Each message as a Record, with the pages it stands on; `paged` if the file has pages.

    `attachments` of the file go with its first message.
    """
    if not found:
        return
    dates = [one.head.fields.get("date", "") for one in found if one.head]
    month_first = proves_month_first(dates)
    parts = _parts(found, paged=paged)
    title = _conversation(found)
    for number, (message, part) in enumerate(zip(found, parts, strict=True)):
        place = replace(source, part=(*source.part, *part))
        record = (
            _headless(place, message, reader, name)
            if message.head is None
            else _record(place, message, reader, month_first=month_first, title=title)
        )
        more = attachments if not number else ()
        record = replace(record, attachments=more, doubts=(*record.doubts, *doubts))
        yield record, tuple(message.pages)


def _parts(found: Sequence[Message], *, paged: bool) -> list[tuple[str, ...]]:
    if not paged:
        return [
            (f"message {number}",) if len(found) > 1 else () for number in range(1, len(found) + 1)
        ]
    wholes = [_pages(message) for message in found]
    times: dict[str, int] = {}
    parts: list[tuple[str, ...]] = []
    for whole in wholes:
        times[whole] = times.get(whole, 0) + 1
        several = wholes.count(whole) > 1
        parts.append((whole, f"message {times[whole]}") if several else (whole,))
    return parts


def _pages(message: Message) -> str:
    return pages_part(min(message.pages), max(message.pages))


def pages_part(first: int, last: int) -> str:
    """The place of pages in a file, in words."""
    return f"page {first}" if first == last else f"pages {first}-{last}"


def _headless(source: Source, message: Message, reader: str, name: str) -> Record:
    text, own = _body(message), "\n".join(message.lines[: message.own]).strip("\n")
    letter = replace(_letter.record(source, own, reader=reader, name=name), text=text)
    if letter.salutation or letter.sent or len(text) > 2000:
        return letter
    return replace(
        letter, channel=Channel.EMAIL, grade=Grade.REPORTED, doubts=(*letter.doubts, NO_HEAD)
    )


def _record(
    source: Source, message: Message, reader: str, *, month_first: bool, title: str
) -> Record:
    head = message.head or Head()
    fields = head.fields
    written = fields.get("date", "")
    sent, doubts = moment(written, month_first=month_first)
    kept = list(head.kept)
    if sent is None and written:
        doubts.append(f'Its header says "{clean_line(written)[:60]}", which gives no date.')
        kept.insert(0, f"Sent: {written}")
    return Record(
        source=source,
        channel=Channel.EMAIL,
        reader=reader,
        sent=sent,
        sender=_person(fields.get("from", "")),
        to=_people(fields.get("to", "")),
        cc=_people(fields.get("cc", "")),
        bcc=_people(fields.get("bcc", "")),
        subject=clean_line(fields.get("subject", "")) or ("" if head.opener else title),
        text=_body(message, kept),
        doubts=tuple(doubts),
        grade=Grade.REPORTED,
    )


def _body(message: Message, kept: Sequence[str] = ()) -> str:
    body = dedent("\n".join(message.lines)).strip("\n")
    return "\n\n".join(part for part in ("\n".join(kept), body) if part.strip())


def _conversation(found: Sequence[Message]) -> str:
    """The subject above a conversation that Gmail printed, which its messages do not repeat."""
    lines = [clean_line(line) for line in found[0].lines[:_PREAMBLE] if line.strip()]
    for n, line in enumerate(lines):
        if n and _COUNTED.fullmatch(line):
            return lines[n - 1]
    match = next((m for line in lines if (m := _GMAIL.match(line))), None)
    return match[1] if match else ""


def _person(words: str) -> Address | None:
    """Name and address as printed; an address that print or a scan has spoilt is no address."""
    found = address(clean_line(words))
    if found is None:
        return None
    mailbox = found.address.strip(_QUOTES)
    whole = "." in mailbox.rpartition("@")[2]
    name = found.name
    if mailbox and not (name and whole):
        name = _MAILTO.sub("", found.said.partition(mailbox)[0]).strip(" ,;'\"*<[(")
    if not mailbox:
        name = re.split(r"\s*[<\[(]", name, maxsplit=1)[0].strip(" ,\"'*.") or name
    if not name and not whole:
        name = found.said
    return replace(found, name=name, address=mailbox if whole else "")


def _people(words: str) -> tuple[Address, ...]:
    """The people of a printed field: by semicolons, else by commas between full names."""
    said = clean_line(words)
    if ";" not in said and "@" not in said and "," in said:
        pieces = [piece for piece in said.split(",") if piece.strip()]
        if all(_PAIR.match(piece) for piece in pieces):
            return tuple(one for piece in pieces if (one := _person(piece)))
    found = addresses(said)
    return tuple(person for one in found if (person := _person(one.said)) is not None)
