"""What the sentences of a message do, in words: every sentence with its acts and rulings on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from commtrace.figures.words import shorten
from commtrace.language.sentences import sentences
from commtrace.model import Act, ActKind, ActRuling, ActVerdict, Segment, Zone
from commtrace.reconstruction.tagged import places

KIND = {
    ActKind.REQUEST: "request",
    ActKind.CHASER: "reminder",
    ActKind.HOLDING_REPLY: "holding reply",
    ActKind.UNDERTAKING: "undertaking",
    ActKind.WARNING: "warning",
    ActKind.ATTACHMENT_CUE: "mention of an attachment",
    ActKind.CLOSURE: "thanks or closure",
    ActKind.OFF_RECORD: "mention of a conversation",
    ActKind.ANNOUNCEMENT: "announcement",
}
WORDS = tuple(KIND.values())
_CUE = 90  # characters of a cue or of its words; the table has the rest
_BARE = frozenset({ActKind.CLOSURE})  # said without an article
NOT_THERE = "Its words are not in the text as it is read now, so the ruling changes nothing."


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence: its words and place (None where it is not there), its acts, rulings on it."""

    words: str
    span: tuple[int, int] | None
    acts: tuple[Act, ...]
    rulings: tuple[ActRuling, ...]

    @property
    def key(self) -> str:
        """What the address calls it: where it begins, or its words where it is not there."""
        return str(self.span[0]) if self.span else self.words

    @property
    def kinds(self) -> str:
        """What it does, in words; "" where nothing was read in it."""
        found = ", ".join(KIND[act.kind] for act in self.acts)
        return found[:1].upper() + found[1:]


def sentences_of(
    text: str, segments: Sequence[Segment], acts: Sequence[Act], rulings: Sequence[ActRuling]
) -> tuple[Said, ...]:
    """The sentences of the new text, in order; then what was ruled on and is not there now.

    A span that an act or a ruling names and that is no sentence of its own stands among them.
    """
    spans = set(_new(text, segments)) | {(act.start, act.end) for act in acts}
    found: dict[tuple[int, int] | None, list[ActRuling]] = {span: [] for span in spans}
    absent = []
    for one in rulings:
        held = places(one.said, text, segments)
        for span in held:
            found.setdefault(span, []).append(one)
        if not held:
            absent.append(one)
    made = [
        Said(
            words=text[span[0] : span[1]],
            span=span,
            acts=tuple(act for act in acts if (act.start, act.end) == span),
            rulings=tuple(found[span]),
        )
        for span in sorted(span for span in found if span is not None)
    ]
    gone = (Said(words=one.said, span=None, acts=(), rulings=(one,)) for one in absent)
    return (*made, *gone)


def _new(text: str, segments: Iterable[Segment]) -> Iterator[tuple[int, int]]:
    for piece in segments:
        if piece.zone is Zone.NEW:
            yield from sentences(text, piece.start, piece.end)


def a(kind: ActKind) -> str:
    """A kind with its article: `an undertaking`, `thanks or closure`."""
    word = KIND[kind]
    if kind in _BARE:
        return word
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def verdict(one: ActRuling) -> str:
    """What a person said of a sentence: `is a request`, `is no request`, ..."""
    if one.verdict is ActVerdict.INSTEAD and one.instead is not None:
        return f"is {a(one.instead)} and no {KIND[one.kind]}"
    return f"is no {KIND[one.kind]}" if one.verdict is ActVerdict.IS_NOT else f"is {a(one.kind)}"


def basis(act: Act) -> str:
    """By what an act was recognised: its words and the cue, or who tagged it, when and why."""
    if act.ruled is None:
        plain = act.words == act.cue or act.cue.startswith("imperative: ")
        cue = f"Cue: {shorten(act.cue, _CUE)}"
        return cue if plain else f"By “{shorten(act.words, _CUE)}”. {cue}"
    said = act.cue[:1].upper() + act.cue[1:]
    other = act.ruled.verdict is ActVerdict.INSTEAD
    return f"{said.rstrip('.')}. Not {a(act.ruled.kind)}, as its cue was read." if other else said
