"""Scenes of rhythm: everyday mail, silences and one-way traffic, planted and innocent.

Counts are Poisson with a rate that differs from week to week (a gamma of mean 1), which gives the
over-dispersion of real mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from planted_case import DESKS, Told

_WEEK = 5
_HOLE = (85, 112)  # working days without mail, in a silence that is planted
_BULK = {
    "List-Id": "<news.list>",
    "Precedence": "bulk",
    "List-Unsubscribe": "<mailto:off@x.example>",
}
_ROBOT = {"Auto-Submitted": "auto-generated", "Precedence": "bulk"}


def everyday(told: Told) -> None:
    """What officers write to one another and to the desks: no gap of any rule."""
    officers = [k for k in told.cast if "officer" in k]
    for sender in officers:
        others = [k for k in officers if k != sender]
        _stream(told, [sender], others, 0.7)
    families = [told.family() for _ in range(12)]
    for desk in DESKS:
        _stream(told, [desk], families, 0.5, slot="inform")
        _stream(told, families, [desk], 0.5, slot="no_ask")
    told.scene("", "everyday mail", gap=False)


def silence(told: Told) -> None:
    """Two parties that stop, and those whose stopping the calendar or their rhythm explains."""
    rule, council_a, council_b = "silence", _officers(told, "a"), _officers(told, "b")
    _both(told, ["firm0x", "firm0y"], council_a, 1.2, hole=_HOLE)
    told.scene(rule, "both stop", gap=True, pair="a firm0", also=("one_way",))
    _stream(told, council_b, ["chair"], 0.9, hole=_HOLE)
    _stream(told, ["chair"], council_b, 0.6)
    told.scene(rule, "one side stops", gap=True, pair="b forum", also=("one_way",))
    _both(told, ["firm1x", "firm1y"], council_b, 1.1)
    told.scene(rule, "the office's closure only", gap=False, pair="b firm1")
    _both(told, ["firm2x"], council_a, 0.12)
    told.scene(rule, "seldom at all times", gap=False, pair="a firm2")
    for day in range(6, len(told.days) - 3, 20):
        for n in range(6):
            told.say("firm3y", council_b[n % 3], day + n % 3, told.pick("traffic"),
                     subject="For the monthly meeting")  # fmt: skip
            told.say(council_b[n % 3], "firm3y", day + n % 3, told.pick("traffic"),
                     subject="Monthly meeting")  # fmt: skip
    told.scene(rule, "in bursts round a monthly meeting", gap=False, pair="b firm3")
    half = len(told.days) // 2
    _both(told, ["firm4x"], council_a, 1.0, last=half)
    _both(told, ["firm4y"], council_a, 1.0, first=half)
    told.scene(rule, "a colleague takes over", gap=False, pair="a firm4")


def one_way(told: Told) -> None:
    """All one direction, and what is no-reply by design or answered by others."""
    rule = "one_way"
    for firm, party, first, last in (("firm5x", "a", 20, 60), ("firm6x", "b", 50, 105)):
        _stream(told, [firm], _officers(told, party), 0.6, first=first, last=last, slot="concern")
        told.scene(rule, f"nothing back to {firm}", gap=True, pair=f"{party} {firm[:-1]}")
    _stream(told, ["chair"], ["a.desk"], 0.5, first=30, last=80, slot="concern")
    told.scene(rule, "nothing back to the forum", gap=True, pair="a forum")
    for day in range(3, len(told.days), 6):
        told.say("firm8x", _officers(told, "a"), day, told.bank["newsletter"], subject="Newsletter",
                 bare=True, headers=_BULK)  # fmt: skip
    told.scene(rule, "a newsletter", gap=False, pair="a firm8")
    for day in range(0, len(told.days), 2):
        told.say("firm9x", "b.desk", day, told.bank["robot"], subject="Report", bare=True,
                 headers=_ROBOT)  # fmt: skip
    told.scene(rule, "an automatic report", gap=False, pair="b firm9")
    _both(told, ["firm7x"], _officers(told, "a"), 0.4)
    told.scene(rule, "to and fro", gap=False, pair="a firm7")
    _stream(told, ["firm7y"], ["b.desk"], 0.5, slot="concern")
    _stream(told, _officers(told, "b"), ["firm7x"], 0.4)
    told.scene(rule, "others of both parties answer", gap=False, pair="b firm7")


def _officers(told: Told, party: str) -> list[str]:
    return [k for k in told.cast if k.startswith(f"{party}officer")]


def _both(  # noqa: PLR0917 (two sides, how often, and when)
    told: Told,
    ours: Sequence[str],
    theirs: Sequence[str],
    rate: float,
    hole: tuple[int, int] = (0, 0),
    first: int = 0,
    last: int = 10_000,
) -> None:
    _stream(told, ours, theirs, rate, hole=hole, first=first, last=last)
    _stream(told, theirs, ours, rate * 0.8, hole=hole, first=first, last=last)


def _stream(
    told: Told,
    senders: Sequence[str],
    recipients: Sequence[str],
    rate: float,
    *,
    hole: tuple[int, int] = (0, 0),
    first: int = 0,
    last: int = 10_000,
    slot: str = "traffic",
) -> None:
    """`rate` mails a working day from some to some, none on the days of `hole`."""
    busy = 1.0
    for day in range(len(told.days)):
        if day % _WEEK == 0:
            busy = told.dice.gammavariate(6, 1 / 6)
        if not first <= day <= last or hole[0] <= day < hole[1]:
            continue
        for _ in range(_poisson(told, rate * busy)):
            text = told.pick(slot)
            to = told.dice.choice(recipients)
            told.say(told.dice.choice(senders), to, day, text, subject=text[:28].rstrip(" ,."))


def _poisson(told: Told, mean: float) -> int:
    count, product = 0, told.dice.random()
    while product > exp(-mean):
        count, product = count + 1, product * told.dice.random()
    return count


SCENES = (everyday, silence, one_way)
