"""The rule `coverage_hole` and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from commtrace.gaps._columns import as_of_day, by_recipient, by_sender
from commtrace.gaps._holes import LEAST_PROVEN, Mailbox, Run, holes, named
from commtrace.gaps._register import checks, lines, said
from commtrace.gaps._sides import Side, lacking
from commtrace.gaps._wording import (
    check,
    mailbox_of,
    number,
    party_ids,
    passed,
    span,
    untestable,
)
from commtrace.model import (
    Check,
    Family,
    Finding,
    Observability,
    Severity,
    Strength,
)
from commtrace.moments import Basis, days
from commtrace.plugins import rule
from commtrace.view import NOBODY, View

_DIRECT_FROM = 3  # proven copies
_CITED = 8
STILL = "It is still to come"

EMPTY = "No items of {custodian} {span} are among the material supplied"
THIN = "Few items of {custodian} {span} are among the material supplied"
KNOWN = ", although {proven} that other mailboxes hold {name} {custodian} in that time{held}."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "The mailbox was supplied for that time according to case.toml; no record of these copies"
        " was found in it."
    ),
    Observability.ONE_SIDE: (
        "No record of these copies was found in this mailbox. For which days it was collected is"
        " not stated."
    ),
    Observability.NOT_TESTABLE: (
        "No mailbox of this custodian was read. The evidence provided cannot show what it held."
    ),
}


SIDE = (
    "No item that {custodian} {verb} {span} is among the material supplied, which holds {held} that"
    " they {other}; {shown} {answer} a message that nobody supplied."
)
SIDES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "That folder was collected according to case.toml; no record of such items was found in it."
    ),
    Observability.ONE_SIDE: (
        "No record of such items was found. Whether that folder was collected is not stated."
    ),
}
REGISTERED = "The register names what is known to exist and was not provided: {what}."


@rule(family=Family.EVIDENCE)
def coverage_hole(view: View, *, weeks: int = 1, copies: int = 1) -> Iterator[Finding]:
    """A custodian's mailbox is empty, or thin, while others were writing to them.

    Definition: a run of at least `weeks` weeks in which a custodian's supplied mailbox holds
    nothing, while other mailboxes prove at least `copies` messages to or from them; or a run in
    which the share of proven copies that it holds collapses (at most 34 % held, against 70 % or
    more in its other weeks; Fisher's exact test, p at most .01 after Benjamini and Hochberg);
    or, where no days are declared, two weeks or more before its first or after its last item; or no
    sent item among twenty received ones or more (or the reverse), where three absent messages show
    that there were such; or a custodian named in case.toml of whom nothing was read, while other
    mailboxes hold messages that name them.
    What counts: messages whose sender or recipient is the custodian, held elsewhere.
    What does not: weeks in which nobody is shown to have written to them; weeks without a working
    day; weeks outside the time that case.toml says was collected.
    When it cannot say: OBSERVED needs a window declared in case.toml; with an inferred window it is
    one side, and so is what the register says was not provided; without any mailbox it is not
    testable. Nothing is said about why.
    Severity: GRAVE where days are declared, from four weeks with three copies or from twenty
    copies; MATERIAL from two weeks with three copies, or five copies; LOW else and where the
    custodian was away. Strength: DIRECT from three copies (metadata of the evidence itself),
    CORROBORATED below; one step less where the custodian was away.
    Reference: cross-custodian reconciliation; Fisher 1922; Benjamini and Hochberg 1995.
    """
    sent, received = by_sender(view), by_recipient(view)
    for box, run in holes(view, sent, received):
        if run.weeks >= weeks and run.proven >= max(1, copies):
            yield from _hole(box, run)
    for custodian, identity, first, last in _not_supplied(view):
        box = Mailbox(view, custodian, identity, sent, received)
        rows = box.naming(first, last)
        if len(rows) >= max(1, copies):
            yield _absent_mailbox(box, first, last, rows)
    for side in lacking(view):
        yield _one_sided(view, side)


def _hole(box: Mailbox, run: Run) -> Iterator[Finding]:
    rows = box.naming(run.first, run.last)
    if not rows:
        return
    away = box.away(run.first, run.last)
    known = lines(box.view, (box.identity,), (), run.first, run.last)
    observed = run.declared and not known
    observability = Observability.OBSERVED if observed else Observability.ONE_SIDE
    opening = (THIN if run.held else EMPTY).format(
        custodian=mailbox_of(box.view, box.custodian), span=span(run.first, run.last)
    )
    told = REGISTERED.format(what=said(known)) if known else SENTENCES[observability]
    held = ""
    if run.matched:
        held = (
            f"; of {number(run.proven, 'copy', 'copies')} that they prove it holds {run.matched:,}"
        )
        told = told.replace("these copies", "the other copies")
    before = box.held_before(run.first)
    yield _finding(
        box,
        run,
        rows,
        severity=_severity(run, len(rows), away=bool(away)),
        strength=_strength(run.proven, away=bool(away)),
        observability=observability,
        anchor=(box.custodian, box.view.ids[before] if before is not None else "beginning"),
        before=before,
        checks=(*_checks(run, away), *checks(known)),
        sentence=f"{opening}{_known(box, len(rows), held)} {told}",
    )


def _one_sided(view: View, side: Side) -> Finding:
    """A side of a mailbox of which nothing is held: its folder looks uncollected."""
    known = lines(view, (side.identity,), (), side.first, side.last)
    asked_for = any(
        one.folders for one in view.brief.custodians if side.custodian in {one.name, one.address}
    )
    observed = asked_for and side.declared and not known
    observability = Observability.OBSERVED if observed else Observability.ONE_SIDE
    rows, when = list(side.rows), span(side.first, side.last)
    parties = party_ids(view, *_parties(view, side.identity, rows))
    told = REGISTERED.format(what=said(known)) if known else SIDES[observability]
    return Finding(
        rule="coverage_hole",
        family=Family.EVIDENCE,
        anchor=(side.custodian, "nothing sent" if side.sent else "nothing received"),
        severity=Severity.MATERIAL,
        strength=Strength.CORROBORATED,
        observability=observability,
        about=tuple(view.ids[row] for row in rows),
        window=days(side.first, side.last, when, Basis.RECEIVED),
        parties=parties,
        owes=parties[0] if parties else None,
        cites=tuple(view.cite(row, "answers an absent message") for row in rows[:_CITED]),
        checks=(*_side_checks(side), *checks(known)),
        sentence=f"{_side_sentence(view, side)} {told}",
        measure={
            "items of the other side held": side.held,
            "absent messages that show it": len(rows),
        },
    )


def _side_sentence(view: View, side: Side) -> str:
    count = len(side.rows)
    return SIDE.format(
        custodian=mailbox_of(view, side.custodian),
        verb="sent" if side.sent else "received",
        other="received" if side.sent else "sent",
        span=span(side.first, side.last),
        held=number(side.held, "item"),
        shown=number(count, "message") + (" to them" if side.sent else " of theirs"),
        answer="answers" if count == 1 else "answer",
    )


def _side_checks(side: Side) -> tuple[Check, ...]:
    nothing, elsewhere = (
        ("They wrote nothing", "They wrote from another mailbox")
        if side.sent
        else ("Nothing reached them", "Their mail is delivered to another mailbox")
    )
    return (
        passed(nothing, "absent messages on that side are answered"),
        untestable(elsewhere, "the material does not say whether there is one"),
        untestable(
            "The folder was left out of the export, or is kept elsewhere",
            "the export's settings are not part of the evidence",
        ),
    )


def _absent_mailbox(box: Mailbox, first: date, last: date, rows: list[int]) -> Finding:
    run = Run(
        first=first,
        last=last,
        weeks=((last - first).days + 7) // 7,
        proven=len(rows),
        matched=0,
        held=0,
        declared=True,
    )
    known = lines(box.view, (box.identity,), (), first, last)
    told = REGISTERED.format(what=said(known)) if known else ""
    opening = EMPTY.format(custodian=mailbox_of(box.view, box.custodian), span=span(first, last))
    return _finding(
        box,
        run,
        rows,
        severity=Severity.MATERIAL if len(rows) >= LEAST_PROVEN else Severity.LOW,
        strength=_strength(len(rows), away=False),
        observability=Observability.NOT_TESTABLE,
        anchor=(box.custodian, "nothing supplied"),
        before=None,
        checks=(
            *(checks(known) or (untestable(STILL, "what was asked for is not in the evidence"),)),
            passed("It was supplied and could not be read", "no file of this custodian was read"),
        ),
        sentence=f"{opening}{_known(box, len(rows), '')} {SENTENCES[Observability.NOT_TESTABLE]}"
        f" {told}".rstrip(),
    )


def _known(box: Mailbox, count: int, held: str) -> str:
    verb = "names" if count == 1 else "name"
    return KNOWN.format(
        proven=number(count, "message"),
        name=verb,
        custodian=mailbox_of(box.view, box.custodian),
        held=held,
    )


def _finding(
    box: Mailbox,
    run: Run,
    rows: list[int],
    *,
    severity: Severity,
    strength: Strength,
    observability: Observability,
    anchor: tuple[str, ...],
    before: int | None,
    checks: tuple[Check, ...],
    sentence: str,
) -> Finding:
    view = box.view
    parties = party_ids(view, *_parties(view, box.identity, rows))
    cites = [view.cite(row, "names the custodian; held elsewhere only") for row in rows[:_CITED]]
    if before is not None:
        cites.append(view.cite(before, "the last message held before"))
    return Finding(
        rule="coverage_hole",
        family=Family.EVIDENCE,
        anchor=anchor,
        severity=severity,
        strength=strength,
        observability=observability,
        about=tuple(view.ids[row] for row in rows),
        window=days(run.first, run.last, span(run.first, run.last), Basis.RECEIVED),
        parties=parties,
        owes=parties[0] if parties else None,
        cites=tuple(cites),
        checks=checks,
        sentence=sentence,
        measure={
            "weeks": run.weeks,
            "copies proven elsewhere": run.proven,
            "of these held": run.matched,
            "items held": run.held,
            **run.chance,
        },
    )


def _parties(view: View, identity: int, rows: list[int]) -> tuple[int, ...]:
    """The custodian's party in these rows, as dated membership gives it."""
    for row in rows:
        if int(view.sender[row]) == identity:
            return (int(view.sender_party[row]),)
        for entry in view.recipients(row):
            if int(view.recipient[entry]) == identity:
                return (int(view.recipient_party[entry]),)
    return ()


def _severity(run: Run, copies: int, *, away: bool) -> Severity:
    if away:
        return Severity.LOW
    several = copies >= _DIRECT_FROM
    if run.declared and ((run.weeks >= 4 and several) or copies >= 20):
        return Severity.GRAVE
    long = run.weeks >= 2 and several
    return Severity.MATERIAL if long or copies >= LEAST_PROVEN else Severity.LOW


def _strength(copies: int, *, away: bool) -> Strength:
    strength = Strength.DIRECT if copies >= _DIRECT_FROM else Strength.CORROBORATED
    return Strength(strength - 1) if away else strength


def _checks(run: Run, away: list[int]) -> tuple[Check, ...]:
    return (
        check(
            "The custodian was away",
            f"{number(len(away), 'automatic reply', 'automatic replies')} in that time or just"
            " before; mail still arrives while somebody is away"
            if away
            else "",
            "no automatic reply of theirs is held for that time",
        ),
        passed("These were holidays or closed days", "weeks without a working day are left out"),
        passed("The mailbox was not collected for that time", "case.toml says that it was")
        if run.declared
        else untestable(
            "The mailbox was not collected for that time",
            "case.toml gives no days for this custodian; they are taken from what is held",
        ),
        untestable(
            "Items were archived, or left out by a folder or date filter of the export",
            "the export's settings are not part of the evidence",
        ),
    )


def _not_supplied(view: View) -> Iterator[tuple[str, int, date, date]]:
    """Custodians that case.toml names and of whom nothing was read, with the days asked for."""
    read = {name for held in view.custodians_holding.values() for name in held}
    read |= {stretch.custodian for stretch in view.coverage if stretch.held}
    period = view.brief.period
    for custodian in view.brief.custodians:
        address = custodian.address.casefold()
        if read & {custodian.name, custodian.address, address}:
            continue
        first = custodian.since or (period[0] if period else None)
        last = custodian.until or (period[1] if period else as_of_day(view))
        identity = named(view, address)
        if first is None and view.dated:
            first = view.day(0)
        if identity != NOBODY and first is not None and first <= last:
            yield custodian.name, identity, first, last
