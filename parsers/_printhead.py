"""The lines at the head of a mail that was printed: who, to whom, when, about what.

Known layouts: the From/Sent/To/Subject block of Outlook and Apple Mail in any order and over
several lines; Gmail's "Name <address>   date" above "To:"; Lotus Notes' name, date and "To" without
colons; and "On <date>, <name> wrote:". A scan may have lost a colon or a letter of a label, so a
label counts only among others. What the words mean is left to `_printed`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from commtrace.quote_headers import header_at

from ._printtime import readings_of

_LABELS = {
    "from": r"(?:[FfP]ro[mn]t?|[Ff]rorn|Von|De)",
    "sent": r"(?:[Ss][aeo]nt|5ent|Gesendet|Envoyé)",
    "date": r"(?:[Dd]ate|Datum)",
    "to": r"(?:[Tt]o|TO|T0|An|À)",
    "cc": r"(?:[CcG][Cc]|Ce|cc|Copie à)",
    "bcc": r"(?:[Bb][Cc][Cc])",
    "subject": r"(?:[Ss]ubj[ecao]{1,2}[tl]{0,2}|Betreff|Objet)",
    "other": r"(?:Attachments?|Importance|Priority|Reply-To|Categories|Sensitivity|Flag Status|"
    r"Follow Up Flag|Signed By|Resent-From|Resent-To|Conversation|Posted At|Due By)",
}
_LABEL = re.compile(
    r"[\W_]{0,4}(?:"
    + "|".join(f"(?P<{name}>{form}|{form.upper()})" for name, form in _LABELS.items())
    + r")(?:\*{0,2}\s{0,3}(?P<colon>[:;.,]|-(?=\s))\*{0,2}\s*|(?P<gap>\s+)|$)(?P<value>.*)$"
)
_SEPARATOR = re.compile(
    r"[-\s_]*(?:original (?:message|appointment)|forwarded (?:message|by.{0,80})|reply message)"
    r"[-\s_]*$|begin forwarded message:?$|[_-]{20,}$",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_=*—–-]{10,}$")
_ANGLED = re.compile(r"<[^<>\s@]{1,64}@[^<>\s@]{1,100}>")
_STAMP = re.compile(
    r"(?:(?P<who>.{2,80}?)(?:\s+on\s+|\s{2,}|\s*(?<=>)\s*|\s+(?=(?:mon|tue|wed|thu|fri|sat|sun)\w*,)))?"
    r"(?P<when>(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*,?\s+)?[\w/. ,-]{6,32}?(?:\s+at)?,?\s+"
    r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\.?)?(?:\s[A-Z]{3,4}|\s?[+-]\d{4})?)$",
    re.IGNORECASE,
)
_ON = re.compile(r"(?P<who>.{2,100}?)\s+on\s+(?P<when>\d.{8,40})$")
_PRONOUN = re.compile(r"you|he|she|they|we|i|it", re.IGNORECASE)
_CLOCK = re.compile(r"\d[:.]\d\d")
_QUOTES = "'\"‘’“”"
_GAP, _STAMP_LENGTH, _FAR_RIGHT = " " * 12, 20, 70
_MOST_LINES, _MOST_BLANK, _LONGEST, _LOOK = 40, 2, 600, 16
_MANY_FOLLOWING = 12  # lines over which one list of recipients may run


@dataclass(slots=True)
class Head:
    """A head as its words stand: fields by label, the lines that no field holds, and its length."""

    fields: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    length: int = 0
    quoting: bool = False  # an opener or a separator: something stands above what it heads
    opener: bool = False
    separated: bool = False
    stamped: bool = False  # name and date above "To:", as Gmail heads each of a conversation
    ruled: bool = False  # nothing but a ruled line stands above it
    sent: bool = False  # the label of its date was "Sent", which nothing but mail has
    labels: int = 0


def head_at(lines: Sequence[str], place: int) -> Head | None:
    """The head that begins on line `place`, with any separator above it; None where none does.

    `lines` are bare of white space and quotation marks at their ends.
    """
    first = lines[place]
    if not first or len(first) > _LONGEST:
        return None
    if _SEPARATOR.match(first):
        below = _next(lines, place + 1, 3)
        inner = None if below is None else _block(lines, below, 1) or _stamped(lines, below)
        if below is None or inner is None:
            return None
        inner.length += below - place
        inner.separated = True
        inner.quoting = any(map(str.isalpha, first))
        inner.ruled = not inner.quoting
        return inner
    if _label(first):
        return _block(lines, place)
    if first[:3].casefold() in ("on ", "am ", "le ", "at "):
        return _opener(lines, place)
    return _stamped(lines, place)


def _next(lines: Sequence[str], place: int, most: int) -> int | None:
    """The place of the next line that is not blank, no more than `most` lines on."""
    return next((n for n in range(place, min(len(lines), place + most + 1)) if lines[n]), None)


def _label(line: str) -> tuple[str, str, bool] | None:
    """A label, its value, and whether a colon or a column set the value off."""
    match = _LABEL.match(line[:_LONGEST])
    if match is None:
        return None
    name = next(name for name in _LABELS if match[name])
    apart = bool(match["colon"]) or len(match["gap"] or "") > 2 or not match["value"]
    if not apart and not (match["value"][:1].isupper() or match["value"][:1] in _QUOTES):
        return None
    if line[:1].islower() and match["colon"] != ":" and name not in ("cc", "bcc"):
        return None
    return name, match["value"].strip(), apart


def _block(lines: Sequence[str], place: int, above: int = 0) -> Head | None:
    """A block of labelled lines: From and a date, and to whom or on what.

    Where nothing else stands below them, "Sent" with a time has to, or a separator `above`.
    """
    head, apart = _gathered(lines, place)
    fields = head.fields
    if "date" not in fields and (match := _ON.match(fields.get("from", ""))):
        fields["from"], fields["date"] = match["who"], match["when"]
    if "date" not in fields:
        return None
    dated, _ = readings_of(fields["date"])
    others = len({"to", "subject"} & fields.keys())
    timed = bool(dated) and dated[0].timed
    if others == 2 and head.sent and timed:  # nothing but mail has all of these
        return head
    if "from" not in fields or apart + above < 2:
        return None
    alone = bool(above or head.sent) and timed
    return head if others == 2 or (dated and others) or alone else None


def _gathered(lines: Sequence[str], place: int) -> tuple[Head, int]:
    head, last, apart, n, following = Head(), "", 0, place, 0
    while n < min(len(lines), place + _MOST_LINES):
        line = lines[n]
        if not line:
            below = _next(lines, n, _MOST_BLANK)
            if below is None or not _goes_on(head, lines[below]):
                break
            n = below
            continue
        found = _label(line)
        name = "date" if found and found[0] == "sent" else found[0] if found else ""
        if found and name in head.fields and name not in ("cc", "bcc"):
            break
        if found:
            value, stamp = _margin(line, found[1])
            _take(head, name, value, line)
            head.kept += [stamp] if stamp else []
            last, following = name, 0
            head.sent = head.sent or found[0] == "sent"
            apart += found[2]
        elif following < _MANY_FOLLOWING and _continues(head, last, lines, n):
            head.fields[last] = f"{head.fields[last]} {line}".strip()
            following += 1
        elif last == "date" and _goes_on(head, next(iter(lines[n + 1 : n + 2]), "")):
            head.kept.append(line)  # a label was lost above it
        else:
            break
        n += 1
        head.length = n - place
    head.labels += len(head.fields)
    if len(head.fields) >= 3 and not any(head.fields.values()):
        _beside(head, lines, place)
    return head, apart


def _beside(head: Head, lines: Sequence[str], place: int) -> None:
    """Give labels without values those of the column beside them, which was read after it."""
    first = _next(lines, place + head.length, _MOST_BLANK)
    values = lines[first : first + len(head.fields)] if first is not None else ()
    if first is None or len(values) < len(head.fields) or not all(values):
        return
    told = dict(zip(head.fields, values, strict=True))
    if readings_of(told.get("date", ""))[0]:
        head.fields = told
        head.length = first + len(values) - place


def _margin(line: str, value: str) -> tuple[str, str]:
    """A value, and what stands so far to its right, and so short, that it is a stamp."""
    before, gap, after = value.rpartition(_GAP)
    if gap and before.strip() and len(after.strip()) <= _STAMP_LENGTH:
        return before.rstrip(), after.strip()
    empty = len(value) <= _STAMP_LENGTH and len(line) - len(value) > _FAR_RIGHT
    return ("", value) if empty else (value, "")


def _take(head: Head, name: str, value: str, line: str) -> None:
    if name == "other":
        head.kept.append(line)
        head.labels += 1
    elif name in head.fields:
        head.fields[name] = f"{head.fields[name]}; {value}"
    else:
        head.fields[name] = value


def _goes_on(head: Head, line: str) -> bool:
    """Whether the line after a blank one is a further label of the same block."""
    found = _label(line)
    if found is None or not found[2]:
        return False
    name = "date" if found[0] == "sent" else found[0]
    return name not in head.fields and len(head.fields) < 6


def _continues(head: Head, last: str, lines: Sequence[str], n: int) -> bool:
    """Whether a line without a label carries on the field above it.

    It does between two labels; below the last one only where a list or an address was left open.
    """
    if last not in head.fields or last == "date":
        return False
    said = head.fields[last]
    if last in ("to", "cc", "bcc", "from") and said.endswith((";", ",", "<", "on behalf of")):
        return True
    if last in ("to", "cc", "bcc") and "@" in lines[n] and lines[n].endswith((";", ">", ",")):
        return True
    for line in lines[n + 1 : n + 1 + _MANY_FOLLOWING]:
        if not line:
            break
        found = _label(line)
        if found is not None:
            name = "date" if found[0] == "sent" else found[0]
            return found[2] and name not in head.fields
    if last == "subject" and len(said) > 60 and n + 1 < len(lines):
        return not lines[n + 1] and len(lines[n]) < 60
    return False


def _opener(lines: Sequence[str], place: int) -> Head | None:
    """The line "On <date>, <name> wrote:" as programs put it above what is quoted."""
    found, length = header_at(lines[place : place + _LOOK])
    if found is None or found.block or not found.dated or found.when is None:
        return None
    who = found.author.said if found.author else ""
    if _PRONOUN.fullmatch(who) or not ("@" in who or _timed(found.when.said)):
        return None  # a letter says so too: "On 3 March you wrote:"
    fields = {"from": who, "date": found.when.said}
    return Head(fields=fields, length=length, quoting=True, opener=True, labels=2)


def _stamped(lines: Sequence[str], place: int) -> Head | None:
    """Name and date above "To:": Gmail's page, and Lotus Notes, whose labels need no colon."""
    first = lines[place]
    near = (first, *lines[place + 1 : place + _MANY_FOLLOWING])
    if len(first) > 160 or not any(map(_CLOCK.search, near)) or not any(map(str.isalpha, first)):
        return None
    if (label := _label(first)) and label[2]:
        return _block(lines, place)
    who, when, below = _who_and_when(lines, place)
    if not who or not when or below is None:
        return None
    found = _label(lines[below])
    if found is None or found[0] not in ("to", "cc", "subject"):
        return None
    head, _ = _gathered(lines, below)
    known = {"to", "subject"} & head.fields.keys()
    if "from" in head.fields or "date" in head.fields or not known:
        return None
    if len(known) < 2 and not _ANGLED.search(who):
        return None
    head.stamped = True
    head.fields |= {"from": who, "date": when}
    head.length += below - place
    head.labels += 2
    return head


