"""Stories: a test's docstring is the exchange, and the test gets the view made of it.

    @story
    def test_a_question_without_answer_is_a_gap(view):
        '''
        party get directorate council.example
        party families families home.example
        mailbox helpdesk@council.example 2021-09-01 to 2022-03-31
        as of 2022-03-31

        #1 2022-01-10 09:30 parent@home.example -> helpdesk@council.example "Bus" : Can you tell me?
        #2 2022-01-12 10:00 helpdesk@council.example -> parent@home.example "Re: Bus" [re #1] : Yes.
        '''

A message has a number, a time (Europe/London), a sender, recipients, a subject, options in square
brackets, and after the colon its text (`|` is a line break). Options: `re #n`, `fw #n` (a forward,
the text of n below it), `quote #n`, `cc a, b`, `bcc a`, `held a, b` (by these mailboxes only),
`absent` (it existed and nobody supplied it), `reported` (known from a print), `entered A. Officer`
(by hand), `auto`, `bulk`, `report` (a delivery report), `letter`, `call`, `noid`, `same #n` (the
Message-ID of n), `index hex`, `file a.pdf, b.docx` (attached), `stripped a` (whose copy has none).
Without `held` it lies in every mailbox that it passed. `each working day 2021-09-01 to 2021-12-23`
in place of number and time repeats a message at 10:00; `every 2 working days` leaves some out.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from commtrace.brief import Brief, Closure, Custodian, Event, KnownMissing, PartyBrief
from commtrace.gaps.run import run
from commtrace.language.acts import acts as acts_of
from commtrace.language.learned import BY_MODEL
from commtrace.language.zones import zones
from commtrace.model import (
    Act,
    Address,
    Attachment,
    Channel,
    Communication,
    CommunicationId,
    Finding,
    Grade,
    Mark,
    Outcome,
    Party,
    PartyKind,
    Segment,
    Sighting,
    Source,
    digest,
)
from commtrace.moments import Basis, end_of, instant
from commtrace.norms import calendars, criteria
from commtrace.reconstruction import reconstruct
from commtrace.view import View

_LONDON = ZoneInfo("Europe/London")
_MESSAGE = re.compile(
    r"(?:#(?P<number>\w+)\s+(?P<day>\d{4}-\d\d-\d\d)\s+(?P<clock>\d\d:\d\d)"
    r"|(?:each|every (?P<step>\d+))\s+working days?\s+(?P<since>\S+) to (?P<until>\S+))\s+"
    r'(?P<sender>\S+)\s+->\s+(?P<to>\S+(?:,\s*\S+)*)\s+"(?P<subject>[^"]*)"\s*'
    r"(?P<options>(?:\[[^\]]*\]\s*)*):\s?(?P<text>.*)"
)


@dataclass(frozen=True)
class Told:
    """One message of a story."""

    number: str
    when: datetime
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    options: dict[str, str]


@dataclass
class Stage:
    """What a story sets up before anybody writes."""

    brief: Brief = field(default_factory=Brief)
    mailboxes: list[tuple[str, date | None, date | None]] = field(default_factory=list)
    as_of: datetime | None = None


def story(test: Callable[..., None]) -> Callable[..., None]:
    """A test whose first argument is the view made of its docstring; other fixtures stay."""

    @functools.wraps(test)
    def told(*arguments: Any, **fixtures: Any) -> None:
        test(view_of(test.__doc__ or ""), *arguments, **fixtures)

    parameters = list(inspect.signature(test).parameters.values())[1:]
    told.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    del told.__wrapped__
    return told


def view_of(text: str, **changes: Any) -> View:
    """The view of a story; `changes` replace fields of its brief."""
    stage, told = read(text)
    brief = replace(stage.brief, **changes)
    messages = {one.number: one for one in told}
    texts = {_id(one.number): _text(one, messages) for one in told}
    parts = {identifier: zones(words) for identifier, words in texts.items()}
    supplied = [one for one in told if "absent" not in one.options]
    communications = [_communication(one, messages, stage) for one in supplied]
    held = {c.id for c in communications}
    return reconstruct(
        communications,
        brief=brief,
        calendars=calendars(brief),
        criteria=criteria(brief),
        as_of=stage.as_of,
        text=lambda ids: {i: texts[i] for i in ids if i in held},
        segments=lambda ids: {i: parts[i] for i in ids if i in held},
        acts={i: _acts(texts[i], parts[i], i) for i in texts if i in held},
    )


def _acts(text: str, parts: Sequence[Segment], identifier: CommunicationId) -> tuple[Act, ...]:
    """The acts that a case reads unless its file asks for those of the model too."""
    found = acts_of(text, parts, identifier)
    return tuple(act for act in found if not act.cue.startswith(BY_MODEL))


def read(text: str) -> tuple[Stage, list[Told]]:
    """The stage and the messages of a story's text."""
    stage, told = Stage(), []
    for line in (line.strip() for line in text.splitlines()):
        if not line:
            continue
        if match := _MESSAGE.fullmatch(line):
            told += _messages(match, stage, len(told))
        elif line.partition(" ")[0] in _SETTINGS:
            _SETTINGS[line.partition(" ")[0]](stage, line)
        elif "->" in line:
            raise ValueError(f"not a message of a story: {line}")
    return stage, told


