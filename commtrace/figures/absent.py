"""Messages that others cite and nobody supplied, as rows for the screen. Draws nothing.

What is said of one is what its witnesses show; its words are put together from quotations, and each
passage keeps the message that quotes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commtrace.figures.coverage import custodian_names
from commtrace.model import CommunicationId, Ghost, Holder, LinkBasis
from commtrace.view import View

KNOWN_BY: Mapping[LinkBasis, str] = {
    LinkBasis.AUDITOR: "ruling",
    LinkBasis.IN_REPLY_TO: "an answer that cites its id",
    LinkBasis.REFERENCES: "a list of references",
    LinkBasis.THREAD_INDEX: "a conversation index",
    LinkBasis.QUOTED_HEADER: "a quoted header",
    LinkBasis.QUOTED_TEXT: "quoted words",
    LinkBasis.LETTER_REF: "a reference",
    LinkBasis.SERIES: "its place in a series",
    LinkBasis.SUBJECT: "a subject",
    LinkBasis.CASE_REFERENCE: "the reference of a matter",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of a reconstructed text that one message quotes in a row."""

    quoter: CommunicationId
    words: str


def ordered(view: View) -> tuple[Ghost, ...]:
    """All absent messages, earliest first; those of no known time last, by id."""
    dated = [one for one in view.ghosts if one.when is not None]
    undated = [one for one in view.ghosts if one.when is None]
    dated.sort(key=lambda one: (one.when.earliest if one.when else 0, one.id))
    return (*dated, *sorted(undated, key=lambda one: one.id))


def known_by(ghost: Ghost) -> str:
    """The kinds of evidence that speak for it, strongest first."""
    return ", ".join(dict.fromkeys(KNOWN_BY[basis] for basis in ghost.bases)) or "a citation"


def passages(ghost: Ghost) -> tuple[Passage, ...]:
    """The reconstructed text, passage by passage, each with its source."""
    lines = (ghost.text or "").split("\n")
    found, place = [], 0
    for source in ghost.sources:
        words = "\n".join(lines[place : place + source.lines])
        found.append(Passage(source.communication, words))
        place += source.lines
    return tuple(found)


def holdings(view: View, ghost: Ghost) -> Sequence[tuple[str, str]]:
    """Who should hold it, each with what of their mailbox was supplied for that time."""
    names = custodian_names(view)
    holders = ghost.holders or tuple(
        Holder(custodian=name, supplied=False, covers=None) for name in ghost.likely_holders
    )
    return [(names.get(one.custodian, one.custodian), _supplied(one)) for one in holders]


def _supplied(holder: Holder) -> str:
    if not holder.supplied:
        return "mailbox not supplied"
    if holder.covers is None:
        return "mailbox supplied; whether it covers that time is not known"
    return f"mailbox supplied, {'covers' if holder.covers else 'does not cover'} that time"
