"""The rule `dropped_participant` and its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from commtrace.gaps._columns import base_subject, does, share, tokens, window
from commtrace.gaps._grades import entered_between, says_so
from commtrace.gaps._left_out import Left, left_out, people_on, personal
from commtrace.gaps._observed import covering
from commtrace.gaps._register import checks, lines
from commtrace.gaps._wording import (
    check,
    number,
    party_ids,
    passed,
    placed,
    some,
    untestable,
    who,
)
from commtrace.model import (
    ActKind,
    Check,
    Citation,
    Family,
    Finding,
    Observability,
    Outcome,
    Severity,
    Strength,
)
from commtrace.moments import say_day
from commtrace.plugins import rule
from commtrace.view import NOBODY, View

_CITED, _SAME_MATTER = 5, 0.5
_DECIDES = (ActKind.ANNOUNCEMENT, ActKind.UNDERTAKING)
_MOVED = re.compile(
    r"\b(?:moving|moved|dropping|dropped|removing|removed|taking|taken|took|leaving|left)\b[^.?!]{1,60}"
    r"\b(?:bcc|off|out|from (?:the|this) (?:copy|thread|chain|list|e-?mail))\b|\bto bcc\b",
    re.IGNORECASE,
)

DROPPED = (
    "From {first} {person} is no longer on the thread “{subject}”, having been on {before} of it;"
    " {remover} answered without them, and the thread went on among {stayed} for {after} up to"
    " {last}."
)
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of any of these messages, or of a later one of the thread, to {person} was found"
        " in the mailboxes of either side, which cover the time."
    ),
    Observability.ONE_SIDE: (
        "No record of any of these messages, or of a later one of the thread, to {person} was found"
        " in the mailboxes supplied, which cover one of the two sides only."
    ),
    Observability.NOT_TESTABLE: (
        "No record of any of these messages to {person} was found. The evidence provided cannot"
        " show whether there was one: no mailbox of either side covers the time."
    ),
}
NAMED = "A later message names them or their side."
DECIDED = "A later message announces or undertakes something."


@rule(family=Family.FLOW)
def dropped_participant(
    view: View, *, messages: int = 2, later: int = 2, days: int = 3
) -> Iterator[Finding]:
    """On the thread, then not: somebody is left out while the others go on.

    Definition: somebody was on `messages` or more messages of a thread; an answer to one of these
    leaves them out, and no later message of the thread is to or from them or anybody of their
    party, though it goes on for `later` messages or more, over `days` working days or more, among
    two or more others who had been on it as often.
    What counts: sender, To and Cc; they wrote in the thread or stood in To. The matter is that of
    the answer's subject.
    What does not: forwards and messages that open something else; mass and automatic mail; a thread
    that goes on over a list, which may reach them; somebody of the same party as whoever goes on,
    or of none that is known; a thread in which they themselves asked to be left out or handed it
    over, or closed the matter; a branch of which they were never a part.
    When it cannot say: blind copies are known only where the sender's own copy is held. Not
    testable where no mailbox of either side covers the time.
    Severity: MATERIAL where they are a family, a forum, a member or of the public, or the only one
    of their party, and no innocent explanation was found; LOW else.
    Strength: CORROBORATED where a later message names them or their side, announces or undertakes
    something; else INDICATED.
    Reference: gap-science G11; product 5.1 F4.
    """
    for rows in view.rows_of_thread:
        kept = [row for row in rows.tolist() if personal(view, row)]
        if len(kept) >= messages + later:
            for left in left_out(view, kept, messages, later, days):
                yield _finding(left)


def _finding(left: Left) -> Finding:
    view, first, last = left.view, left.after[0], left.after[-1]
    days = view.day(first), view.day(last)
    mine = covering(view, left.person, *days, sent=False)
    theirs = covering(view, left.remover, *days, sent=True)
    observability = view.observability(mine is not None, theirs is not None)
    told, others = _told_otherwise(left)
    found = _checks(left, told)
    doubts = any(one.outcome is Outcome.FAILED for one in found)
    cues = _cues(left)
    low = doubts or observability is Observability.NOT_TESTABLE
    return Finding(
        rule="dropped_participant",
        family=Family.FLOW,
        anchor=(view.ids[first], view.identities[left.person].id),
        severity=Severity.LOW if low else Severity.MATERIAL,
        strength=Strength.CORROBORATED if cues and not doubts else Strength.INDICATED,
        observability=observability,
        about=tuple(view.ids[row] for row in left.after),
        window=window(view, first, *days),
        parties=party_ids(view, int(view.sender_party[first]), left.side),
        owes=next(iter(party_ids(view, int(view.sender_party[first]))), None),
        cites=tuple(_cites(left, told, others)),
        checks=found,
        sentence=_sentence(left, observability, cues),
        measure={
            "messages with them": len(left.on),
            "messages without them": len(left.after),
            "working days": view.working.elapsed(view.day(left.on[-1]), days[1]),
            "others who stayed": len(left.stayed),
            "may have told them otherwise": len(told),
        },
    )


def _cites(left: Left, told: Sequence[int], others: Sequence[int]) -> Iterator[Citation]:
    view = left.view
    yield view.cite(left.on[-1], "the last of the thread with them")
    yield view.cite(left.after[0], "the first without them")
    for row in left.after[1 : 1 + _CITED]:
        yield view.cite(row, "the thread goes on without them")
    for row in told[:_CITED]:
        yield view.cite(row, "may have told them otherwise")
    for row in others[:_CITED]:
        yield view.cite(row, "considered: on another matter")


def _told_otherwise(left: Left) -> tuple[list[int], list[int]]:
    """Later messages to them by those who went on, on the words of the matter, and others."""
    view = left.view
    writers = {int(view.sender[row]) for row in left.after}
    end = left.after[-1]
    rows = [
        row
        for row in range(left.after[0], view.dated)
        if int(view.sender[row]) in writers
        and left.person in view.identities_to(row)
        and personal(view, row)
        and (row <= end or view.working.elapsed(view.day(end), view.day(row)) <= 10)
    ]
    texts = view.new_text([view.ids[row] for row in rows]) if rows else {}
    matter = tokens(base_subject(view.subjects[left.after[0]]))
    near = [
        row
        for row in rows
        if share(matter, tokens(f"{view.subjects[row]} {texts.get(view.ids[row], '')}"))
        >= _SAME_MATTER
    ]
    return near, [row for row in rows if row not in near]


def _checks(left: Left, told: Sequence[int]) -> tuple[Check, ...]:
    view, first, last = left.view, left.after[0], left.after[-1]
    days = view.day(first), view.day(last)
    text = view.new_text([view.ids[first]]).get(view.ids[first], "")
    remover = int(view.sender_party[first])
    entered = [] if remover == NOBODY else entered_between(view, remover, left.side, *days)
    spoken = [row for row in left.after if does(view, row, ActKind.OFF_RECORD)]
    said = _MOVED.search(text)
    return (
        passed("They asked to be left out or closed it", "nothing they wrote in it says so"),
        check(
            "It was said openly that they are left out",
            f"the first message without them says “{said[0]}”" if said else "",
            "the first message without them says nothing of the kind",
        ),
        passed("A colleague of theirs stayed on it", "nobody of their party is on a later message"),
        check(
            "They were told in another thread",
            some(len(told), "later message", "of those who went on may belong to it"),
            "no later message of those who went on, on the words of the matter, reaches them",
        ),
        check(
            "They were told by telephone or at a meeting",
            says_so(view, entered)
            or some(len(spoken), "message", "of the thread mentioning a call or a meeting"),
            "the later messages refer to no call and no meeting",
        ),
        _blind(left),
        _gone(left),
        *checks(lines(view, (left.person,), (remover, left.side), *days)),
    )


def _blind(left: Left) -> Check:
    """Whether the senders' own copies, which show blind copies, are held."""
    view, what = left.view, "They were on blind copy"
    held = [
        row
        for row in left.after
        if (box := covering(view, int(view.sender[row]), view.day(row), view.day(row), sent=True))
        and box.custodian in view.custodians_holding.get(view.ids[row], ())
    ]
    if len(held) == len(left.after):
        return passed(what, "the senders' own copies are held and name no such recipient")
    absent = number(len(left.after) - len(held), "copy", "copies")
    return untestable(what, f"of the messages without them {absent} of the sender is not held")


