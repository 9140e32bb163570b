"""The rule `inconsistent_letters` and its sentences."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from commtrace.gaps._register import checks as register_checks
from commtrace.gaps._register import lines
from commtrace.gaps._variants import Difference, candidates, differences, groups, signature
from commtrace.gaps._wording import (
    OUTSIDE,
    check,
    kind_of,
    listed,
    number,
    party,
    party_ids,
    passed,
    span,
    untestable,
)
from commtrace.model import (
    Channel,
    Check,
    Citation,
    Family,
    Finding,
    Observability,
    Outcome,
    PartyKind,
    Severity,
    Strength,
)
from commtrace.moments import Moment, end_of, say_day
from commtrace.plugins import rule
from commtrace.view import NOBODY, View

_BATCH = 1000
_MOST_DIFFERENCES = 3
_SALUTATION = re.compile(
    r"\A(?:[^\n]*\n){0,30}?[ \t]*(?:dear|hello|hi)\b[^\n]{0,60}(?:\n|\Z)", re.IGNORECASE
)
_SMALL = "no words"

SAYS = "{by} sent {count} variants of one letter to {people} {when}. After “… {before}” {values}."
AND = " They differ in {count} more."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: "No record of a correction was found among the letters and messages.",
    Observability.ONE_SIDE: (
        "No record of a correction to those concerned was found in the material supplied, which may"
        " hold only some of the letters."
    ),
    Observability.NOT_TESTABLE: (
        "No record of a correction was found; the evidence provided cannot show whether there was"
        " one."
    ),
}


@rule(family=Family.CONTENT)
def inconsistent_letters(view: View, *, letters: int = 3) -> Iterator[Finding]:
    """Variants of one letter that differ in a fact that matters.

    Definition: `letters` or more messages or letters of one party to people outside whose words
    agree for four fifths (shingles of five words), and which differ in a date, a day, an amount, a
    number or address to use, or a negation, in a place that takes two values or three.
    What counts: new words of letters and mail; who has which value is counted.
    What does not: places that differ in most of them (names, references, pick-up times); spelling
    and layout; answers within a thread.
    When it cannot say: never OBSERVED, as other variants may not have been supplied.
    Severity: MATERIAL where families, members or the public were written to; LOW else, or where a
    later letter corrects it. Strength: DIRECT: both wordings stand in the letters themselves.
    Reference: Broder 1997 (resemblance of documents); product 5.1 C8.
    """
    for by_party, sent in sorted(_sent_out(view).items()):
        rows = _alike(view, sent)
        texts = _texts(view, rows)
        for members in groups(texts):
            some = [rows[n] for n in members]
            if len(some) < letters:
                continue
            found = differences([texts[n] for n in members])
            if found:
                yield _finding(_Letters(view=view, by=by_party, rows=some, found=found))


def _sent_out(view: View) -> dict[int, list[int]]:
    """Messages and letters to people outside that begin a matter, by the party that sent them.

    A letter to somebody of no party goes outside: within a body people write mail.
    """
    made: dict[int, list[int]] = defaultdict(list)
    for row in range(view.dated):
        own = int(view.sender_party[row])
        if own == NOBODY or view.automatic[row] or int(view.parent[row]) != NOBODY:
            continue
        if kind_of(view, own) in OUTSIDE:
            continue
        told = view.parties_to(row)
        unplaced = not told and view.channels[row] is Channel.LETTER
        if unplaced or any(p != own and kind_of(view, p) in OUTSIDE for p in told):
            made[own].append(row)
    return made


def _alike(view: View, rows: Sequence[int]) -> list[int]:
    """The rows whose words are near those of another; texts are read in batches and let go."""
    signatures: list[tuple[int, ...]] = []
    for start in range(0, len(rows), _BATCH):
        signatures += map(signature, _texts(view, rows[start : start + _BATCH]))
    return [rows[index] for index in candidates(signatures)]


def _texts(view: View, rows: Sequence[int]) -> list[str]:
    found = view.new_text([view.ids[row] for row in rows])
    return [_body(found.get(view.ids[row], "")) for row in rows]


def _body(text: str) -> str:
    """What follows the salutation of a letter: head, address and name are each reader's own."""
    match = _SALUTATION.search(text)
    return text[match.end() :] if match else text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letters:
    """One letter in its variants: the rows, and where they differ."""

    view: View
    by: int
    rows: list[int]
    found: list[Difference]

    @property
    def told(self) -> tuple[int, ...]:
        """The parties outside that were written to."""
        view = self.view
        parties = (p for row in self.rows for p in view.parties_to(row) if p != self.by)
        return tuple(dict.fromkeys(parties))

    def values(self, one: Difference) -> list[tuple[str, list[int]]]:
        """The values of a difference with their rows, the commonest first."""
        made = [(value or _SMALL, [self.rows[n] for n in places])
                for value, places in one.texts.items()]  # fmt: skip
        return sorted(made, key=lambda pair: (-len(pair[1]), pair[0]))