def _who_and_when(lines: Sequence[str], place: int) -> tuple[str, str, int | None]:
    match = _STAMP.match(lines[place])
    if match and match["who"] and _timed(match["when"]):
        return match["who"], match["when"], _next(lines, place + 1, 1)
    below = _next(lines, place + 1, 1)
    if below is not None and _ANGLED.search(lines[place]) and _is_to(lines[below]):
        return _apart(lines, place, below)
    if below is None or len(lines[below]) > 60 or len(lines[place]) > 100:
        return "", "", None
    match = _STAMP.match(lines[below])
    if match is None or match["who"] or not _timed(match["when"]):
        return "", "", None
    return lines[place], match["when"], _next(lines, below + 1, 1)


def _is_to(line: str) -> bool:
    found = _label(line)
    return found is not None and found[2] and found[0] == "to"


def _apart(lines: Sequence[str], place: int, below: int) -> tuple[str, str, int | None]:
    """A scan of Gmail's page, whose date on the right was read as a block of its own below."""
    n = below
    while n < len(lines) and n < below + _MANY_FOLLOWING and lines[n]:
        n += 1
    stamp = _next(lines, n, _MOST_BLANK)
    match = _STAMP.match(lines[stamp]) if stamp is not None else None
    if match is None or match["who"] or not _timed(match["when"]):
        return "", "", None
    return lines[place], match["when"], below


def _timed(words: str) -> bool:
    found, _ = readings_of(words)
    return bool(found) and found[0].timed
