"""Copies of a message that lack a file which another copy of it carries: findings and sentences.

Part of `missing_attachment`: copies that differ in nothing but their files are one communication,
so the absence of a file from one of them would be seen nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commtrace.gaps._wording import (
    check,
    listed,
    mailbox_of,
    number,
    party_ids,
    passed,
    quoted,
    some,
    span,
    untestable,
    who,
)
from commtrace.model import (
    Check,
    Family,
    Finding,
    Observability,
    Severity,
    Strength,
)
from commtrace.moments import Basis, days, say
from commtrace.view import View

_THROUGHOUT = 4  # messages of one mailbox from which it is one gap, as an archive makes it
_CITED, _NAMED = 8, 3

ONE = (
    "The copy of {mailbox} of a message of {when} from {sender} is held without {files}, which"
    " another copy of it carries. No record of the file was found with that copy."
)
MANY = (
    "Of {number} {span}, the copies of {mailbox} are held without files that other copies carry."
    " No record of these files was found with them."
)


@dataclass(frozen=True, slots=True)
class Bare:
    """A message, by row, and the names of the files that one custodian's copies of it lack."""

    row: int
    names: tuple[str, ...]


def stripped(view: View, *, inline: re.Pattern[str]) -> Iterator[Finding]:
    """One finding a message and custodian, or one a custodian where many of theirs lack files.

    `inline` matches the names of pictures in signatures, which count for nothing.
    """
    found: dict[str, list[Bare]] = {}
    for identifier, lacks in view.stripped.items():
        for custodian, names in lacks:
            kept = tuple(n for n in names if n and not inline.fullmatch(n))
            if kept and view.row_of[identifier] < view.dated:
                found.setdefault(custodian, []).append(Bare(view.row_of[identifier], kept))
    for custodian, bare in sorted(found.items()):
        bare.sort(key=lambda one: one.row)
        groups = [bare] if len(bare) >= _THROUGHOUT else [[one] for one in bare]
        for group in groups:
            yield _finding(view, custodian, group)


def _finding(view: View, custodian: str, group: Sequence[Bare]) -> Finding:
    rows = [one.row for one in group]
    ids = tuple(view.ids[row] for row in rows)
    first, last = view.day(rows[0]), view.day(rows[-1])
    one = group[0] if len(group) == 1 else None
    unread = sum(u.communication in ids and u.custodian == custodian for u in view.unread)
    parties = party_ids(view, *(p for row in rows for p in _between(view, row)))
    return Finding(
        rule="missing_attachment",
        family=Family.EVIDENCE,
        anchor=("copy", custodian, ids[0] if one else "throughout"),
        severity=Severity.MATERIAL if one and len(parties) > 1 and not unread else Severity.LOW,
        strength=Strength.DIRECT,
        observability=Observability.OBSERVED,
        about=ids,
        window=days(first, last, span(first, last), Basis.DATE_HEADER),
        parties=parties,
        owes=None,
        cites=tuple(view.cite(row, "another copy carries the file") for row in rows[:_CITED]),
        checks=_checks(view, custodian, unread),
        sentence=_sentence(view, custodian, group),
        measure={"messages": len(rows), "files": sum(len(each.names) for each in group)},
    )


def _between(view: View, row: int) -> tuple[int, ...]:
    return (int(view.sender_party[row]), *view.parties_to(row))


def _sentence(view: View, custodian: str, group: Sequence[Bare]) -> str:
    mailbox = mailbox_of(view, custodian)
    if len(group) > 1:
        first, last = view.day(group[0].row), view.day(group[-1].row)
        return MANY.format(
            number=number(len(group), "message"), span=span(first, last), mailbox=mailbox
        )
    row, names = group[0].row, group[0].names
    return ONE.format(
        mailbox=mailbox,
        when=say(view.whens[row]),
        sender=who(view, int(view.sender[row])),
        files=listed((quoted(name) for name in names), at_most=_NAMED),
    )


def _checks(view: View, custodian: str, unread: int) -> tuple[Check, ...]:
    whole = any(
        custodian in view.custodians_holding.get(name, ())
        and custodian not in dict(view.stripped.get(name, ()))
        for name in view.attachments
    )
    left_out = "An archive or the export took files out of this mailbox"
    return (
        passed(left_out, "other messages of the same material have theirs")
        if whole
        else untestable(left_out, "no message of the same material has a file"),
        check(
            "The file could not be read out of that copy",
            some(unread, "part", "of it could not be read"),
            "nothing in it was left unread",
        ),
        passed("It is a picture of a signature", "the files are no such pictures by their names"),
    )
