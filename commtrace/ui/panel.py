"""What is read beside a chart: a message with its source, its thread with the waits, a gap.

Builds HTML through the door only, one element each, so that a click settles quickly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from commtrace.figures.acts import KIND, basis, verdict
from commtrace.figures.edges import answers, doubled
from commtrace.figures.marks import Table
from commtrace.figures.thread import LATE
from commtrace.figures.words import GRADES, shorten
from commtrace.model import (
    Address,
    Citation,
    Communication,
    Finding,
    Grade,
    Outcome,
    Segment,
    Severity,
    Source,
    Strength,
    Zone,
)
from commtrace.moments import local_day, say
from commtrace.ui import door
from commtrace.ui.door import Safe
from commtrace.ui.state import Desk

SEVERITY = {Severity.GRAVE: "Grave", Severity.MATERIAL: "Material", Severity.LOW: "Low"}
STRENGTH = {
    Strength.DIRECT: "direct",
    Strength.CORROBORATED: "corroborated",
    Strength.INDICATED: "indicated",
}
OUTCOME = {
    Outcome.PASSED: "Looked for, not found",
    Outcome.FAILED: "Found",
    Outcome.UNTESTABLE: "Could not be tested",
}
_GUNNING = "Gunning, "  # how a measure begins that is a row of the table of a consultation
_QUIET = {Zone.QUOTED, Zone.QUOTE_HEADER, Zone.SIGNATURE, Zone.BOILERPLATE}
_MOST = 12_000  # characters of a text that are sent to the browser


def message(desk: Desk, identifier: str, *, span: tuple[int, int] | None = None) -> Safe:
    """A communication: from, to, when, its text with quotations set back, and where it lies."""
    case = desk.case
    found = case.communication(identifier)
    return door.html(
        "<h3>{subject}</h3>{grade}{facts}{letter}{acts}{source}",
        subject=found.subject or "No subject",
        grade=_grade(found),
        facts=facts(_facts(found)),
        letter=letter(case.text(found.id), case.segments(found.id), span=span),
        acts=acts(desk, found),
        source=places(found),
    )


def acts(desk: Desk, found: Communication) -> Safe:
    """What the sentences of a message do, each with its cue or who ruled it; "" for none."""
    lines = [
        (KIND[act.kind].capitalize(), act.said, basis(act))
        for act in desk.view.acts.get(found.id, ())
    ]
    lines += [
        (verdict(one).capitalize(), one.said, f"Ruled by {one.signed}")
        for one in desk.rulings_on(found.id)
        if one.becomes is None
    ]
    if not lines:
        return Safe("")
    items = door.join(
        door.html(
            '<li><b>{what}</b> “{said}” <span class="ct-muted">{why}</span></li>',
            what=what,
            said=shorten(" ".join(said.split()), 120),
            why=why,
        )
        for what, said, why in lines
    )
    return door.html(
        '<p class="ct-h2 ct-small">What its sentences do</p><ul class="ct-acts">{items}</ul>',
        items=items,
    )


def sentences_link(identifier: str, start: int | None = None) -> None:
    """The way to the page on which a person rules what the sentences of a message do."""
    where = {"open": identifier} | ({} if start is None else {"sentence": str(start)})
    st.page_link(
        "message.py", label="Its sentences", icon=":material/rule:", query_params=where,
        help="See what each sentence was read as, and rule otherwise",
    )  # fmt: skip


def _grade(found: Communication) -> Safe:
    """How near the record stands to what was said, where it is not the thing itself."""
    if found.grade is Grade.ORIGINAL:
        return Safe("")
    return door.html(
        '<p><span class="ct-grade ct-{name}">{words}</span></p>',
        name=found.grade.value,
        words=GRADES[found.grade].partition(": ")[2].capitalize(),
    )


def _facts(found: Communication) -> list[tuple[str, str]]:
    rows = [
        ("From", address(found.sender) if found.sender else "not stated in the record"),
        ("To", addresses(found.to) or "not stated in the record"),
    ]
    if found.cc:
        rows.append(("Cc", addresses(found.cc)))
    if found.bcc:
        rows.append(("Bcc", addresses(found.bcc)))
    when = found.when
    said = f" (as written: {when.said})" if when is not None and not when.exact else ""
    rows.append(("When", f"{say(when)}, {found.channel.value}{said}"))
    if found.attachments:
        rows.append(("Attached", ", ".join(a.name or "unnamed" for a in found.attachments)))
    rows.extend(("Doubt", doubt) for doubt in found.doubts)
    return rows


def address(who: Address) -> str:
    """A name with its address; never a name alone where there is an address."""
    if who.name and who.address:
        return f"{who.name} <{who.address}>"
    return who.name or who.address or who.said or "no name or address"


def addresses(many: Sequence[Address], most: int = 8) -> str:
    """Several addresses, the rest counted."""
    named = "; ".join(address(one) for one in many[:most])
    return named if len(many) <= most else f"{named}; and {len(many) - most} more"


def facts(rows: Iterable[tuple[str, str]]) -> Safe:
    """Names and values, one under another."""
    body = door.join(door.html("<dt>{n}</dt><dd>{v}</dd>", n=name, v=value) for name, value in rows)
    return door.html('<dl class="ct-facts">{body}</dl>', body=body)


def letter(text: str, segments: Sequence[Segment], *, span: tuple[int, int] | None = None) -> Safe:
    """A text with what is quoted or a signature set back, and the cited words marked."""
    if not text.strip():
        return door.html('<p class="ct-muted ct-small">{why}</p>', why="The record holds no text.")
    cut = text[:_MOST]
    parts = []
    for piece in segments or (Segment(zone=Zone.NEW, start=0, end=len(text)),):
        inside = _marked(cut, piece.start, min(piece.end, len(cut)), span)
        quiet = piece.zone in _QUIET
        parts.append(door.html('<span class="ct-quoted">{t}</span>', t=inside) if quiet else inside)
    if len(text) > _MOST:
        left = f"{len(text) - _MOST:,} more characters are in the source."
        parts.append(door.html('\n\n<span class="ct-quoted">{left}</span>', left=left))
    return door.html('<div class="ct-letter">{parts}</div>', parts=door.join(parts))


def _marked(text: str, start: int, end: int, span: tuple[int, int] | None) -> Safe:
    if span is None or span[1] <= start or span[0] >= end:
        return door.text(text[start:end])
    low, high = max(span[0], start), min(span[1], end)
    return door.html(
        "{before}<mark>{words}</mark>{after}",
        before=text[start:low],
        words=text[low:high],
        after=text[high:end],
    )


def places(found: Communication) -> Safe:
    """Every copy: file, place in it, whose material, and the file's SHA-256."""
    copies = door.join(
        door.html(
            '<div class="ct-source">{place}{who}<br>SHA-256 <code>{hash}</code></div>',
            place=place(copy.source),
            who=f" · from the material of {copy.custodian}" if copy.custodian else "",
            hash=copy.source.sha256,
        )
        for copy in found.sightings
    )
    many = len(found.sightings)
    title = "Source" if many == 1 else f"Source, {many} copies"
    return door.html('<p class="ct-h2 ct-small">{title}</p>{copies}', title=title, copies=copies)