def _messages(match: re.Match[str], stage: Stage, count: int) -> list[Told]:
    options = dict(_option(words) for words in re.findall(r"\[([^\]]*)\]", match["options"]))
    to = tuple(re.split(r",\s*", match["to"]))

    def one(number: str, day: date, clock: time) -> Told:
        when = datetime.combine(day, clock, tzinfo=_LONDON).astimezone(UTC)
        text = match["text"].replace("|", "\n")
        return Told(number, when, match["sender"], to, match["subject"], text, options)

    if match["number"]:
        day, clock = date.fromisoformat(match["day"]), time.fromisoformat(match["clock"])
        return [one(match["number"], day, clock)]
    working = calendars(stage.brief)["working"]
    days = working.days(date.fromisoformat(match["since"]), date.fromisoformat(match["until"]))
    step = int(match["step"] or 1)
    return [one(f"r{count + n}", day, time(10)) for n, day in enumerate(days[::step])]


def _option(words: str) -> tuple[str, str]:
    name, _, value = words.strip().partition(" ")
    return name, value.strip()


def _party(stage: Stage, line: str) -> None:
    _, name, kind, *places = line.split()
    calendar = "working"
    if places and places[-1].startswith("in:"):
        calendar = places.pop()[3:].replace("-", " ")
    party = Party(
        id=name, label=name.upper(), kind=PartyKind(kind.replace("-", " ")), calendar=calendar
    )
    made = PartyBrief(
        party=party,
        addresses=tuple(p for p in places if "@" in p),
        domains=tuple(p for p in places if "@" not in p),
    )
    stage.brief = replace(stage.brief, parties=(*stage.brief.parties, made))


def _mailbox(stage: Stage, line: str) -> None:
    words = line.split()
    since, until = (
        (date.fromisoformat(words[2]), date.fromisoformat(words[4])) if words[2:] else (None, None)
    )
    stage.mailboxes.append((words[1], since, until))
    if since is not None:
        _custodian(stage, line)


def _custodian(stage: Stage, line: str) -> None:
    words = line.split()
    made = Custodian(
        name=words[1],
        address=words[1],
        since=date.fromisoformat(words[2]) if words[2:] else None,
        until=date.fromisoformat(words[4]) if words[4:] else None,
    )
    stage.brief = replace(stage.brief, custodians=(*stage.brief.custodians, made))


def _as_of(stage: Stage, line: str) -> None:
    stage.as_of = end_of(date.fromisoformat(line.rsplit(maxsplit=1)[-1]))


def _period(stage: Stage, line: str) -> None:
    first, last = (date.fromisoformat(word) for word in (line.split()[1], line.split()[3]))
    stage.brief = replace(stage.brief, period=(first, last))


def _criterion(stage: Stage, line: str) -> None:
    _, key, _, value = line.split()
    number: str | int = int(value) if value.isdigit() else value
    stage.brief = replace(stage.brief, criteria={**stage.brief.criteria, key: number})


def _rule(stage: Stage, line: str) -> None:
    _, name, key, _, value = line.split()
    rules = {**stage.brief.rules, name: {**stage.brief.rules.get(name, {}), key: int(value)}}
    stage.brief = replace(stage.brief, rules=rules)


def _closed(stage: Stage, line: str) -> None:
    kind, first, _, last, *what = line.split()
    closure = Closure(
        first=date.fromisoformat(first), last=date.fromisoformat(last), what=" ".join(what)
    )
    name = "school_holidays" if kind == "holiday" else "closures"
    off = stage.brief.calendars
    made = replace(off, **{name: (*getattr(off, name), closure)})
    stage.brief = replace(stage.brief, calendars=made)


def _event(stage: Stage, line: str) -> None:
    _, day, *label = line.split()
    made = Event(id=label[0], label=" ".join(label), date=date.fromisoformat(day))
    stage.brief = replace(stage.brief, events=(*stage.brief.events, made))


def _register(stage: Stage, line: str) -> None:
    """`register head@two.example 2022-02-01 to 2022-02-28 [email]: what`; days are included."""
    head, _, what = line.partition(": ")
    _, holder, first, _, last, *channel = head.split()
    made = KnownMissing(
        what=what,
        holder=holder,
        since=date.fromisoformat(first),
        until=date.fromisoformat(last),
        channel=Channel(channel[0]) if channel else None,
    )
    stage.brief = replace(stage.brief, known_missing=(*stage.brief.known_missing, made))


_SETTINGS: dict[str, Callable[[Stage, str], None]] = {
    "party": _party,
    "mailbox": _mailbox,
    "custodian": _custodian,
    "as": _as_of,
    "period": _period,
    "criterion": _criterion,
    "rule": _rule,
    "closed": _closed,
    "holiday": _closed,
    "event": _event,
    "register": _register,
}


