"""Mailboxes that cover a time on paper and are shown by other mail to lack it or one side of it.

What is not on record in such a time says nothing of whether it was sent: it may lie in the hole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from commtrace.gaps._holes import bare, told
from commtrace.gaps._register import checks, lines
from commtrace.gaps._sides import Side, lacking
from commtrace.gaps._wording import listed, mailbox_of, span, untestable
from commtrace.model import Check, Coverage, Finding, Observability
from commtrace.view import NOBODY, View

WHAT = "It lies where a mailbox is empty or thin"
HOLE = "Empty or thin among the mailboxes provided: {which}."
_NAMED = 3


def is_bare(view: View, box: Coverage, first: date, last: date, *, sent: bool) -> bool:
    """Whether `coverage_hole` says that a mailbox lacks any of these days, or one side whole."""
    sides = (side for side in _lacking(view) if side.sent is sent)
    return bare(told(view), box.custodian, first, last) or any(
        side.custodian == box.custodian for side in sides
    )


def with_hole(finding: Finding) -> Finding:
    """The finding with the hole named in its sentence, where that is why it was not observed.

    A mailbox that was provided and is empty then must not be read as one that was not provided.
    """
    found = next((check.because for check in finding.checks if check.what == WHAT), "")
    if not found or finding.observability is Observability.OBSERVED:
        return finding
    return replace(finding, sentence=f"{finding.sentence} {HOLE.format(which=found)}")


def unsupplied(
    view: View, people: Iterable[int], parties: Iterable[int], first: date, last: date
) -> tuple[Check, ...]:
    """The checks on what these people and parties hold of these days and nobody supplied.

    One that fails where the register says so, one that cannot be made where a mailbox of theirs is
    empty or thin then, or lacks one side; nothing where there is neither.
    """
    people, parties = tuple(people), tuple(parties)
    known = checks(lines(view, people, parties, first, last))
    return (*known, *_bare(view, people, parties, first, last))


def _bare(
    view: View, people: tuple[int, ...], parties: tuple[int, ...], first: date, last: date
) -> tuple[Check, ...]:
    if not (told(view) or _lacking(view)):
        return ()
    own = {view.identities[who].id for who in people if who != NOBODY}
    boxes = [box for box in view.coverage if box.identity in own]
    for party in parties:
        if party != NOBODY:
            boxes += view.mailboxes_of_party.get(view.parties[party].id, ())
    said = []
    for custodian in dict.fromkeys(box.custodian for box in boxes):
        said += [
            f"that of {mailbox_of(view, custodian)} {span(start, end)}"
            for start, end in told(view).get(custodian, ())
            if start <= last and first <= end
        ]
        said += [
            f"that of {mailbox_of(view, custodian)} has no {'sent' if side.sent else 'received'}"
            " items"
            for side in _lacking(view)
            if side.custodian == custodian
        ]
    because = f"{listed(said, at_most=_NAMED)} (see coverage_hole)"
    return (untestable(WHAT, because),) if said else ()


def _lacking(view: View) -> tuple[Side, ...]:
    return view.once(lacking, lambda of: tuple(lacking(of)))
