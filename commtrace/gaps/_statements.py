"""Statements of one fact that name different values: who said which, to whom, and when.

Two sentences state the same fact where all their telling words agree; the words of counting, of
doing and of the day apart. They differ where a number, a day or a negation does. Most figures that
differ were counted for other days or groups (product 5.1 C4), so the words must agree in full, and
no reader have both: a later value to the same readers is news. Counts are held against each other
on one day only, days named within three days, and a denial against what was said before it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commtrace.gaps._columns import base_subject, tokens, window
from commtrace.gaps._matter import days_named
from commtrace.gaps._observed import covered_until
from commtrace.gaps._register import checks as register_checks
from commtrace.gaps._register import lines
from commtrace.gaps._wording import (
    OUTSIDE,
    VULNERABLE,
    kind_of,
    listed,
    party,
    party_ids,
    passed,
    placed,
    quoted_sentence,
    untestable,
)
from commtrace.model import Check, Family, Finding, Observability, Severity, Strength
from commtrace.moments import say_day
from commtrace.view import NOBODY, View

_BATCH = 1000
_NEAR = 50  # later statements of the same words that are held against one
_NAMED_WITHIN, _DENIED_WITHIN = 3, 30  # days
_LEAST = 3  # telling words that a fact needs, so that two sentences can be known to state it
_SENTENCE = re.compile(r"[^.?!\n]{20,300}(?:\.(?=\d)[^.?!\n]{1,200})*[.!]?")
_LIKELY = re.compile(r"\d|\b(?:been|was|were|is|are|has|have)\b", re.IGNORECASE)
_NAMED = re.compile(  # a word in capitals that begins no sentence and is no day or month
    r"(?<=[a-z,;:] )(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May"
    r"|June|July|August|September|October|November|December)[A-Z][a-z]{2,}"
)
_NUMBER = re.compile(r"(?<![\w/.:-])(?:£\s?)?\d[\d,]*(?:\.\d+)?(?:\s?%)?(?![\w/:-])")
_DENIES = re.compile(r"\b(?:not|no|none|never|nobody|neither)\b|n['’]t\b", re.IGNORECASE)
_OPEN = re.compile(  # what is asked, supposed, hoped or only planned states no fact
    r"\?|\b(?:if|whether|when|until|unless|once|should|would|could|may|might|must|please|hope"
    r"|propos\w+|expect\w*|i will|we will|i['’]ll|we['’]ll)\b",
    re.IGNORECASE,
)
_LIGHT = frozenset(
    """
    each every any none never not both some date today tomorrow yesterday morning afternoon moment
    now currently present presently already far yet still position week monday tuesday wednesday
    thursday friday saturday sunday january february march april may june july august september
    october november december completed complete carried done undertaken made finished total
    altogether
    """.split()  # noqa: SIM905 - words are read as words
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence that states a fact: its row and words, and what it says of the value."""

    row: int
    said: str
    numbers: tuple[str, ...]
    days: frozenset[tuple[int, int]]
    denies: bool


def pairs(view: View) -> Iterator[tuple[Statement, Statement]]:
    """The first two statements of each fact to different readers that cannot both hold."""
    by_fact: dict[frozenset[str], list[Statement]] = defaultdict(list)
    for fact, one in _statements(view):
        by_fact[fact].append(one)
    for some in by_fact.values():
        found = _first_pair(view, some) if len(some) > 1 else None
        if found is not None:
            yield found


def _first_pair(view: View, some: Sequence[Statement]) -> tuple[Statement, Statement] | None:
    if len({(one.numbers, one.days, one.denies) for one in some}) == 1:
        return None
    for place, one in enumerate(some):
        for other in some[place + 1 : place + 1 + _NEAR]:
            if (one.numbers, one.days, one.denies) == (other.numbers, other.days, other.denies):
                continue
            apart = (view.day(other.row) - view.day(one.row)).days
            if apart > _DENIED_WITHIN:
                break
            if (
                _differ(one, other, apart)
                and _one_thing(view, one, other)
                and not _one_letter(view, one.row, other.row)
            ):
                return one, other
    return None


def _differ(one: Statement, other: Statement, apart: int) -> bool:
    """Whether one thing differs, a count, a day or a denial, and the time between does not say why.

    `apart` are the days from the first statement to the other.
    """
    if len(one.numbers) != len(other.numbers) or len(one.days) != len(other.days):
        return False
    differing = (
        one.numbers != other.numbers, one.days != other.days, one.denies != other.denies
    )  # fmt: skip
    if differing.count(True) != 1:
        return False
    if differing[0]:
        return apart == 0
    return apart <= _NAMED_WITHIN if differing[1] else apart == 0 or other.denies


def _one_thing(view: View, one: Statement, other: Statement) -> bool:
    """Whether two statements say what they are about: a name in both, or one subject."""
    named = all(_NAMED.search(each.said) for each in (one, other))
    subjects = (base_subject(view.subjects[each.row]) for each in (one, other))
    return named or len(set(subjects)) == 1


