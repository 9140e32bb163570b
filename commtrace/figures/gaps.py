"""Findings as bars on the time axis: whose lane, from when to when, and what is written on them.

A bar lies in the lane of whoever owed the next step; colour and pattern say the family, the word or
letter says the rule, and the label is only as long as the bar can hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from commtrace.figures.ground import Ground
from commtrace.figures.marks import Bar, clock
from commtrace.figures.palette import PATTERNS
from commtrace.model import Finding
from commtrace.moments import local_day, say_day

_CHARACTER = 6.0  # pixels of one character of a bar's label
_LEAST = 7.0  # pixels of the shortest bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A finding on the axis: `days` are working days of its window; `reference` is `G-0001`."""

    finding: Finding
    reference: str
    lane: int
    x0: float
    x1: float
    days: int

    @property
    def word(self) -> str:
        """What the rule is called on screen and paper."""
        return rule_word(self.finding.rule)


def rule_word(rule: str) -> str:
    """A rule's file name as words: `broken_handoff` is "Broken handoff"."""
    return rule.replace("_", " ").capitalize()


def gaps(
    ground: Ground, findings: Iterable[Finding], reference: Callable[[Finding], str]
) -> tuple[Gap, ...]:
    """Every finding as a bar, in the order given (gravest first)."""
    return tuple(_gap(ground, finding, reference(finding)) for finding in findings)


def _gap(ground: Ground, finding: Finding, reference: str) -> Gap:
    first, last = local_day(finding.window.earliest), local_day(finding.window.last_second)
    party = finding.owes or next(iter(finding.parties), "")
    index = ground.view.party_index.get(party, -1)
    return Gap(
        finding=finding,
        reference=reference,
        lane=int(ground.lane_of_party[index]),
        x0=clock(finding.window.earliest),
        x1=clock(finding.window.latest),
        days=ground.view.working.elapsed(first, last),
    )


def label(gap: Gap, pixels: float) -> str:
    """The longest of word and days, letter and days, or nothing, that fits into `pixels`."""
    days = f"{gap.days} wd"
    for text in (f"{gap.word}, {days}", f"{gap.word[0]} {days}", gap.word[0]):
        if (len(text) + 1.5) * _CHARACTER <= pixels:
            return text
    return ""


def hover(ground: Ground, gap: Gap) -> str:
    """What a pointer at the bar reads: the rule, whose turn it was, the window."""
    window = gap.finding.window
    first, last = local_day(window.earliest), local_day(window.last_second)
    names = [ground.party(ground.view.party_index.get(p, -1)) for p in gap.finding.parties]
    return "\n".join(
        (
            f"{gap.reference} · {gap.word}",
            " and ".join(names) if names else "no party known",
            f"{say_day(first)} to {say_day(last)}, {gap.days} working days",
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the bars of a window went, and how many more each lane has than rows to hold them."""

    bars: tuple[Bar, ...]
    more: tuple[int, ...]


def layout(
    ground: Ground,
    chosen: Sequence[Gap],
    bounds: tuple[float, float],
    *,
    pixels: float,
    rows: int = 2,
    top: float = 0.46,
    dim: bool = False,
    strong: str = "",
) -> Layout:
    """Bars for the gaps of a window, at most `rows` deep in each lane, the gravest placed first.

    `pixels` is the width of the plot; `strong` is the id of the gap that is open, which is always
    placed. Bars are cut at the window; a bar too short to see or to hit is widened.
    """
    first, last = bounds
    scale = pixels / (last - first)
    used: list[list[list[tuple[float, float]]]] = [[[] for _ in range(rows)] for _ in ground.lanes]
    more = [0] * len(ground.lanes)
    height = (0.96 - top) / rows
    bars = []
    for gap in sorted(chosen, key=lambda g: g.finding.id != strong):
        x0, x1 = max(gap.x0, first), min(gap.x1, last)
        x1 = max(x1, x0 + _LEAST / scale)
        row = _free(used[gap.lane], x0, x1, 2.0 / scale)
        if row is None:
            more[gap.lane] += 1
            continue
        used[gap.lane][row].append((x0, x1))
        y = gap.lane + top + row * height
        bars.append(
            Bar(
                x0=x0,
                x1=x1,
                y0=y,
                y1=y + height * 0.88,
                ink=gap.finding.family.value,
                pattern=PATTERNS[gap.finding.family],
                label=label(gap, (x1 - x0) * scale),
                dim=dim and gap.finding.id != strong,
                strong=gap.finding.id == strong,
                key=f"g{gap.finding.id}",
                hover=hover(ground, gap),
            )
        )
    return Layout(bars=tuple(bars), more=tuple(more))


def _free(rows: list[list[tuple[float, float]]], x0: float, x1: float, space: float) -> int | None:
    for index, taken in enumerate(rows):
        if all(x1 + space <= a or x0 - space >= b for a, b in taken):
            return index
    return None
