"""What a letter shows of itself: its date, who writes to whom, references, salutation, subject.

Written for letters as British councils, schools and families write them, in any order of blocks.
Nothing is invented: what the page does not show stays empty, and a choice that had to be made is
a doubt. How the text was taken from a file is left to each format.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from commtrace.model import Address, Attachment, Channel, Record, Source
from commtrace.moments import Moment

from . import _letterpeople
from ._letterdate import APART_FROM_NAME, OF_THE_NAME, letter_date, meeting_date, name_date
from ._letterpeople import EMAIL, LABELLED, TITLE
from ._memo import labelled_date, labelled_lines
from ._text import clean_line

PRINTED = "This is a printed e-mail: what its header lines show was read, and no time of day."
_TOP = 80  # lines in which a salutation is looked for
_LONGEST = 400  # characters of a line that are looked at: what a letter shows of itself is short
_HEAD = 30  # lines that count as the head where there is no salutation
_SALUTATION = re.compile(
    r"^(?:dear\b.{1,100}|to whom it may concern|annwyl\b.{1,80})$", re.IGNORECASE
)
_CLOSE = re.compile(
    r"^(?:(?:yours|your)\s+(?:very\s+)?(?:sincerely|faithfully|truly|ever)(?:\s*[,.]\s*(?P<name>.{0,40}))?|"
    r"sincerely(?:\s+yours)?|faithfully|(?:with\s+)?(?:(?:all\s+)?(?:very\s+)?(?:kind(?:est)?|best|warm(?:est)?|"
    r"many)\s+)(?:regards|wishes|thanks)|regards|respectfully|yn gywir)[\s,.]*$",
    re.IGNORECASE,
)
_REF = re.compile(
    r"\b(?P<whose>our|your|my|ein|eich)?\s?(?:ref(?:erence)?s?|cyf)\b\.?"
    r"(?:\s+(?:no|number)\b\.?)?\s*(?P<mark>[:.\-–]|(?=\s|$))\s*(?P<value>.*)$",
    re.IGNORECASE,
)
_NEXT_LABEL = re.compile(
    r"\s{2,}|\t|\s(?=(?:our|your|my)\s+ref)|"
    r"\s(?=(?:date|e-?mail|please ask for|ask for|direct dial|contact|ext(?:ension)?)\s*:)|"
    r"\s(?=(?:tel(?:ephone)?|phone)\b\.?\s*:?\s*[\d(+])",
    re.IGNORECASE,
)
_USE_REF = re.compile(r"(?:use|quote)\s+this\s+reference(?:\s+number)?\s*:?\s*(.*)$", re.IGNORECASE)
_SUBJECT = re.compile(r"^(?:re|subject|ref|regarding)\s*[:\-–]\s*(.+)$", re.IGNORECASE)
_BARE_RE = re.compile(r"^RE\s+(.+)$")
_MINUTES = re.compile(
    r"^(?:draft\s+)?(?:(?:notes|record)\s+of\s+(?:a|the)?\s*meeting|minutes)\b", re.IGNORECASE
)
_NOTE = re.compile(
    r"^(?:file|case|telephone|phone|attendance|handover|contact)\s+note\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What a page shows of itself; "" and None where it shows nothing."""

    channel: Channel = Channel.LETTER
    date: Moment | None = None
    sender: Address | None = None
    recipients: tuple[Address, ...] = ()
    copies: tuple[Address, ...] = ()
    our_ref: str | None = None
    your_ref: str | None = None
    salutation: str | None = None
    subject: str = ""
    signatory: str | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of a letter, and where its salutation and its close stand."""

    lines: tuple[str, ...]
    salutation: int | None
    close: int | None
    emphasised: frozenset[str]

    @property
    def head(self) -> tuple[str, ...]:
        """The lines above the salutation, or the first ones."""
        if self.salutation is not None:
            return self.lines[: self.salutation]
        return self.lines[: min(_HEAD, self.close if self.close is not None else _HEAD)]

    @property
    def tail(self) -> tuple[str, ...]:
        """The lines below the close, no more than a page's foot."""
        if self.close is None:
            return ()
        beside = _CLOSE.match(self.lines[self.close].strip())
        name = (beside["name"] or "") if beside else ""
        return (name, *self.lines[self.close + 1 : self.close + 30])


