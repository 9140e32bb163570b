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
from commtrace.moments import Moment, local_day, say_day
from commtrace.plugins import rule_word

_CHARACTER = 6.0  # pixels of one character of a bar's label
_LEAST = 7.0  # pixels of the shortest bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A finding on the axis, with its `reference` (`G-0001`) and how long it lasted.

    `count` and `unit` are what the rule measured ("46", "working day"); 0 and "" where a gap has
    no length, as a message that is cited and not held.
    """

    finding: Finding
    reference: str
    lane: int
    x0: float
    x1: float
    count: int
    unit: str

    @property
    def word(self) -> str:
        """What the rule is called on screen and paper."""
        return rule_word(self.finding.rule)

    @property
    def length(self) -> str:
        """How long it lasted, in words; "" where it has no length."""
        if not self.unit:
            return ""
        return f"{self.count:,} {self.unit}{'' if self.count == 1 else 's'}"

    @property
    def when(self) -> str:
        """The day or days of its window."""
        return say_span(self.finding.window)


def gaps(
    ground: Ground, findings: Iterable[Finding], reference: Callable[[Finding], str]
) -> tuple[Gap, ...]:
    """Every finding as a bar, in the order given (gravest first)."""
    return tuple(_gap(ground, finding, reference(finding)) for finding in findings)


def _gap(ground: Ground, finding: Finding, reference: str) -> Gap:
    party = finding.owes or next(iter(finding.parties), "")
    index = ground.view.party_index.get(party, -1)
    count, unit = _length(finding)
    return Gap(
        finding=finding,
        reference=reference,
        lane=int(ground.lane_of_party[index]),
        x0=clock(finding.window.earliest),
        x1=clock(finding.window.latest),
        count=count,
        unit=unit,
    )


def _length(finding: Finding) -> tuple[int, str]:
    """What the rule itself counted, so that no picture says another number than its sentence."""
    measure = finding.measure
    for name in ("days elapsed", "days waited", "active days silent", "working days"):
        if isinstance(measure.get(name), int | float):
            calendar = str(measure.get("calendar", "working"))
            return int(measure[name]), "day" if calendar == "every day" else f"{calendar} day"
    if isinstance(measure.get("weeks"), int | float):
        return int(measure["weeks"]), "week"
    return 0, ""


def say_span(window: Moment) -> str:
    """A window as its first and last day, or the one day that it lies in."""
    first, last = local_day(window.earliest), local_day(window.last_second)
    if first == last:
        return say_day(first)
    begin = say_day(first)
    if first.year == last.year:
        begin = begin.removesuffix(f" {first.year}")
    return f"{begin} to {say_day(last)}"


def label(gap: Gap, pixels: float) -> str:
    """The longest of word and days, letter and days, or nothing, that fits into `pixels`."""
    letters = "".join(word[0] for word in gap.unit.split())
    days = f"{gap.count} {letters}" if gap.unit else ""
    longest = f"{gap.word}, {days}" if days else gap.word
    for text in (longest, f"{gap.word[0]} {days}".strip(), gap.word[0]):
        if (len(text) + 1.5) * _CHARACTER <= pixels:
            return text
    return ""


def hover(ground: Ground, gap: Gap) -> str:
    """What a pointer at the bar reads: the rule, whose turn it was, the window."""
    names = [ground.party(ground.view.party_index.get(p, -1)) for p in gap.finding.parties]
    return "\n".join(
        (
            f"{gap.reference} · {gap.word}",
            " and ".join(names) if names else "no party known",
            f"{gap.when}, {gap.length}" if gap.length else gap.when,
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
    top: float = 0.45,
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
    height = (0.985 - top) / rows
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
                y1=y + height * 0.92,
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
