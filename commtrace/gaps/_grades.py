"""What is no original: how findings name it, what it may answer, and how strong it lets them be.

An entry by hand or a message known through a print or a log is evidence, of a lower grade than the
message itself. A weaker record never settles what a stronger one leaves open: the finding stays
and names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from commtrace.gaps._wording import listed, untestable
from commtrace.model import Channel, Finding, Grade, Strength
from commtrace.moments import Basis, days, say_day
from commtrace.view import View

_RANK = {Grade.ORIGINAL: 0, Grade.REPORTED: 1, Grade.ENTERED: 2}
_NOUN = {Channel.EMAIL: "message", Channel.WEB: "message", Channel.CHAT: "chat message"}
_MOST = {Grade.REPORTED: Strength.CORROBORATED, Grade.ENTERED: Strength.INDICATED}
NO_ORIGINAL = "It rests on no original"


def weaker(view: View, row: int, than: int) -> bool:
    """Whether a row is evidence of a lower grade than another row."""
    return _RANK[view.grade(row)] > _RANK[view.grade(than)]


def is_entered(view: View, row: int) -> bool:
    """Whether a row was entered by hand."""
    return view.grade(row) is Grade.ENTERED


def named(view: View, rows: Iterable[int]) -> str:
    """`an entry by A. Officer of 14 Feb 2022 and a reported letter of 15 Feb 2022`."""
    return listed(_name(view, row) for row in rows)


def _name(view: View, row: int) -> str:
    day = f" of {say_day(view.day(row))}" if row < view.dated else ""
    if is_entered(view, row):
        author = view.by_hand.get(view.ids[row])
        return f"an entry by {author}{day}" if author else f"an entry by hand{day}"
    noun = _NOUN.get(view.channels[row], view.channels[row].value)
    return f"a reported {noun}{day}" if view.grade(row) is Grade.REPORTED else f"a {noun}{day}"


def says_so(view: View, rows: Iterable[int]) -> str:
    """Why a check of an innocent explanation fails on such rows; "" where there are none."""
    found = list(rows)
    if not found:
        return ""
    verb = "says" if len(found) == 1 else "say"
    return f"{named(view, found)} {verb} so; no record made by the parties themselves was found"


def entered_between(view: View, one: int, other: int, first: date, last: date) -> list[int]:
    """Entries by hand of these days (both included) in which two parties took part."""
    window = days(first, last, "", Basis.ENTERED)
    begin, end = (int(when.timestamp()) for when in (window.earliest, window.latest))
    return [
        row
        for row in _entered(view)
        if begin <= view.start[row] < end
        and {one, other} <= {int(view.sender_party[row]), *view.parties_to(row)}
    ]


def _entered(view: View) -> list[int]:
    return [view.row_of[name] for name in view.by_hand if view.row_of[name] < view.dated]


def held_to(view: View, finding: Finding) -> Finding:
    """The finding no stronger than what it is about allows.

    About nothing but what is reported it is at most CORROBORATED, about entries alone INDICATED:
    DIRECT is metadata of the evidence itself.
    """
    grades = {view.grade(view.row_of[name]) for name in finding.about if name in view.row_of}
    if not grades or Grade.ORIGINAL in grades:
        return finding
    best = min(grades, key=_RANK.__getitem__)
    why = "all that it is about is known through a print, a log or a copy"
    if best is Grade.ENTERED:
        why = "all that it is about was entered by hand"
    return replace(
        finding,
        strength=min(finding.strength, _MOST[best]),
        checks=(*finding.checks, untestable(NO_ORIGINAL, why)),
    )