def letterhead(text: str, *, emphasised: Collection[str] = ()) -> Letterhead:
    """What the text of a letter, memo, minute or note says of itself.

    `emphasised` are lines known to be bold or headings, a sign of a subject line.
    """
    page = _page(text, emphasised)
    memo = labelled_lines(page.head)
    printed = "sent" in memo
    channel = Channel.EMAIL if printed else _channel(page)
    minutes = channel is Channel.MINUTE
    when = labelled_date(memo) or (meeting_date(page.head) if minutes else None)
    if when is None and "sent" not in memo:
        when = letter_date(page.head, page.tail)
    our_ref, your_ref = _references(page)
    greeted = _salutation(page)
    signatory, two_sign = _letterpeople.signatory(page.tail)
    sender, by_heading = _letterpeople.sender(
        page.head, page.tail, signed_by=signatory, greeted=greeted
    )
    doubts = [*(when.doubts if when else ()), two_sign, "" if memo or minutes else by_heading]
    doubts += [PRINTED] if printed else []
    return Letterhead(
        channel=channel,
        date=when.moment if when else None,
        sender=_letterpeople.named(memo["from"]) if memo else None if minutes else sender,
        recipients=_recipients(page, memo, greeted, signatory),
        copies=_copies(page, memo),
        our_ref=our_ref,
        your_ref=your_ref,
        salutation=greeted,
        subject=memo.get("subject") or memo.get("re") or _subject(page),
        signatory=signatory,
        doubts=tuple(dict.fromkeys(doubt for doubt in doubts if doubt)),
    )


def _recipients(
    page: _Page, memo: dict[str, str], greeted: str | None, signed_by: str | None
) -> tuple[Address, ...]:
    if memo:
        return _letterpeople.several(memo.get("to", ""))
    return _letterpeople.recipients(page.head, greeted=greeted, signed_by=signed_by)


def _copies(page: _Page, memo: dict[str, str]) -> tuple[Address, ...]:
    if "cc" in memo:
        return _letterpeople.several(memo["cc"])
    return _letterpeople.copies(page.tail)


def record(
    source: Source,
    text: str,
    *,
    reader: str,
    name: str,
    attachments: tuple[Attachment, ...] = (),
    emphasised: Collection[str] = (),
    channel: Channel | None = None,
    subject: str = "",
    doubts: tuple[str, ...] = (),
) -> Record:
    """A letter as a Record; where it shows no date, the one in its file's `name` counts."""
    head = letterhead(text, emphasised=emphasised)
    in_name = name_date(name)
    named = None if head.date else in_name
    apart = head.date is not None and in_name is not None and head.date.a_day_apart(in_name)
    return Record(
        source=source,
        channel=channel or head.channel,
        reader=reader,
        sent=head.date or named,
        sender=head.sender,
        to=head.recipients,
        cc=head.copies,
        subject=head.subject or subject,
        text=text,
        our_ref=head.our_ref,
        your_ref=head.your_ref,
        salutation=head.salutation,
        attachments=attachments,
        doubts=(
            *doubts,
            *head.doubts,
            *((OF_THE_NAME,) if named else ()),
            *((APART_FROM_NAME,) if apart else ()),
        ),
    )


def is_salutation(line: str) -> bool:
    """Whether a line greets somebody, as a letter does."""
    return bool(_SALUTATION.match(line.strip()[:_LONGEST]))


def is_close(line: str) -> bool:
    """Whether a line is the close of a letter, above its signature."""
    return bool(_CLOSE.match(line.strip()[:_LONGEST]))


def _page(text: str, emphasised: Collection[str]) -> _Page:
    lines = tuple(line.rstrip()[:_LONGEST] for line in re.split(r"[\n\f]", text))
    salutation = next(
        (n for n, line in enumerate(lines[:_TOP]) if _SALUTATION.match(line.strip())), None
    )
    first = 0 if salutation is None else salutation + 1
    close = next((n for n in range(first, len(lines)) if _CLOSE.match(lines[n].strip())), None)
    return _Page(lines, salutation, close, frozenset(clean_line(e) for e in emphasised))


def _channel(page: _Page) -> Channel:
    if page.salutation is not None:
        return Channel.LETTER
    top = [line.strip() for line in page.lines if line.strip()][:6]
    if any(_MINUTES.match(line) for line in top):
        return Channel.MINUTE
    return Channel.NOTE if any(_NOTE.match(line) for line in top) else Channel.LETTER


def _salutation(page: _Page) -> str | None:
    if page.salutation is None:
        return None
    return clean_line(page.lines[page.salutation]).rstrip(",:; ")


def _references(page: _Page) -> tuple[str | None, str | None]:
    """Our and your reference, from the head and the few lines after the salutation."""
    ours = yours = None
    after = page.salutation or 0
    lines = [*page.head, *page.lines[after + 1 : after + 6]] if page.salutation else page.head
    for number, line in enumerate(lines):
        for piece in _pieces(line):
            match = _REF.search(piece)
            if not match or not (match["whose"] or match.start() == 0):
                continue
            if not match["whose"] and match["mark"] != ":":
                continue
            value = _value(match["value"], lines[number + 1 : number + 2])
            if (match["whose"] or "").lower() in ("your", "eich"):
                yours = yours or value
            else:
                ours = ours or value
        asked = _USE_REF.search(line)
        if asked:
            ours = ours or clean_line(asked[1] or " ".join(lines[number + 1 : number + 2])) or None
    return ours, yours