def _id(number: str) -> CommunicationId:
    return CommunicationId(f"message-{number}")


def _message_id(number: str) -> str:
    return f"{number}@story.example"


def _text(one: Told, messages: dict[str, Told]) -> str:
    words = one.text
    for name in ("fw", "quote"):
        if number := one.options.get(name, "").lstrip("#"):
            words += _below(messages[number], messages)
    return words + "\n"


def _below(one: Told, messages: dict[str, Told]) -> str:
    when = one.when.astimezone(_LONDON)
    head = (
        f"\n\n-----Original Message-----\nFrom: {one.sender}\nSent: {when:%d %B %Y %H:%M}\n"
        f"To: {'; '.join(one.to)}\nSubject: {one.subject}\n\n"
    )
    return head + _text(one, messages)


def _communication(one: Told, messages: dict[str, Told], stage: Stage) -> Communication:
    sent = instant(one.when, one.when.isoformat(), Basis.DATE_HEADER)
    parent = (one.options.get("re") or one.options.get("fw") or "").lstrip("#")
    above = _ancestors(parent, messages)
    named = "noid" not in one.options
    channel = next((Channel(c) for c in ("letter", "call", "note", "meeting") if c in one.options),
                   Channel.EMAIL)  # fmt: skip
    return Communication(
        id=_id(one.number),
        channel=channel,
        sightings=_sightings(one, stage),
        sent=sent,
        received=sent,
        sender=_address(one.sender),
        reply_to=(),
        to=tuple(map(_address, one.to)),
        cc=_addresses(one.options.get("cc", "")),
        bcc=_addresses(one.options.get("bcc", "")),
        subject=one.subject,
        message_id=_message_id(one.options.get("same", one.number).lstrip("#")) if named else None,
        in_reply_to=_message_id(parent) if parent and named else None,
        references=tuple(_message_id(number) for number in above) if named else (),
        thread_index=one.options.get("index"),
        our_ref=None,
        your_ref=None,
        attachments=_attached(one.options.get("file", "")),
        marks=tuple(m for name, m in (("auto", Mark.AUTOMATIC), ("bulk", Mark.BULK),
                                       ("report", Mark.DELIVERY_REPORT))
                    if name in one.options),
        reader="story",
        doubts=_doubts(one),
        grade=_grade(one),
    )  # fmt: skip


def _names(one: Told) -> tuple[str, ...]:
    return tuple(file.name for file in _attached(one.options.get("file", "")))


def _attached(names: str) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(name=name, media_type="application/octet-stream", size=9, sha256=digest(name))
        for name in re.split(r",\s*", names)
        if name
    )


def _grade(one: Told) -> Grade:
    if "entered" in one.options:
        return Grade.ENTERED
    return Grade.REPORTED if "reported" in one.options else Grade.ORIGINAL


def _doubts(one: Told) -> tuple[str, ...]:
    if "entered" not in one.options:
        return ()
    return (f"Entered by hand by {one.options['entered']} on the basis of: own memory.",)


def _ancestors(number: str, messages: dict[str, Told]) -> list[str]:
    if not number:
        return []
    options = messages[number].options
    above = (options.get("re") or options.get("fw") or "").lstrip("#")
    return [*_ancestors(above, messages), number]


def _sightings(one: Told, stage: Stage) -> tuple[Sighting, ...]:
    sha256 = digest("story", one.number) * 4
    if _grade(one) is not Grade.ORIGINAL:
        return (Sighting(source=Source(sha256=sha256, path=f"{one.number}.pdf")),)
    people = {one.sender, *one.to, *re.split(r",\s*", one.options.get("cc", ""))}
    day = one.when.astimezone(_LONDON).date()
    chosen = re.split(r",\s*", one.options["held"]) if "held" in one.options else None
    boxes = [
        box
        for box, since, until in stage.mailboxes
        if (box in chosen if chosen is not None else box in people)
        and (since is None or since <= day)
        and (until is None or day <= until)
    ]
    sent = {box: "Sent Items" if box == one.sender else "Inbox" for box in boxes}
    return tuple(
        Sighting(
            source=Source(sha256=sha256, path=f"{box}.mbox", part=(f"message {one.number}",)),
            custodian=box or None,
            folder=sent.get(box),
            lacks=_names(one) if box in re.split(r",\s*", one.options.get("stripped", "-")) else (),
        )
        for box in boxes or [""]
    )


def found_by(rule: str, view: View) -> tuple[Finding, ...]:
    """What one rule finds; the rule must have run."""
    outcome = run(view, only=rule)
    assert outcome.failures == ()
    return outcome.findings


def failed(finding: Finding) -> list[str]:
    """The innocent explanations that hold."""
    return [check.what for check in finding.checks if check.outcome is Outcome.FAILED]


def _address(words: str) -> Address:
    return Address(name="", address=words, said=words)


def _addresses(words: str) -> tuple[Address, ...]:
    return tuple(_address(word) for word in re.split(r",\s*", words) if word)
