"""Reports on a message that mail systems write: what they say of whom, and of which message.

Delivery reports (RFC 3464, and as older servers wrote them in plain text), receipts (RFC 8098),
automatic replies (RFC 3834), and requests to recall. A report is linked to the message it is about
by References alone: it is no answer to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from commtrace.model import Mark

from ._head import read_head
from ._text import clean, clean_line, decode

BY_SUBJECT = "Only the subject shows that this is an automatic reply."
RECALL = "This is a request by the sender to recall an earlier message."

REPORTED = frozenset({
    "message/delivery-status", "message/global-delivery-status",
    "message/disposition-notification", "message/global-disposition-notification",
})  # fmt: skip
HEADERS_ONLY = frozenset({"text/rfc822-headers", "message/global-headers"})
_SAID = re.compile(
    r"^(?:original-recipient|final-recipient|action|status|diagnostic-code|disposition"
    r"|original-message-id|reporting-mta|arrival-date|last-attempt-date|failure|error)[ \t]*:",
    re.IGNORECASE,
)
_LINES = re.IGNORECASE | re.MULTILINE
_MOST_LINES = 2_000
_FOLDED = re.compile(r"\r?\n[ \t]+")
_ORIGINAL = re.compile(r"^original-message-id[ \t]*:[ \t]*<([^<>\s]{1,998})>", _LINES)
_COPIED = re.compile(r"^[ \t>|]*message-id[ \t]*:[ \t]*<([^<>\s]{1,998})>", _LINES)
_BOUNCED = re.compile(
    r"\s*(?:undeliver(?:able|ed)|(?:mail )?delivery (?:status notification|failure|failed|report"
    r"|problem|delayed|has failed)|mail delivery (?:failed|failure|system|status)|failure notice"
    r"|returned mail|mail (?:system )?(?:error|failure)|message (?:delivery failure|not delivered)"
    r"|non ?remis|unzustellbar|nicht zustellbar|non recapitabile|no se puede entregar"
    r"|undelivered mail returned|delayed mail|warning: (?:could not send|message))",
    re.IGNORECASE,
)
_DAEMONS = re.compile(
    r"(?:mailer-daemon|postmaster|mail-daemon|mdaemon|mailerdaemon)(?:@|\Z)", re.IGNORECASE
)
_AUTOMATIC = re.compile(
    r"\s*(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response|response from)|autoreply"
    r"|out of (?:the )?office(?: auto ?reply)?|ooo|away from (?:my|the) (?:mail|desk)"
    r"|automatische antwort|abwesenheits(?:notiz|meldung)|autom?\. antwort"
    r"|réponse automatique|absence du bureau|risposta automatica|fuori sede"
    r"|respuesta automática|fuera de la oficina|resposta automática|automatisch antwoord"
    r"|afwezigheidsbericht|automatiskt svar|autosvar|automatisk svar|odpowiedź automatyczna"
    r"|автоматический ответ|自动答复|自動返信)\s*[:：]",
    re.IGNORECASE,
)
_RECALLED = re.compile(r"would like to recall the message", re.IGNORECASE)


def marks(
    values: Mapping[bytes, list[bytes]], *, subject: str, sender: str
) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
    """What the headers show of a report or an automatic reply, and what is not certain of it."""
    nobody = any(value.strip() == b"<>" for value in values.get(b"return-path", ()))
    daemon = _DAEMONS.match(sender) is not None
    if b"x-failed-recipients" in values or (_BOUNCED.match(subject) and (daemon or nobody)):
        return (Mark.DELIVERY_REPORT,), ()
    if _AUTOMATIC.match(subject):
        certain = nobody or b"x-auto-response-suppress" in values
        return (Mark.AUTOMATIC,), () if certain else (BY_SUBJECT,)
    return (), ()


def told(parts: Iterable[tuple[str, bytes]]) -> tuple[str, tuple[str, ...]]:
    """The fields of a report that say what became of a message, as written, and its Message-ID.

    `parts` are the report's own parts: media type and bytes, the message's headers among them.
    """
    lines: list[str] = []
    about: dict[str, None] = {}
    for kind, data in parts:
        text = _FOLDED.sub(" ", decode(data[:1_000_000], None)[0].replace("\r\n", "\n"))
        if kind in REPORTED:
            about.update(dict.fromkeys(_ORIGINAL.findall(text)))
            lines += [clean(line).strip() for line in text.split("\n") if _SAID.match(line)]
        else:
            found = message_id(data)
            about.update({found: None} if found else {})
    return "\n".join(dict.fromkeys(lines[:_MOST_LINES])), tuple(map(clean_line, about))


def message_id(data: bytes) -> str | None:
    """The Message-ID in a copy of a message's headers."""
    said = read_head(data[:1_000_000]).first(b"message-id").strip()
    return said.strip("<>") if said.startswith("<") and said.endswith(">") else None


def copied_id(text: str) -> tuple[str, ...]:
    """The Message-ID that a report in plain text copies from the message it is about."""
    found = _COPIED.search(text[:200_000])
    return (clean_line(found[1]),) if found else ()


def is_recall(subject: str, text: str) -> bool:
    """Whether a message asks to take back an earlier one, as Outlook writes it."""
    begins = subject.lower().startswith(("recall:", "message recall"))
    return begins and _RECALLED.search(text[:4_000]) is not None
