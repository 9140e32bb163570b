"""What the properties of an Outlook item mean: who, when, which id, what kind, what is unsure.

The same for a message file and for an item of a store; how a property is kept is left to those
that hand it over (`_mapi.Properties`). The transport's header block is read by the reader of
internet mail (`_rfc5322`), the body by `_msg_parts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from commtrace.model import Address, Attachment, Channel, Mark, Record, Source
from commtrace.moments import Basis, Moment, instant, plausible, say_time, utc_text

from . import _head, _mapi, _meeting, _rfc5322
from ._mapi import Properties
from ._msg_parts import body

NO_SENDER = "The message names no sender."
X500 = "An Exchange directory name stands where an e-mail address belongs; it is kept as written."
BY_HEADER = "The sender's e-mail address is that of the From header; Outlook kept a directory name."
NAMES_ONLY = "The message has no list of recipients; the names its display line shows were taken."
BY_TO_HEADER = "The message has no list of recipients; those of its transport headers were taken."
NO_CLASS = "The message does not say what kind of item it is; it was read as mail."
ARCHIVED = "An archive replaced the message by a shortcut; its full text may be kept elsewhere."
STICKY = "The item is a sticky note: its owner's own words, sent to nobody."
COPILOT = "The item is part of a conversation with Copilot, a program, and not with a person."
DATES = "The time of submission and the Date header differ by more than ten minutes."
CLOCKS = "The times of sending and of delivery differ by more than a day."
IMPLAUSIBLE = "A date of the message lies outside 1970 to 2100 and was not used."
TWO_IDS = "Outlook's Message-ID and that of the transport headers differ; Outlook's was used."
BAD_INDEX = "The conversation index is damaged and was not used."

_UNSENT = 0x08
_ONLY_MAIL = {
    "IPM.CONTACT": "a contact", "IPM.DISTLIST": "a distribution list", "IPM.TASK": "a task",
    "IPM.ACTIVITY": "a journal entry", "IPM.ABCHPERSON": "a contact",
    **dict.fromkeys(("IPM.MICROSOFT", "IPM.CONFIGURATION"), "one of Outlook's own items"),
}  # fmt: skip
_CHAT = ("IPM.SKYPETEAMS", "IPM.NOTE.MICROSOFT.CONVERSATION")  # Teams; Skype for Business
_CALL = ("IPM.NOTE.MICROSOFT.CONVERSATION.VOICE", "IPM.NOTE.MICROSOFT.VOICEMAIL")
_READ_AS_MAIL = (
    "IPM.NOTE", "IPM.POST", "IPM.TASKREQUEST", "REPORT", "IPM.REPORT",
    "IPM.SHARING", "IPM.RECALL", "IPM.OUTLOOK.RECALL", "IPM.CONVERSATION",
    "IPM.RESEND", "IPM.DOCUMENT", "IPM.STICKYNOTE", *_meeting.CLASSES, *_CHAT,
)  # fmt: skip
_ID = re.compile(r"<\s*([^<>]+?)\s*>")


def other_kind(item_class: str) -> str:
    """What an item is that is no communication; "" for one that is."""
    if not item_class or item_class == "IPM" or item_class.startswith(_READ_AS_MAIL):
        return ""
    known = (said for start, said in _ONLY_MAIL.items() if item_class.startswith(start))
    return next(known, "of a kind that commtrace does not know")


def record(
    message: Properties,
    rows: Sequence[Properties],
    *,
    source: Source,
    reader: str,
    attachments: tuple[Attachment, ...],
    flaws: tuple[str, ...] = (),
    folder: str | None = None,
    sealed: Mark | None = None,
) -> Record:
    """The record of an Outlook item; `rows` are those of its list of recipients.

    `sealed` is what an attached S/MIME structure is, where the item has one (`_msg_parts`).
    """
    item_class = message.line(0x001A).upper()
    headers = _headers(message)
    doubts: dict[str, None] = dict.fromkeys(flaws)
    people: Iterable[tuple[str, Address]] = _mapi.recipients(message, rows)
    text, of_body = body(message)
    fields: dict[str, Any] = {
        "sent": _sent(message, headers, doubts),
        "received": _time(message, 0x0E06, Basis.MAPI_DELIVERY, doubts) or headers.get("received"),
        "sender": _sender(message, headers, doubts),
        "message_id": _message_id(message, headers, doubts),
        "in_reply_to": _first_id(message.text(0x1042)) or headers.get("in_reply_to"),
        "references": _ids(message.text(0x1039)) or headers.get("references", ()),
        "thread_index": _thread_index(message, doubts) or headers.get("thread_index"),
        "reply_to": headers.get("reply_to", ()),
        "delivered_to": _delivered_to(message, headers),
        **_recipients(message, people, headers, doubts),
    }
    if fields["sent"] and fields["received"] and fields["sent"].a_day_apart(fields["received"]):
        doubts[CLOCKS] = None
    if _meeting.is_one(item_class):
        head = [*_meeting.head(message, item_class), _meeting.rooms(fields["bcc"])]
        text = "\n\n".join(part for part in ("\n".join(filter(None, head)), text) if part)
        _of_meeting(message, rows, fields, doubts)
        doubts.update(dict.fromkeys(_meeting.doubts(message, item_class)))
    if item_class.startswith("IPM.STICKYNOTE"):
        doubts.pop(NO_SENDER, None)
    doubts.update(dict.fromkeys((*of_body, *_of_class(item_class))))
    doubts.update(dict.fromkeys(headers.get("doubts", ())))
    doubts.update(dict.fromkeys(message.doubts))
    return Record(
        source=source,
        channel=_channel(item_class),
        reader=reader,
        subject=message.line(0x0037) or headers.get("subject", ""),
        text=text,
        folder=folder,
        attachments=attachments,
        marks=_marks(message, headers, item_class, sealed),
        doubts=tuple(doubts),
        **fields,
    )


def _of_meeting(
    message: Properties,
    rows: Sequence[Properties],
    fields: dict[str, Any],
    doubts: dict[str, None],
) -> None:
    """Set right what an item about a meeting means by its people and times."""
    organiser = _meeting.organiser(rows)
    fields["bcc"] = ()  # resources (MS-OXOCAL 2.2.4.10.7)
    for kind in ("to", "cc"):
        fields[kind] = tuple(one for one in fields[kind] if one != organiser)
    if fields["sender"] is None and organiser is not None:
        fields["sender"] = organiser
        doubts.pop(NO_SENDER, None)
    fields["sent"] = fields["sent"] or _meeting.changed(message)
    if fields["sent"] is None and fields["received"] is None:
        fields["sent"] = _meeting.itself(message)
        doubts.update(dict.fromkeys((_meeting.OF_THE_MEETING,) if fields["sent"] else ()))


def _headers(message: Properties) -> dict[str, Any]:
    """The fields of the transport's header block; empty where the message has none."""
    block = (message.text(0x007D) or "").lstrip()
    if block.startswith("Microsoft Mail Internet Headers"):
        block = block.partition("\n")[2]
    raw = block.encode("utf-8", "replace")
    if not raw or not _head.looks_like_headers(raw):
        return {}
    fields = _rfc5322.envelope(_head.read_head(raw))
    ignored = {_rfc5322.NO_SENDER, _head.NO_SEPARATOR}
    fields["doubts"] = tuple(doubt for doubt in fields["doubts"] if doubt not in ignored)
    return fields


