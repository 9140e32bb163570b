"""The disclosure request: one page of explanation, then each holder's own pages; PDF and DOCX.

Both formats print the same values. A request accuses nobody: it says what the material supplied
does not hold, why that matters, and that "it is not kept" is an answer.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from commtrace import __version__
from commtrace.report import _words as words
from commtrace.report._case import Case
from commtrace.report._typeset import breakable, mapped, printable, typeset
from commtrace.report._wanted import Request, requests

OPENING = (
    "The material supplied to this review was compared with itself: each mailbox with the others,"
    " each answer with what it answers, each announcement with what came with it. What follows is"
    " not among the material read. That it is asked for says nothing of why it is not there."
)
HOW = (
    "Please supply messages in the form in which they are kept (.pst, .msg, .eml or .mbox, with"
    " their headers and attachments), not printed and not forwarded, with a note of who exported"
    " them, when, and with which filters. Where something is not kept, please say so, and since"
    " when and under which rule."
)
NOTHING = "Nothing is asked for: no gap in the evidence is open in this case."


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureRequest:
    """All requests of a case, with what identifies the state of the case they rest on."""

    title: str
    period: str
    as_of: str
    version: str
    fingerprint: str
    head: str
    marking: str
    requests: tuple[Request, ...]


def disclosure_request(case: Case, *, marking: str) -> DisclosureRequest:
    """The requests of a case as it stands."""
    period = case.brief.period
    return DisclosureRequest(
        title=words.line(case.title),
        period=words.span(*period) if period else "not set in case.toml",
        as_of=words.until(case.view().as_of),
        version=__version__,
        fingerprint=case.fingerprint(),
        head=words.head(case.head()),
        marking=words.line(marking),
        requests=requests(case),
    )


def pdf(one: DisclosureRequest) -> bytes:
    """The request as a tagged PDF (PDF/UA-1)."""
    data: dict[str, Any] = asdict(one)
    data["short_title"] = words.shorten(one.title, 80)
    data |= {"opening": OPENING, "how": HOW, "nothing": NOTHING}
    return typeset("request.typ", mapped(data, lambda text: breakable(printable(text))))
