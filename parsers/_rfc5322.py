"""What the headers of an internet message mean: who, when, which id, and what remains unsure.

Each assumption made is a doubt. `_head` found the headers; addresses, dates and encoded words have
their own modules; the body is `_mime`'s.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Any

from commtrace.model import Address, Mark
from commtrace.moments import Basis, Moment

from . import _reports
from ._address import MOST_ADDRESSES, TOO_MANY, addresses
from ._head import Head
from ._maildate import mail_date, narrowed
from ._text import clean_line
from ._words import UNREADABLE_WORD, characters, unreadable, words

TWO_DATES = "There are several Date headers that differ; the first was used."
TWO_IDS = "There are several Message-ID values; the first was used."
TWO_SUBJECTS = "There are several Subject headers that differ; the first was used."
LONG_SUBJECT = "The subject was cut at 32 KB."
NO_SENDER = "The message has no From header that names anyone."
BAD_INDEX = "The Thread-Index header is damaged and was not used."
BAD_ID = "The Message-ID does not stand in angle brackets."
CLOCKS = "The Date header and the receiving server's clock differ by more than a day."
FROM_LINE = "The only date is that of the mailbox's own separator line."

_LONGEST_SUBJECT = 32_768
_MOST_REFERENCES = 5_000
_FOLD = re.compile(r"\s*[\r\n]\s*")
_RELAYED = (b"list-id", b"precedence", b"auto-submitted", b"resent-from")
_MACHINE = re.compile(
    r"bounce|\bowner\b|request|admin|daemon|no-?reply|mailer|return|system", re.IGNORECASE
)
_ID = re.compile(r"<\s*([^<>]+?)\s*>")


def envelope(head: Head) -> dict[str, Any]:
    """The fields of a `Record` that the headers give, `doubts` and `marks` among them."""
    doubts: dict[str, None] = dict.fromkeys(head.doubts)
    sent, received = _times(head, doubts)
    fields: dict[str, Any] = {
        "sent": sent,
        "received": received,
        "sender": _sender(head, doubts),
        "subject": _subject(head, doubts),
        "message_id": _message_id(head, doubts),
        "in_reply_to": _in_reply_to(head),
        "references": _references(head),
        "thread_index": _thread_index(head, doubts),
        "delivered_to": _delivered_to(head),
        "folder": _folder(head),
    }
    fields["marks"] = _marks(head, fields["subject"], fields["sender"], doubts)
    for name in ("reply_to", "to", "cc", "bcc"):
        fields[name] = _people(head, name.replace("_", "-").encode(), doubts)
    doubts.update(dict.fromkeys(head.doubts))  # charsets guessed while the values were read
    fields["doubts"] = tuple(doubts)
    return fields


def _people(head: Head, name: bytes, doubts: dict[str, None]) -> tuple[Address, ...]:
    values = head.values.get(name)
    if not values:
        return ()
    found: list[Address] = []
    for value in values:
        people, unsure = addresses(head.text(value))
        found.extend(people)
        doubts.update(dict.fromkeys(unsure))
        if len(found) > MOST_ADDRESSES:
            doubts[TOO_MANY] = None
            break
    return tuple(found[:MOST_ADDRESSES])


def _sender(head: Head, doubts: dict[str, None]) -> Address | None:
    """The author: the mailbox in From; where several are named, the first, said to be unclear."""
    authors = _people(head, b"from", doubts)
    senders = _people(head, b"sender", doubts) if len(authors) != 1 else ()
    if not authors:
        doubts[NO_SENDER] = None
        return senders[0] if senders else None
    if len({author.address.lower() for author in authors}) == 1:
        _note_delegate(head, authors[0], doubts)
        return authors[0]
    named = ", ".join(author.address or author.name for author in authors[:5])
    doubts[f"From names several authors ({named}): who wrote this is not certain."] = None
    known = {author.address.lower(): author for author in reversed(authors)}
    return known.get(senders[0].address.lower(), authors[0]) if senders else authors[0]


def _note_delegate(head: Head, author: Address, doubts: dict[str, None]) -> None:
    """Say who sent it where that is a colleague (RFC 5322 section 3.6.2); a relay is nobody."""
    if not head.values.get(b"sender") or any(head.values.get(name) for name in _RELAYED):
        return
    senders = _people(head, b"sender", {})
    one = senders[0] if len(senders) == 1 else None
    if one is None or one.address.lower() == author.address.lower():
        return
    local, at, domain = one.address.lower().rpartition("@")
    if at and domain == author.address.lower().rpartition("@")[2] and not _MACHINE.search(local):
        doubts[f"Sent by {_written(one)} on behalf of {_written(author)}."] = None


def _written(person: Address) -> str:
    return f"{person.name} <{person.address}>" if person.name else person.address


def _subject(head: Head, doubts: dict[str, None]) -> str:
    values = head.values.get(b"subject")
    if not values:
        return ""
    if len(values) > 1 and len(set(values)) > 1:
        doubts[TWO_SUBJECTS] = None
    subject = words(head.text(values[0]))
    if unreadable(subject):
        doubts[UNREADABLE_WORD] = None
    if len(subject) > _LONGEST_SUBJECT:
        doubts[LONG_SUBJECT] = None
    return subject[:_LONGEST_SUBJECT].strip()


def _ids(text: str) -> list[str]:
    """Message identifiers in order, each once, without angle brackets (RFC 5322 section 3.6.4)."""
    found = _ID.findall(text)
    if not found:
        found = [token.strip("<>,;\"'") for token in text.split() if "@" in token]
    unfolded = (clean_line(_FOLD.sub("", one))[:998] for one in found)
    return list(dict.fromkeys(one for one in unfolded if one))


def _message_id(head: Head, doubts: dict[str, None]) -> str | None:
    values = head.values.get(b"message-id")
    if not values:
        return None
    text = head.text(values[0])
    closed = _ID.search(text) is not None
    found = _ids(text) if closed else []
    if not closed:
        bare = clean_line(_FOLD.sub("", text)).strip("<>")[:998]
        found = [bare] if bare and (" " not in bare or "<" in text) else []
    if found and not closed:
        doubts[BAD_ID] = None
    if len(found) > 1 or len(set(values)) > 1:
        doubts[TWO_IDS] = None
    return found[0] if found else None


def _in_reply_to(head: Head) -> str | None:
    found = _ids(head.first(b"in-reply-to"))
    return found[0] if found else None


def _references(head: Head) -> tuple[str, ...]:
    values = head.values.get(b"references")
    return tuple(_ids(head.text(b" ".join(values)))[-_MOST_REFERENCES:]) if values else ()


def _thread_index(head: Head, doubts: dict[str, None]) -> str | None:
    """The conversation index (MS-OXOMSG 2.2.1.3): 22 bytes, and five more for each reply."""
    text = "".join(head.first(b"thread-index").split())
    if not text:
        return None
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if len(data) < 22 or (len(data) - 22) % 5 or len(data) > 20_000:
        doubts[BAD_INDEX] = None
        return None
    return data.hex()


def _times(head: Head, doubts: dict[str, None]) -> tuple[Moment | None, Moment | None]:
    received, first_hop = _received(head.values.get(b"received", []))
    sent = _sent(head, first_hop, doubts)
    if sent is None and received is None and head.from_line:
        said = clean_line(characters(head.from_line[-60:])[0])
        found = re.search(r"\b[A-Z][a-z]{2} +[A-Z][a-z]{2} +\d.*", said)
        received = mail_date(found[0], Basis.RECEIVED)[0] if found else None
        if received is not None:
            doubts[FROM_LINE] = None
    if sent and received and sent.a_day_apart(received):
        doubts[CLOCKS] = None
    return sent, received


def _sent(head: Head, first_hop: Moment | None, doubts: dict[str, None]) -> Moment | None:
    values = head.values.get(b"date")
    if not values:
        return None
    if len(values) > 1 and len(set(values)) > 1:
        doubts[TWO_DATES] = None
    said = clean_line(head.text(values[0]))
    moment, unsure = mail_date(said, Basis.DATE_HEADER)
    doubts.update(dict.fromkeys(unsure))
    if moment is None or moment.exact:
        return moment
    as_utc = narrowed(moment, first_hop)
    if as_utc is None:
        return moment
    doubts["The date was read as UTC: the first server to receive the message bears it out."] = None
    return as_utc


def _received(values: list[bytes]) -> tuple[Moment | None, Moment | None]:
    """The topmost Received header's time, and the bottommost's: delivery and first hop."""
    top = next((moment for moment in map(_hop, values[:10]) if moment), None)
    if len(values) < 2:
        return top, top
    return top, next((moment for moment in map(_hop, reversed(values[-10:])) if moment), None)


def _hop(value: bytes) -> Moment | None:
    said = clean_line(characters(value.rpartition(b";")[2][-120:])[0])
    return mail_date(said, Basis.RECEIVED)[0] if said else None


def _delivered_to(head: Head) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in (b"delivered-to", b"x-original-to", b"envelope-to"):
        for value in head.values.get(name, ())[:20]:
            for person in addresses(head.text(value))[0]:
                if "@" in person.address:
                    found[person.address] = None
    return tuple(found)


def _folder(head: Head) -> str | None:
    said = words(head.first(b"x-gmail-labels") or head.first(b"x-folder"))
    return said[:500] or None


def _marks(
    head: Head, subject: str, sender: Address | None, doubts: dict[str, None]
) -> tuple[Mark, ...]:
    found = dict.fromkeys(_each_mark(head))
    if not found.keys() & {Mark.AUTOMATIC, Mark.DELIVERY_REPORT, Mark.READ_RECEIPT}:
        address = sender.address or sender.name if sender else ""
        more, unsure = _reports.marks(head.values, subject=subject, sender=address)
        found.update(dict.fromkeys(more))
        doubts.update(dict.fromkeys(unsure))
    return tuple(found)


def _each_mark(head: Head) -> Iterator[Mark]:
    values = head.values
    submitted = _lower(values.get(b"auto-submitted", ()))
    if submitted and not submitted.startswith("no"):
        yield Mark.AUTOMATIC  # RFC 3834 section 5
    precedence = _lower(values.get(b"precedence", ()))
    if b"x-autoreply" in values or b"x-autorespond" in values or precedence == "auto_reply":
        yield Mark.AUTOMATIC
    if b"list-id" in values or precedence in ("bulk", "list", "junk"):
        yield Mark.BULK
    if _lower(values.get(b"x-unsent", ())).startswith("1"):
        yield Mark.DRAFT
    kind = _lower(values.get(b"content-type", ()))
    if kind.startswith("multipart/report"):
        yield Mark.READ_RECEIPT if "disposition-notification" in kind else Mark.DELIVERY_REPORT
    if kind.startswith("multipart/encrypted") or (
        "pkcs7-mime" in kind[:40] and "enveloped-data" in kind
    ):
        yield Mark.ENCRYPTED


def _lower(values: Iterable[bytes]) -> str:
    first = next(iter(values), b"")
    return first[:2000].decode("latin-1").strip().lower()
