"""Which parts are the text of a message, which are attached, and which are worth reading."""

from __future__ import annotations

from ._parts import TOO_DEEP_TYPE, Part

NOT_BODY = frozenset({"text/calendar", "text/x-vcard", "text/vcard", "text/csv", "text/rtf",
                       "text/xml", "text/rfc822-headers", "text/directory"})  # fmt: skip
_NOT_EVIDENCE = frozenset({
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
    "message/delivery-status", "message/disposition-notification", "text/rfc822-headers",
    "application/pgp-encrypted", "message/feedback-report", "application/pgp-keys",
    "message/global-delivery-status", "message/global-disposition-notification",
    "message/global-headers",
})  # fmt: skip
CALENDARS = frozenset({"text/calendar", "application/ics"})
PKCS7 = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})
_SMALL_IMAGE = 16_384  # bytes: logos and rules in signatures


def worth_reading(part: Part, kind: str) -> bool:
    """Whether an attachment may be evidence: no signature, report data or small picture."""
    if kind in _NOT_EVIDENCE or kind.startswith(TOO_DEEP_TYPE):
        return False
    shown = part.disposition == "inline" or not part.name or part.disposition == ""
    return not (kind.startswith("image/") and shown and len(part.content or b"") < _SMALL_IMAGE)