def _time(message: Properties, tag: int, basis: Basis, doubts: dict[str, None]) -> Moment | None:
    when = message.time(tag)
    if when is None:
        return None
    if not plausible(when):
        doubts[IMPLAUSIBLE] = None
        return None
    return instant(when, utc_text(when), basis)


def _sent(message: Properties, headers: dict[str, Any], doubts: dict[str, None]) -> Moment | None:
    submitted = _time(message, 0x0039, Basis.MAPI_SUBMIT, doubts)
    stated: Moment | None = headers.get("sent")
    if submitted is None or stated is None:
        return submitted or stated
    apart = max(
        (submitted.earliest - stated.latest).total_seconds(),
        (stated.earliest - submitted.latest).total_seconds(),
    )
    if apart > 600:
        doubts[f"{DATES} The header says {say_time(stated.earliest)}."] = None
    return submitted


def _sender(
    message: Properties, headers: dict[str, Any], doubts: dict[str, None]
) -> Address | None:
    """The person in whose name a message was sent, as the From header would say."""
    actual = _mapi.person(message, _mapi.SENDER)
    represented = _mapi.person(message, _mapi.REPRESENTED)
    chosen = actual or represented
    if actual and represented and _differ(actual, represented):
        chosen = represented
        doubts[f"Sent by {actual.said} on behalf of {represented.said}."] = None
    if chosen is None:
        chosen = headers.get("sender")
        if chosen is None:
            doubts[NO_SENDER] = None
        return chosen
    return _with_smtp(chosen, headers.get("sender"), doubts)


def _differ(one: Address, other: Address) -> bool:
    """Whether two are different people: other addresses of one kind, and other names."""
    same_kind = _mapi.is_internal(one.address) == _mapi.is_internal(other.address)
    if not (one.address and other.address and same_kind):
        return False
    return one.address.lower() != other.address.lower()


def _with_smtp(person: Address, author: Address | None, doubts: dict[str, None]) -> Address:
    """An Exchange directory name replaced by the From header's address, where it has one."""
    if not _mapi.is_internal(person.address):
        return person
    if author is None or "@" not in author.address:
        doubts[X500] = None
        return person
    doubts[BY_HEADER] = None
    return Address(name=person.name, address=author.address, said=person.said)


