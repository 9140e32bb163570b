"""The rule `decision_without_trail` and its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from commtrace.gaps._bare import unsupplied
from commtrace.gaps._columns import rows_doing, share, tokens
from commtrace.gaps._grades import is_entered, says_so
from commtrace.gaps._observed import covered_until
from commtrace.gaps._wording import (
    OUTSIDE,
    check,
    kind_of,
    listed,
    number,
    party,
    party_ids,
    placed,
    quoted_sentence,
    some,
    untestable,
)
from commtrace.model import (
    Act,
    ActKind,
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
from commtrace.moments import Moment, say_day
from commtrace.plugins import rule
from commtrace.view import NOBODY, View

_SAME = 0.4  # share of an announcement's telling words in a record of the decision
_LEAST = 3  # telling words that an announcement needs, so that a record can be told
_BATCH = 1000
_MEETINGS = (Channel.MINUTE, Channel.MEETING, Channel.NOTE)
_KINDS = (PartyKind.DECISION_MAKER, PartyKind.MEMBERS)
_DECIDED = re.compile(
    r"\b(?:has|have|was|were) (?:now |all )?(?:been )?(?:agreed|decided|approved|awarded|let|signed"
    r"|withdrawn|adopted)\b"
    r"|\b(?:we|cabinet|the council|members|the board|the committee) (?:have|has) (?:now )?"
    r"(?:agreed|decided|approved|awarded|chosen|adopted)\b"
    r"|\bit (?:has been|was|is) (?:now )?(?:decided|agreed|resolved) (?:to|that)\b"
    r"|\bdecision (?:has been|was) (?:taken|made|reached)\b|\b(?:the|our|this) decision to\b"
    r"|\b(?:has|have) taken (?:the|a) decision\b|\b(?:has|have) (?:now )?(?:decided|resolved)\b",
    re.IGNORECASE,
)
_UNDECIDED = re.compile(
    r"\b(?:no decision|not (?:yet )?(?:been )?(?:decided|agreed)|nothing has been|yet to|once|if"
    r"|when|whether|before|until|proposals?|proposed|propose|recommend\w*|consider(?:ing|ation))\b",
    re.IGNORECASE,
)
_DECIDER = re.compile(
    r"(?P<who>[^.;:,?!]{2,80}?)\s(?:has|have)\s(?:now |also |just )?"
    r"(?:decided|resolved|taken (?:the|a) decision)\b",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:we|i|council|authority|cabinet|members|councillors|committee|board|executive|directorate"
    r"|service|panel|leader|portfolio holder)\b",
    re.IGNORECASE,
)
_CHANGES = re.compile(  # what takes away or alters something that people have
    r"\b(?:end|clos|stop|withdraw|ceas|merg|cut|reduc|scrap|abolish|introduc|doubl|increas|rais"
    r"|replac|transfer|discontinu|remov|charg)(?:e|es|ed|s|ing|al|ure|er|p?ping|ting)?\b",
    re.IGNORECASE,
)
_PROPER = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})*")
_OF_DECIDING = frozenset(  # what every announcement of a decision says
    """
    decided decision agreed approved resolved council authority cabinet members changes change
    effect taken january february march april may june july august september october november
    december monday tuesday wednesday thursday friday
    """.split()  # noqa: SIM905 - words are read as words
)
_MANY = 3  # people outside who are told of it: no answer to one person's question
_OF_WEIGHT = re.compile(
    r"\b(?:contracts?|polic(?:y|ies)|services?|network|scheme|budget|provider|procurement|tender"
    r"|criteria|charges?|fees?|closures?|strategy|framework|programme|eligibility|entitlement"
    r"|statement|consultation|arrangements)\b",
    re.IGNORECASE,
)
_DELEGATED = re.compile(r"\bdelegat\w+|\bunder (?:the )?(?:scheme of )?delegation\b", re.IGNORECASE)

SAYS = "On {day} {by} told {to} of a decision: {said}"
LATER = "The first record of {who} on it is of {day}, after the announcement."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of {who} deciding it before was found among their messages, minutes and notes,"
        " which cover the time."
    ),
    Observability.ONE_SIDE: (
        "No record of {who} deciding it before was found in the material supplied, which holds"
        " messages or minutes of theirs, and not all."
    ),
    Observability.NOT_TESTABLE: (
        "No record of {who} deciding it before was found. The evidence provided cannot show whether"
        " there is one: no mailbox or minutes of theirs were supplied."
    ),
}


@rule(family=Family.CONTENT)
def decision_without_trail(view: View, *, days: int = 180) -> Iterator[Finding]:
    """Announced as decided, with no earlier record of anybody deciding it.

    Definition: a sentence of a body's new words that tells another party that something of weight
    has been decided (contract, policy, service, budget, charges ...), or tells three or more people
    that something ends, closes, is cut or charged for, where no message, minute or
    note of those who decide is on record in the `days` days before that shares two fifths of its
    telling words; or where the first such record comes after it.
    What counts: deciders are those that `case.toml` names (`decision_makers`), else the members and
    decision makers among the parties; minutes and notes of meetings count whoever wrote them.
    What does not: proposals, and what another body decided; an officer's own steps (a pick-up time,
    a meeting moved); automatic messages; what a decider writes.
    When it cannot say: not testable where no mailbox of the deciders and no minutes were supplied.
    Severity: MATERIAL where people outside were told; LOW else, where an explanation may hold, or
    it cannot be tested. Strength: INDICATED: a decision may be recorded in other words.
    Reference: product 5.1 C5; Local Government Act 2000 s9G (records of executive decisions).
    """
    deciders = _deciders(view)
    if not deciders:
        return
    records = _Records(view=view, deciders=deciders)
    for row in rows_doing(view, ActKind.ANNOUNCEMENT).tolist():
        act = _announced(view, row, deciders)
        if act is None:
            continue
        about = tokens(f"{act.said} {view.subjects[row]}") - _OF_DECIDING
        if len(about) < _LEAST:
            continue
        found = records.of(row, about, _proper(f"{act.said}\n{view.subjects[row]}"), days)
        if not [one for one in found if one < row]:
            yield _finding(records, row, act, found)


def _proper(said: str) -> frozenset[str]:
    """The names in a text: words in capitals that begin no sentence."""
    return tokens(" ".join(_PROPER.findall(said))) - _OF_DECIDING


def _deciders(view: View) -> frozenset[int]:
    named = [view.party_index[one] for one in view.brief.decision_makers if one in view.party_index]
    if named:
        return frozenset(named)
    return frozenset(n for n, one in enumerate(view.parties) if one.kind in _KINDS)


def _announced(view: View, row: int, deciders: frozenset[int]) -> Act | None:
    own = int(view.sender_party[row])
    told = set(view.parties_to(row)) - {own}
    if view.automatic[row] or own == NOBODY or own in deciders or not told:
        return None
    if kind_of(view, own) in OUTSIDE:
        return None
    for act in view.acts[view.ids[row]]:
        said = " ".join(act.said.split())
        if (
            act.kind is ActKind.ANNOUNCEMENT
            and _decides(view, own, said)
            and (
                _OF_WEIGHT.search(said)
                or (_CHANGES.search(said) and len(view.identities_to(row)) >= _MANY)
            )
        ):
            return act
    return None


def _decides(view: View, own: int, said: str) -> bool:
    """Whether a sentence says that the writer's own body has decided something."""
    if not _DECIDED.search(said) or _UNDECIDED.search(said):
        return False
    decider = _DECIDER.search(said)
    if decider is None or _OURS.search(decider["who"]):
        return True
    body = view.parties[own]
    known = tokens(f"{body.label} {body.organisation or ''}")
    return bool(known & tokens(decider["who"]))