def _pieces(line: str) -> list[str]:
    """A line cut where two columns or two labels meet."""
    starts = [m.start() for m in re.finditer(r"\b(?:our|your|my)\s+ref", line, re.IGNORECASE)]
    cuts = [0, *starts, len(line)]
    return [line[a:b].strip() for a, b in pairwise(cuts) if line[a:b].strip()]


def _value(written: str, following: Sequence[str]) -> str | None:
    value = clean_line(_NEXT_LABEL.split(written.strip(), maxsplit=1)[0])
    if not value and following and re.search(r"\d", following[0]) and len(following[0]) < 40:
        labelled = _REF.search(following[0]) or LABELLED.match(following[0].strip())
        value = "" if labelled else clean_line(following[0])
    value = value.strip("[]() .,;:")
    return value if value and len(value) <= 60 and re.search(r"\w", value) else None


def _subject(page: _Page) -> str:
    if page.salutation is None:
        return _title(page)
    after = page.lines[page.salutation + 1 : page.salutation + 12]
    return _subject_below(after, page) or _subject_above(page)


def _subject_below(after: Sequence[str], page: _Page) -> str:
    lines = [line.strip() for line in after]
    start = next((n for n, line in enumerate(lines) if line and not _REF_LINE.match(line)), None)
    if start is None:
        return ""
    block = list(lines[start : next((n for n in range(start, len(lines)) if not lines[n]), None)])
    marked = _SUBJECT.match(block[0]) or _BARE_RE.match(block[0])
    if marked:
        return clean_line(" ".join([marked[1], *_continued(block[1:])]))
    heading = clean_line(" ".join(block))
    bold = clean_line(block[0]) in page.emphasised
    if bold:
        return clean_line(" ".join(_while_bold(block, page.emphasised)))
    if _is_heading(block):
        return clean_line(block[0])
    stops = heading.endswith((".", "?", "!", ",", ";")) and not _INITIALS.search(heading)
    short = len(heading) <= 120 and len(block) <= 2 and not stops
    ended = start + len(block) < len(lines)
    return heading if short and ended and not heading[:1].islower() else ""


def _is_heading(block: Sequence[str]) -> bool:
    """Whether a block opens with a line well short of the width at which its text is broken."""
    stops = block[0].endswith((".", ",", ";", "?", "!")) and not _INITIALS.search(block[0])
    if len(block) < 2 or stops or block[0][:1].islower():
        return False
    width = max(len(line) for line in block)
    return width > 60 and len(block[0]) < 0.7 * width and block[1][:1].isupper()


_INITIALS = re.compile(r"\b[A-Z]\.$")
_REF_LINE = re.compile(r"^(?:our|your|my)\s+ref", re.IGNORECASE)


def _continued(rest: Sequence[str]) -> list[str]:
    """A "Re:" line runs on while its lines go on in small letters or are all there is."""
    if len(rest) == 1 and len(rest[0]) < 70 and not rest[0].endswith("."):
        return list(rest)
    kept: list[str] = []
    for line in rest[:2]:
        if not line[:1].islower() or len(line) > 70:
            break
        kept.append(line)
    return kept


def _while_bold(block: Sequence[str], emphasised: frozenset[str]) -> list[str]:
    kept = []
    for line in block:
        if clean_line(line) not in emphasised:
            break
        kept.append(line)
    return kept


def _subject_above(page: _Page) -> str:
    """A line marked "Re:", or a lone line between a date of its own line and the salutation."""
    head = [line.strip() for line in page.head]
    for line in reversed(head):
        marked = _SUBJECT.match(line) or _BARE_RE.match(line)
        if marked and not _REF_LINE.match(line) and not line.lower().startswith("ref"):
            return clean_line(marked[1])
    when = letter_date(head)
    if when is None or when.line < 0:
        return ""
    below = [line for line in head[when.line + 1 :] if line]
    lone = len(below) == 1 and not LABELLED.match(below[0]) and not _REF.search(below[0])
    is_name = lone and (TITLE.match(below[0]) or EMAIL.search(below[0]))
    return clean_line(below[0]) if lone and not is_name and len(below[0].split()) > 2 else ""


def _title(page: _Page) -> str:
    """The first line of minutes, a note or a page without a salutation, where it is short."""
    first = next((line.strip() for line in page.lines if line.strip()), "")
    marked = next((m for line in page.head if (m := _SUBJECT.match(line.strip()))), None)
    if marked and not page.head[0].lower().startswith("ref"):
        return clean_line(marked[1])
    named = _MINUTES.match(first) or _NOTE.match(first) or clean_line(first) in page.emphasised
    return clean_line(first) if named and len(first) <= 150 else ""
