"""What was undertaken, by whom to whom and by when; what was said of it again, and its fate.

The register behind `broken_promise`, `slipping_promise` and the Promises page. An undertaking is a
sentence of somebody's new words; people agree on what is one only in part (kappa .54: Lampert, Dale
and Paris 2007), so a fate is what the record shows and never proves more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from commtrace.gaps._columns import as_of_day, rows_doing, share, tokens
from commtrace.gaps._discharge import Discharge, Discharges
from commtrace.gaps._traffic import Traffic, traffic_of
from commtrace.model import Act, ActKind, Deadline, PartyKind
from commtrace.view import NOBODY, TO, View

GRACE = 2  # working days in which a message about what was done in time may still follow
_LOOK_BACK = 40  # earlier undertakings of the same people that a later one may restate
_SAME = 0.5  # share of the words of the shorter that make two undertakings one
_NOT_ITS_MATTER = frozenset(
    """
    shall will get back come contact contacted inform informed told tell know update updated reply
    respond response answer send sent provide provided receive ensure make hope aim expect able
    soon end week month day date time next today tomorrow january february march april june july
    august september october november december monday tuesday wednesday thursday friday term half
    instead latest longer possible afraid sorry definitely certainly now over
    close play families family parents parent carers carer schools school everyone everybody
    operators pupils
    """.split()  # noqa: SIM905 - words are read as words
)
_OF_IT = re.compile(  # what was spoken of before: the sentence undertakes that, and names nothing
    r"\b(?:(?:send|get|give|email|e-mail|forward|post|pass|provide|have|receive|finish|publish|share"
    r"|issue|let you have|do|answer) (?:it|this|that|them)|(?:it|this|they) will)\b",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^\W{0,4}(?:to whom it may concern|(?:dear|hello|hi)\b[^,\n]{0,40})[,\n]\s*",
    re.IGNORECASE,
)
_CLASSES = (
    (re.compile(r"\b(?:famil|parent|carer|household|guardian|child|pupil|student|tenant"
                r"|resident|leaseholder|patient|customer)", re.IGNORECASE),
     PartyKind.FAMILIES),
    (re.compile(r"\b(?:school|headteacher|academ|colleges?)", re.IGNORECASE), PartyKind.SCHOOL),
    (re.compile(r"\b(?:operator|provider|contractor|supplier)", re.IGNORECASE), PartyKind.PROVIDER),
    (re.compile(r"\b(?:member|councillor)", re.IGNORECASE), PartyKind.MEMBERS),
)  # fmt: skip


class Fate(StrEnum):
    """What the record shows of an undertaking by the day that the evidence reaches."""

    KEPT = "kept"
    LATE = "kept late"
    PARTLY = "kept for some"
    BROKEN = "no record that it was kept"
    RESTATED = "restated with a later date"
    RUNNING = "not yet due"
    UNDATED = "no date was given"
    UNSEEN = "nothing in writing would show it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undertaking:
    """One sentence that undertakes something: `by` and `to` are identities, `about` its matter.

    `to` are those to whom it was owed: its readers of another party, or, where it speaks of
    everybody of a kind to somebody else, the members of that audience in `case.toml`; `audience`
    then names it.
    """

    row: int
    act: Act
    by: int
    by_party: int
    to: tuple[int, ...]
    to_parties: tuple[int, ...]
    day: date
    about: frozenset[str]
    audience: str = ""

    @property
    def due(self) -> Deadline | None:
        """The time it set."""
        return self.act.due


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One undertaking through all its restatements, in order of time, and what became of it.

    `stated` are the sentences; `judged` is what is held against what followed: the day that was set
    last, in the sentence that set it first to those to whom it was owed. `discharge` says what was
    found for each of them.
    """

    stated: tuple[Undertaking, ...]
    judged: Undertaking
    fate: Fate
    discharge: Discharge

    @property
    def others(self) -> tuple[Undertaking, ...]:
        """The statements beside the one that is judged."""
        return tuple(one for one in self.stated if one.act is not self.judged.act)

    @property
    def slips(self) -> tuple[tuple[Undertaking, Undertaking], ...]:
        """Each pair of statements of which the second names a later day."""
        found, before = [], self.stated[0]
        for one in self.stated[1:]:
            if before.due and one.due and one.due.last > before.due.last:
                found.append((before, one))
                before = one
        return tuple(found)


def promises(view: View, *, grace: int = GRACE) -> tuple[Promise, ...]:
    """Every undertaking to another party with its fate, in order of its first statement."""
    return view.once((promises, grace), lambda one: _promises(one, grace))


def _promises(view: View, grace: int) -> tuple[Promise, ...]:
    traffic = traffic_of(view)
    chains = _chains(traffic, list(undertakings(view)))
    judged = [_judged(chain) for chain in chains]
    found = Discharges(traffic, grace).of(judged)
    return tuple(
        Promise(stated=tuple(chain), judged=one, fate=_fate(view, one, each), discharge=each)
        for chain, one, each in zip(chains, judged, found, strict=True)
    )


def _judged(chain: Sequence[Undertaking]) -> Undertaking:
    """What a chain is held to: its last day, all that was said of it, those it was said to.

    Where some of it was said to the people themselves, the list of an audience does not widen it.
    """
    last = chain[-1]
    same = [one for one in chain if _day(one) == _day(last)]
    themselves = [one for one in chain if not one.audience]
    parties = set(last.to_parties)
    owed = [one for one in themselves if parties & set(one.to_parties)]
    if not last.audience or not owed:
        owed = [last]
    said = next((one for one in same if one in owed or not one.audience), last)
    to = tuple(dict.fromkeys(who for one in owed for who in one.to))
    about = frozenset[str]().union(*(one.about for one in chain))
    return replace(
        said, about=about, to=to, to_parties=owed[0].to_parties,
        audience=last.audience if owed == [last] else "",
    )  # fmt: skip