def _finding(gap: _Letters) -> Finding:
    view, rows = gap.view, gap.rows
    checks = _checks(gap)
    doubts = any(c.outcome is Outcome.FAILED for c in checks)
    told = gap.told
    vulnerable = any(
        kind_of(view, p) in {PartyKind.FAMILIES, PartyKind.PUBLIC, PartyKind.MEMBERS} for p in told
    )
    first = view.whens[rows[0]]
    days = (view.day(rows[0]), view.day(rows[-1]))
    if first is None:
        raise ValueError("Only dated rows are looked at.")
    return Finding(
        rule="inconsistent_letters",
        family=Family.CONTENT,
        anchor=(view.ids[rows[0]],),
        severity=Severity.MATERIAL if vulnerable and not doubts else Severity.LOW,
        strength=Strength.DIRECT,
        observability=Observability.ONE_SIDE,
        about=tuple(view.ids[row] for row in rows[:50]),
        window=Moment(
            earliest=first.earliest,
            latest=end_of(days[1]),
            said=f"{say_day(days[0])} to {say_day(days[1])}",
            basis=first.basis,
        ),
        parties=party_ids(view, gap.by, *told),
        owes=view.parties[gap.by].id,
        cites=tuple(_cites(gap)),
        checks=checks,
        sentence=_sentence(gap),
        measure={
            "letters": len(rows),
            "places that differ": len(gap.found),
            **{
                f"after “{one.before[-40:]}”": "; ".join(
                    f"“{value}” in {len(some):,}" for value, some in gap.values(one)
                )
                for one in gap.found[:_MOST_DIFFERENCES]
            },
        },
    )


def _cites(gap: _Letters) -> Iterator[Citation]:
    for one in gap.found[:_MOST_DIFFERENCES]:
        for value, rows in gap.values(one):
            yield gap.view.cite(rows[0], f"has “{value}”")


def _sentence(gap: _Letters) -> str:
    view, one = gap.view, gap.found[0]
    people = len({who for row in gap.rows for who in view.identities_to(row)})
    values = gap.values(one)
    said = listed(f"“{value}” stands in {number(len(rows), 'letter')}" for value, rows in values)
    parts = [
        SAYS.format(
            by=party(view, gap.by), count=number(len(values), "different").partition(" ")[0],
            people=number(people, "person", "people"),
            when=span(view.day(gap.rows[0]), view.day(gap.rows[-1])), before=one.before,
            values=said)
    ]  # fmt: skip
    if len(gap.found) > 1:
        parts[0] += AND.format(count=number(len(gap.found) - 1, "place"))
    return " ".join([*parts, SENTENCES[Observability.ONE_SIDE]])


def _checks(gap: _Letters) -> tuple[Check, ...]:
    view = gap.view
    both = _corrected(gap)
    return (
        check(
            "A later letter corrected it",
            f"{number(both, 'person', 'people')} had a later letter with another value"
            if both
            else "",
            "nobody had two of the variants",
        ),
        passed(
            "It is a personal slot",
            "a place that takes more than three values was taken for one and left out",
        ),
        untestable("The letters were meant for different groups", "who was meant is for a reader"),
        *register_checks(lines(
            view, (), (gap.by,), view.day(gap.rows[0]), view.day(gap.rows[-1]))),
    )  # fmt: skip


def _corrected(gap: _Letters) -> int:
    """People who were sent two letters with different values of the first difference."""
    held: dict[int, set[str]] = defaultdict(set)
    for value, rows in gap.values(gap.found[0]):
        for row in rows:
            for who in gap.view.identities_to(row):
                held[who].add(value)
    return sum(len(values) > 1 for values in held.values())
