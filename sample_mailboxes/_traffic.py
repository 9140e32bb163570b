"""Everyday traffic: exchanges drawn from phrase banks, and the daily situation report.

Weekly counts are Poisson with a rate that itself varies from week to week, which gives real mail's
over-dispersion; council staff write on working days, families at any hour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from ._compose import written_day
from ._dice import Dice
from ._mail import Draft, Person
from ._story import LONDON, Mailbox, Story

_WEEKS = (0.45, 0.75, 1.0, 1.25, 1.55)  # how busy a week is, beside the average of 1
_WEEK = timedelta(days=7)
_SLOT = re.compile(r"{(\w+)}")
_OUTSIDE_HOURS = {"parent"}
_OFFICE = tuple(zip(range(8, 18), (1.5, 3.0, 3.0, 3.0, 1.5, 2.0, 3.0, 3.0, 2.5, 1.0), strict=True))
_HOME = ((7, 2.0), (9, 2.0), (12, 2.0), (16, 3.0), (19, 3.0), (20, 3.0), (21, 2.0))


def traffic(story: Story) -> Iterator[Draft]:
    """All drafts that chance adds, in no particular order."""
    used: set[str] = set()
    for stream in story.raw["streams"]:
        for exchange in _exchanges(story, stream, used):
            if not any(_is_quiet(story, draft) or _is_away(story, draft) for draft in exchange):
                yield from exchange
    yield from _series(story)


def _is_quiet(story: Story, draft: Draft) -> bool:
    sender = story.cast[draft.sender].party
    parties = {story.cast[key].party for key in (*draft.to, *draft.cc)}
    return any(
        q.sender == sender and q.recipient in parties and q.first <= draft.at.date() <= q.last
        for q in story.quiet
    )


def _is_away(story: Story, draft: Draft) -> bool:
    day = draft.at.date()
    return any(
        row["who"] == draft.sender and row["since"] <= day <= row["until"]
        for row in story.raw["away"]
    )


def _exchanges(story: Story, stream: Mapping[str, Any], used: set[str]) -> Iterator[list[Draft]]:
    week, number = stream["since"], 0
    while week <= stream["until"]:
        dice = Dice("week", stream["id"], week.isoformat())
        last = min(week + timedelta(days=6), stream["until"])
        days = _days(story, stream, week, last)
        busy = len(story.working.days(week, last)) / 5
        for _ in range(dice.poisson(stream["per_week"] * dice.pick(_WEEKS) * busy)):
            number += 1
            key = f"{stream['id']}-{number:03d}"
            exchange = _exchange(story, stream, day=dice.pick(days), key=key, used=used)
            if exchange[-1].at.date() <= story.raw["calendar"]["last_day"]:
                yield exchange
        week += _WEEK


def _days(story: Story, stream: Mapping[str, Any], first: date, last: date) -> list[date]:
    working = story.working.days(first, last)
    if stream.get("hours") != "any" or not working:
        return working
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _exchange(
    story: Story, stream: Mapping[str, Any], *, day: date, key: str, used: set[str]
) -> list[Draft]:
    dice = Dice("exchange", key)
    asker, answerer, copied = _people(story, stream, day, dice)
    kind = story.raw["kinds"][dice.pick(stream["kinds"])]
    which = Dice("which", key).below(len(kind["ask"]))  # the answer has the question's place
    words = _Words(story, _slots(story, asker, dice), _named(kind, which), used)
    at = datetime.combine(day, _hour(asker, dice), LONDON)
    subject = words.filled(dice.pick(kind["subject"]))
    asked = words.draft(
        f"{key}-a",
        at,
        sender=asker,
        to=answerer,
        bank=[kind["ask"][which]],
        cc=copied,
        subject=subject,
    )
    if stream.get("tells"):
        return [asked]
    drafts = [asked]
    if "via" in stream:
        at = _later(story, at, who=answerer, dice=dice, waits=[0, 1, 1])
        handler = story.cast[dice.pick(stream["via"])]
        bank = story.raw["kinds"][stream.get("pass_on", "pass_on")]["ask"]
        passed = {"kind": "forward", "parent": asked.key}
        drafts.append(words.draft(f"{key}-f", at, sender=answerer, to=handler, bank=bank, **passed))
        answerer, copied = handler, (answerer.key,)
    at = _later(story, at, who=answerer, dice=dice, waits=stream["answer_days"])
    reply = {"kind": "reply", "parent": asked.key, "cc": copied}
    bank = [kind["answer"][which]]
    answer = words.draft(f"{key}-b", at, sender=answerer, to=asker, bank=bank, **reply)
    drafts.append(answer)
    if dice.share() < stream.get("thanks", 0.3):
        at = _later(story, at, who=asker, dice=dice, waits=[0, 0, 1])
        bank = [t for t in story.raw["thanks"][asker.manner] if _names(t) <= words.named]
        reply["parent"] = answer.key
        drafts.append(words.draft(f"{key}-c", at, sender=asker, to=answerer, bank=bank, **reply))
    return drafts


def _people(
    story: Story, stream: Mapping[str, Any], day: date, dice: Dice
) -> tuple[Person, Person, tuple[str, ...]]:
    """Who asks, who answers and who is copied, so that somebody's material holds the exchange."""

    def one(choices: Sequence[Any]) -> Person:
        pairs = [(c, 1.0) if isinstance(c, str) else (c[0], float(c[1])) for c in choices]
        flat = [(n, w) for key, w in pairs for n in story.lists.get(key, (key,))]
        return story.cast[dice.weighted(flat)]

    asker, answerer = one(stream["from"]), one(stream["to"])
    while asker == answerer:
        answerer = one(stream["to"])
    holders = {box.person.key for box in story.mailboxes if not _near_hole(box, day)}
    talking = {asker.key, answerer.key}
    is_copied = not holders & talking or dice.share() < stream.get("copied", 0.0)
    return asker, answerer, (stream["copy"],) if is_copied and stream["copy"] not in talking else ()


