"""The rule `off_record` and its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from commtrace.gaps._columns import between, rows_doing
from commtrace.gaps._grades import says_so
from commtrace.gaps._wording import (
    check,
    initial,
    number,
    party_ids,
    passed,
    quoted_sentence,
    untestable,
    who,
)
from commtrace.model import (
    Act,
    ActKind,
    Channel,
    Check,
    Family,
    Finding,
    Grade,
    Observability,
    Severity,
    Strength,
)
from commtrace.moments import say
from commtrace.plugins import rule
from commtrace.view import NOBODY, Ints, View

_DAY = 86400  # seconds
_SPOKEN = frozenset({Channel.CALL, Channel.MEETING, Channel.NOTE, Channel.MINUTE, Channel.CHAT})
_TOOK_PLACE = re.compile(
    r"\bas (?:just |we |i |you |they |already ){0,2}(?:discussed|agreed|spoken|spoke|talked)\b"
    r"|\b(?:further to|following|after|since|from|per|during|in|at|on)"
    r" (?:\w+['’]s |our |my |your |the |this (?:morning|afternoon|week)['’]s"
    r" |last (?:week|night)['’]s ){1,2}"
    r"(?:telephone |phone |teams |zoom |video |short |brief |earlier |recent ){0,2}"
    r"(?:discussions?|conversations?|chats?|calls?|meetings?|briefings?|talks?)\b"
    r"|\b(?:i|we|he|she|they|you|who)(?:['’]ve|['’]d)?"
    r" (?:just |have |had |has |also |finally |then ){0,2}"
    r"(?:spoke|spoken|rang|phoned|telephoned|met|talked|texted|whatsapped"
    r"|called (?!(?:a|the|it|off|for|upon|out)\b))"
    r"|\b(?:told|informed|advised|promised|assured|said to) (?:me|us|him|her|them) (?:\w+ ){0,3}?"
    r"(?:verbally|(?:on|over|by) the (?:tele)?phone|by (?:tele)?phone|in person|face to face)\b"
    r"|\b(?:good|nice|great|lovely) to (?:speak|talk|meet|chat|catch up)\b"
    r"|\b(?:off the record|left (?:\w+ ){1,2}(?:voicemail|message))\b",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\?\s*$|\b(?:let['’]?s|can we|could we|shall we|happy to|please (?:call|ring|phone)"
    r"|(?:will|['’]ll|to|would|could|should) (?:call|ring|phone|speak|talk|discuss|meet)"
    r"|call (?:me|us)|if you (?:want|would like|wish|need))\b",
    re.IGNORECASE,
)
_SETTLED = re.compile(
    r"\b(?:agreed?|decided?|decision|confirm(?:ed)?|approved?|promised?|told|instruct(?:ed|ion)"
    r"|assur(?:ed|ance)|authori[sz]ed|signed off|resolved|undertook|undertaken)\b",
    re.IGNORECASE,
)

SAYS = "{who} writes in a message {when}: {said}"
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of that conversation was found among the notes and calendars, which cover it."
    ),
    Observability.ONE_SIDE: (
        "No record of that conversation (a note, minutes, a calendar entry or a chat) was found"
        " within {days} of it in the material supplied, which holds such records of others."
    ),
    Observability.NOT_TESTABLE: (
        "The material supplied holds no note, minutes, calendar entry or chat of these parties at"
        " all: the evidence provided cannot show whether a record of that conversation was made."
    ),
}


@rule(family=Family.EVIDENCE)
def off_record(view: View, *, days: int = 1) -> Iterator[Finding]:
    """The mail refers to a call, chat or meeting of which no note is held.

    Definition: a sentence of the writer's own words that speaks of a conversation that took place,
    where no note, minutes, calendar entry or chat between the same parties is held from `days` days
    before to `days` days after the message.
    What counts: conversations between two parties; inside one party only where the sentence says
    that something was settled there (agreed, decided, told).
    What does not: a proposal to talk; a request to ring; automatic messages and mass mail.
    When it cannot say: never OBSERVED, because nobody can show that all notes were supplied; it is
    not testable where no record of any conversation of these parties was supplied.
    Severity: MATERIAL where something was settled between two parties; LOW else. Strength:
    INDICATED: one sentence, which may be loose talk.
    Reference: gap-science 7; Carvalho and Cohen 2005 (speech acts in e-mail).
    """
    talk = _Conversations.of(view)
    for row in rows_doing(view, ActKind.OFF_RECORD).tolist():
        if view.automatic[row] or view.bulk[row] or view.channels[row] in _SPOKEN:
            continue
        act = _settling_first(view, row)
        if act is None:
            continue
        settled = _SETTLED.search(act.said) is not None
        if len(_parties(view, row)) < 2 and not settled:
            continue
        held = talk.near(row, days)
        if not any(view.grade(one) is not Grade.ENTERED for one in held):
            yield _finding(talk, row, act, held, days=days, settled=settled)


@dataclass(frozen=True, slots=True)
class _Conversations:
    """The records of conversations that are held, in order of time, and whose they are."""

    view: View
    rows: Ints
    parties: frozenset[int]

    @staticmethod
    def of(view: View) -> _Conversations:
        """All records of conversations in a view."""
        spoken = [row for row in range(view.dated) if view.channels[row] in _SPOKEN]
        parties = frozenset(p for row in spoken for p in _parties(view, row))
        return _Conversations(view, np.array(spoken, dtype=np.int64), parties)

    def near(self, row: int, days: int) -> list[int]:
        """Those of the row's parties from `days` days before it to as many after it."""
        view, start = self.view, int(self.view.start[row])
        found = between(self.rows, start - (days + 1) * _DAY, start + (days + 1) * _DAY, view)
        own = _parties(view, row)
        least = min(2, len(own))
        return [
            int(one)
            for one in found
            if abs((view.day(int(one)) - view.day(row)).days) <= days
            and len(own & _parties(view, int(one))) >= least
        ]


