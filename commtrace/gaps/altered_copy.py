"""The rule `altered_copy` and its sentences."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations

import numpy as np

from commtrace.gaps._columns import base_subject
from commtrace.gaps._differences import Difference, altered, differences
from commtrace.gaps._wording import (
    check,
    listed,
    mailbox_of,
    number,
    party_ids,
    passed,
    quoted,
    untestable,
    who,
)
from commtrace.model import (
    Check,
    Family,
    Finding,
    Grade,
    Observability,
    Severity,
    Strength,
)
from commtrace.moments import Basis, Moment, say
from commtrace.plugins import rule
from commtrace.view import CC, NOBODY, TO, View

_BATCH = 2000
_DAY = 86400  # seconds
_SHOWN = 3  # differences in a sentence
_AN_ANSWER_BEFORE = 1  # days that a clock may be wrong

COPIES = "{count} of one Message-ID, {when} from {sender}, say different things: {differences}."
AGREE = "their new words agree, and {what} differ{s}"
QUOTED = (
    "{who} quotes the message {when} from {sender} in other words than the copy held: {differences}"
)
EARLIER = (
    "A message {when} from {sender} answers, by its own headers, one that is dated {later}: of the"
    " two dates at least one is wrong."
)
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of a third copy was found that would show which one was sent."
    ),
    Observability.ONE_SIDE: (
        "No record of the original was found beside the copy that it is held against."
    ),
    Observability.NOT_TESTABLE: "The evidence provided cannot show which of them was sent.",
}


@rule(family=Family.EVIDENCE)
def altered_copy(view: View, *, differences: int = 1, days: int = 1) -> Iterator[Finding]:
    """Copies, dates or quotations of one message that disagree.

    Definition: two communications under one Message-ID whose contents contradict each other; or a
    quotation that puts other words into at least `differences` sentences of the message it quotes,
    among them a figure, a date or a word that turns the sense; or an answer dated more than `days`
    days before what it answers.
    What counts: messages held on both sides, compared without line breaks, quotation marks, links,
    letters' case, banners and footers.
    What does not: one id that strangers share (no sender and no subject in common: a bogus id);
    what a quotation leaves out; answers written between the lines of a quotation.
    When it cannot say: which of two wordings was sent is never decided here; OBSERVED says that
    both are held. Nothing is said about who changed a word, or why.
    Severity: MATERIAL where two copies differ in words; LOW else. Strength: DIRECT for copies (two
    files of the evidence), CORROBORATED for dates, INDICATED for quotations: these a person must
    confirm.
    Reference: EDRM cross-platform duplicate identification; gap-science 2 (G20); RFC 5322, 3.6.4.
    """
    yield from _copies(view)
    yield from _quotations(view, max(1, differences))
    yield from _dates(view, max(0, days))


def _copies(view: View) -> Iterator[Finding]:
    for name, ids in view.disputed.items():
        rows = sorted(view.row_of[one] for one in ids if _is_original(view, view.row_of[one]))
        pairs = [pair for pair in combinations(rows[:_BATCH], 2) if _of_one_message(view, *pair)]
        if pairs:
            yield _copies_finding(view, name, sorted({row for pair in pairs for row in pair}))


def _is_original(view: View, row: int) -> bool:
    return view.grade(row) is Grade.ORIGINAL and row < view.dated and not view.bulk[row]


def _of_one_message(view: View, one: int, other: int) -> bool:
    """Whether two rows under one id have sender or subject in common."""
    sender = int(view.sender[one])
    subjects = {base_subject(view.subjects[row]) for row in (one, other)}
    return (sender != NOBODY and sender == int(view.sender[other])) or (
        len(subjects) == 1 and "" not in subjects
    )


def _copies_finding(view: View, name: str, rows: Sequence[int]) -> Finding:
    ids = [view.ids[row] for row in rows]
    texts = view.new_text(ids[:2])
    found = differences(texts.get(ids[0], ""), texts.get(ids[1], ""))
    return _finding(
        view,
        rows,
        anchor=("copies", name),
        severity=Severity.MATERIAL if found else Severity.LOW,
        strength=Strength.DIRECT,
        observability=Observability.OBSERVED,
        sentence=f"{_copies_sentence(view, rows, found)} {SENTENCES[Observability.OBSERVED]}",
        role="a copy that differs",
        checks=_copy_checks(view, rows),
        measure={"copies": len(rows), "places that differ": len(found)},
    )


def _copies_sentence(view: View, rows: Sequence[int], found: Sequence[Difference]) -> str:
    if found:
        parts = [_said(view, rows, one) for one in found[:_SHOWN]]
        if len(found) > _SHOWN:
            parts.append(f"{number(len(found) - _SHOWN, 'other place')} besides")
        told = "; ".join(parts)
    else:
        what = _what_differs(view, rows) or ["what they quote"]
        alone = len(what) == 1 and what[0].startswith("the s")
        told = AGREE.format(what=listed(what), s="s" if alone or what[0].startswith("what") else "")
    return COPIES.format(
        count=number(len(rows), "copy", "copies").capitalize(),
        when=f"of {say(view.whens[rows[0]])}",
        sender=who(view, int(view.sender[rows[0]])),
        differences=told,
    )


def _what_differs(view: View, rows: Sequence[int]) -> list[str]:
    """What other than their words tells the copies apart."""
    traits: tuple[tuple[str, set[Hashable]], ...] = (
        ("the sender", {int(view.sender[row]) for row in rows}),
        ("the subject", {base_subject(view.subjects[row]) for row in rows}),
        ("the recipients", {frozenset(view.identities_to(row, (TO, CC))) for row in rows}),
        ("the files attached", {_attached(view, row) for row in rows}),
        ("the times", {int(view.start[row]) for row in rows}),
    )
    return [name for name, values in traits if len(values) > 1]


def _attached(view: View, row: int) -> tuple[str, ...]:
    return tuple(sorted(one.sha256 for one in view.attachments.get(view.ids[row], ())))


def _said(view: View, rows: Sequence[int], one: Difference) -> str:
    sides = [
        f"{quoted(words)} in {_holder(view, row)}"
        for words, row in zip((one.one, one.other), rows[:2], strict=True)
        if words
    ]
    return " and ".join(sides) if len(sides) > 1 else f"{sides[0]} only"


def _holder(view: View, row: int) -> str:
    names = view.custodians_holding.get(view.ids[row], ())
    if not names:
        return "a copy of unknown holder"
    return f"the copy of {listed(mailbox_of(view, name) for name in names)}"


def _copy_checks(view: View, rows: Sequence[int]) -> tuple[Check, ...]:
    holders = {view.custodians_holding.get(view.ids[row], ()) for row in rows}
    return (
        passed(
            "A gateway added a banner or a footer", "copies that differ only in these are one copy"
        ),
        passed("Two programs broke the lines differently", "line breaks make no difference"),
        check(
            "It is a draft that was kept beside what was sent",
            "both copies lie in the material of one custodian" if len(holders) == 1 else "",
            "the copies lie in the material of different custodians",
        ),
        untestable(
            "The program that made the id gave it twice", "how ids were made is not in the evidence"
        ),
    )


def _quotations(view: View, least: int) -> Iterator[Finding]:
    """Answers by others that quote what is held, in order of time."""
    rows = np.flatnonzero(view.parent >= 0)
    rows = rows[(view.sender[rows] != view.sender[view.parent[rows]]) & ~view.bulk[rows]]
    for start in range(0, len(rows), _BATCH):
        batch = [int(row) for row in rows[start : start + _BATCH]]
        quotations = view.quoted([view.ids[row] for row in batch])
        wanted = [row for row in batch if quotations.get(view.ids[row])]
        originals = view.new_text({view.ids[int(view.parent[row])] for row in wanted})
        for row in wanted:
            parent = int(view.parent[row])
            found = altered(quotations[view.ids[row]], originals.get(view.ids[parent], ""))
            if len(found) >= least and row < view.dated and parent < view.dated:
                yield _quotation(view, row, parent, found)


def _quotation(view: View, row: int, parent: int, found: Sequence[Difference]) -> Finding:
    told = "; ".join(
        f"{quoted(one.one)} there, {quoted(one.other)} in the quotation" for one in found[:_SHOWN]
    )
    sentence = QUOTED.format(
        who=who(view, int(view.sender[row])),
        when=f"of {say(view.whens[parent])}",
        sender=who(view, int(view.sender[parent])),
        differences=told,
    )
    return _finding(
        view,
        (parent, row),
        anchor=("quotation", view.ids[row], view.ids[parent]),
        severity=Severity.LOW,
        strength=Strength.INDICATED,
        observability=Observability.ONE_SIDE,
        sentence=f"{sentence}. {SENTENCES[Observability.ONE_SIDE]}",
        role="the two wordings",
        checks=(
            passed("The program broke the lines differently", "line breaks make no difference"),
            untestable(
                "The answer was written into the quotation", "only a reader can tell the two apart"
            ),
            untestable(
                "Another version of the message was quoted",
                "a version that nobody supplied leaves no trace",
            ),
        ),
        measure={"places that differ": len(found)},
    )


def _dates(view: View, days: int) -> Iterator[Finding]:
    for row in np.flatnonzero(view.parent >= 0).tolist():
        parent = int(view.parent[row])
        if row >= view.dated or parent >= view.dated or view.bulk[row]:
            continue
        if int(view.start[parent]) - int(view.end[row]) > days * _DAY:
            yield _dates_finding(view, row, parent)


def _dates_finding(view: View, row: int, parent: int) -> Finding:
    sentence = EARLIER.format(
        when=f"of {say(view.whens[row])}",
        sender=who(view, int(view.sender[row])),
        later=say(view.whens[parent]),
    )
    return _finding(
        view,
        (row, parent),
        anchor=("dates", view.ids[row], view.ids[parent]),
        severity=Severity.LOW,
        strength=Strength.CORROBORATED,
        observability=Observability.NOT_TESTABLE,
        sentence=f"{sentence} {SENTENCES[Observability.NOT_TESTABLE]}",
        role="the two dates",
        checks=(
            passed("It is the difference of two time zones", "the dates lie more than a day apart"),
            untestable("A computer's clock was wrong", "clocks are not part of the evidence"),
        ),
        measure={
            "days apart": (int(view.start[parent]) - int(view.start[row])) // _DAY,
        },
    )


def _finding(
    view: View,
    rows: Sequence[int],
    *,
    anchor: tuple[str, ...],
    severity: Severity,
    strength: Strength,
    observability: Observability,
    sentence: str,
    role: str,
    checks: tuple[Check, ...],
    measure: Mapping[str, int | float | str],
) -> Finding:
    first = min(rows, key=lambda row: int(view.start[row]))
    last = max(rows, key=lambda row: int(view.end[row]))
    parties = [int(view.sender_party[row]) for row in rows]
    parties += [party for row in rows for party in view.parties_to(row)]
    return Finding(
        rule="altered_copy",
        family=Family.EVIDENCE,
        anchor=anchor,
        severity=severity,
        strength=strength,
        observability=observability,
        about=tuple(view.ids[row] for row in rows),
        window=Moment(
            earliest=datetime.fromtimestamp(int(view.start[first]), UTC),
            latest=datetime.fromtimestamp(int(view.end[last]), UTC),
            said="",
            basis=Basis.DATE_HEADER,
        ),
        parties=party_ids(view, *parties),
        owes=None,
        cites=tuple(view.cite(row, role) for row in rows),
        checks=checks,
        sentence=sentence,
        measure=measure,
    )