def _gone(left: Left) -> Check:
    """Whether they still appear anywhere after the thread went on without them."""
    view, what = left.view, "They had left"
    later = range(left.after[0] + 1, view.dated)
    if any(left.person in people_on(view, row) for row in later):
        return passed(what, "they are on later messages of other threads")
    return untestable(what, "no later message to or from them is held at all")


def _cues(left: Left) -> tuple[str, ...]:
    """What makes the later messages their business: they are named, or something is settled."""
    view = left.view
    texts = view.new_text([view.ids[row] for row in left.after])
    names = "|".join(re.escape(name) for name in _names(left))
    named = bool(names) and any(re.search(rf"\b(?:{names})\b", text) for text in texts.values())
    decides = any(does(view, row, *_DECIDES) for row in left.after)
    return tuple(words for cue, words in ((named, NAMED), (decides, DECIDED)) if cue)


def _names(left: Left) -> list[str]:
    """What a later message would call them: their name's parts, and their party's label."""
    view = left.view
    label = view.identities[left.person].label
    parts = [] if "@" in label else [part for part in label.split() if len(part) > 2]
    return [*parts, view.parties[left.side].label]


def _sentence(left: Left, observability: Observability, cues: Sequence[str]) -> str:
    view, first, last = left.view, left.after[0], left.after[-1]
    person = who(view, left.person)
    opening = DROPPED.format(
        first=say_day(view.day(first)),
        person=placed(view, [left.person], [left.side]),
        subject=view.subjects[left.on[-1]] or "(no subject)",
        before=number(len(left.on), "message"),
        remover=placed(view, [left.remover], [int(view.sender_party[first])]),
        stayed=number(len(left.stayed), "other"),
        after=number(len(left.after), "message"),
        last=say_day(view.day(last)),
    )
    return " ".join([opening, SENTENCES[observability].format(person=person), *cues])