def _settling_first(view: View, row: int) -> Act | None:
    """The sentence that speaks of a conversation: one that settled something before others."""
    found = [
        act
        for act in view.acts[view.ids[row]]
        if act.kind is ActKind.OFF_RECORD
        and _TOOK_PLACE.search(act.said)
        and not _TO_COME.search(act.said)
    ]
    settling = (act for act in found if _SETTLED.search(act.said))
    return next(settling, found[0] if found else None)


def _parties(view: View, row: int) -> frozenset[int]:
    return frozenset({int(view.sender_party[row]), *view.parties_to(row)} - {NOBODY})


def _finding(
    talk: _Conversations, row: int, act: Act, held: list[int], *, days: int, settled: bool
) -> Finding:
    view, when = talk.view, talk.view.whens[row]
    if when is None:
        raise ValueError("Only dated rows are looked at.")
    own = _parties(view, row)
    seen = bool(own & talk.parties)
    observability = Observability.ONE_SIDE if seen else Observability.NOT_TESTABLE
    opening = SAYS.format(
        who=initial(who(view, int(view.sender[row]))),
        when=f"of {say(when)}",
        said=quoted_sentence(act.said),
    )
    told = SENTENCES[observability].format(days=number(days, "day"))
    between_parties = len(own) > 1
    return Finding(
        rule="off_record",
        family=Family.EVIDENCE,
        anchor=(view.ids[row],),
        severity=Severity.MATERIAL if settled and between_parties and not held else Severity.LOW,
        strength=Strength.INDICATED,
        observability=observability,
        about=(view.ids[row],),
        window=when,
        parties=party_ids(view, int(view.sender_party[row]), *view.parties_to(row)),
        owes=None,
        cites=(
            view.cite(row, "refers to a conversation", (act.start, act.end)),
            *(view.cite(one, "entered by hand about that time") for one in held),
        ),
        checks=_checks(view, act, held, seen=seen),
        sentence=f"{opening} {told}",
        measure={"words that refer to it": act.words, "settled": "yes" if settled else "no"},
    )


def _checks(view: View, act: Act, held: list[int], *, seen: bool) -> tuple[Check, ...]:
    kept = "A note of it is kept elsewhere"
    return (
        check(
            "It is on record through an entry made for this case",
            says_so(view, held),
            "no such entry of that time is held",
        ),
        untestable(kept, "notebooks, telephone systems and calendars were supplied only in part")
        if seen
        else untestable(kept, "none of the notes or calendars of these parties were supplied"),
        passed("It was only proposed", "the sentence does not ask for it or announce it"),
        untestable(
            "It was of no weight for the matter",
            f"it was {act.recognised}{' alone' if act.ruled is None else ''}",
        ),
    )