def place(source: Source) -> str:
    """A file's path and the part within."""
    return " › ".join((source.path, *source.part))


def thread(desk: Desk, number: int, open_message: str, *, most: int = 40) -> Safe:
    """The messages of a thread in order, and between them how long nothing was on record."""
    view = desk.view
    rows = [int(r) for r in view.rows_of_thread[number]]
    steps: list[Safe] = []
    before: int | None = None
    for row in rows[:most]:
        if before is not None:
            steps.append(_wait(desk, before, row))
        here = view.ids[row] == open_message
        to = ", ".join(desk.ground.party(p) for p in view.parties_to(row)[:2])
        steps.append(
            door.html(
                '<li class="ct-step{here}">{when}<br>{who} → {to}{edge}</li>',
                here=" ct-here" if here else "",
                when=say(view.whens[row]),
                who=desk.ground.party(int(view.sender_party[row])),
                to=to or "recipient not known",
                edge=_edge(desk, number, row),
            )
        )
        before = row
    rest = f"and {len(rows) - most} more" if len(rows) > most else ""
    return door.html(
        '<p class="ct-h2 ct-small">Thread of {count} {word} {rest}</p>'
        '<ol class="ct-steps">{steps}</ol>',
        count=len(rows),
        word="message" if len(rows) == 1 else "messages",
        rest=rest,
        steps=door.join(steps),
    )


