"""Overview: what the case holds, what it could not show, and the gravest gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import streamlit as st

from commtrace.figures import strip, timeline
from commtrace.figures.coverage import custodian_names
from commtrace.figures.gaps import Gap
from commtrace.figures.marks import day_of_clock
from commtrace.model import IdentityKind, Severity
from commtrace.moments import say_day
from commtrace.ui import chart, door, state
from commtrace.ui.panel import SEVERITY
from commtrace.ui.state import Desk

GO, ENDS = "overview_go", "overview_ends"
ss = st.session_state
Target = tuple[str, dict[str, str]]
TARGETS: dict[str, Target] = {
    "files": ("evidence.py", {"section": "Files"}),
    "communications": ("timeline.py", {}),
    "people": ("network.py", {"view": "Graph"}),
    "parties": ("network.py", {}),
    "gaps": ("gaps.py", {}),
    "grave": ("gaps.py", {"severity": "Grave"}),
    "coverage": ("evidence.py", {"section": "Coverage"}),
    "problems": ("evidence.py", {"section": "Problems"}),
    "placed": ("evidence.py", {"section": "To be placed"}),
    "handoffs": ("handoffs.py", {}),
    "absent": ("coverage.py", {"coverage_view": "Absent messages"}),
}


def on_number() -> None:
    """Remember which page was asked for."""
    ss[GO] = chart.value("overview_numbers", "opened")


def on_limit() -> None:
    """Remember which page was asked for."""
    ss[GO] = chart.value("overview_limits", "opened")


def on_finding() -> None:
    """Remember which gap was asked for."""
    ss[GO] = chart.value("overview_findings", "opened")


def on_strip() -> None:
    """A part of the period was chosen: the timeline shows it."""
    ends = chart.value("overview_strip", "range")
    if ends:
        ss[GO] = "strip"
        ss[ENDS] = [day_of_clock(x).isoformat() for x in sorted(ends)]


def numbers(desk: Desk) -> list[dict[str, str]]:
    """The large figures; each opens its page."""
    view, ledger = desk.view, state.ledger(desk).numbers
    people = sum(1 for who in view.identities if who.kind is IdentityKind.PERSON)
    provisional = sum(1 for party in view.parties if party.provisional)
    grave = sum(1 for gap in desk.gaps if gap.finding.severity is Severity.GRAVE)
    unread = ledger.failed + ledger.unsupported + ledger.partly
    decided = sum(1 for i in desk.case.decisions() if i in desk.gap_of)
    return [
        _number("files", ledger.files, "files", f"{unread:,} not read whole"),
        _number(
            "communications",
            len(view),
            "communications",
            f"{len(view) - view.dated:,} without a date",
        ),
        _number("people", people, "people", f"{len(view.identities):,} names and mailboxes"),
        _number("parties", len(view.parties), "parties", f"{provisional:,} still to be placed"),
        _number("handoffs", len(view.handoffs), "handoffs", "from party to party"),
        _number("gaps", len(desk.gaps), "gaps", f"{decided:,} decided"),
        {**_number("grave", grave, "grave gaps", "to read first"), "tone": "grave"},
    ]


def _number(key: str, number: int, text: str, foot: str) -> dict[str, str]:
    return {"key": key, "title": f"{number:,}", "text": text, "foot": foot}


def limits(desk: Desk) -> Iterator[dict[str, str]]:
    """What the material could not show, one card each; said before any gap is."""
    yield from _mailboxes(desk)
    yield from _not_read(desk)
    ghosts = len(desk.view.ghosts)
    if ghosts:
        yield _limit(
            "absent",
            f"{count(ghosts, 'message is', 'messages are')} cited and not supplied",
            "Each with its witnesses; those of a known time are outlines on the timeline.",
        )
    for missing in desk.case.brief.known_missing:
        yield _limit("files", "Known to exist, not provided", missing.what)
    shortest = state.shortest_silence(desk)
    if shortest:
        yield _limit("parties", "The shortest silence that can be told from chance", shortest)
    for failure in desk.case.failures():
        yield _limit("gaps", "A rule could not be run", str(getattr(failure, "what", failure)))


def _mailboxes(desk: Desk) -> Iterator[dict[str, str]]:
    windows: dict[str, list[str]] = {}
    names_of = custodian_names(desk.view)
    for name in sorted({c.custodian for c in desk.view.coverage}):
        windows.setdefault(_window(desk, name), []).append(names_of.get(name, name))
    if not windows:
        yield _limit(
            "coverage",
            "Whose mailboxes these are is not known",
            "Without that, no absence can be tested.",
        )
    else:
        number = sum(len(names) for names in windows.values())
        said = "; ".join(f"{when}: {', '.join(names)}" for when, names in windows.items())
        title = f"Only {count(number, 'mailbox was', 'mailboxes were')} supplied"
        yield _limit("coverage", title, said)
    others = [row.label.replace("\n", " ") for row in desk.ground.lanes if not row.supplied]
    if others and windows:
        title = f"{count(len(others), 'party is', 'parties are')} seen through others only"
        yield _limit("coverage", title, ", ".join(others))
    uncovered = Counter(week.custodian for week in desk.view.weeks if not week.covered)
    if uncovered:
        most = ", ".join(f"{names_of.get(name, name)} {n}" for name, n in uncovered.most_common(3))
        title = f"{count(sum(uncovered.values()), 'week', 'weeks')} of these are not covered"
        yield _limit("coverage", title, most)


def _not_read(desk: Desk) -> Iterator[dict[str, str]]:
    ledger = state.ledger(desk).numbers
    kinds = (
        (ledger.failed, "could not be read"),
        (ledger.unsupported, "in a format not supported"),
        (ledger.partly, "read in part"),
    )
    unread = sum(number for number, _ in kinds)
    if unread:
        said = ", ".join(f"{number:,} {words}" for number, words in kinds if number)
        yield _limit("problems", f"{count(unread, 'file was', 'files were')} not read whole", said)
    unknown = state.ledger(desk).unknown
    if unknown:
        title = f"{count(len(unknown), 'address waits', 'addresses wait')} to be placed"
        yield _limit("placed", title, "They count for a party made from their mail domain.")


def count(number: int, one: str, many: str) -> str:
    """A number and the words that go with it."""
    return f"{number:,} {one if number == 1 else many}"


def _window(desk: Desk, name: str) -> str:
    own = [c for c in desk.view.coverage if c.custodian == name]
    return f"{say_day(min(c.first for c in own))} to {say_day(max(c.last for c in own))}"


def _limit(key: str, title: str, text: str) -> dict[str, str]:
    return {"key": key, "title": title, "text": text}


def findings(gaps: tuple[Gap, ...]) -> list[dict[str, str]]:
    """The gravest gaps as sentences."""
    return [
        {
            "key": f"g{gap.finding.id}",
            "swatch": gap.finding.family.value,
            "title": gap.word,
            "note": f"{SEVERITY[gap.finding.severity]}{', ' if gap.length else ''}{gap.length}",
            "text": gap.finding.sentence,
            "foot": f"{gap.reference} · {gap.when} · {gap.finding.observability.value}",
        }
        for gap in gaps[:6]
    ]


def go() -> None:
    """Lead on to the page that was asked for."""
    key = ss.pop(GO, None)
    if not key:
        return
    if key == "strip":
        first, last = ss.pop(ENDS)
        st.switch_page("timeline.py", query_params={"from": first, "to": last})
    if key in TARGETS:
        page, query = TARGETS[key]
        st.switch_page(page, query_params=query)
    st.switch_page("gaps.py", query_params={"open": key[1:]})


def body(desk: Desk) -> None:
    """The page."""
    door.put(
        '<h1 class="ct-title">Overview</h1><p class="ct-lead">What was supplied, what it cannot '
        "show, and what no record was found of. Every figure and card opens its page.</p>"
    )
    chart.numbers(
        numbers(desk), key="overview_numbers", caption="What the case holds", on_open=on_number
    )
    whole = (desk.ground.first, desk.ground.last)
    chart.draw(strip.strip(desk.ground, desk.gaps, whole), key="overview_strip", on_range=on_strip)
    door.legend(timeline.roles(desk.ground), "Drag across to open a part of the period.")
    if st.toggle("View as table", key="overview_table"):
        door.table(strip.strip(desk.ground, desk.gaps, whole).table)
    left, right = st.columns([1.45, 1], gap="large")
    with left:
        door.put('<h2 class="ct-h2">Gravest gaps</h2>')
        cards = findings(desk.gaps)
        if cards:
            chart.cards(cards, key="overview_findings", caption="Gravest gaps", on_open=on_finding)
        else:
            door.put(
                '<div class="ct-notice">{why}</div>',
                why="The rules found no gap in the material supplied.",
            )
    with right:
        door.put('<h2 class="ct-h2">What this case cannot show</h2>')
        chart.cards(
            list(limits(desk)),
            key="overview_limits",
            caption="What this case cannot show",
            on_open=on_limit,
        )


state.arrived("overview")
body(state.desk())
go()
