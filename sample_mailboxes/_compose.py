"""How a mail reads: its own words, its signature, and what it quotes in its program's manner."""

from __future__ import annotations

import html as markup
from collections.abc import Mapping
from datetime import datetime, timedelta

from ._dice import Dice
from ._mail import Draft, Mail, Person
from ._outlook import reply_index, root_index

_OUTLOOK = {"outlook"}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_LONGEST_CHAIN = 9000  # characters; beyond, people trim what they quote


def compose(
    draft: Draft, *, cast: Mapping[str, Person], sent: Mapping[str, Mail], notice: str
) -> Mail:
    """The draft as sent; `sent` holds every earlier mail by key, `notice` the footer."""
    sender = cast[draft.sender]
    client = draft.client or sender.client
    parent = sent[draft.parent] if draft.parent else None
    is_outlook = client in _OUTLOOK and "Thread-Index" not in draft.headers
    subject = _subject(draft, client, parent)
    to = tuple(cast[key] for key in draft.to)
    own = _own_text(draft, sender, client, to, notice)
    quoted = _quotation(draft, client, parent) if parent and draft.quote else ""
    text = "\n\n".join(part for part in (own, quoted) if part)
    cites = parent if draft.kind == "reply" or client not in _OUTLOOK else None
    return Mail(
        draft=draft,
        sender=sender,
        to=to,
        cc=tuple(cast[key] for key in draft.cc),
        bcc=tuple(cast[key] for key in draft.bcc),
        subject=subject,
        text=text,
        html=_html(own, quoted, client, draft),
        client=client,
        message_id=_message_id(draft, sender, client),
        in_reply_to=" ".join(_ids(draft, "In-Reply-To", (cites.message_id,) if cites else ())),
        references=_ids(draft, "References", _references(cites) if cites else ()),
        index=_index(draft, client, parent),
        is_outlook=is_outlook,
    )


