"""A council case with planted gaps, as it is told: who writes what to whom, and the case file.

A bank of phrases (`phrases/N.toml`) gives words, names and year; a seed gives order, people, days.
The mail itself is written by the machinery of the sample. Everything is invented.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from commtrace import norms
from commtrace.sample_mailboxes import _compose, _mailboxes, _papers, _wire
from commtrace.sample_mailboxes._mail import Draft, Mail, Person
from commtrace.sample_mailboxes._story import Mailbox
from commtrace.workdays import Calendar, calendar

PHRASES = Path(__file__).parent / "phrases"
LONDON = ZoneInfo("Europe/London")
CLIENTS = ("gmail", "iphone", "apple", "yahoo", "gmail")
KINDS = ("eml", "mboxrd", "eml", "mboxcl2")
DESKS = ("a.desk", "b.desk")
LINES = ("line1", "line2", "line3", "line4", "line5")
_ROUND = 8  # the hour at which a council's day begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A plant (`gap`) or a decoy of a rule: its mails by key, and what else may rightly be found.

    `pair` are the parties of a scene of rhythm, which is told by them and not by single mails.
    """

    name: str
    rule: str
    gap: bool
    keys: tuple[str, ...]
    also: frozenset[str] = frozenset()
    pair: frozenset[str] = frozenset()


