"""The view's columns turned round: rows by recipient, by sender, by subject, by what they do.

Built once for one run of one rule, so that no rule walks all rows for each row.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta

import numpy as np

from commtrace.model import Act, ActKind, PartyKind
from commtrace.moments import Basis, Moment, end_of, local_day, say_day
from commtrace.view import Ints, View

_MARKS = re.compile(
    r"^(?:\s*(?:(?:re|r[ée]p|aw|sv|antw|ref|fwd?|wg|tr)\s*(?:\[\d+\]|\(\d+\))?\s*:|\[[^\[\]]{0,80}\]))+",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"\s*(?:\[[^\[\]]{0,80}\]\s*)*(?:re|r[ée]p|aw|sv|antw|fwd?|wg|tr)\s*(?:\[\d+\]|\(\d+\))?\s*:",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_NAME = re.compile(  # what names one matter: a number or reference ("W26", "22/0733"), initials
    r"(?<!\w)(?:[A-Za-z]{0,4}\d[\w/-]*|(?:[A-Z]\.){2,3})(?!\w)"
)
_DATE = re.compile(r"(?:19|20)\d\d|\d{1,2}(?:st|nd|rd|th)?|\d{1,4}[/-]\d{1,2}(?:[/-]\d{1,4})?")
AWAY = re.compile(
    r"\b(?:out of (?:the )?office|away|(?:on|annual|sick|maternity|paternity|parental) leave"
    r"|on holiday|vacation|not (?:in|at work|working|available)|unavailable|back (?:in|on|at)"
    r"|return(?:ing|s)? (?:to (?:the office|work)|on))\b",
    re.IGNORECASE,
)
_LONG_PHRASE = 8  # words; shorter requests ("please advise") are everybody's own
_MANY_SENDERS, _OFTEN, _SHARE = 4, 20, 0.05
_GRATEFUL = re.compile(
    r"\b(?:am|are|is|was|were)\s(?:\w+\s)?(?:grateful|thankful)\b", re.IGNORECASE
)
_DIRECTION = re.compile(
    r"\W*(?:for [^,.?!]{1,60}, )?(?:(?:please|pls|kindly|also|and|so|then|but|instead)\W+){0,2}"
    r"(?:use|visit|see(?! (?:if|whether|what|who|that|to))|refer to|remember|note|ignore|disregard"
    r"|click|go to|enjoy|be aware|bear (?:in mind|with)|accept"
    r"|keep (?!(?:me|us|him|her|them)\b)|give (?:my|our) (?:\w+ )?(?:regards|best|love|thanks)"
    r"|(?:do not|don['’]t) (?:reply|respond|worry))\b",
    re.IGNORECASE,
)
_WANTS_WORD = re.compile(
    r"\?|\b(?:let|tell|confirm|advise|comment|send|(?:come|get) back"
    r"|and (?:reply|respond|answer))\b",
    re.IGNORECASE,
)
_WISHES = re.compile(r"\?|\b(?:would|could|can|please|if)\b", re.IGNORECASE)
_COMMON = frozenset(
    """
    the and for you your our are was were with from this that have has had not but about please
    thank thanks dear regards kind hello could would should will can any may yes all who what when
    where which how why there here been being get got let one two now more than then them they
    his her him she its out also just email mail message query question enquiry update urgent
    request information regarding further following mrs miss sir madam
    """.split()  # noqa: SIM905 - words are read as words
)


class Grouped:
    """Rows by a whole number from 0 to `size` - 1, each group in order of row."""

    def __init__(self, keys: Ints, rows: Ints, size: int) -> None:
        kept = keys >= 0
        keys, rows = keys[kept], rows[kept]
        order = np.lexsort((rows, keys))
        self._rows = rows[order]
        self._edges = np.searchsorted(keys[order], np.arange(size + 1))

    def __getitem__(self, key: int) -> Ints:
        return self._rows[self._edges[key] : self._edges[key + 1]]


def recipient_rows(view: View) -> Ints:
    """The row of each entry in the recipient columns."""
    return np.repeat(np.arange(len(view)), np.diff(view.recipient_offsets))


def by_recipient(view: View) -> Grouped:
    """Rows by the identity they were sent to."""
    return Grouped(view.recipient, recipient_rows(view), len(view.identities))


def by_sender(view: View) -> Grouped:
    """Rows by the identity that sent them."""
    return Grouped(view.sender, np.arange(len(view)), len(view.identities))


def by_subject(subjects: Sequence[str]) -> dict[str, Ints]:
    """Rows by their base subject; those without one are left out."""
    found: dict[str, list[int]] = {}
    for row, subject in enumerate(subjects):
        if subject:
            found.setdefault(subject, []).append(row)
    return {subject: np.array(rows, dtype=np.int64) for subject, rows in found.items()}


def rows_doing(view: View, *kinds: ActKind) -> Ints:
    """Dated rows in whose new text an act of one of `kinds` was read, in order."""
    row_of = view.row_of
    found = {
        row_of[identifier]
        for identifier, acts in view.acts.items()
        if identifier in row_of and any(act.kind in kinds for act in acts)
    }
    return np.array(sorted(row for row in found if row < view.dated), dtype=np.int64)


def does(view: View, row: int, *kinds: ActKind) -> bool:
    """Whether an act of one of `kinds` was read in a row."""
    return any(act.kind in kinds for act in view.acts.get(view.ids[row], ()))


def away_notices(view: View, rows: Sequence[int]) -> list[int]:
    """The automatic messages among `rows` that say somebody is away; receipts thank and do not."""
    automatic = [row for row in rows if view.automatic[row]]
    texts = view.text([view.ids[row] for row in automatic]) if automatic else {}
    return [
        row
        for row in automatic
        if AWAY.search(f"{view.subjects[row]} {texts.get(view.ids[row], '')}")
    ]


def between(rows: Ints, start: int, end: int, view: View) -> Ints:
    """The `rows` (sorted, dated) sent from `start` to before `end`, seconds since 1970."""
    starts = view.start[rows]
    first, last = np.searchsorted(starts, [start, end])
    return rows[first:last]


def as_of_day(view: View) -> date:
    """The last day that the evidence reaches (`as_of` is the moment after it)."""
    return local_day(view.as_of - timedelta(seconds=1))


def standing_phrases(view: View) -> frozenset[str]:
    """Requests of eight words or more that stand in one message in twenty, whoever wrote it.

    A footer that a gateway or an archive added; the same question by many people is none.
    """
    senders: dict[str, list[int]] = {}
    for row in rows_doing(view, ActKind.REQUEST).tolist():
        for act in view.acts[view.ids[row]]:
            if act.kind is ActKind.REQUEST and len(act.said.split()) >= _LONG_PHRASE:
                senders.setdefault(plain(act.said), []).append(int(view.sender[row]))
    often = max(_OFTEN, _SHARE * len(view))
    return frozenset(
        said
        for said, who in senders.items()
        if len(who) >= often and len(set(who)) >= _MANY_SENDERS
    )


def plain(words: str) -> str:
    """Words on one line, case-folded."""
    return " ".join(words.split()).casefold()


def asking(view: View, row: int) -> tuple[Act, ...]:
    """The acts of a row that ask or remind, requests first, and do not close the matter by it."""
    acts = view.acts.get(view.ids[row], ())
    closing = {act.start for act in acts if act.kind is ActKind.CLOSURE}
    open_ones = [
        act
        for act in acts
        if act.ruled  # a person's word stands over all three
        or (act.start not in closing and not _thanks(act.said) and not _directs(act.said))
    ]
    wanted = (ActKind.REQUEST, ActKind.CHASER)
    return tuple(act for kind in wanted for act in open_ones if act.kind is kind)


def _thanks(said: str) -> bool:
    """Whether a sentence says that somebody is grateful, and not that they would be."""
    return bool(_GRATEFUL.search(said)) and not _WISHES.search(said)


def _directs(said: str) -> bool:
    """Whether a sentence only tells the reader what to use or where to look; no answer is owed."""
    return bool(_DIRECTION.match(said)) and not _WANTS_WORD.search(said)


def asks(view: View, row: int) -> bool:
    """Whether a row asks or reminds, and does not close the matter by it."""
    return bool(asking(view, row))


def first_outside(view: View, kinds: Collection[PartyKind]) -> Ints:
    """For each thread, the first dated row that a party of `kinds` wrote in person, or -1."""
    outside = np.array([party.kind in kinds for party in view.parties] + [False], dtype=np.bool_)
    rows = np.flatnonzero(
        outside[view.sender_party] & (view.thread >= 0) & ~view.automatic & ~view.bulk
    )[::-1]
    rows = rows[rows < view.dated]
    found = np.full(len(view.threads), -1, dtype=np.int64)
    found[view.thread[rows]] = rows
    return found


def base_subject(subject: str) -> str:
    """The subject without its marks of reply, forward and list (RFC 5256, 2.1), case-folded."""
    return " ".join(_MARKS.sub("", subject).split()).casefold()


def answers_or_forwards(subject: str) -> bool:
    """Whether a subject carries a mark of a reply or a forward."""
    return _REPLY.match(subject) is not None


def tokens(text: str) -> frozenset[str]:
    """The telling words of a text, case-folded."""
    return frozenset(_WORD.findall(text.casefold())) - _COMMON


def names(text: str) -> frozenset[str]:
    """What a text names by number, reference or initials; days and years are none."""
    found = (name.rstrip("-/").casefold() for name in _NAME.findall(text))
    return frozenset(name for name in found if not _DATE.fullmatch(name))


def share(part: frozenset[str], whole: frozenset[str]) -> float:
    """How much of `part` occurs in `whole`, 0 to 1."""
    return len(part & whole) / len(part) if part else 0.0


def window(view: View, row: int, first: date, last: date, *, until: date | None = None) -> Moment:
    """The time a finding is about: from the row's own moment to the end of `last` or `until`."""
    when = view.whens[row]
    return Moment(
        earliest=when.earliest if when else view.as_of,
        latest=end_of(max(first, last, until or first)),
        said=f"{say_day(first)} to {say_day(last)}",
        basis=when.basis if when else Basis.DATE_HEADER,
    )
