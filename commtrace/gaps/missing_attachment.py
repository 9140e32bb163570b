"""The rule `missing_attachment` and its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from commtrace.gaps._columns import Grouped, base_subject, between, by_sender, rows_doing
from commtrace.gaps._stripped import stripped
from commtrace.gaps._wording import (
    check,
    initial,
    number,
    party_ids,
    passed,
    quoted_sentence,
    some,
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
from commtrace.view import NOBODY, View

_BATCH = 2000
_DAY = 86400  # seconds
_ABOVE = 3  # messages up the thread whose files "the attached" may mean
_INLINE = re.compile(
    r"(?:image|img|logo|oledata|outlook-?)[\w-]*\.(?:png|jpe?g|gif|bmp|mso)", re.IGNORECASE
)
_LINK = re.compile(
    r"https?://|\bwww\.|\b(?:link|url|shared drive|share ?point|one ?drive|teams (?:site|folder)"
    r"|drop ?box|wetransfer|google (?:drive|doc))\b",
    re.IGNORECASE,
)
_NOTHING_THERE = re.compile(
    r"\b(?:no|without(?: an| any| the)?|missing|forgot(?:ten)?(?: to attach)?(?: the)?"
    r"|(?:can(?:not|['’]t)|could(?:n['’]t| not)) (?:see|find|open)(?: the| an| any)?"
    r"|did(?:n['’]t| not) (?:come through with|get|see|receive) (?:the|an|any)"
    r"|with the) (?:attachment|attached|enclosure)s?\b"
    r"|\b(?:nothing|not|wasn['’]t|weren['’]t) (?:was |were )?(?:attached|enclosed)\b",
    re.IGNORECASE,
)

SAYS = "{who} writes in a message {when}: {said}"
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of a file was found with it, nor with a later message from the same sender."
    ),
    Observability.ONE_SIDE: (
        "No record of a file was found with the copy supplied. Whether attachments were left out"
        " when it was exported is not known."
    ),
    Observability.NOT_TESTABLE: (
        "Only a print or a report of it is held. The evidence provided cannot show what was"
        " attached."
    ),
}
LOST = "The message it passes on is held with {files}, which it does not carry."
ANSWERED = "An answer says that nothing was there."


@rule(family=Family.EVIDENCE)
def missing_attachment(view: View, *, days: int = 2) -> Iterator[Finding]:
    """A message says that something is attached, and no file is with it.

    Definition: a sentence of the sender's own words that announces an attachment, in a message with
    which no file is held; and no later message of the sender within `days` days, in the thread or
    on the subject, carries one. Or: a copy of a message lacks a file that another copy carries;
    four such or more of one mailbox are one gap.
    What counts: e-mail of persons; pictures of a signature are no attachment.
    What does not: words of a quotation; a link, or a place on a shared drive, named in its stead;
    an answer that speaks of files that the message above it carries.
    When it cannot say: OBSERVED needs other messages of the same material that were supplied with
    their files; where none was it is one side (an export may leave files out); a print or report of
    a message is not testable.
    Severity: MATERIAL where it went to another party, or an answer says that nothing was there; LOW
    else, and where the message could not be read whole. Strength: INDICATED (one sentence),
    CORROBORATED where an answer says so, DIRECT where another copy carries the file.
    Reference: gap-science 7 (G15); RFC 2183 (Content-Disposition).
    """
    search = _Search(view, by_sender(view), days * _DAY)
    rows = [row for row in rows_doing(view, ActKind.ATTACHMENT_CUE).tolist() if search.is_bare(row)]
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        texts = view.new_text([view.ids[row] for row in batch])
        for row in batch:
            if not _LINK.search(texts.get(view.ids[row], "")):
                yield _finding(search, row)
    yield from stripped(view, inline=_INLINE)


@dataclass(frozen=True, slots=True)
class _Search:
    """Where else the file may be: above in the thread, or with a later message of the sender."""

    view: View
    sent: Grouped
    within: int  # seconds

    def is_bare(self, row: int) -> bool:
        """Whether a message carries no file, and neither does what its words may mean."""
        view = self.view
        if view.automatic[row] or view.channels[row] is not Channel.EMAIL or _has_files(view, row):
            return False
        above = self._above(row)
        if any(_has_files(view, one) for one in above) and not view.forward[row]:
            return False
        return not any(_has_files(view, one) for one in self.later(row))

    def _above(self, row: int) -> list[int]:
        found: list[int] = []
        here = int(self.view.parent[row])
        while here != NOBODY and len(found) < _ABOVE:
            found.append(here)
            here = int(self.view.parent[here])
        return found

    def later(self, row: int) -> list[int]:
        """Messages of the sender that follow soon, in the thread or on the subject."""
        view, start = self.view, int(self.view.start[row])
        own = self.sent[int(view.sender[row])] if view.sender[row] != NOBODY else np.array([row])
        rows = between(own[own < view.dated], start, start + self.within, view)
        subject = base_subject(view.subjects[row])
        return [
            int(one)
            for one in rows
            if one != row
            and (
                view.thread[one] == view.thread[row] or base_subject(view.subjects[one]) == subject
            )
        ]

    def answers(self, row: int) -> list[int]:
        """Answers that say that nothing was attached."""
        view = self.view
        thread = view.rows_of_thread[int(view.thread[row])] if view.thread[row] >= 0 else ()
        below = [int(one) for one in thread if int(view.parent[one]) == row]
        texts = view.new_text([view.ids[one] for one in below]) if below else {}
        return [one for one in below if _NOTHING_THERE.search(texts.get(view.ids[one], ""))]


def _has_files(view: View, row: int) -> bool:
    files = view.attachments.get(view.ids[row], ())
    return any(not _INLINE.fullmatch(one.name) for one in files)


def _finding(search: _Search, row: int) -> Finding:
    view = search.view
    act = next(a for a in view.acts[view.ids[row]] if a.kind is ActKind.ATTACHMENT_CUE)
    answers = search.answers(row)
    observability = _observability(view, row)
    unread = [one for one in view.unread if one.communication == view.ids[row]]
    others = {int(view.sender_party[row]), *view.parties_to(row)} - {NOBODY}
    seen = observability is not Observability.NOT_TESTABLE and not unread
    material = seen and (len(others) > 1 or answers)
    lost = _lost(view, row)
    sentence = " ".join(
        [
            SAYS.format(
                when=f"of {say(view.whens[row])}",
                who=initial(who(view, int(view.sender[row]))),
                said=quoted_sentence(act.said),
            ),
            SENTENCES[observability],
            *([ANSWERED] if answers else []),
            *([LOST.format(files=number(lost, "file"))] if lost else []),
        ]
    )
    when = view.whens[row]
    if when is None:
        raise ValueError("Only dated rows are looked at.")
    parties = party_ids(view, int(view.sender_party[row]), *view.parties_to(row))
    return Finding(
        rule="missing_attachment",
        family=Family.EVIDENCE,
        anchor=(view.ids[row],),
        severity=Severity.MATERIAL if material and not lost else Severity.LOW,
        strength=Strength.CORROBORATED if answers else Strength.INDICATED,
        observability=observability,
        about=(view.ids[row],),
        window=when,
        parties=parties,
        owes=parties[0] if parties else None,
        cites=(
            view.cite(row, "says that something is attached", (act.start, act.end)),
            *(view.cite(one, "says that nothing was there") for one in answers),
        ),
        checks=_checks(search, row, act, len(unread)),
        sentence=sentence,
        measure={"words that announce it": act.words},
    )


def _lost(view: View, row: int) -> int:
    """How many files the message that a forward passes on is held with."""
    parent = int(view.parent[row])
    if not view.forward[row] or parent == NOBODY:
        return 0
    return len(view.attachments.get(view.ids[parent], ()))


def _observability(view: View, row: int) -> Observability:
    if view.grade(row) is not Grade.ORIGINAL:
        return Observability.NOT_TESTABLE
    return Observability.OBSERVED if _holders_with_files(view, row) else Observability.ONE_SIDE


def _holders_with_files(view: View, row: int) -> bool:
    """Whether some other message of a custodian who holds this one was supplied with its files."""
    own = set(view.custodians_holding.get(view.ids[row], ()))
    return bool(own & view.custodians_with_files) if own else bool(view.attachments)


def _checks(search: _Search, row: int, act: Act, unread: int) -> tuple[Check, ...]:
    view = search.view
    later = len(search.later(row))
    complete = _holders_with_files(view, row)
    left_out = "The export left attachments out"
    return (
        passed(
            "It was sent again with the file",
            f"{number(later, 'later message')} of the sender in the time; no file was found with"
            " one"
            if later
            else "no later message of the sender in the thread or on the subject was found",
        ),
        passed("It is a link, or lies on a shared drive", "its own words name none"),
        passed("It means a file of the message above", "none was found there")
        if not _lost(view, row)
        else check("It means a file of the message above", "that message has files", ""),
        check(
            "The file could not be read out of the message",
            some(unread, "part", "of it could not be read"),
            "nothing in it was left unread",
        ),
        passed(left_out, "other messages of the same material have theirs")
        if complete
        else untestable(left_out, "no other message of the same material has any"),
        untestable("The sentence speaks of something else", f"it was {act.recognised}"),
    )
