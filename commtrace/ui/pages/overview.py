"""Overview: what the case holds, what it could not show, and the gravest gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import streamlit as st

from commtrace.figures.gaps import Gap
from commtrace.model import IdentityKind, Severity
from commtrace.moments import local_day, say_day
from commtrace.ui import chart, door, state
from commtrace.ui.panel import SEVERITY
from commtrace.ui.state import Desk

GO = "overview_go"
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


def numbers(desk: Desk) -> list[dict[str, str]]:
    """The large figures; each opens its page."""
    view, ledger = desk.view, desk.case.reconciliation()
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
        _number("handoffs", len(view.handoffs), "handoffs", "between directorates"),
        _number("gaps", len(desk.gaps), "gaps", f"{decided:,} decided"),
        {**_number("grave", grave, "grave gaps", "to read first"), "tone": "grave"},
    ]


def _number(key: str, number: int, text: str, foot: str) -> dict[str, str]:
    return {"key": key, "title": f"{number:,}", "text": text, "foot": foot}


def limits(desk: Desk) -> Iterator[dict[str, str]]:
    """What the material could not show, one card each; said before any gap is."""
    view, ledger = desk.view, desk.case.reconciliation()
    custodians = {c.custodian for c in view.coverage}
    lanes = [row for row in desk.ground.lanes if not row.supplied]
    if custodians:
        windows = ", ".join(_window(desk, name) for name in sorted(custodians)[:4])
        more = f" and {len(custodians) - 4} more" if len(custodians) > 4 else ""
        yield _limit("coverage", f"{len(custodians)} mailboxes were supplied", windows + more)
    else:
        yield _limit(
            "coverage",
            "Whose mailboxes these are is not known",
            "Without that, no absence can be tested.",
        )
    if lanes:
        names = ", ".join(row.label.replace("\n", " ") for row in lanes)
        yield _limit("coverage", f"{len(lanes)} parties are seen through others only", names)
    uncovered = Counter(week.custodian for week in view.weeks if not week.covered)
    if uncovered:
        most = ", ".join(f"{name}: {n} weeks" for name, n in uncovered.most_common(3))
        yield _limit("coverage", f"{sum(uncovered.values())} custodian weeks are not covered", most)
    unread = ledger.failed + ledger.unsupported + ledger.partly
    if unread:
        yield _limit(
            "problems",
            f"{unread:,} files were not read whole",
            f"{ledger.unsupported:,} in a format not supported, {ledger.failed:,} not "
            f"readable, {ledger.partly:,} in part",
        )
    unknown = desk.case.unknown_addresses()
    if unknown:
        yield _limit(
            "placed",
            f"{len(unknown)} addresses wait to be placed",
            "They count for a party made from their mail domain.",
        )
    if view.ghosts:
        yield _limit(
            "gaps",
            f"{len(view.ghosts)} messages are cited and were not supplied",
            "They are shown as empty outlines on the timeline.",
        )
    for failure in desk.case.failures():
        yield _limit("gaps", "A rule could not be run", str(getattr(failure, "what", failure)))


def _window(desk: Desk, name: str) -> str:
    own = [c for c in desk.view.coverage if c.custodian == name]
    first, last = min(c.first for c in own), max(c.last for c in own)
    return f"{name} ({say_day(first)} to {say_day(last)})"


def _limit(key: str, title: str, text: str) -> dict[str, str]:
    return {"key": key, "title": title, "text": text}


def findings(gaps: tuple[Gap, ...]) -> list[dict[str, str]]:
    """The gravest gaps as sentences."""
    return [
        {
            "key": f"g{gap.finding.id}",
            "swatch": gap.finding.family.value,
            "title": gap.word,
            "note": SEVERITY[gap.finding.severity],
            "text": gap.finding.sentence,
            "foot": f"{gap.reference} · {_days(gap)} · {gap.finding.observability.value}",
        }
        for gap in gaps[:6]
    ]


def _days(gap: Gap) -> str:
    window = gap.finding.window
    return (
        f"{say_day(local_day(window.earliest))} to {say_day(local_day(window.last_second))}, "
        f"{gap.days} working days"
    )


def go() -> None:
    """Lead on to the page that was asked for."""
    key = ss.pop(GO, None)
    if not key:
        return
    if key in TARGETS:
        page, query = TARGETS[key]
        st.switch_page(page, query_params=query)
    st.switch_page("gaps.py", query_params={"open": key[1:]})


def body(desk: Desk) -> None:
    """The page."""
    door.put('<h1 class="ct-title">{title}</h1>', title=desk.case.title)
    chart.numbers(
        numbers(desk), key="overview_numbers", caption="What the case holds", on_open=on_number
    )
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