@dataclass(slots=True)
class Told:
    """A case while it is told; `scenes` grow by `scene`, mails by `say`, letters by `write`."""

    bank: dict[str, Any]
    dice: random.Random
    cast: dict[str, Person] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    letters: dict[str, dict[str, Any]] = field(default_factory=dict)
    scenes: list[Scene] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    days: tuple[date, ...] = ()
    working: Calendar = field(default_factory=lambda: calendar("working"))
    school: Calendar = field(default_factory=lambda: calendar("school"))
    _open: list[str] = field(default_factory=list)
    _used: dict[str, list[Any]] = field(default_factory=dict)
    _families: int = 0

    def pick(self, slot: str) -> Any:
        """A phrase of a slot of the bank; every one is used before any comes again."""
        left = self._used.setdefault(slot, [])
        if not left:
            left.extend(self.dice.sample(self.bank[slot], len(self.bank[slot])))
        return left.pop()

    def family(self) -> str:
        """A parent, tenant or carer who is in no other scene."""
        number, names = self._families, self.bank["families"]
        self._families += 1
        first = names[number % len(names)].split()[0]
        last = names[(number * 3 + number // len(names) * 7) % len(names)].split()[-1]
        name = names[number] if number < len(names) else f"{first} {last}"
        key = f"family{number}"
        domain = self.dice.choice(("homemail.example", "post.example", "webpost.example"))
        address = f"{'.'.join(name.lower().split())}{number or ''}@{domain}"
        self.cast[key] = _person(key, name, address, "families", self.dice.choice(CLIENTS))
        return key

    def officer(self, party: str = "") -> str:
        """An officer, of one directorate if it is named."""
        return self.dice.choice([k for k in self.cast if k.startswith(f"{party}officer" if party
                                 else ("aofficer", "bofficer"))])  # fmt: skip

    def start(self, first: int, last: int) -> int:
        """A working day of the period by number, from `first` to `last`."""
        return self.dice.randint(first, last)

    def say(self, sender: str, to: str | Sequence[str], day: int, text: str, **more: Any) -> str:
        """A mail on working day `day`; gives its key.

        `more`: subject, answers (a key), cc, bcc, bare (no greeting), headers, at (a datetime).
        """
        names = [to] if isinstance(to, str) else list(to)
        key = f"m{len(self.drafts):04d}"
        who = self.cast[sender]
        home = who.party == "families"
        at = more.get("at") or self.moment(day, home=home)
        after = more.get("answers")
        if after:
            parent = next(d for d in self.drafts if d.key == after)
            at = max(at, parent.at + timedelta(minutes=self.dice.randint(20, 200)))
        body = text if more.get("bare") else self._dressed(who, names, text)
        draft = Draft(
            key=key,
            at=at,
            sender=sender,
            to=tuple(names),
            cc=tuple(more.get("cc", ())),
            bcc=tuple(more.get("bcc", ())),
            subject=more.get("subject", ""),
            title=more.get("title", ""),
            body=body,
            kind="reply" if after else "new",
            parent=after or "",
            bare=bool(more.get("bare")),
            headers=more.get("headers", {}),
        )
        self.drafts.append(draft)
        self._open.append(key)
        return key

    def write(
        self, to: str, day: int, subject: str, paragraphs: Sequence[str], by: str = "aofficer0"
    ) -> str:
        """A letter of an officer to a family, kept as a Word file; gives its name."""
        who, officer = self.cast[to], self.cast[by]
        name = f"letter {len(self.letters):03d}.docx"
        self.letters[name] = {
            "file": name,
            "date": self.days[day],
            "letterhead": [
                f"{self.bank['council']} Council",
                self.bank["directorates"]["ab".index(officer.party)],
            ],
            "address": [who.name, f"{len(self.letters) + 2} Church Road", self.bank["council"]],
            "references": [f"Our ref: {self.bank['council'][:3].upper()}/{len(self.letters):04d}"],
            "salutation": f"Dear {who.name},",
            "subject": subject,
            "paragraphs": list(paragraphs),
            "closing": "Yours sincerely,",
            "signed": [officer.name, "Officer"],
        }
        self._open.append(name)
        return name

    def scene(
        self, rule: str, name: str, *, gap: bool, also: Sequence[str] = (), pair: str = ""
    ) -> None:
        """Close a scene: what was said and written since the last one belongs to it.

        `pair` are the two parties whose rhythm it is about, where it is.
        """
        number = len(self.scenes)
        made = Scene(name=f"{number:03d} {name}", rule=rule, gap=gap, keys=tuple(self._open),
                     also=frozenset(also), pair=frozenset(pair.split()))  # fmt: skip
        self.scenes.append(made)
        self._open.clear()

    def moment(self, day: int, *, home: bool = False) -> datetime:
        """A time on working day `day`: office hours, or a family's."""
        hour = self.dice.randint(7, 21) if home else self.dice.randint(_ROUND, 16)
        clock = time(hour, self.dice.randint(0, 59), self.dice.randint(0, 59))
        return datetime.combine(self.days[day], clock, LONDON)

    def words(self, day: int | date) -> str:
        """A day as people write it, the day of the month first."""
        when = self.days[day] if isinstance(day, int) else day
        month = f"{when:%B}"
        return self.dice.choice((
            f"{when.day} {month}", f"{when:%A} {when.day} {month}", f"{when:%d/%m/%Y}",
            f"{when.day}{_ordinal(when.day)} {month} {when.year}",
        ))  # fmt: skip

    def fill(self, slot: str, **values: str) -> str:
        """A phrase with its places filled; `{Thing}` begins a sentence."""
        return filled(self.pick(slot), **values)

    def _dressed(self, who: Person, to: Sequence[str], text: str) -> str:
        one = self.cast[to[0]] if len(to) == 1 else None
        greeting = self.pick("greetings").replace("{name}", _called(one))
        return f"{greeting}\n\n{text}\n\n{self.pick('closings')}\n{who.first}"


def filled(phrase: str, **values: str) -> str:
    """A phrase with its places filled; a name in capitals begins a sentence."""
    for name, value in values.items():
        phrase = phrase.replace(f"{{{name}}}", value)
        phrase = phrase.replace(f"{{{name.capitalize()}}}", value[:1].upper() + value[1:])
    return phrase


def begun(number: int, seed: int) -> Told:
    """A case with its people and calendars, and nothing said yet."""
    bank = tomllib.loads((PHRASES / f"{number}.toml").read_text(encoding="utf-8"))
    told = Told(bank=bank, dice=random.Random(seed))  # noqa: S311 (a benchmark's chance)
    year = bank["year"]
    closed = {day for day in norms.bank_holidays("england") if day.year in (year, year + 1)}
    closed |= set(days_from(date(year, 12, 25), date(year + 1, 1, 1)))
    holidays = {day for first, last in bank["school_holidays"] for day in days_from(first, last)}
    told.working = calendar("working", closed=closed)
    told.school = calendar("school", closed=closed | holidays)
    told.days = tuple(told.working.days(date(year, 9, 3), date(year + 1, 3, 31)))
    _people(told)
    return told


def _people(told: Told) -> None:
    council = f"{told.bank['council'].lower()}.example"
    for number, name in enumerate(told.bank["officers"]):
        party = "ab"[number // 3]
        key = f"{party}officer{number}"
        address = f"{name.split()[0].lower()}.{name.split()[-1].lower()}@{council}"
        told.cast[key] = _person(key, name, address, party, "outlook", ("Officer", "01632 960100"))
    for key, party, name in (
        ("a.desk", "a", "Enquiries"), ("b.desk", "b", "Duty Desk"),
        *((line, "ab"[n % 2], f"Team mailbox {n + 1}") for n, line in enumerate(LINES)),
    ):  # fmt: skip
        told.cast[key] = _person(key, name, f"{key}@{council}", party, "contactwell")
    told.cast["member"] = _person("member", "Cllr Joan Attwood", f"j.attwood@members.{council}",
                                  "members", "iphone")  # fmt: skip
    told.cast["daemon"] = _person("daemon", "Mail Delivery", f"postmaster@mx.{council}", "post",
                                  "system")  # fmt: skip
    told.cast["chair"] = _person("chair", "Kath Ellery", f"chair@{_domain(told.bank['forum'])}",
                                 "forum", "gmail")  # fmt: skip
    for number, firm in enumerate([*told.bank["outsiders"], "Bulletin", "Tracker"]):
        for half in "xy":
            name = firm if half == "x" else f"Office of {firm}"
            key = f"firm{number}{half}"
            address = f"{'office' if half == 'x' else 'manager'}@{_domain(firm)}"
            told.cast[key] = _person(key, name, address, f"firm{number}", "outlook")


def mails(told: Told) -> list[Mail]:
    """Every mail in order of time, with what it quotes."""
    sent: dict[str, Mail] = {}
    for draft in sorted(told.drafts, key=lambda draft: (draft.at, draft.key)):
        body = re.sub(r"^\{(m\d+)\}$", lambda found: _header(sent[found[1]]), draft.body,
                      flags=re.MULTILINE)  # fmt: skip
        made = Draft(**{**{n: getattr(draft, n) for n in Draft.__slots__}, "body": body})
        sent[draft.key] = _compose.compose(made, cast=told.cast, sent=sent, notice="")
    return list(sent.values())


def written(told: Told, every: Sequence[Mail], folder: Path) -> None:
    """The mailboxes of the council's staff and of the forum, and the letters, as files."""
    for box in boxes_of(told):
        for name, data in _mailboxes.files(box, every):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    (folder / "letters").mkdir(parents=True, exist_ok=True)
    for name, row in told.letters.items():
        when = datetime.combine(row["date"], time(), LONDON)
        letter = {**row, "date": _compose.written_day(when)}
        (folder / "letters" / name).write_bytes(_papers.docx(letter, row["date"]))


def boxes_of(told: Told) -> list[Mailbox]:
    """The mailboxes that were supplied: the officers', the shared ones and the forum's."""
    held = [p for k, p in told.cast.items() if "officer" in k or k in (*DESKS, *LINES, "chair")]
    return [Mailbox(person=person, folder=person.key, hole=None,
                    kind="msg" if person.key in DESKS else KINDS[n % len(KINDS)])
            for n, person in enumerate(held)]  # fmt: skip


def _person(  # noqa: PLR0917 (a row of a cast)
    key: str, name: str, address: str, party: str, client: str, signature: tuple[str, ...] = ()
) -> Person:
    return Person(key=key, name=name, address=address, party=party, client=client,
                  manner="council", signature=(name, *signature) if signature else ())  # fmt: skip


def _header(mail: Mail) -> str:
    fields = _wire.headers(mail, custodian=mail.sender, is_sender=True)
    return str(_wire.header_text(fields, newline="\n")).rstrip("\n")


def _called(who: Person | None) -> str:
    return str(who.first) if who and not who.key.startswith(("firm", "line", *DESKS)) else "all"


def _domain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower()) + ".example"


def days_from(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _ordinal(day: int) -> str:
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day not in (11, 12, 13) else 0, "th")
