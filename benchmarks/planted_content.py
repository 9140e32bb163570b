"""Scenes of what was said: undertakings, notice, statements, decisions, consultations, letters.

Plants and decoys of family C, told from the definitions of its statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from planted_case import Told

_GO_ON = "aofficer0"
_SCHOOL = 10  # school days of notice that the case asks for


class Undertaking:
    """Something promised to a family by a day, `left` working days after it is said."""

    def __init__(self, told: Told, *, day: int | None = None, left: int = 8) -> None:
        self.told, self.family, self.officer = told, told.family(), told.officer()
        self.day = told.start(4, 70) if day is None else day
        self.thing, self.left = told.pick("things"), left
        self.subject = self.thing.removeprefix("the ").removeprefix("a ").capitalize()
        self.due = self.day + left
        self.key = ""

    def promised(self, slot: str = "promise", **more: Any) -> str:
        """The undertaking, in a thread of the officer's."""
        self.key = self.officer_says(0, slot, **more)
        return self.key

    def officer_says(self, after: int, slot: str, later: int = 0, **more: Any) -> str:
        """The officer writes, `after` working days later; `later` is a day by number."""
        text = self.told.fill(slot, thing=self.thing, **self._days(later))
        said = {"subject": self.subject, **more}
        if self.key and "subject" not in more:
            said["answers"] = self.key
        by = str(said.pop("by", self.officer))
        return self.told.say(by, self.family, self.day + after, text, **said)

    def family_says(self, after: int, slot: str, later: int = 0) -> str:
        """The family answers in the thread."""
        text = self.told.fill(slot, thing=self.thing, matter=self.thing, **self._days(later))
        return self.told.say(self.family, self.officer, self.day + after, text, answers=self.key)

    def _days(self, later: int) -> dict[str, str]:
        last = len(self.told.days) - 1
        due = self.told.days[self.due] if self.due <= last else None
        day = due or self.told.days[last] + timedelta(days=self.due - last)
        return {"day": self.told.words(day), "later": self.told.words(min(later, last)),
                "sooner": self.told.words(self.due - 3) if due else ""}  # fmt: skip


def broken_promise(told: Told) -> None:
    """Undertaken by a day and not done by it, and what is kept, conditional, released."""
    rule = "broken_promise"
    for _ in range(3):
        Undertaking(told).promised()
        told.scene(rule, "nothing more", gap=True)
    one = Undertaking(told)
    one.promised()
    one.officer_says(one.left + 14, "keep")
    told.scene(rule, "done fourteen working days after", gap=True)
    _to_everybody(told, kept=5, of=9)
    told.scene(rule, "promised to all, kept for five of nine", gap=True)
    one = Undertaking(told)
    one.promised()
    one.officer_says(5, "keep")
    told.scene(rule, "kept", gap=False)
    one = Undertaking(told)
    one.promised()
    other = told.officer(told.cast[one.officer].party)
    one.officer_says(6, "keep", by=other, subject=f"{one.subject} attached below")
    told.scene(rule, "kept by a colleague in another thread", gap=False)
    one = Undertaking(told)
    one.promised()
    text = told.fill("keep", thing=one.thing)
    told.write(one.family, one.due - 1, one.subject, [text], by=one.officer)
    told.scene(rule, "kept by letter", gap=False)
    Undertaking(told).promised("soft")
    told.scene(rule, "conditional", gap=False)
    one = Undertaking(told)
    one.promised()
    one.family_says(2, "released")
    told.scene(rule, "released", gap=False)
    _extended(told)
    told.scene(rule, "extension agreed, then kept", gap=False, also=("slipping_promise",))
    Undertaking(told, day=len(told.days) - 4).promised()
    told.scene(rule, "not yet due at the cut-off", gap=False)
    one = Undertaking(told)
    one.promised("past")
    told.scene(rule, "a report of what was kept", gap=False)
    _to_everybody(told, kept=9, of=9)
    told.scene(rule, "promised to all, kept for all", gap=False)


def _extended(told: Told) -> None:
    one = Undertaking(told)
    one.promised()
    late = one.due + 10
    key = one.officer_says(4, "later", late)
    told.say(one.family, one.officer, one.day + 5, told.fill("agreed", later=told.words(late)),
             answers=key)  # fmt: skip
    one.officer_says(one.left + 8, "keep")


def _to_everybody(told: Told, *, kept: int, of: int) -> None:
    day, people, officer = told.start(8, 70), [told.family() for _ in range(of)], told.officer()
    number = told.dice.randrange(len(told.bank["class_promise"]))
    text = told.bank["class_promise"][number].replace("{day}", told.words(day + 12))
    told.say(officer, people, day, text, subject="News for all")
    for after, family in enumerate(people[:kept]):
        told.say(officer, family, day + 3 + after, told.bank["class_keep"][number],
                 subject="Your details")  # fmt: skip


