"""How long each rule takes on a case of many communications.

Run `python benchmarks/rules.py [communications]` (100,000 by default). Three directorates, families
and schools write to one another; half of it answers, two in five ask, one in five undertakes
something by a day, one in thirty is absent.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import UTC, datetime, timedelta

from commtrace.brief import Brief, PartyBrief
from commtrace.model import (
    Act,
    ActKind,
    Address,
    Channel,
    Communication,
    CommunicationId,
    Party,
    PartyKind,
    Segment,
    Sighting,
    Source,
    Zone,
)
from commtrace.moments import Basis, instant
from commtrace.norms import calendars, criteria
from commtrace.plugins import rules
from commtrace.reconstruction import reconstruct
from commtrace.view import View

START = datetime(2021, 1, 4, 9, tzinfo=UTC)
BODIES = ("get.example", "cype.example", "corporate.example")


def people(draw: random.Random) -> list[str]:
    """Three hundred officers, then families and schools."""
    officers = [f"officer{n}@{draw.choice(BODIES)}" for n in range(300)]
    families = [f"family{n}@home.example" for n in range(5000)]
    return officers + families + [f"head{n}@school{n % 200}.example" for n in range(1000)]


def mail(
    draw: random.Random, number: int, everybody: list[str], past: list[Communication]
) -> Communication:
    """One message: an answer to a recent one, or a new one to an officer."""
    sender, to, subject = draw.choice(everybody), draw.choice(everybody[:300]), ""
    parent = draw.choice(past[-2000:]) if past and draw.random() < 0.5 else None
    if parent is not None and parent.sender is not None:
        sender, to = parent.to[0].address, parent.sender.address
        subject = "Re: " + parent.subject.removeprefix("Re: ")
    source = Source(sha256=f"{number:064d}", path="benchmark")
    boxes: list[str | None] = [one for one in dict.fromkeys((sender, to)) if one in everybody[:60]]
    return Communication(
        id=CommunicationId(f"m{number}"),
        channel=Channel.EMAIL,
        sightings=tuple(Sighting(source=source, custodian=box) for box in boxes or [None]),
        sent=instant(START + timedelta(minutes=7 * number), "", Basis.DATE_HEADER),
        received=None,
        sender=Address(name="", address=sender),
        reply_to=(),
        to=(Address(name="", address=to),),
        cc=(),
        bcc=(),
        subject=subject or f"Transport {draw.randrange(2000)}",
        message_id=f"{number}@benchmark",
        in_reply_to=parent.message_id if parent else None,
        references=(str(parent.message_id),) if parent else (),
        thread_index=None,
        our_ref=None,
        your_ref=None,
        attachments=(),
        marks=(),
        reader="benchmark",
        doubts=(),
    )


KINDS = (("Can you", ActKind.REQUEST), ("I will", ActKind.UNDERTAKING))
WORDS = ("routes", "escorts", "invoices", "timetables", "contracts", "permits", "drivers")


def _said(draw: random.Random, one: Communication) -> str:
    """A request, an undertaking with a date, or neither."""
    share = draw.random()
    if share < 0.4:
        return f"Can you tell me about number {one.id}?"
    if share < 0.6:
        first, other = draw.sample(WORDS, 2)
        return f"I will send you the list of {first} and {other} by {draw.randrange(1, 28)} March."
    return f"This is about number {one.id}."


def case(count: int, seed: int = 1) -> View:
    """The view of `count` communications, less those that nobody supplied."""
    draw = random.Random(seed)  # noqa: S311 - a seeded generator is the point
    everybody, past = people(draw), list[Communication]()
    for number in range(count):
        past.append(mail(draw, number, everybody, past))
    kept = [one for one in past if draw.random() > 1 / 30]
    texts = {one.id: _said(draw, one) for one in kept}
    acts = {
        one: (Act(kind=kind, communication=one, start=0, end=len(text), said=text, cue=""),)
        for one, text in texts.items()
        for start, kind in KINDS
        if text.startswith(start)
    }
    kinds = [(name.partition(".")[0], PartyKind.DIRECTORATE, name) for name in BODIES]
    kinds.append(("families", PartyKind.FAMILIES, "home.example"))
    brief = Brief(
        parties=tuple(
            PartyBrief(party=Party(id=name, label=name, kind=kind), domains=(domain,))
            for name, kind, domain in kinds
        )
    )
    return reconstruct(
        kept,
        brief=brief,
        calendars=calendars(brief),
        criteria=criteria(brief),
        text=lambda ids: {one: texts[one] for one in ids},
        segments=lambda ids: {
            one: (Segment(zone=Zone.NEW, start=0, end=len(texts[one])),) for one in ids
        },
        acts=acts,
    )


def main() -> None:
    """Print seconds and findings of each rule."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    view = case(count)
    print(
        f"{len(view):,} communications, {len(view.ghosts):,} absent,",
        f"{len(view.handoffs):,} handoffs",
    )
    for rule in rules():
        start = time.perf_counter()
        found = sum(1 for _ in rule.find(view))
        print(f"{rule.name:16} {time.perf_counter() - start:7.2f} s {found:8,} findings")


if __name__ == "__main__":
    main()
