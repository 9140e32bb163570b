"""Why one message is held to answer another, in words: the tier of the edge, never a number."""

from __future__ import annotations

from collections.abc import Mapping

from commtrace.model import CommunicationId, LinkBasis
from commtrace.moments import say
from commtrace.view import View

BY: Mapping[LinkBasis, str] = {
    LinkBasis.AUDITOR: "a ruling",
    LinkBasis.IN_REPLY_TO: "its In-Reply-To",
    LinkBasis.REFERENCES: "its References",
    LinkBasis.THREAD_INDEX: "its conversation index",
    LinkBasis.QUOTED_HEADER: "the header that it quotes",
    LinkBasis.QUOTED_TEXT: "the words that it quotes",
    LinkBasis.LETTER_REF: "the reference that it gives",
    LinkBasis.SERIES: "its place in a series",
    LinkBasis.SUBJECT: "its subject alone",
    LinkBasis.CASE_REFERENCE: "the reference of the matter alone",
}
ABSENT = "a message that is in none of the material"
SUGGESTED = "a suggestion, on which nothing rests"
SEVERAL = "Its Message-ID is borne by another message that says something else."


def answers(view: View, identifier: CommunicationId) -> str:
    """What a message answers and by which evidence; "" for one that answers nothing known."""
    link = view.link_of.get(identifier)
    if link is None:
        return ""
    row = view.row_of.get(CommunicationId(link.parent))
    parent = ABSENT if row is None else f"that of {say(view.whens[row])}"
    if link.suggested:
        return f"May answer {parent}, by {BY[link.basis]}: {SUGGESTED}."
    return f"Answers {parent}, by {BY[link.basis]}."


def doubled(view: View, thread: int, identifier: CommunicationId) -> str:
    """A sentence where two contents claim the id of a message; "" where it is its own."""
    return SEVERAL if identifier in view.threads[thread].imposters else ""
