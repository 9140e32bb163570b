"""Custody: who supplied what, every act on the case in its chain, and verification on demand."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import streamlit as st

from commtrace.errors import CommtraceError
from commtrace.figures import box, custody
from commtrace.figures.custody import Supply
from commtrace.model import AuditRow, Verification
from commtrace.moments import say_time
from commtrace.ui import chart, door, parts, state
from commtrace.ui.chart import Column
from commtrace.ui.pages.evidence_rows import rows
from commtrace.ui.state import Desk

ss = st.session_state


@dataclass(slots=True)
class Runs:
    """The verification that runs in a thread of its own, and the last one that ended."""

    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    running: Future[Verification] | None = None
    begun: float = 0.0
    ended: datetime | None = None
    last: Verification | None = None
    failed: str = ""


@st.cache_resource(show_spinner=False, max_entries=1)
def _runs() -> Runs:
    return Runs()


def show(desk: Desk) -> None:
    """Supplies and verification above, the chain below."""
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        supplied(desk)
    with right:
        verification()
        head(desk)
    chain(desk)


SUPPLIES = (
    Column(label="Supplied by", wrap=True),
    Column(label="Material of", wrap=True),
    Column(label="Files", right=True),
    Column(label="Size", right=True),
)


def supplied(desk: Desk) -> None:
    """Who gave what, and how much is kept of it."""
    files = state.ledger(desk).files
    copies, size = custody.kept(files)
    door.put('<h2 class="ct-h2">Supplied</h2>')
    chart.rows(
        SUPPLIES,
        [("", _supply(one)) for one in custody.supplies(files)],
        key="custody_supplies",
        caption="Who supplied what",
        height="210px",
    )
    door.put(
        '<p class="ct-small ct-muted">{n} different files are kept as copies in the case, {size} '
        "in all, each under its SHA-256. The sources themselves were only read.</p>",
        n=f"{copies:,}",
        size=box.size(size),
    )


def _supply(one: Supply) -> list[Any]:
    return [
        one.supplier or "not said",
        one.custodian or "nobody named",
        f"{one.files:,}",
        box.size(one.size),
    ]


@st.fragment(key="custody_verification")
def verification() -> None:
    """The button, how long it has run, and what was found."""
    runs = _runs()
    door.put('<h2 class="ct-h2">Verification</h2>')
    if runs.running is not None:
        _wait(runs)
    else:
        st.button("Verify now", icon=":material/verified:", on_click=_begin)
        outcome(runs)


def _begin() -> None:
    """Start a verification; it goes on whatever the screen does meanwhile."""
    runs = _runs()
    if runs.running is None:
        case = state.current_case()
        runs.begun, runs.failed = monotonic(), ""
        runs.running = runs.pool.submit(case.verify)


@st.fragment(run_every="1s")
def _wait(runs: Runs) -> None:
    """Say once a second how long it has run, until it has ended."""
    running = runs.running
    if running is not None and not running.done():
        door.put(
            '<p class="ct-small" role="status">Every copy and row is being compared with its '
            "digest: {seconds} seconds so far.</p>",
            seconds=f"{monotonic() - runs.begun:.0f}",
        )
        return
    if running is not None:
        try:
            runs.last, runs.ended = running.result(), datetime.now(UTC)
        except CommtraceError as error:
            runs.failed = str(error)
        runs.running = None
    st.rerun()


def outcome(runs: Runs) -> None:
    """What the last verification found, a sentence each."""
    if runs.failed:
        door.put('<div class="ct-notice ct-warn" role="alert">{why}</div>', why=runs.failed)
    last = runs.last
    if last is None or runs.ended is None:
        door.put(
            '<p class="ct-small ct-muted">{why}</p>',
            why="Compares every kept copy with its SHA-256, every row of the store with its "
            "digest, and the chain of acts with itself. Not yet run since the screen was started.",
        )
        return
    if last.whole:
        head = "No fault was found."
    else:
        many = len(last.faults)
        head = "1 fault was found." if many == 1 else f"{many:,} faults were found."
    items = [f"{fault.where}: {fault.what}" for fault in last.faults[:200]]
    door.put(
        '<div class="ct-notice{warn}" role="status"><b>{head}</b> {copies} copies and {rows} rows '
        "were compared, {when}.{faults}{notes}</div>",
        warn="" if last.whole else " ct-warn",
        head=head,
        copies=f"{last.copies:,}",
        rows=f"{last.rows:,}",
        when=say_time(runs.ended),
        faults=_list(items),
        notes=door.html("<p>What it cannot show:</p>{notes}", notes=_list(list(last.notes)))
        if last.notes
        else "",
    )


def _list(items: list[str]) -> door.Safe:
    lines = door.join(door.html("<li>{one}</li>", one=one) for one in items)
    return door.html('<ul class="ct-list">{lines}</ul>', lines=lines) if items else door.join(())


def head(desk: Desk) -> None:
    """The end of the chain, to be kept elsewhere."""
    end = desk.case.head()
    if not end.count:
        return
    door.put(
        '<p class="ct-small ct-muted">Head of the chain after {n} acts. Kept on paper, it shows '
        "later whether any of them was changed or taken away.</p>",
        n=f"{end.count:,}",
    )
    parts.copied(
        end.digest, key="custody_head", caption="Head of the chain", label="Copy the head",
        short=True,
    )  # fmt: skip


CHAIN = (
    Column(label="No.", right=True),
    Column(label="When"),
    Column(label="Who", wrap=True),
    Column(label="What was done"),
    Column(label="In words", wrap=True),
    Column(label="Digest"),
)


def chain(desk: Desk) -> None:
    """Every act, latest first."""
    found = desk.case.custody()
    door.put('<h2 class="ct-h2">Everything done to this case</h2>')
    rows(
        CHAIN, found[::-1], _act, key="custody_chain", what="acts, latest first",
        group=str(len(found)), height="clamp(220px, calc(100vh - 640px), 520px)",
    )  # fmt: skip


def _act(row: AuditRow) -> list[Any]:
    return [
        f"{row.number:,}",
        say_time(row.when),
        row.who or "no name given",
        row.action.replace("_", " ").capitalize(),
        custody.said(row),
        f"{row.digest[:16]}…",
    ]
