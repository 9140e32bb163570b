"""Scenes of asking and answering: plants and decoys of family R.

Each function tells one scene after another; the definitions are those of the rules' statements, the
decoys the innocent situations that an auditor would have to rule out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from planted_case import LINES, Told

AUTO = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
_LATE, _EARLY = 35, 5  # working days after asking, the criterion being 20
_END = 92  # the last day on which a question can be asked whose time runs out in the period

Tell = Callable[[Told], None]


class Question:
    """A question of a family to the council, and what may follow it."""

    def __init__(self, told: Told, *, desk: bool | None = None, day: int | None = None) -> None:
        self.told, self.family = told, told.family()
        self.day = told.start(4, _END) if day is None else day
        self.subject, self.matter = told.pick("matters")
        use_desk = told.dice.random() < 0.5 if desk is None else desk
        self.officer = told.officer()
        self.to = f"{told.cast[self.officer].party}.desk" if use_desk else self.officer
        self.colleague = told.dice.choice([
            k for k in told.cast if k.startswith(f"{told.cast[self.to].party}officer")
            and k != self.officer])  # fmt: skip

    def ask(self, slot: str = "ask", **more: object) -> str:
        """The question; gives its key."""
        self.key = self.family_says(0, slot, **more)
        return self.key

    def family_says(self, after: int, slot: str, **more: object) -> str:
        """The family writes, `after` working days later."""
        text = self.told.fill(slot, matter=self.matter, later=self._later())
        said = {"subject": self.subject, **more}
        return self.told.say(self.family, self.to, self.day + after, text, **said)

    def council_says(self, after: int, slot: str, *, by: str = "", **more: object) -> str:
        """The council writes, in the thread unless another subject is given."""
        text = self.told.fill(
            slot,
            matter=self.matter,
            later=self._later(),
            ref=f"{self.told.dice.randint(10000, 99999)}",
            back=self.told.words(min(self.day + 8, len(self.told.days) - 1)),
            cover=self.told.cast[self.colleague].name,
        )
        said = {"answers": self.key, **more}
        if "subject" in more:
            said.pop("answers")
        return self.told.say(by or self.to, self.family, self.day + after, text, **said)

    def automatic(self, slot: str = "auto") -> str:
        """An automatic reply within the minute."""
        title = f"Automatic reply: {self.subject}"
        return self.council_says(0, slot, title=title, headers=AUTO, bare=True)

    def elsewhere(self, after: int) -> str:
        """A colleague answers in a thread of his own."""
        subject = self.told.dice.choice(("Your enquiry", f"{self.subject} - reply", "Your email"))
        return self.council_says(after, "colleague_answer", by=self.colleague, subject=subject)

    def letter(self, after: int) -> str:
        """A letter that answers."""
        text = self.told.fill("letter_answer", matter=self.matter)
        return self.told.write(
            self.family, self.day + after, self.subject, [text], by=self.colleague
        )

    def _later(self) -> str:
        return self.told.words(min(self.day + 30, len(self.told.days) - 1))


def unanswered(told: Told) -> None:
    """Questions without an answer, and those that have one somewhere."""
    rule = "unanswered"
    for desk in (True, False, True):
        Question(told, desk=desk).ask()
        told.scene(rule, "asked and no more", gap=True)
    one = Question(told)
    one.key = told.say(one.officer, one.family, one.day, told.pick("inform"), subject=one.subject)
    one.to = one.officer
    one.family_says(1, "ask", answers=one.key)
    told.scene(rule, "asked in answer to a mail of the council", gap=True)
    one = Question(told)
    one.ask()
    one.council_says(6, "inform", by=one.colleague, subject="For your information")
    told.scene(rule, "then only a mail about something else", gap=True)
    for name, then in _ANSWERED.items():
        one = Question(told)
        one.ask()
        then(one)
        told.scene(rule, name, gap=False)
    _not_asked(told, rule)


def _extended(one: Question) -> None:
    key = one.council_says(8, "extension", by=one.to)
    one.family_says(9, "agreed", answers=key)
    one.council_says(29, "answer")


_ANSWERED: dict[str, Callable[[Question], object]] = {
    "answered in the thread": lambda one: one.council_says(_EARLY, "answer"),
    "answered by a colleague in another thread": lambda one: one.elsewhere(7),
    "answered by letter": lambda one: one.letter(9),
    "answered on the telephone": lambda one: one.family_says(4, "called"),
    "withdrawn": lambda one: one.family_says(2, "withdrawn", answers=one.key),
    "closed with thanks": lambda one: one.family_says(6, "closure", answers=one.key),
    "extension agreed, then answered": _extended,
}


def _not_asked(told: Told, rule: str) -> None:
    last = len(told.days) - 1
    one = Question(told, day=last - 7)
    one.ask()
    told.scene(rule, "still inside the window", gap=False)
    for slot in ("no_ask", "courtesy"):
        Question(told).ask(slot)
        told.scene(rule, f"nothing asked: {slot}", gap=False)
    one = Question(told)
    text = told.fill("ask", matter=one.matter)
    key = told.say(one.family, "firm3x", one.day, text, subject=one.subject, cc=[one.to])
    text = told.fill("answer", matter=one.matter)
    told.say("firm3x", one.family, one.day + 2, text, answers=key, cc=[one.to])
    told.scene(rule, "asked of somebody else, the council in copy", gap=False)


def late_reply(told: Told) -> None:
    """Answers after the criterion, and those that only look late."""
    rule = "late_reply"
    for _ in range(2):
        one = Question(told)
        one.ask()
        one.council_says(_LATE, "answer")
        told.scene(rule, "answered late", gap=True)
    one = Question(told)
    one.ask()
    one.council_says(3, "holding")
    one.council_says(_LATE - 3, "answer")
    told.scene(rule, "held, then answered late", gap=True, also=("broken_promise",))
    one = Question(told)
    one.ask()
    one.elsewhere(_LATE - 4)
    told.scene(rule, "a colleague answered late", gap=True)
    for name, then in _IN_TIME.items():
        one = Question(told)
        one.ask()
        then(one)
        told.scene(rule, name, gap=False)


def _covered(one: Question) -> None:
    one.automatic("leave")
    one.elsewhere(6)


def _twice(one: Question) -> None:
    one.elsewhere(5)
    one.council_says(_LATE - 6, "answer")


_IN_TIME: dict[str, Callable[[Question], object]] = {
    "answered on the fifteenth day": lambda one: one.council_says(15, "answer"),
    "extension agreed": _extended,
    "away, and the cover answered": _covered,
    "answered elsewhere in time, and again": _twice,
    "answered by letter in time, and by mail again": lambda one: (
        one.letter(8),
        one.council_says(_LATE - 2, "answer"),
    ),
}


def acknowledged_only(told: Told) -> None:
    """Automatic and holding replies with nothing after, and with an answer after."""
    rule = "acknowledged_only"
    for name, then in _HELD.items():
        one = Question(told)
        one.ask()
        then(one)
        told.scene(rule, name, gap=True, also=("unanswered", "broken_promise"))
    for name, then in _HELD_THEN.items():
        one = Question(told)
        one.ask()
        then(one)
        told.scene(rule, name, gap=False)
    one = Question(told)
    one.ask("no_ask")
    one.automatic()
    told.scene(rule, "automatic reply to no question", gap=False)
    one = Question(told, day=len(told.days) - 8)
    one.ask()
    one.council_says(2, "holding")
    told.scene(rule, "held, still inside the window", gap=False)


_HELD: dict[str, Callable[[Question], object]] = {
    "automatic only": lambda one: one.automatic(),
    "holding only": lambda one: one.council_says(3, "holding"),
    "automatic, then holding": lambda one: (one.automatic(), one.council_says(4, "holding")),
    "holding by a colleague": lambda one: one.council_says(5, "holding", by=one.colleague),
    "away, and nobody covered": lambda one: one.automatic("leave"),
}
_HELD_THEN: dict[str, Callable[[Question], object]] = {
    "automatic, then answered": lambda one: (one.automatic(), one.council_says(6, "answer")),
    "holding, then a colleague": lambda one: (one.council_says(2, "holding"), one.elsewhere(8)),
    "automatic, then a letter": lambda one: (one.automatic(), one.letter(9)),
    "automatic, then withdrawn": lambda one: (
        one.automatic(),
        one.family_says(3, "withdrawn", answers=one.key),
    ),
}


def chaser_ladder(told: Told) -> None:
    """The same question again and again, and what only looks like it."""
    rule = "chaser_ladder"
    for name in ("in one thread", "with an automatic reply", "under other subjects"):
        one = Question(told)
        one.ask()
        if name.startswith("with"):
            one.automatic()
        new = name.startswith("under")
        for after, slot in ((9, "chaser"), (18, "chaser2")):
            more = {"subject": f"{one.subject} again" if after > 9 else f"Chasing: {one.subject}"}
            one.family_says(after, slot, **(more if new else {"answers": one.key}))
        told.scene(rule, name, gap=True, also=("unanswered", "acknowledged_only"))
    one = Question(told)
    one.ask()
    one.council_says(3, "answer")
    one.family_says(5, "new_fact", answers=one.key)
    one.family_says(8, "closure", answers=one.key)
    told.scene(rule, "answered, then a fact and thanks", gap=False)
    one = Question(told)
    one.ask()
    one.family_says(4, "new_fact", answers=one.key)
    one.family_says(9, "new_fact", answers=one.key)
    one.council_says(12, "answer")
    told.scene(rule, "new facts, then answered", gap=False)
    one = Question(told)
    one.ask()
    one.family_says(8, "chaser", answers=one.key)
    one.council_says(10, "answer")
    one.family_says(11, "closure", answers=one.key)
    told.scene(rule, "chased once, answered, thanked", gap=False)
    one = Question(told)
    for after in (0, 14, 28):
        one.subject, one.matter = told.pick("matters")
        one.key = one.family_says(after, "ask")
        one.council_says(after + 4, "answer")
    told.scene(rule, "three questions, each answered", gap=False)


def undelivered(told: Told) -> None:
    """Bounces with nothing after, and those put right."""
    rule = "undelivered"
    for _ in range(3):
        _bounced(told)
        told.scene(rule, "bounced and no more", gap=True)
    officer, family, day, text, subject = _bounced(told)
    again = told.family()
    told.cast[again] = replace(told.cast[again], name=told.cast[family].name)
    told.say(officer, again, day + 1, text, subject=subject)
    told.scene(rule, "sent again to another address", gap=False)
    officer, family, day, text, subject = _bounced(told)
    told.say(officer, family, day + 2, text, subject=subject)
    told.scene(rule, "sent again and not bounced", gap=False)
    officer, family, day, text, subject = _bounced(told)
    told.write(family, day + 2, subject, [text], by=officer)
    told.scene(rule, "sent as a letter", gap=False)
    _bounced(told, action="delayed", status="4.4.1")
    told.scene(rule, "only delayed", gap=False)


def _bounced(
    told: Told, *, action: str = "failed", status: str = "5.1.1"
) -> tuple[str, str, int, str, str]:
    officer, family, day = told.officer(), told.family(), told.start(5, 110)
    text, subject = told.pick("inform"), told.pick("matters")[0]
    key = told.say(officer, family, day, text, subject=subject)
    at = told.drafts[-1].at
    mark = f"report-{key}"
    body = (
        f"--{mark}\nContent-Type: text/plain; charset=us-ascii\n\nYour message could not be "
        f"delivered to one of its recipients.\n\n--{mark}\nContent-Type: message/delivery-status"
        f"\n\nReporting-MTA: dns; mx.{told.cast[officer].domain}\n\n"
        f"Final-Recipient: rfc822; {told.cast[family].address}\nAction: {action}\n"
        f"Status: {status}\n\n--{mark}\nContent-Type: text/rfc822-headers\n\n{{{key}}}"
        f"\n\n--{mark}--"
    )
    kind = f'multipart/report; report-type=delivery-status; boundary="{mark}"'
    headers = {"Auto-Submitted": "auto-replied", "Return-Path": "<>", "Content-Type": kind,
               "MIME-Version": "1.0"}  # fmt: skip
    told.say("daemon", officer, day, body, subject="Delivery Status Notification", bare=True,
             headers=headers, at=at.replace(second=59))  # fmt: skip
    return officer, family, day, text, subject


def dead_channel(told: Told) -> None:
    """Published addresses from which few are answered, and those that are answered somehow."""
    rule = "dead_channel"
    _line(told, LINES[0], lambda one, n: one.council_says(4, "answer") if n == 3 else None)
    told.scene(rule, "one of fourteen answered", gap=True, also=("unanswered", "acknowledged_only"))
    _line(told, LINES[1], lambda one, _: one.automatic())
    told.scene(rule, "only automatic replies", gap=True, also=("unanswered", "acknowledged_only"))
    _line(told, LINES[2], lambda one, n: one.council_says(6, "answer") if n % 7 else None)
    told.scene(rule, "most are answered", gap=False, also=("unanswered",))
    _line(told, LINES[3], lambda one, _: one.elsewhere(6))
    told.scene(rule, "answered from officers' own addresses", gap=False)
    _line(told, LINES[4], lambda *_: None, slot="no_ask")
    told.scene(rule, "nothing asked", gap=False)


def _line(
    told: Told, line: str, then: Callable[[Question, int], object], slot: str = "ask"
) -> None:
    for number in range(14):
        one = Question(told)
        one.to = line
        party = told.cast[line].party
        one.colleague = one.officer = told.officer(party)
        one.ask(slot)
        then(one, number)


SCENES: tuple[Tell, ...] = (
    unanswered, late_reply, acknowledged_only, chaser_ladder, undelivered, dead_channel,
)  # fmt: skip
