"""What sentences do, as the export says it; what persons ruled on that, in papers and export."""

from __future__ import annotations

from dataclasses import dataclass

from commtrace.figures.acts import verdict
from commtrace.model import Act, ActRuling, Deadline
from commtrace.moments import Basis, Moment, end_of, say, say_time, start_of, utc_text
from commtrace.report import _words as words
from commtrace.report._case import Case
from commtrace.report._rows import Row, when
from commtrace.view import NOBODY, View

HEAD = ("Sentence", "Ruling", "In", "By", "When", "Reason")
NOT_QUOTED = "not quoted"
_QUOTE = 300  # characters of a sentence in a paper


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRulingRow:
    """A ruling on a sentence as a paper prints it."""

    said: str
    verdict: str
    message: str
    who: str
    when: str
    because: str

    @property
    def cells(self) -> tuple[str, ...]:
        """In the order of `HEAD`."""
        return (self.said, self.verdict, self.message, self.who, self.when, self.because)


def act_rulings(case: Case, view: View, *, include_text: bool) -> tuple[ActRulingRow, ...]:
    """The rulings that count, oldest first; without their sentences where none may be quoted."""
    return tuple(_row(view, one, include_text=include_text) for one in case.act_rulings())


def _row(view: View, one: ActRuling, *, include_text: bool) -> ActRulingRow:
    row = view.row_of.get(one.communication)
    subject = "" if row is None else words.line(view.subjects[row]) or "no subject"
    return ActRulingRow(
        said=words.shorten(words.line(one.said), _QUOTE) if include_text else NOT_QUOTED,
        verdict=words.line(verdict(one)),
        message=one.communication if row is None else f"{say(view.whens[row])}: {subject}",
        who=words.line(one.who),
        when=say_time(one.when),
        because=words.line(one.because),
    )


def acts(view: View) -> list[Row]:
    """One row an act of speech; `by` and `to` are identities, `due` the days that it sets."""
    rows = [
        _act(view, act)
        for identifier in sorted(view.acts)
        if identifier in view.row_of
        for act in view.acts[identifier]
    ]
    return sorted(rows, key=lambda row: row["id"])


def _act(view: View, act: Act) -> Row:
    row = view.row_of[act.communication]
    sender = int(view.sender[row])
    return {
        "id": act.id,
        "kind": act.kind.value,
        "communication": act.communication,
        "span": [act.start, act.end],
        "said": act.said,
        "cue": act.cue,
        "ruled": _ruled(act),
        "due": _due(act.due),
        "by": None if sender == NOBODY else view.identities[sender].id,
        "to": sorted(view.identities[who].id for who in view.identities_to(row)),
    }


def _due(due: Deadline | None) -> Row | None:
    """A `when`: the days that the words may mean, read on the day of the message."""
    if due is None:
        return None
    first, last = start_of(due.first), end_of(due.last)
    return when(Moment(earliest=first, latest=last, said=due.words, basis=Basis.SENTENCE))


def ruling_rows(case: Case) -> list[Row]:
    """One row of the export a ruling that counts, with the sentences that are no act by it."""
    return [
        {
            "communication": one.communication,
            "said": one.said,
            "kind": one.kind.value,
            "verdict": one.verdict.value,
            "instead": one.instead.value if one.instead else None,
            "who": one.who,
            "when": utc_text(one.when),
            "because": one.because,
        }
        for one in sorted(case.act_rulings(), key=lambda one: one.key)
    ]


def _ruled(act: Act) -> Row | None:
    """The ruling by which an act is one, as a field of its row."""
    one = act.ruled
    if one is None:
        return None
    return {"who": one.who, "when": utc_text(one.when), "because": one.because}
