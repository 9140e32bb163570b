"""Which earlier message a message answers, told by what it quotes, where no header says so.

Witnesses, strongest first: author and minute of a quoted header; the quoted words in a message of
that author or at that minute, or in no other; then the subject, its place in a series, and whom
the reply is addressed to. Two witnesses make a link, one alone a suggestion. What a quotation names
and no message held answers to is absent. `benchmarks/reconstruction.py` measures all of it; the
steps were chosen on the earlier halves of public lists and are reported on the later ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from commtrace.model import LinkBasis, Segment
from commtrace.reconstruction.authorship import greeted
from commtrace.reconstruction.earlier import Earlier
from commtrace.reconstruction.quotations import Quoted
from commtrace.reconstruction.quoted import instants
from commtrace.reconstruction.subjects import says_reply
from commtrace.reconstruction.wording import Held, Wordings

_SURE, _MOST, _HALF, _TRACE = 0.8, 0.7, 0.5, 0.2  # shares of runs of words
_LONGEST = 8_000  # characters of all that is quoted: the parent's words stand before its parent's
_BEGINNINGS = (240, 100)  # characters
_TELLING = 4  # runs that a quotation needs to be known by its words
_LAST_TO_CHOOSE = -1  # of a rank: the time, which only breaks ties


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a message's own words say of its parent: a row or none, by what, and how sure.

    `suggested` where one witness stands alone. `absent` are the witnesses of a parent that nobody
    supplied; there is no row then.
    """

    parent: int | None = None
    basis: LinkBasis = LinkBasis.SUBJECT
    suggested: bool = True
    absent: tuple[LinkBasis, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One message whose parent is sought: its outermost quotation and what holds its words."""

    row: int
    header: Segment | None
    timed: bool
    brief: bool  # words are quoted, too few to be known by them
    direct: Held
    look_wider: Callable[[], Held]
    greeted: frozenset[str]
    near: Sequence[int]
    minute: Sequence[int]

    @cached_property
    def wider(self) -> Held:
        """What holds all the words that are quoted, of whatever level."""
        return self.look_wider()

    @cached_property
    def whole(self) -> list[int]:
        """Messages on the subject of whose own words most stand in what is quoted."""
        return [r for r in self.near if self.wider.of_own.get(r, 0.0) >= _MOST]

    @property
    def signed(self) -> bool:
        """Whether the quotation says who wrote it."""
        return self.header is not None and self.header.author is not None


class Answers:
    """Reads one message after another against everything that may have been there before it."""

    def __init__(self, earlier: Earlier, wordings: Wordings) -> None:
        self.earlier, self.wordings = earlier, wordings

    def answered(self, row: int, quoted: Quoted) -> Answered:
        """The parent of `row`, which quotes `quoted`."""
        header, words = quoted.header, quoted.words
        if (head := self.earlier.head_of_series(row)) is not None:
            parent, number = head
            return Answered(parent=parent, basis=LinkBasis.SERIES, suggested=number > 0)
        one = self.earlier.rows[row]
        direct = self.wordings.held(words)
        asked = _Asked(
            row=row,
            header=header,
            timed=header is not None and header.author is not None and bool(instants(header, one)),
            brief=bool(words) and direct.runs < _TELLING,
            direct=direct,
            look_wider=lambda: self.wordings.held(quoted.every, longest=_LONGEST),
            greeted=greeted(quoted.opening),
            near=self.earlier.on_subject(row),
            minute=self.earlier.at_minute(header, row) if header is not None else (),
        )
        if (found := self._by_header(asked)) is not None:
            return found
        if asked.timed and self._begins_unheard(asked, words):
            return Answered(absent=(LinkBasis.QUOTED_HEADER, LinkBasis.QUOTED_TEXT))
        if (found := self._by_words(asked)) is not None:
            return found
        if absent := self._absent(asked):
            return Answered(absent=absent)
        if asked.whole and not asked.timed:
            last = self.earlier.last(asked.whole)
            return Answered(parent=last, basis=LinkBasis.QUOTED_TEXT)
        return self._by_subject(asked)

    def _by_header(self, asked: _Asked) -> Answered | None:
        """The message of the quoted author and minute."""
        if asked.header is None:
            return None
        author = asked.header.author
        named = [r for r in asked.minute if self.earlier.wrote(author, r) and self._fits(asked, r)]
        named = named or self._on_other_clock(asked, asked.header)
        named = [r for r in named if r < asked.row] or named
        if not named:
            return None
        best = max(named, key=lambda r: self._rank(asked, r))
        spoken = asked.direct.share.get(best, 0.0) >= _HALF
        last = best if spoken else self.earlier.last([best, *asked.whole])
        if last != best:
            return Answered(parent=last, basis=LinkBasis.QUOTED_TEXT)
        fit = self._rank(asked, best)[:_LAST_TO_CHOOSE]
        rivals = [r for r in named if not self.earlier.same_id(r, best)]
        alone = all(self._rank(asked, r)[:_LAST_TO_CHOOSE] < fit for r in rivals)
        return Answered(parent=best, basis=LinkBasis.QUOTED_HEADER, suggested=not alone)

    def _fits(self, asked: _Asked, other: int) -> bool:
        """Whether subject or words speak for a message of the right author and minute."""
        few = asked.direct.runs < _TELLING or asked.direct.share.get(other, 0.0) >= _TRACE
        same = self.earlier.base[other] == self.earlier.base[asked.row]
        return few or (same and self.earlier.place[other] == self.earlier.place[asked.row])

    def _on_other_clock(self, asked: _Asked, header: Segment) -> list[int]:
        """Messages of the author on the subject, within a day, with the minutes of the quotation.

        The zone of a quoted time need not be the replier's: a phone, a server's default. The
        quotation must hold the message's words, so far as it holds any.
        """
        times = instants(header, self.earlier.rows[asked.row])
        spoken = asked.direct.runs >= _TELLING
        holding = asked.direct.share if spoken else asked.wider.of_own
        least = _TRACE if spoken else _HALF
        return [
            other
            for other in (asked.near if times else ())
            if holding.get(other, 0.0) >= least
            and self.earlier.wrote(header.author, other)
            and self.earlier.same_minutes(times, other)
        ]

    def _begins_unheard(self, asked: _Asked, words: str) -> bool:
        """Whether what is quoted first stands nowhere, though what follows may.

        Programs that mark no levels put the parent's words before all that it quoted itself.
        """
        if asked.direct.nowhere < _TELLING:
            return False
        for longest in _BEGINNINGS:
            whole = len(words) <= longest
            first = asked.direct if whole else self.wordings.held(words, longest=longest)
            if first.runs >= _TELLING and first.nowhere >= _SURE * first.runs:
                return True
            if first.nowhere < _TELLING:
                return False  # nor has a shorter one more
        return False

    def _by_words(self, asked: _Asked) -> Answered | None:
        """The message that holds the quoted words; or none, where it is another version's."""
        shares = {r: s for r, s in asked.direct.share.items() if self.earlier.before(r, asked.row)}
        top = max(shares.values(), default=0.0)
        if asked.direct.runs < _TELLING or top < _HALF:
            return None
        author = asked.header.author if asked.header is not None else None
        alike = [r for r, share in shares.items() if share >= 0.9 * top]
        minute = [r for r in alike if r in asked.minute]
        wrote = [r for r in alike if self.earlier.wrote(author, r)]
        best = max(minute or wrote or alike, key=lambda r: self._rank(asked, r))
        if not minute:
            best = self.earlier.last([best, *asked.whole])
        if asked.timed and not minute and self.earlier.other_version(asked.row, best):
            return Answered(absent=(LinkBasis.QUOTED_HEADER, LinkBasis.SUBJECT))
        same = self.earlier.base[best] == self.earlier.base[asked.row]
        if not (same or minute or wrote) and asked.near:
            return None  # a formula of some other matter
        told = best in wrote or (not asked.signed and best in asked.whole)
        alone = all(self.earlier.same_id(r, best) for r in alike)
        sure = bool(minute) or (alone and same and told)
        return Answered(parent=best, basis=LinkBasis.QUOTED_TEXT, suggested=not sure)

    def _rank(self, asked: _Asked, other: int) -> tuple[bool, bool, float, float]:
        """How well a message fits, where several do."""
        return (
            self.earlier.base[other] == self.earlier.base[asked.row],
            self.earlier.place[other] == self.earlier.place[asked.row],
            round(asked.direct.share.get(other, 0.0), 1),
            self.earlier.time(other),
        )

    def _absent(self, asked: _Asked) -> tuple[LinkBasis, ...]:
        """What speaks for a parent that nobody supplied: two cues, or many words held nowhere."""
        author = asked.header.author if asked.header is not None else None
        nowhere = asked.direct.nowhere / max(asked.direct.runs, 1)
        cues = []
        elsewhere = any(self.earlier.wrote(author, r) for r in asked.near)
        if asked.timed or (author and not elsewhere):
            cues.append(LinkBasis.QUOTED_HEADER)
        known = asked.direct.runs >= _TELLING
        if known and nowhere >= _MOST:
            cues.append(LinkBasis.QUOTED_TEXT)
        if says_reply(self.earlier.rows[asked.row].subject) and not asked.near:
            cues.append(LinkBasis.SUBJECT)
        many = asked.direct.runs >= 2 * _TELLING and nowhere >= _SURE
        few = asked.timed and asked.brief and not elsewhere
        half = asked.timed and known and nowhere >= _HALF
        return tuple(cues) if len(cues) > 1 or (cues and (many or few or half)) else ()

    def _by_subject(self, asked: _Asked) -> Answered:
        """The likeliest message on the subject, never relied on."""
        row, author = asked.row, asked.header.author if asked.header is not None else None
        near = asked.near
        if not says_reply(self.earlier.rows[row].subject):
            near = [r for r in near if self.earlier.soon(r, row)]
        if not near:
            return Answered()

        talking = self._goes_on(asked, near)

        def rank(other: int) -> tuple[bool, bool, float, float, bool, bool, bool, float]:
            return (
                self.earlier.wrote(author, other),
                self.earlier.place[other] == self.earlier.place[row],
                round(asked.direct.share.get(other, 0.0), 1),
                round(asked.wider.of_own.get(other, 0.0), 1),
                self.earlier.goes_by(asked.greeted, other),
                talking == self.earlier.wrote(self.earlier.rows[row].sender, other),
                self.earlier.addressed(row, other),
                self.earlier.time(other),
            )

        return Answered(parent=max(near, key=rank), basis=LinkBasis.SUBJECT)

    def _goes_on(self, asked: _Asked, near: Sequence[int]) -> bool:
        """Whether the writer wrote the last message on the subject too, and turns to nobody new.

        Who quotes nothing then mostly goes on from there: 30 of 46 on lists that rules were made
        with, and 9 answered the last of somebody else.
        """
        row, last, wrote = asked.row, self.earlier.last(near), self.earlier.wrote
        if not wrote(self.earlier.rows[row].sender, last):
            return False
        return not any(
            self.earlier.addressed(row, other) and not self.earlier.addressed(last, other)
            for other in near
            if not wrote(self.earlier.rows[row].sender, other)
        )