def slipping_promise(told: Told) -> None:
    """Restated with a later day, and restated otherwise."""
    rule = "slipping_promise"
    for steps, kept in ((1, True), (1, False), (2, True), (1, True)):
        one = Undertaking(told)
        one.promised()
        after = 0
        for step in range(steps):
            after = one.left - 2 + step * 9
            late = one.due + 9 * (step + 1)
            one.officer_says(after, "later", late)
            one.due = late
        if kept:
            one.officer_says(after + 8, "keep")
        told.scene(rule, f"{steps} later day(s)", gap=True, also=("broken_promise",))
    for name, slot in (("the same day again", "same"), ("a sooner day", "sooner")):
        one = Undertaking(told)
        one.promised()
        one.officer_says(3, slot)
        one.officer_says(4, "keep")
        told.scene(rule, name, gap=False)
    one = Undertaking(told)
    one.promised()
    one.officer_says(5, "keep")
    one.officer_says(12, "past")
    told.scene(rule, "a report of what was kept", gap=False)
    one = Undertaking(told)
    one.promised()
    one.officer_says(6, "keep")
    one.thing, one.due = told.pick("things"), one.day + 20
    one.officer_says(8, "promise")
    one.officer_says(18, "keep")
    told.scene(rule, "another thing by another day", gap=False)


def late_notice(told: Told) -> None:
    """Told too few school days before, and told before by some other way."""
    rule = "late_notice"
    for before in (3, 5, 7):
        event = _event(told)
        _notice(told, event, before, event["members"])
        told.scene(rule, f"told {before} school days before", gap=True)
    event = _event(told)
    _notice(told, event, 22, event["members"])
    told.scene(rule, "told in time", gap=False)
    event = _event(told)
    _notice(told, event, 24, event["members"])
    _notice(told, event, 3, event["members"])
    told.scene(rule, "told in time, and reminded", gap=False)
    event = _event(told)
    for family in event["members"]:
        text = event["text"].replace("{day}", told.words(event["date"]))
        told.write(family, _before(told, event["date"], 20), event["label"], [text])
    _notice(told, event, 4, event["members"])
    told.scene(rule, "told by letter in time, and reminded by mail", gap=False)
    event = _event(told)
    for number, family in enumerate(event["members"]):
        _notice(told, event, 16 + number, [family])
    told.scene(rule, "told one by one in time", gap=False)


def _event(told: Told) -> dict[str, Any]:
    label, term, text = told.pick("events")
    number = len(told.events)
    day = told.days[told.start(55, len(told.days) - 20)]
    event = {"id": f"event-{number}", "label": label, "term": term, "text": text, "date": day,
             "members": [told.family() for _ in range(4)]}  # fmt: skip
    told.events.append(event)
    return event


def _notice(told: Told, event: dict[str, Any], before: int, to: Sequence[str]) -> None:
    text = event["text"].replace("{day}", told.words(event["date"]))
    told.say(_GO_ON, to, _before(told, event["date"], before), text, subject=event["label"])


def _before(told: Told, day: date, school_days: int) -> int:
    """The last working day with so many school days between it and `day`."""
    return max(n for n, one in enumerate(told.days)
               if told.school.clear_days(one, day) == school_days)  # fmt: skip


def contradiction(told: Told) -> None:
    """Two statements that cannot both hold, and updates, scopes and agreement."""
    rule = "contradiction"
    for pair in told.bank["contradictions"]:
        _told_two(told, pair, apart=0)
        told.scene(rule, "two values at one time", gap=True)
    for pair in told.bank["updates"]:
        _told_two(told, pair, apart=6, same=True)
        told.scene(rule, "an update to the same readers", gap=False)
    for pair in told.bank["scopes"]:
        _told_two(told, pair, apart=0)
        told.scene(rule, "two scopes", gap=False)
    for pair in told.bank["agreeing"]:
        _told_two(told, pair, apart=0)
        told.scene(rule, "the same in other words", gap=False)


def _told_two(told: Told, pair: Sequence[str], *, apart: int, same: bool = False) -> None:
    day, place, other = told.start(10, 90), told.pick("places"), told.pick("places")
    one, two = (text.replace("{place}", place).replace("{place2}", other) for text in pair)
    first, second = told.officer("a"), told.officer("b")
    told.say(first, "member", day, one, subject=f"Briefing: {place}")
    reader = "member" if same else told.family()
    told.say(first if same else second, reader, day + apart, two, subject=f"{place}: position")