@dataclass(frozen=True, kw_only=True)
class _Records:
    """What the deciders wrote, and minutes and notes of meetings, with their telling words."""

    view: View
    deciders: frozenset[int]
    words: dict[int, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        view = self.view
        rows = [
            row
            for row in range(view.dated)
            if view.channels[row] in _MEETINGS or int(view.sender_party[row]) in self.deciders
        ]
        for start in range(0, len(rows), _BATCH):
            some_ = rows[start : start + _BATCH]
            texts = view.new_text([view.ids[row] for row in some_])
            for row in some_:
                self.words[row] = tokens(f"{view.subjects[row]}\n{texts.get(view.ids[row], '')}")

    def of(self, row: int, about: frozenset[str], proper: frozenset[str], days: int) -> list[int]:
        """The records about the same, from `days` days before an announcement on.

        Where the announcement has names (a place, a school), a record has one of them.
        """
        view = self.view
        since = int(view.start[row]) - days * 86400
        return [
            one
            for one, words in self.words.items()
            if one != row
            and int(view.start[one]) >= since
            and share(about, words) >= _SAME
            and (not proper or proper & words)
        ]


def _finding(records: _Records, row: int, act: Act, found: list[int]) -> Finding:
    view = records.view
    day = view.day(row)
    held = bool(records.words)
    covered = any(covered_until(view, p, day, day, sent=True) for p in records.deciders)
    observability = (
        Observability.OBSERVED
        if covered and any(view.channels[one] in _MEETINGS for one in records.words)
        else Observability.ONE_SIDE
        if held or covered
        else Observability.NOT_TESTABLE
    )
    checks = _checks(records, row, act, found)
    doubts = any(c.outcome is Outcome.FAILED for c in checks)
    own = int(view.sender_party[row])
    told = tuple(p for p in view.parties_to(row) if p != own)
    outside = any(kind_of(view, p) in OUTSIDE for p in told)
    low = doubts or not outside or observability is Observability.NOT_TESTABLE
    when = view.whens[row]
    if when is None:
        raise ValueError("Only dated rows are looked at.")
    return Finding(
        rule="decision_without_trail",
        family=Family.CONTENT,
        anchor=(view.ids[row],),
        severity=Severity.LOW if low else Severity.MATERIAL,
        strength=Strength.INDICATED,
        observability=observability,
        about=(view.ids[row],),
        window=Moment(earliest=when.earliest, latest=when.latest, said=say_day(day),
                      basis=when.basis),
        parties=party_ids(view, own, *told),
        owes=None,
        cites=(
            view.cite(row, "announces the decision", (act.start, act.end)),
            *(Citation(source=view.sources[one], role="a later record on it",
                       communication=view.ids[one]) for one in found[:5]),
        ),
        checks=checks,
        sentence=_sentence(records, row, act, found, observability),
        measure={"records of deciders looked at": len(records.words)},
    )  # fmt: skip


def _sentence(
    records: _Records, row: int, act: Act, found: list[int], observability: Observability
) -> str:
    view, own = records.view, int(records.view.sender_party[row])
    who = listed(party(view, one) for one in sorted(records.deciders))
    to = listed(party(view, p) for p in view.parties_to(row) if p != own)
    parts = [
        SAYS.format(
            day=say_day(view.day(row)), by=placed(view, [int(view.sender[row])], [own]), to=to,
            said=quoted_sentence(act.said)),
        SENTENCES[observability].format(who=who),
    ]  # fmt: skip
    if found:
        parts.append(LATER.format(who=who, day=say_day(view.day(min(found)))))
    return " ".join(parts)


def _checks(records: _Records, row: int, act: Act, found: list[int]) -> tuple[Check, ...]:
    view = records.view
    entered = [one for one in found if is_entered(view, one)]
    own = int(view.sender_party[row])
    return (
        check(
            "It was taken under delegated authority",
            "the message speaks of delegation" if _DELEGATED.search(act.said) else "",
            "the sentence does not speak of delegation",
        ),
        untestable(
            "Minutes of the decision were not collected",
            f"{number(len(records.words), 'record')} of deciders and of meetings were looked at",
        ),
        check(
            "An entry made for this case tells of it",
            says_so(view, entered),
            "no such entry on it is held",
        ),
        check(
            "It was recorded afterwards",
            some(len([o for o in found if o > row]), "later record", "is on the same matter"),
            "no later record on the same matter is held",
        ),
        *unsupplied(
            view, (), tuple(sorted({own, *records.deciders})), view.day(row), view.day(row)),
    )  # fmt: skip