def _ids(draft: Draft, name: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    given = draft.headers.get(name)
    return usual if given is None else tuple(part.strip("<>") for part in given.split())


def _references(parent: Mail) -> tuple[str, ...]:
    return (*parent.references, parent.message_id)[-10:]


def _subject(draft: Draft, client: str, parent: Mail | None) -> str:
    if parent is None or draft.kind == "new":
        return draft.subject
    if draft.title:
        return draft.title
    outlook = client in {"outlook", "contactwell"}
    prefix = (
        ("FW: " if outlook else "Fwd: ")
        if draft.kind == "forward"
        else ("RE: " if outlook else "Re: ")
    )
    bare = parent.subject
    while bare.lower().startswith(("re: ", "fw: ", "fwd: ")):
        bare = bare.partition(": ")[2]
    return prefix + bare


def _own_text(
    draft: Draft, sender: Person, client: str, to: tuple[Person, ...], notice: str
) -> str:
    parts = [draft.body]
    if not draft.bare and sender.signature:
        mark = "" if client in _OUTLOOK else "-- \n"
        parts.append(mark + "\n".join(sender.signature))
    if not draft.bare and client == "iphone":
        parts.append("Sent from my iPhone")
    outside = any(person.domain != sender.domain for person in to)
    if not draft.bare and client in _OUTLOOK and outside and draft.kind == "new":
        parts.append(notice)
    return "\n\n".join(part for part in parts if part)


def _index(draft: Draft, client: str, parent: Mail | None) -> bytes:
    dice = Dice("index", draft.key)
    if parent is None or draft.kind == "new" or client not in _OUTLOOK:
        return root_index(draft.at, dice)
    minutes = 2 + dice.below(9)
    started = max(draft.at - timedelta(minutes=minutes), parent.at + timedelta(seconds=30))
    return reply_index(parent.index, min(started, draft.at), dice)


def _message_id(draft: Draft, sender: Person, client: str) -> str:
    given = draft.headers.get("Message-ID", "")
    if given:
        return given.strip("<>")
    mark = Dice("message-id", draft.key).bytes(18).hex()
    if client == "outlook":
        server = f"WC{mark[:4].upper()}MB{int(mark[4:6], 16):04d}"
        return f"{server}{mark[6:26].upper()}@{server}.mail.{sender.domain}"
    if client == "gmail":
        return f"CA+{mark[:30]}@mail.{sender.domain}"
    if client == "contactwell":
        return f"cw.{int(mark[:9], 16)}.{draft.at:%Y%m%d%H%M%S}@contactwell.{sender.domain}"
    if client == "yahoo":
        serial = f"{int(mark[:8], 16)}.{int(mark[8:15], 16)}.{draft.at:%y%m%d%H%M%S}"
        return f"{serial}@mail.{sender.domain}"
    cut = (mark[:8], mark[8:12], mark[12:16], mark[16:20], mark[20:32])
    return f"{'-'.join(cut).upper()}@{sender.domain}"


def _quotation(draft: Draft, client: str, parent: Mail) -> str:
    text = parent.text
    if len(text) > _LONGEST_CHAIN:
        text = text[: text.rfind("\n", 0, _LONGEST_CHAIN)]
    if draft.kind == "forward" and client not in {"outlook", "contactwell"}:
        return _forwarded(client, parent, text)
    if client == "outlook":
        return f"{_block(parent)}\n\n{text}"
    if client == "contactwell":
        return f"-----Original Message-----\n{_block(parent)}\n\n{text}"
    return _attributed(client, parent, text)


def _block(parent: Mail) -> str:
    lines = [
        f"From: {parent.sender.written}",
        f"Sent: {parent.at.day:02d} {_MONTHS[parent.at.month - 1]} {parent.at:%Y %H:%M}",
        "To: " + "; ".join(p.written for p in parent.to),
    ]
    if parent.cc:
        lines.append("Cc: " + "; ".join(p.written for p in parent.cc))
    return "\n".join([*lines, f"Subject: {parent.subject}"])


def _attributed(client: str, parent: Mail, text: str) -> str:
    line = _attribution(client, parent)
    quoted = "\n".join(f"> {row}" if row else ">" for row in text.split("\n"))
    if client == "apple":
        return f"> {line}\n> \n{quoted}"
    return f"{line}\n\n{quoted}"


def _attribution(client: str, parent: Mail) -> str:
    at, who = parent.at, parent.sender.written
    short = f"{at.day} {_MONTHS[at.month - 1][:3]} {at.year}"
    if client == "gmail":
        line = f"On {_WEEKDAYS[at.weekday()][:3]}, {short} at {at:%H:%M}, {who} wrote:"
        return (
            line
            if len(line) <= 78
            else line.replace(f", {who}", f", {parent.sender.name}\n<{parent.sender.address}>")
        )
    if client == "yahoo":
        day = f"{_WEEKDAYS[at.weekday()]}, {at.day} {_MONTHS[at.month - 1]} {at.year}"
        return f" On {day}, {at:%H:%M:%S} {at.tzname()}, {who} wrote:"
    return f"On {short}, at {at:%H:%M}, {who} wrote:"


def _forwarded(client: str, parent: Mail, text: str) -> str:
    at = parent.at
    to = ", ".join(p.written for p in parent.to)
    head: tuple[str, ...]
    if client == "gmail":
        day = f"{at.day} {_MONTHS[at.month - 1][:3]} {at.year}"
        date = f"{_WEEKDAYS[at.weekday()][:3]}, {day} at {at:%H:%M}"
        head = ("---------- Forwarded message ---------", f"From: {parent.sender.written}",
                f"Date: {date}", f"Subject: {parent.subject}", f"To: {to}")  # fmt: skip
    else:
        date = f"{at.day} {_MONTHS[at.month - 1]} {at.year} at {at:%H:%M:%S} {at.tzname()}"
        head = ("Begin forwarded message:", "", f"From: {parent.sender.written}",
                f"Subject: {parent.subject}", f"Date: {date}", f"To: {to}")  # fmt: skip
    return "\n".join(head) + f"\n\n{text}"


def _html(own: str, quoted: str, client: str, draft: Draft) -> str:
    share = {"gmail": 1.0, "outlook": 0.4}.get(client, 0.0)
    if draft.bare or Dice("html", draft.key).share() >= share:
        return ""
    body = f"<div>{_lines(own)}</div>"
    if quoted:
        mark = 'class="gmail_quote"' if client == "gmail" else 'id="divRplyFwdMsg"'
        body += f"<div {mark}>{_lines(quoted)}</div>"
    return f"<html><body>{body}</body></html>"


def _lines(text: str) -> str:
    return "<br>\n".join(markup.escape(line, quote=False) for line in text.split("\n"))


def written_day(when: datetime) -> str:
    """The day as a letter has it: 9 February 2022."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"
