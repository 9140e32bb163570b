"""What a sentence of a message does, and what a person ruled on that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from commtrace.model.evidence import CommunicationId, digest
from commtrace.moments import local_day, say_day


class ActKind(StrEnum):
    """What a sentence does."""

    REQUEST = "request"
    CHASER = "chaser"
    HOLDING_REPLY = "holding_reply"
    UNDERTAKING = "undertaking"
    WARNING = "warning"
    ATTACHMENT_CUE = "attachment_cue"
    CLOSURE = "closure"
    OFF_RECORD = "off_record"
    ANNOUNCEMENT = "announcement"


class ActVerdict(StrEnum):
    """What a person can rule on a sentence and a kind of act."""

    IS = "is"  # the sentence is an act of this kind
    IS_NOT = "is not"
    INSTEAD = "is instead"  # it is an act of another kind, and not of this one
    WITHDRAWN = "taken back"  # an earlier ruling on the same sentence and kind counts no more


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRuling:
    """A person's ruling that a sentence is, or is not, an act of a kind.

    It speaks of a communication and of the words of its sentence and not of places in a text, so
    that it holds after every new ingest and under better rules. `instead` is of INSTEAD alone.
    """

    communication: CommunicationId
    said: str
    kind: ActKind
    verdict: ActVerdict
    because: str
    who: str
    when: datetime
    instead: ActKind | None = None

    @property
    def key(self) -> tuple[str, str, ActKind]:
        """What it is about: the latest ruling on the same counts."""
        return (self.communication, " ".join(self.said.split()).casefold(), self.kind)

    @property
    def becomes(self) -> ActKind | None:
        """The kind that the sentence is by this ruling, if it is one."""
        if self.verdict is ActVerdict.INSTEAD:
            return self.instead
        return self.kind if self.verdict is ActVerdict.IS else None

    @property
    def signed(self) -> str:
        """Who ruled it, when and why: `A. Auditor, 3 Mar 2022: the reason`."""
        return f"{self.who}, {say_day(local_day(self.when))}: {self.because}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The days that the words of a sentence may mean, both included: due by the end of `last`.

    `[start, end)` is the place of `words` in the sentence; `rough` where they name no day at all
    ("shortly").
    """

    words: str
    start: int
    end: int
    first: date
    last: date
    rough: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What one sentence of the new text does: `said` are its words, `[start, end)` their place.

    `due` is the time it sets, read on the day of the message; `firm` is false where it only hopes
    or aims; `audience` are the words by which it speaks of everybody of a kind. `cue` is the line
    of the table by which it was recognised and `matched` are the words of the sentence that it
    matched. `ruled` is the ruling by which a person, and no cue, says so.
    """

    kind: ActKind
    communication: CommunicationId
    start: int
    end: int
    said: str
    cue: str
    due: Deadline | None = None
    firm: bool = True
    audience: str | None = None
    matched: str = ""
    ruled: ActRuling | None = None

    @property
    def words(self) -> str:
        """The words that it was recognised by: those matched, or all of a tagged sentence."""
        return (self.matched or self.cue) if self.ruled is None else " ".join(self.said.split())

    @property
    def recognised(self) -> str:
        """By what it was recognised, as the end of a sentence."""
        return f"recognised by “{self.words}”" if self.ruled is None else self.cue

    @property
    def id(self) -> str:
        """From content, so that it survives a re-run."""
        return digest("act", self.kind, self.communication, str(self.start), str(self.end))