def decision_without_trail(told: Told) -> None:
    """Announced with no recorded decision, and with one, or not decided by the council."""
    rule = "decision_without_trail"
    for text in told.bank["decided"]:
        _announced(told, text, told.pick("places"))
        told.scene(rule, "no record", gap=True)
    for text, record in zip(told.bank["decided"], told.bank["recorded"], strict=True):
        place, day = told.pick("places"), told.start(15, 90)
        told.say("member", told.officer("a"), day - 7, record.replace("{place}", place),
                 subject=f"Decision: {place}")  # fmt: skip
        _announced(told, text, place, day)
        told.scene(rule, "a decision on record", gap=False)
    for text in told.bank["proposed"]:
        _announced(told, text, told.pick("places"))
        told.scene(rule, "only proposed", gap=False)
    for text in told.bank["others"]:
        _announced(told, text, told.pick("places"))
        told.scene(rule, "somebody else's decision", gap=False)


def _announced(told: Told, text: str, place: str, day: int | None = None) -> None:
    day = told.start(15, 90) if day is None else day
    text = text.replace("{place}", place).replace("{day}", told.words(day + 20))
    subject = f"Changes at {place}" if place in text else "For your information"
    told.say(told.officer("a"), [told.family() for _ in range(3)], day, text, subject=subject)


def short_consultation(told: Told) -> None:
    """Open for too few school days, and long enough, extended, informal, somebody else's."""
    rule = "short_consultation"
    for text, days in zip(told.bank["consult"], (12, 17, 21), strict=True):
        _opened(told, text, days)
        told.scene(rule, f"{days} working days", gap=True)
    _opened(told, told.bank["long"], 48)
    told.scene(rule, "long enough", gap=False)
    day = _opened(told, told.bank["extending"], 18)
    text = told.bank["extended"].replace("{close}", told.words(day + 50))
    told.say(_GO_ON, [told.family() for _ in range(3)], day + 10, text, subject="Consultation")
    told.scene(rule, "extended in time", gap=False)
    for text in told.bank["comments"]:
        day = told.start(10, 100)
        told.say(told.officer(), told.officer(), day, text.replace("{close}", told.words(day + 4)),
                 subject="Draft")  # fmt: skip
        told.scene(rule, "comments on a draft", gap=False, also=("unanswered",))
    _opened(told, told.bank["nearby"][0], 15)
    told.scene(rule, "somebody else's consultation", gap=False)


def _opened(told: Told, text: str, days: int) -> int:
    day = told.start(8, len(told.days) - 52)
    text = text.replace("{open}", told.words(day + 1)).replace("{close}", told.words(day + days))
    people = [told.family() for _ in range(3)]
    told.say(told.officer("a"), people, day, text, subject="Consultation")
    return day


def inconsistent_letters(told: Told) -> None:
    """One letter whose variants differ in a day, and letters that differ as they should."""
    rule, decided = "inconsistent_letters", ("decision_without_trail",)
    for number, letter in enumerate(told.bank["letters"]):
        day, sent = told.start(60, 110), told.start(20, 50)
        _letters(told, letter, [day] * 4 + [day + 7] * 2, sent, mail=number == 1)
        told.scene(rule, "two days in one letter", gap=True, also=decided)
    same, own, corrected = told.bank["same_letters"]
    day, sent = told.start(60, 110), told.start(20, 50)
    _letters(told, same, [day] * 6, sent)
    told.scene(rule, "only names and references differ", gap=False, also=decided)
    _letters(told, own, [day] * 6, sent + 2, own=True)
    told.scene(rule, "each has a time of its own", gap=False, also=decided)
    people = _letters(told, corrected, [day + 5] * 4, sent + 4)
    note = "This letter replaces our letter of last week, in which the date was wrong. "
    subject, first, second, third = corrected
    now = told.words(told.days[day + 9])
    for family in people:
        second_now = note + second.replace("{day}", now)
        told.write(family, sent + 8, subject, [first, second_now, third])
    told.scene(rule, "corrected for everybody", gap=False, also=decided)


def _letters(told: Told, letter: Sequence[str], days: Sequence[int], sent: int, *,
             mail: bool = False, own: bool = False) -> list[str]:  # fmt: skip
    subject, first, second, third = letter
    people, officer = [], told.officer("a")
    for number, day in enumerate(days):
        family = told.family()
        people.append(family)
        clock = f"{7 + number % 2}.{10 + number * 5:02d}am" if own else ""
        when = f"{told.days[day].day} {told.days[day]:%B %Y}"
        paragraphs = [first, second.replace("{day}", when).replace("{time}", clock), third]
        if mail:
            told.say(officer, family, sent, "\n\n".join(paragraphs), subject=subject)
        else:
            told.write(family, sent, subject, paragraphs)
    return people


SCENES = (
    broken_promise, slipping_promise, late_notice, contradiction, decision_without_trail,
    short_consultation, inconsistent_letters,
)  # fmt: skip