def _one_letter(view: View, one: int, other: int) -> bool:
    """Whether two rows have a reader in common, or are variants of one writer's letter."""
    if set(view.identities_to(one)) & set(view.identities_to(other)):
        return True
    same = view.sender[one] == view.sender[other]
    return bool(same) and base_subject(view.subjects[one]) == base_subject(view.subjects[other])


def _statements(view: View) -> Iterator[tuple[frozenset[str], Statement]]:
    rows = [
        row
        for row in range(view.dated)
        if not (view.automatic[row] or view.bulk[row] or view.forward[row])
        and int(view.sender_party[row]) != NOBODY
        and kind_of(view, int(view.sender_party[row])) not in OUTSIDE
        and any(p != int(view.sender_party[row]) for p in view.parties_to(row))
    ]
    for start in range(0, len(rows), _BATCH):
        some = rows[start : start + _BATCH]
        texts = view.new_text([view.ids[row] for row in some])
        for row in some:
            yield from _of_text(row, texts.get(view.ids[row], ""))


def _of_text(row: int, text: str) -> Iterator[tuple[frozenset[str], Statement]]:
    for match in _SENTENCE.finditer(text):
        said = match[0].strip()
        asked = text[match.end() : match.end() + 1] == "?"
        if asked or not _LIKELY.search(said) or _OPEN.search(said):
            continue
        numbers = tuple(_NUMBER.findall(said))
        denies = _DENIES.search(said) is not None
        fact = frozenset(map(_stem, tokens(said) - _LIGHT))
        if len(fact) < _LEAST:
            continue
        days = frozenset(
            (one.day, one.month) if isinstance(one, date) else one for one in days_named(said)
        )
        if days:
            numbers = ()  # the figures of a day are no count
        yield fact, Statement(row=row, said=said, numbers=numbers, days=days, denies=denies)


def _stem(word: str) -> str:
    """A word without the ending of a plural."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


SAYS = "On {day} {by} told {to}: {said}"
AND = "On {day} {by} told {to}: {said}"
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record that either was put right to its readers was found in the mailboxes of either"
        " side, which cover the time."
    ),
    Observability.ONE_SIDE: (
        "No record that either was put right to its readers was found in the mailboxes supplied;"
        " those of one side were not provided for the whole time."
    ),
    Observability.NOT_TESTABLE: (
        "No record that either was put right to its readers was found. The evidence provided cannot"
        " show whether it was: no mailbox of either side covers the time."
    ),
}


def differing_statements(view: View) -> Iterator[Finding]:
    """A finding of `contradiction` for each two statements of one fact that cannot both hold."""
    for one, other in pairs(view):
        yield _finding(view, one, other)


def _finding(view: View, one: Statement, other: Statement) -> Finding:
    rows = (one.row, other.row)
    own = tuple(int(view.sender_party[row]) for row in rows)
    told = tuple(p for row in rows for p in view.parties_to(row) if p not in own)
    first, last = view.day(one.row), view.day(other.row)
    observability = view.observability(
        all(covered_until(view, p, first, last, sent=True) for p in own),
        any(covered_until(view, p, first, last, sent=False) for p in told),
    )
    outside = any(kind_of(view, p) in VULNERABLE for p in told)
    low = not outside or observability is Observability.NOT_TESTABLE
    return Finding(
        rule="contradiction",
        family=Family.CONTENT,
        anchor=tuple(view.ids[row] for row in rows),
        severity=Severity.LOW if low else Severity.MATERIAL,
        strength=Strength.INDICATED,
        observability=observability,
        about=tuple(view.ids[row] for row in rows),
        window=window(view, one.row, first, last),
        parties=party_ids(view, *own, *told),
        owes=None,
        cites=tuple(view.cite(row, role) for row, role in zip(rows, _ROLES, strict=True)),
        checks=_checks(view, one, other),
        sentence=" ".join(
            (_says(view, SAYS, one), _says(view, AND, other), SENTENCES[observability])
        ),
        measure={"days between": (last - first).days},
    )


_ROLES = ("states it", "states it otherwise")


def _says(view: View, words: str, one: Statement) -> str:
    own = int(view.sender_party[one.row])
    return words.format(
        day=say_day(view.day(one.row)),
        by=placed(view, [int(view.sender[one.row])], [own]),
        to=listed(party(view, p) for p in view.parties_to(one.row) if p != own),
        said=quoted_sentence(one.said),
    )


def _checks(view: View, one: Statement, other: Statement) -> tuple[Check, ...]:
    own = tuple(int(view.sender_party[row]) for row in (one.row, other.row))
    senders = tuple(int(view.sender[row]) for row in (one.row, other.row))
    return (
        passed(
            "The second is news to the readers of the first",
            "no reader of one is a reader of the other",
        ),
        untestable(
            "The two were counted for different groups or at different hours",
            "all their telling words agree; what was counted is for a reader to say",
        ),
        *register_checks(lines(view, senders, own, view.day(one.row), view.day(other.row))),
    )