def _edge(desk: Desk, number: int, row: int) -> Safe:
    """What a message of a thread answers, and by which evidence."""
    name = desk.view.ids[row]
    said = " ".join(filter(None, (answers(desk.view, name), doubled(desk.view, number, name))))
    return door.html('<br><span class="ct-muted">{said}</span>', said=said) if said else Safe("")


def _wait(desk: Desk, before: int, after: int) -> Safe:
    one, other = desk.view.whens[before], desk.view.whens[after]
    if one is None or other is None:
        return Safe("")
    days = desk.view.working.elapsed(local_day(one.earliest), local_day(other.earliest))
    if not days:
        return Safe("")
    words = "1 working day" if days == 1 else f"{days} working days"
    return door.html(
        '<li class="ct-wait{late}">{words} with no message</li>',
        late=" ct-late" if days > LATE else "",
        words=words,
    )


def finding_head(desk: Desk, finding: Finding) -> Safe:
    """Reference, rule, steps of severity and strength, the sentence, and the measure."""
    gap = desk.gap_of[finding.id]
    measure = [
        (name.replace("_", " ").capitalize(), str(v))
        for name, v in finding.measure.items()
        if not name.startswith(_GUNNING)
    ]
    parties = [desk.ground.party(desk.view.party_index.get(p, -1)) for p in finding.parties]
    owes = desk.view.party_index.get(finding.owes or "", -1)
    rows = [
        ("Window", say(finding.window)),
        ("Between", " and ".join(parties) or "no party is known"),
        ("Next step lay with", desk.ground.party(owes) if owes >= 0 else "nobody named"),
        ("Could it be seen?", finding.observability.value.capitalize()),
    ]
    if finding.areas:
        rows.append(("Area", "; ".join(finding.areas)))
    return door.html(
        '<h3><span class="ct-swatch ct-{family}" aria-hidden="true"></span> '
        "{reference} · {word}</h3>"
        '<p class="ct-small ct-muted"><span class="{tone}">{severity}</span>, {strength}</p>'
        '<p class="ct-sentence">{sentence}</p>{facts}{gunning}{measure}',
        family=finding.family.value,
        reference=gap.reference,
        word=gap.word,
        tone="ct-grave" if finding.severity is Severity.GRAVE else "",
        severity=SEVERITY[finding.severity],
        strength=STRENGTH[finding.strength],
        sentence=finding.sentence,
        facts=facts(rows),
        gunning=_gunning(finding),
        measure=door.html(
            '<details class="ct-more"><summary>What was measured</summary>{rows}</details>',
            rows=facts(measure),
        )
        if measure
        else Safe(""),
    )


def _gunning(finding: Finding) -> Safe:
    """The four criteria of a consultation as a table; nothing where it is no consultation."""
    found = tuple(
        (name.removeprefix(_GUNNING), str(value))
        for name, value in sorted(finding.measure.items())
        if name.startswith(_GUNNING)
    )
    header = ("Gunning criterion", "What the material shows")
    made = Table(caption="The four Gunning criteria", header=header, rows=found)
    return door.tabled(made) if found else Safe("")


def checks(finding: Finding) -> Safe:
    """The innocent explanations that were looked for, and how each ended."""
    if not finding.checks:
        return Safe("")
    items = door.join(
        door.html(
            "<li><span>{outcome}</span><span>{what}{because}</span></li>",
            outcome=OUTCOME[check.outcome],
            what=check.what[:1].upper() + check.what[1:],
            because=f": {check.because}" if check.because else "",
        )
        for check in finding.checks
    )
    return door.html(
        '<p class="ct-h2 ct-small">Other explanations</p><ul class="ct-checks">{items}</ul>',
        items=items,
    )


def citation(desk: Desk, cite: Citation) -> Safe:
    """One exhibit: what it shows, the message with its words, or the place alone."""
    role = door.html(
        '<p class="ct-h2 ct-small">{role}</p>', role=cite.role[:1].upper() + cite.role[1:]
    )
    if cite.communication is None:
        return door.html(
            '{role}<div class="ct-source">{place}<br>SHA-256 <code>{hash}</code></div>',
            role=role,
            place=place(cite.source),
            hash=cite.source.sha256,
        )
    return door.html(
        "{role}{message}", role=role, message=message(desk, cite.communication, span=cite.span)
    )