def _day(one: Undertaking) -> date | None:
    return one.due.last if one.due else None


def undertakings(view: View) -> Iterator[Undertaking]:
    """The undertakings to another party, in order of time; what a machine wrote is none."""
    index = _addresses(view)
    for row in rows_doing(view, ActKind.UNDERTAKING).tolist():
        if view.automatic[row] or view.sender[row] == NOBODY:
            continue
        for act in view.acts[view.ids[row]]:
            if act.kind is ActKind.UNDERTAKING:
                made = _made(view, row, act, index)
                if made.to:
                    yield made


def _made(view: View, row: int, act: Act, index: Mapping[str, int]) -> Undertaking:
    own = int(view.sender_party[row])
    to, parties = _readers(view, row, own)
    audience = ""
    kind = _class_of(act.audience)
    if kind is not None and not any(view.parties[p].kind is kind for p in parties):
        members, party, audience = _audience(view, kind, index)
        if members:
            to, parties = members, (party,)
    words = _GREETING.sub("", act.said)
    words = words.replace(act.due.words, " ") if act.due else words
    if act.audience:
        words = words.replace(act.audience, " ")
    return Undertaking(
        row=row, act=act, by=int(view.sender[row]), by_party=own, to=to, to_parties=parties,
        day=view.day(row), about=tokens(words) - _NOT_ITS_MATTER, audience=audience,
    )  # fmt: skip


def _readers(view: View, row: int, own: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Those of another party whom a message was addressed to; of mass mail everybody it reached."""
    people: dict[int, int] = {}
    hidden = not any(
        int(view.recipient_party[n]) not in {own, NOBODY}
        for n in view.recipients(row)
        if int(view.recipient_kind[n]) == TO
    )
    for n in view.recipients(row):
        who, party = int(view.recipient[n]), int(view.recipient_party[n])
        if party not in {own, NOBODY} and (hidden or int(view.recipient_kind[n]) == TO):
            people[who] = party
    kinds = {view.parties[p].kind for p in people.values()}
    if hidden and PartyKind.FAMILIES in kinds:  # those only copied in are told, and not owed it
        people = {w: p for w, p in people.items() if view.parties[p].kind is PartyKind.FAMILIES}
    return tuple(people), tuple(dict.fromkeys(people.values()))


def _class_of(audience: str | None) -> PartyKind | None:
    if audience is None:
        return None
    return next((kind for words, kind in _CLASSES if words.search(audience)), None)


def _audience(
    view: View, kind: PartyKind, index: Mapping[str, int]
) -> tuple[tuple[int, ...], int, str]:
    """The members of the first audience of `case.toml` of a kind, its party and its label."""
    for one in view.brief.audiences:
        party = view.party_index.get(one.party, NOBODY)
        if party == NOBODY or view.parties[party].kind is not kind:
            continue
        known = (index.get(member.address.casefold(), NOBODY) for member in one.members)
        members = tuple(dict.fromkeys(who for who in known if who != NOBODY))
        if members:
            return members, party, one.label
    return (), NOBODY, ""


def _addresses(view: View) -> Mapping[str, int]:
    if not view.brief.audiences:
        return {}
    return {
        member.address.casefold(): place
        for place, who in enumerate(view.identities)
        for member in who.members
    }


def _chains(traffic: Traffic, made: Sequence[Undertaking]) -> list[list[Undertaking]]:
    """The undertakings, those that restate an earlier one behind it; in order of the first."""
    chains: list[list[Undertaking]] = []
    chain_of: dict[tuple[int, int], list[list[Undertaking]]] = {}
    for one in made:
        before = [
            chain
            for party in one.to_parties
            for chain in chain_of.get((one.by_party, party), [])[-_LOOK_BACK:]
        ]
        restated = next((c for c in reversed(before) if _restates(traffic, c[-1], one)), None)
        if restated is not None:
            restated.append(one)
            continue
        chain = [one]
        chains.append(chain)
        for party in one.to_parties:
            chain_of.setdefault((one.by_party, party), []).append(chain)
    return chains


def _restates(traffic: Traffic, earlier: Undertaking, later: Undertaking) -> bool:
    """Whether a later sentence undertakes the same thing to some of the same people."""
    if earlier.row == later.row or not set(earlier.to) & set(later.to):
        return False
    if earlier.due and later.due and later.due.last < earlier.due.last:
        return False
    smaller, larger = sorted((earlier.about, later.about), key=len)
    topic = traffic.same_thread(earlier.row, later.row)
    if not smaller or (topic and earlier.about and _OF_IT.search(later.act.said)):
        return topic
    both = smaller & larger
    return share(smaller, larger) >= _SAME and (topic or len(both) > 1)


def _fate(view: View, one: Undertaking, found: Discharge) -> Fate:
    if one.due is None:
        return Fate.KEPT if found.kept and not found.missing else Fate.UNDATED
    if found.missing and not found.written:
        return Fate.UNSEEN
    if not found.missing and not found.late:
        return Fate.KEPT
    if found.judged > as_of_day(view):
        return Fate.RUNNING
    if not found.missing:
        return Fate.LATE
    return Fate.PARTLY if found.kept or found.late else Fate.BROKEN
