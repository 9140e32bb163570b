"""The rule `unreadable` and its sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from commtrace.gaps._wording import (
    initial,
    mailbox_of,
    number,
    party_ids,
    passed,
    untestable,
)
from commtrace.model import (
    Check,
    Citation,
    Family,
    Finding,
    Observability,
    ProblemKind,
    Severity,
    Strength,
    Unread,
)
from commtrace.moments import Basis, Moment
from commtrace.plugins import rule
from commtrace.view import View

_CITED = 8
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_MANY = 5
_HIDES = {
    ProblemKind.ENCRYPTED: ("encrypted", "what they say is not known without the key"),
    ProblemKind.PASSWORD_NEEDED: ("locked with a password", "what they say is not known"),
    ProblemKind.RIGHTS_PROTECTED: ("protected by rights", "only an account with rights opens them"),
    ProblemKind.CORRUPT: ("damaged", "what the damaged parts say is not known"),
    ProblemKind.TRUNCATED: ("cut short", "what followed is not known"),
    ProblemKind.CLOUD_PLACEHOLDER: ("left in the cloud", "only placeholders were supplied"),
    ProblemKind.EMPTY: ("empty", "they hold no bytes or no content"),
    ProblemKind.NO_TEXT: ("pictures without text", "what they show was not read"),
    ProblemKind.UNSUPPORTED_TYPE: ("in a format that is not read", "what they say was not read"),
    ProblemKind.READ_ERROR: ("on a disk that gave errors", "their bytes could not be had"),
}
_OTHER = ("beyond the limits of what is read", "what they say was read in part or not at all")
_GRAVE = frozenset(
    {
        ProblemKind.ENCRYPTED,
        ProblemKind.PASSWORD_NEEDED,
        ProblemKind.RIGHTS_PROTECTED,
        ProblemKind.CORRUPT,
        ProblemKind.TRUNCATED,
        ProblemKind.CLOUD_PLACEHOLDER,
    }
)

FOUND = "{count} {of} {verb} {state}: {rest}."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: "No record of a readable copy was found in the material.",
    Observability.ONE_SIDE: "No record of a readable copy was found in the material.",
    Observability.NOT_TESTABLE: (
        "The evidence provided cannot show what lies there, nor whether what seems absent elsewhere"
        " is among it."
    ),
}


@rule(family=Family.EVIDENCE)
def unreadable(view: View, *, things: int = 1) -> Iterator[Finding]:
    """Supplied, and encrypted, damaged, locked or otherwise not read.

    Definition: at least `things` files, messages or attachments of one custodian's material (or of
    material without a custodian) that could not be read for one reason, or only in part.
    What counts: every entry of the ledger with such a reason, wherever it lies.
    What does not: doubts about what was read; files left out on purpose.
    When it cannot say: always NOT_TESTABLE: what they hold is not known. The Evidence page lists
    each with what would help.
    Severity: MATERIAL where they are locked, damaged, cut short or were left in the cloud, and
    belong to messages between two parties or are five or more; LOW else. Strength: DIRECT (the
    ledger of the evidence itself).
    Reference: ISO/IEC 27037:2012 (handling of digital evidence); trust.md, reason codes.
    """
    groups: dict[tuple[str, ProblemKind], list[Unread]] = defaultdict(list)
    for one in view.unread:
        kind = one.problem.kind if one.problem.kind in _HIDES else ProblemKind.LIMIT_SIZE
        groups[one.custodian or "", kind].append(one)
    for (custodian, kind), found in sorted(groups.items(), key=lambda item: item[0]):
        places = {one.problem.source: one for one in found}
        if len(places) >= max(1, things):
            yield _finding(view, custodian, kind, [places[place] for place in sorted(places)])


def _finding(view: View, custodian: str, kind: ProblemKind, found: Sequence[Unread]) -> Finding:
    named = {one.communication for one in found if one.communication in view.row_of}
    rows = sorted(view.row_of[name] for name in named if name is not None)
    state, rest = _HIDES.get(kind, _OTHER)
    parties = party_ids(
        view, *(p for row in rows for p in (int(view.sender_party[row]), *view.parties_to(row)))
    )
    weighty = kind in _GRAVE and (len(parties) > 1 or len(found) >= _MANY)
    of = (
        f"in the material of {mailbox_of(view, custodian)}"
        if custodian
        else "of material without a custodian"
    )
    sentence = FOUND.format(
        count=initial(number(len(found), "file or part", "files or parts")),
        of=of,
        verb="is" if len(found) == 1 else "are",
        state=state,
        rest=rest if len(found) > 1 else rest.replace("they say", "it says"),
    )
    return Finding(
        rule="unreadable",
        family=Family.EVIDENCE,
        anchor=(custodian, kind.value),
        severity=Severity.MATERIAL if weighty else Severity.LOW,
        strength=Strength.DIRECT,
        observability=Observability.NOT_TESTABLE,
        about=tuple(view.ids[row] for row in rows),
        window=_window(view, rows),
        parties=parties,
        owes=None,
        cites=tuple(_cites(found)),
        checks=_checks(len(rows)),
        sentence=f"{sentence} {SENTENCES[Observability.NOT_TESTABLE]}",
        measure={"things": len(found), "messages they belong to": len(rows), "reason": kind.value},
    )


def _window(view: View, rows: Sequence[int]) -> Moment:
    """The time of the messages that they belong to; where there are none, all of it."""
    dated = [row for row in rows if row < view.dated]
    begin = min((int(view.start[row]) for row in dated), default=0)
    end = max((int(view.end[row]) for row in dated), default=int(view.as_of.timestamp()) + 1)
    return Moment(
        earliest=datetime.fromtimestamp(begin, UTC) if dated else _FIRST,
        latest=datetime.fromtimestamp(end, UTC),
        said="" if dated else "undated",
        basis=Basis.DATE_HEADER if dated else Basis.FILE_TIME,
    )


def _cites(found: Sequence[Unread]) -> Iterator[Citation]:
    for one in found[:_CITED]:
        yield Citation(
            source=one.problem.source, role="could not be read", communication=one.communication
        )


def _checks(messages: int) -> tuple[Check, ...]:
    return (
        untestable(
            "They say nothing on the matter", "what they hold is not known, and names prove nothing"
        ),
        passed(
            "They belong to messages that could be read",
            f"{number(messages, 'message')} of those read {'has' if messages == 1 else 'have'} such"
            " a part, and its own words were read",
        )
        if messages
        else untestable("They belong to messages that could be read", "they lie in none"),
    )