def _near_hole(box: Mailbox, day: date) -> bool:
    near = 3 * _WEEK
    return box.hole is not None and box.hole[0] - near <= day <= box.hole[1]


def _slots(story: Story, asker: Person, dice: Dice) -> dict[str, str]:
    raw = story.raw
    own = raw["cast"][asker.key]
    slots = {name: dice.pick(values) for name, values in raw["slots"].items()}
    slots["number"] = str(3 + dice.below(26))
    slots["code"] = f"{1000 + dice.below(8999)}"
    slots["child"] = own.get("child", slots["child"])
    return slots


def _hour(person: Person, dice: Dice) -> time:
    hour = dice.weighted(_HOME if person.manner in _OUTSIDE_HOURS else _OFFICE)
    return time(hour, dice.below(60), dice.below(60))


def _later(
    story: Story, at: datetime, *, who: Person, dice: Dice, waits: Sequence[int]
) -> datetime:
    """A time in `who`'s hours after some of the listed numbers of working days."""
    wait = dice.pick(waits)
    day = story.working.due(at.date(), wait) if wait else at.date()
    if not story.working.counts(day) and who.manner not in _OUTSIDE_HOURS:
        day = story.working.due(day, 1)
    later = datetime.combine(day, _hour(who, dice), LONDON)
    if later > at + timedelta(minutes=6):
        return later
    soon = at + timedelta(minutes=7 + dice.below(50), seconds=dice.below(60))
    late = soon.hour >= 19 or soon.date() != at.date()
    if who.manner in _OUTSIDE_HOURS or not late:
        return soon
    day = story.working.due(at.date(), 1)
    return datetime.combine(day, time(8, 30 + dice.below(29), dice.below(60)), LONDON)


def _names(phrase: str) -> set[str]:
    """The slots of a phrase."""
    return set(_SLOT.findall(phrase))


def _named(kind: Mapping[str, Any], which: int) -> set[str]:
    """The slots that a question or its answer fills: what thanks may speak of."""
    answers = kind.get("answer", kind["ask"])
    return _names(kind["ask"][which]) | _names(answers[which])


@dataclass(frozen=True, slots=True)
class _Words:
    """Turns phrases into bodies, none of them twice in the whole sample."""

    story: Story
    slots: Mapping[str, str]
    named: set[str]
    used: set[str]

    def draft(
        self,
        key: str,
        at: datetime,
        *,
        sender: Person,
        to: Person,
        bank: Sequence[str],
        **more: Any,
    ) -> Draft:
        dice = Dice("words", key)
        for _ in range(60):
            body = self._body(dice, sender, to, bank)
            if body not in self.used:
                self.used.add(body)
                break
        return Draft(key=key, at=at, sender=sender.key, to=(to.key,), body=body, **more)

    def _body(self, dice: Dice, sender: Person, to: Person, bank: Sequence[str]) -> str:
        voice = self.story.raw["voices"][sender.manner]
        shared = to.key in self.story.raw["shared"]
        parts = [dice.pick(voice["to_mailbox" if shared else "greeting"]), dice.pick(bank)]
        if dice.share() < 0.35 and self.named & {"child", "route"}:
            parts.append(dice.pick(voice["aside"]))
        parts.append(dice.pick(voice["closing"]))
        names = {"to": to.first, "from": sender.first, "from_name": sender.name}
        return self.filled("\n\n".join(parts), **names)

    def filled(self, text: str, **names: str) -> str:
        return text.format_map({**self.slots, **names}).replace("..", ".")


def _series(story: Story) -> Iterator[Draft]:
    """The daily situation report: one a working day, less the days that story.toml leaves out."""
    row = story.raw["series"]
    for number, day in enumerate(story.working.days(row["since"], row["until"]), 1):
        if day in row["absent"]:
            continue
        dice = Dice("series", day.isoformat())
        at = datetime.combine(day, time(16, 30 + dice.below(25), dice.below(60)), LONDON)
        parts = (dice.pick(row["opening"]), row["figures"], dice.pick(row["notes"]), row["end"])
        yield Draft(
            key=f"sitrep-{number:02d}",
            at=at,
            sender=row["from"],
            to=tuple(row["to"]),
            cc=tuple(row["cc"]),
            subject=f"Situation report {number}: SEND transport, {written_day(at)}",
            body="\n\n".join(parts).format_map(_figures(story, number, dice)),
            lost=tuple(row["lost"]) if day in row["lost_days"] else (),
        )


def _figures(story: Story, number: int, dice: Dice) -> dict[str, str]:
    counts, slots = story.raw["series"]["left"], story.raw["slots"]
    left = counts[min(number - 1, len(counts) - 1)]
    return {
        "left": str(left),
        "calls": str(4 + left // 6 + dice.below(9)),
        "complaints": str(1 + left // 40 + dice.below(4)),
        "route": dice.pick(slots["route"]),
        "operator": dice.pick(slots["operator"]),
    }