def _recipients(
    message: Properties,
    people: Iterable[tuple[str, Address]],
    headers: dict[str, Any],
    doubts: dict[str, None],
) -> dict[str, tuple[Address, ...]]:
    found: dict[str, list[Address]] = {"to": [], "cc": [], "bcc": []}
    for kind, person in people:
        found[kind].append(person)
        if _mapi.is_internal(person.address):
            doubts[X500] = None
    if any(found.values()):
        return {kind: tuple(people) for kind, people in found.items()}
    if any(headers.get(kind) for kind in found):
        doubts[BY_TO_HEADER] = None
        return {kind: headers.get(kind, ()) for kind in found}
    shown = {"to": 0x0E04, "cc": 0x0E03, "bcc": 0x0E02}
    names = {kind: _shown(message.line(tag)) for kind, tag in shown.items()}
    if any(names.values()):
        doubts[NAMES_ONLY] = None
    return names


def _shown(line: str) -> tuple[Address, ...]:
    """Names of a display line; one that is an e-mail address counts as one."""
    names = (_mapi.unquoted(part.strip()) for part in line.split(";"))
    return tuple(
        Address(
            name=name, address=name if re.fullmatch(r"[^\s@]+@[^\s@]+", name) else "", said=name
        )
        for name in names
        if name
    )


def _ids(text: str | None) -> tuple[str, ...]:
    if not text:
        return ()
    found = _ID.findall(text) or [part for part in text.split() if "@" in part]
    return tuple(dict.fromkeys(found))


def _first_id(text: str | None) -> str | None:
    return next(iter(_ids(text)), None)


def _message_id(
    message: Properties, headers: dict[str, Any], doubts: dict[str, None]
) -> str | None:
    own, stated = _first_id(message.text(0x1035)), headers.get("message_id")
    if own and stated and own != stated:
        doubts[TWO_IDS] = None
    return own or stated


def _thread_index(message: Properties, doubts: dict[str, None]) -> str | None:
    """The conversation index (MS-OXOMSG 2.2.1.3): 22 bytes, and five more for each reply."""
    data = message.binary(0x0071)
    if not data:
        return None
    if len(data) < 22 or (len(data) - 22) % 5 or len(data) > 20_000:
        doubts[BAD_INDEX] = None
        return None
    return data.hex()


def _delivered_to(message: Properties, headers: dict[str, Any]) -> tuple[str, ...]:
    people = (_mapi.person(message, tags) for tags in (_mapi.RECEIVED_BY, _mapi.RECEIVED_FOR))
    own = [person.address for person in people if person and "@" in person.address]
    return tuple(dict.fromkeys((*own, *headers.get("delivered_to", ()))))


def _channel(item_class: str) -> Channel:
    if _meeting.is_one(item_class):
        return Channel.MEETING
    if item_class.startswith("IPM.STICKYNOTE"):
        return Channel.NOTE
    if item_class.startswith(_CALL):
        return Channel.CALL
    return Channel.CHAT if item_class.startswith(_CHAT) else Channel.EMAIL


def _of_class(item_class: str) -> Iterator[str]:
    if not item_class:
        yield NO_CLASS
    if item_class.startswith("IPM.NOTE.ENTERPRISEVAULT"):
        yield ARCHIVED
    if item_class.startswith("IPM.STICKYNOTE"):
        yield STICKY
    if item_class.startswith("IPM.SKYPETEAMS.MESSAGE.COPILOT"):
        yield COPILOT


def _marks(
    message: Properties, headers: dict[str, Any], item_class: str, sealed: Mark | None
) -> tuple[Mark, ...]:
    marks: list[Mark] = list(headers.get("marks", ()))
    if (message.number(0x0E07) or 0) & _UNSENT:
        marks.append(Mark.DRAFT)
    if item_class.startswith("REPORT"):
        read = item_class.endswith((".IPNRN", ".IPNNRN"))  # MS-OXOMSG 2.2.2.2: read, not read
        marks.append(Mark.READ_RECEIPT if read else Mark.DELIVERY_REPORT)
    if item_class.startswith(("IPM.NOTE.RULES.OOF", "IPM.NOTE.RULES.REPLY")):
        marks.append(Mark.AUTOMATIC)
    if item_class.startswith("IPM.NOTE.SMIME"):
        signed = "MULTIPARTSIGNED" in item_class or sealed is Mark.SIGNED
        marks.append(Mark.SIGNED if signed else Mark.ENCRYPTED)
    if item_class.startswith("IPM.NOTE.RPMSG"):
        marks.append(Mark.ENCRYPTED)
    return tuple(dict.fromkeys(marks))
