"""Who holds which copy of a mail, in which folder, and the bytes of each file of a mailbox."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ._mail import Mail
from ._outlook import msg_file
from ._story import Mailbox
from ._wire import header_text, headers, mbox, message, received_at

_SENT, _INBOX = "Sent Items", "Inbox"
_SLUG = re.compile(r"[^A-Za-z0-9]+")


def held(box: Mailbox, mail: Mail) -> bool:
    """Whether the custodian's material has a copy of the mail."""
    key = box.person.key
    people = {p.key for p in (mail.sender, *mail.to, *mail.cc, *mail.bcc)}
    if key not in people or {key, "all"} & set(mail.draft.lost):
        return False
    return box.hole is None or not box.hole[0] <= mail.at.date() <= box.hole[1]


def files(box: Mailbox, mails: Sequence[Mail]) -> Iterator[tuple[str, bytes]]:
    """The files of a mailbox, by path: one a mail, or one mbox a folder."""
    mine = [mail for mail in mails if held(box, mail)]
    folders = {name: [m for m in mine if _folder(box, m) == name] for name in (_INBOX, _SENT)}
    for folder, items in folders.items():
        if box.kind.startswith("mbox"):
            copies = ((m, _copy(box, m)) for m in items)
            yield f"{box.folder}/{folder.partition(' ')[0]}.mbox", mbox(box.kind, copies)
            continue
        for number, mail in enumerate(items, 1):
            name = f"{number:04d} {_slug(mail.subject)}.{box.kind}"
            make = _msg if box.kind == "msg" else _eml
            yield f"{box.folder}/{folder}/{name}", make(box, mail)


def _folder(box: Mailbox, mail: Mail) -> str:
    return _SENT if mail.sender.key == box.person.key else _INBOX


def _slug(subject: str) -> str:
    return _SLUG.sub(" ", subject).strip()[:40].strip() or "no subject"


def _text(box: Mailbox, mail: Mail) -> str:
    other = mail.draft.altered.get(box.person.key)
    return mail.text.replace(mail.draft.body, other.strip("\n")) if other else mail.text


def _fields(box: Mailbox, mail: Mail) -> list[tuple[str, str]]:
    return headers(mail, custodian=box.person, is_sender=_folder(box, mail) == _SENT)


def _copy(box: Mailbox, mail: Mail) -> bytes:
    return message(mail, _fields(box, mail), _text(box, mail))


def _eml(box: Mailbox, mail: Mail) -> bytes:
    return _copy(box, mail).replace(b"\n", b"\r\n")


def _msg(box: Mailbox, mail: Mail) -> bytes:
    if _folder(box, mail) == _SENT:
        return msg_file(mail, text=_text(box, mail), headers="", received=None)
    text = header_text(_fields(box, mail))
    return msg_file(
        mail, text=_text(box, mail), headers=text, received=received_at(mail, box.person)
    )


def counts(boxes: Sequence[Mailbox], mails: Sequence[Mail]) -> Mapping[str, int]:
    """How many mails each custodian's material holds, by folder."""
    return {box.folder: sum(held(box, mail) for mail in mails) for box in boxes}
