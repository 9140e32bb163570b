"""How long each rule takes on a case of many communications.

Run `python benchmarks/rules.py [communications]` (100,000 by default). Three directorates, families
and schools write to one another; half of it answers, one in ten goes to several people outside, one
in thirty is absent. What they say is drawn from the phrases of the planted cases, with the acts
that the language finds in it: questions, holding replies, reminders, undertakings by a day and
later days, decisions, consultations, statements of figures, and letters in near-identical copies,
each between everyday sentences.
"""

from __future__ import annotations

import random
import sys
import time
import tomllib
from datetime import UTC, datetime, timedelta

from planted_case import PHRASES, filled

from commtrace.brief import Brief, PartyBrief
from commtrace.language.acts import acts as acts_of
from commtrace.model import (
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
    several: list[str] = []
    if parent is None and draw.random() < 0.2:
        sender, several = draw.choice(everybody[:300]), draw.sample(everybody[300:], 3)
        to = several[0]
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
        to=tuple(Address(name="", address=one) for one in several or [to]),
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


SLOTS = (
    ("ask", 30), ("answer", 14), ("chaser", 6), ("holding", 6), ("promise", 14), ("later", 3),
    ("keep", 6), ("withdrawn", 2), ("closure", 4), ("called", 2), ("decided", 2), ("consult", 1),
    ("inform", 5), ("letters", 4), ("contradictions", 1),
)  # fmt: skip
BANKS = tuple(
    tomllib.loads((PHRASES / f"{number}.toml").read_text(encoding="utf-8")) for number in (1, 2, 3)
)


def _said(draw: random.Random, number: int) -> str:
    """What a message says: one thing, between everyday sentences."""
    bank = draw.choice(BANKS)
    slot = draw.choices([name for name, _ in SLOTS], [weight for _, weight in SLOTS])[0]
    phrase = draw.choice(bank[slot])
    if not isinstance(phrase, str):
        phrase = "\n\n".join(phrase[1:]) if slot == "letters" else draw.choice(phrase)
    days = [f"{draw.randrange(1, 28)} {month}" for month in ("March", "April", "May")]
    words = filled(
        phrase, matter=draw.choice(bank["matters"])[1], thing=draw.choice(bank["things"]),
        day=days[0], later=days[1], open=days[0], close=days[1], place=draw.choice(bank["places"]),
    )  # fmt: skip
    around = draw.sample(bank["traffic"], 0 if slot == "letters" else draw.randrange(2, 6))
    return "\n\n".join([f"Dear reader {number % 97},", *around, words, "Kind regards"])


def case(count: int, seed: int = 1) -> View:
    """The view of `count` communications, less those that nobody supplied."""
    draw = random.Random(seed)  # noqa: S311 - a seeded generator is the point
    everybody, past = people(draw), list[Communication]()
    for number in range(count):
        past.append(mail(draw, number, everybody, past))
    kept = [one for one in past if draw.random() > 1 / 30]
    texts = {one.id: _said(draw, number) for number, one in enumerate(kept)}
    zones = {one: (Segment(zone=Zone.NEW, start=0, end=len(said)),) for one, said in texts.items()}
    acts = {one: found for one, said in texts.items() if (found := acts_of(said, zones[one], one))}
    kinds = [(name.partition(".")[0], PartyKind.DIRECTORATE, name) for name in BODIES]
    kinds.append(("families", PartyKind.FAMILIES, "home.example"))
    kinds.append(("members", PartyKind.MEMBERS, "cllr.example"))
    brief = Brief(
        criteria={"consultation": "h2s-consult"},
        decision_makers=("members",),
        parties=tuple(
            PartyBrief(party=Party(id=name, label=name, kind=kind), domains=(domain,))
            for name, kind, domain in kinds
        ),
    )
    return reconstruct(
        kept,
        brief=brief,
        calendars=calendars(brief),
        criteria=criteria(brief),
        text=lambda ids: {one: texts[one] for one in ids},
        segments=lambda ids: {one: zones[one] for one in ids},
        acts=acts,
    )


def main() -> None:
    """Print CPU seconds and findings of each rule."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    view = case(count)
    print(
        f"{len(view):,} communications, {len(view.ghosts):,} absent,",
        f"{len(view.handoffs):,} handoffs",
    )
    everything = 0.0
    for rule in rules():
        start = time.process_time()
        found = sum(1 for _ in rule.find(view))
        took = time.process_time() - start
        everything += took
        print(f"{rule.name:24} {took:7.2f} s {found:8,} findings", flush=True)
    print(f"{'all rules':24} {everything:7.2f} s")


if __name__ == "__main__":
    main()
