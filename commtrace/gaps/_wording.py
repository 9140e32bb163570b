"""Words that every rule's sentences share: numbers with their noun, lists, parties, completeness.

What a sentence claims is the rule's own; nothing here says that something is absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from commtrace.gaps._columns import as_of_day
from commtrace.model import Check, Coverage, Outcome, PartyKind
from commtrace.moments import say_day
from commtrace.view import NOBODY, View
from commtrace.workdays import Calendar

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_DAY = {"working": "working day", "school": "school day", "foi": "working day", "every day": "day"}
_SAID_AT_MOST = 240
UNKNOWN_PARTY = "not placed with a party"
UNRELATED = (PartyKind.FAMILIES, PartyKind.PUBLIC, PartyKind.PRESS, PartyKind.SCHOOL)
VULNERABLE = (PartyKind.FAMILIES, PartyKind.FORUM, PartyKind.MEMBERS, PartyKind.PUBLIC)
OUTSIDE = (*UNRELATED, PartyKind.FORUM, PartyKind.PARTNER, PartyKind.PROVIDER)


def number(count: int, noun: str, plural: str | None = None) -> str:
    """`three messages`, `one message`, `no message`, `24 messages`."""
    word = _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"
    return f"{word} {noun if count in {0, 1} else plural or noun + 's'}"


def some(count: int, noun: str, rest: str, plural: str | None = None) -> str:
    """`three messages ...`, or nothing where there are none: the ground of a failed check."""
    return f"{number(count, noun, plural)} {rest}" if count else ""


def days_in(count: int, calendar: Calendar | str) -> str:
    """`20 working days`, `1 school day`, `1,481 working days`."""
    noun = _DAY[calendar if isinstance(calendar, str) else calendar.name]
    return f"{count} {noun}" if count == 1 else f"{count:,} {noun}s"


def times(count: int) -> str:
    """`once`, `twice`, `three times`."""
    return ("", "once", "twice")[count] if 0 < count < 3 else number(count, "time")


def counted_in(calendar: Calendar) -> str:
    """The kind of days a calendar counts: those of the FOI Act are working days too."""
    return "working" if calendar.name == "foi" else calendar.name


def clocks(
    view: View, own: Calendar, parties: Iterable[int], count: Callable[[Calendar], int]
) -> str:
    """`8 working days and 3 school days`: a time in each kind of days that somebody counts.

    First in those of `own`, then of the calendars of `parties`, then in working days.
    """
    theirs = (view.calendar_of(index) for index in parties if index != NOBODY)
    each: dict[str, Calendar] = {}
    for one in (own, *theirs, view.working):
        each.setdefault(counted_in(one), one)
    return listed(days_in(count(one), one) for one in each.values())


def listed(names: Iterable[str], *, at_most: int = 4) -> str:
    """`a, b and c`; the rest are counted."""
    items = list(dict.fromkeys(names))
    if len(items) > at_most:
        items = [*items[: at_most - 1], f"{len(items) - at_most + 1} more"]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def party(view: View, index: int) -> str:
    """The label of a party."""
    return UNKNOWN_PARTY if index == NOBODY else view.parties[index].label


def kind_of(view: View, index: int) -> PartyKind:
    """The kind of a party; somebody without one is of the public."""
    return PartyKind.PUBLIC if index == NOBODY else view.parties[index].kind


def party_ids(view: View, *indices: int) -> tuple[str, ...]:
    """The ids of parties, each once, nobody left out."""
    return tuple(dict.fromkeys(view.parties[i].id for i in indices if i != NOBODY))


def who(view: View, identity: int) -> str:
    """The label of an identity."""
    return "an unknown sender" if identity == NOBODY else view.identities[identity].label


def placed(view: View, people: Iterable[int], parties: Iterable[int]) -> str:
    """`Kay Osman, Head of Referrals (Trust)`; a mailbox with its party's name stands alone."""
    names = listed(_with_role(view, one) for one in people)
    labels = listed(party(view, index) for index in parties)
    return names if names.casefold() == labels.casefold() else f"{names} ({labels})"


def _with_role(view: View, identity: int) -> str:
    name = who(view, identity)
    if identity == NOBODY:
        return name
    addresses = {member.address.casefold() for member in view.identities[identity].members}
    role = next((p.role for p in view.brief.people if p.address.casefold() in addresses), "")
    return f"{name}, {role}" if role and role.casefold() != name.casefold() else name


def mailbox_of(view: View, custodian: str) -> str:
    """The name of a custodian's person or mailbox, as identities have it."""
    wanted = next((s.identity for s in view.coverage if s.custodian == custodian), None)
    return next((one.label for one in view.identities if one.id == wanted), custodian)


def initial(words: str) -> str:
    """The words as the beginning of a sentence; the rest of them stay as they are."""
    return words[:1].upper() + words[1:]


def quoted(words: str) -> str:
    """What somebody wrote, on one line, shortened at a word where it is long."""
    line = " ".join(words.split())
    if len(line) <= _SAID_AT_MOST:
        return f"“{line}”"
    return f"“{line[:_SAID_AT_MOST].rsplit(' ', 1)[0]} …”"


def quoted_sentence(words: str) -> str:
    """What somebody wrote, as the end of a sentence: its own full stop or question mark serves."""
    said = quoted(words)
    return said if said[-2] in ".?!…" else f"{said}."


def span(first: date, last: date) -> str:
    """`on 6 Feb 2022` or `from 6 Feb 2022 to 9 Feb 2022`."""
    if first == last:
        return f"on {say_day(first)}"
    return f"from {say_day(first)} to {say_day(last)}"


def reached(view: View, day: date) -> str:
    """The day to which a wait is counted, and why where the evidence goes further."""
    return say_day(day) if day >= as_of_day(view) else f"{say_day(day)}, the last day covered"


def reconciled(stretches: Sequence[Coverage]) -> str:
    """How complete the mailboxes were measured to be, in brackets."""
    shares = [s.completeness for s in stretches if s.completeness is not None]
    if not shares:
        return "(their completeness could not be measured)"
    return f"(reconciliation {min(shares):.0%})"


def passed(what: str, because: str = "") -> Check:
    """An innocent explanation that was looked for and not found."""
    return Check(what=what, outcome=Outcome.PASSED, because=because)


def failed(what: str, because: str) -> Check:
    """An innocent explanation that may hold."""
    return Check(what=what, outcome=Outcome.FAILED, because=because)


def untestable(what: str, because: str) -> Check:
    """An innocent explanation that the material cannot settle."""
    return Check(what=what, outcome=Outcome.UNTESTABLE, because=because)


def check(what: str, against: str, otherwise: str) -> Check:
    """FAILED because of `against` where that says something, else PASSED because `otherwise`."""
    return failed(what, against) if against else passed(what, otherwise)
