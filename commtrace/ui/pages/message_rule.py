"""What a person can say of a sentence: the choices that the Message page offers, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from commtrace.figures.acts import KIND, Said, a, verdict
from commtrace.model import Act, ActKind, ActVerdict

SAID = "message_said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to say: its verdict on `kind`; `kinds` are offered where one is to be chosen.

    `said` are the words that it is about, "" for those of the sentence that is open.
    """

    label: str
    verdict: ActVerdict
    kind: ActKind | None = None
    kinds: tuple[ActKind, ...] = ()
    said: str = ""

    def about(self, chosen: ActKind | None) -> tuple[ActKind, ActKind | None]:
        """The kind that is ruled on, and the one that it is instead."""
        if self.kind is None:
            if chosen is None:
                raise ValueError("A kind is to be chosen first.")
            return chosen, None
        return self.kind, chosen


def choices(one: Said) -> tuple[Choice, ...]:
    """Everything that can be said of a sentence, what a cue read in it first."""
    return tuple(_choices(one))


def _choices(one: Said) -> Iterator[Choice]:
    kinds = {act.kind for act in one.acts}
    others = tuple(kind for kind in ActKind if kind not in kinds)
    for act in one.acts:
        if act.ruled is None:
            yield from _of_cue(act, others)
    if one.span is not None:
        label = "It is something more" if one.acts else "It does something"
        yield Choice(label=f"{label}: choose what", verdict=ActVerdict.IS, kinds=others)
    for made in one.rulings:
        yield Choice(
            label=f"Take back that it {verdict(made)}", verdict=ActVerdict.WITHDRAWN,
            kind=made.kind, said=made.said,
        )  # fmt: skip


def _of_cue(act: Act, others: tuple[ActKind, ...]) -> Iterator[Choice]:
    word = KIND[act.kind]
    yield Choice(label=f"It is no {word}", verdict=ActVerdict.IS_NOT, kind=act.kind)
    yield Choice(
        label=f"It is no {word} but something else", verdict=ActVerdict.INSTEAD, kind=act.kind,
        kinds=others,
    )  # fmt: skip
    yield Choice(label=f"It is {a(act.kind)}, as read", verdict=ActVerdict.IS, kind=act.kind)
