"""Evidence: the ledger that reconciles, what could not be read, whom to place, what was covered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from commtrace.errors import CommtraceError
from commtrace.figures import coverage
from commtrace.model import File, Problem, Status
from commtrace.ui import chart, door, panel, state
from commtrace.ui.chart import Column
from commtrace.ui.door import Safe
from commtrace.ui.state import Desk

if TYPE_CHECKING:
    from commtrace.accounts import UnknownAddress

T = TypeVar("T")
STATUS = {
    Status.READ: "Read",
    Status.PARTLY: "Read in part",
    Status.DUPLICATE: "Duplicates",
    Status.UNSUPPORTED: "Not supported",
    Status.FAILED: "Not readable",
    Status.EXCLUDED: "Excluded",
}
PAGE, SAID = 100, "place_said"
ss = st.session_state


def equation(desk: Desk) -> None:
    """Files in, and what became of each: the numbers add up, or the page says that they do not."""
    ledger = state.ledger(desk).numbers
    numbers = {
        Status.READ: ledger.read,
        Status.PARTLY: ledger.partly,
        Status.DUPLICATE: ledger.duplicate,
        Status.UNSUPPORTED: ledger.unsupported,
        Status.FAILED: ledger.failed,
        Status.EXCLUDED: ledger.excluded,
    }
    terms = [_term(ledger.files, "files supplied")]
    for n, (status, number) in enumerate(numbers.items()):
        terms.append(door.html('<span class="ct-op">{sign}</span>', sign="+" if n else "="))
        terms.append(_term(number, STATUS[status].lower()))
    door.put(
        '<div class="ct-equation" role="img" aria-label="{alt}">{terms}</div>',
        alt=f"{ledger.files} files supplied are the sum of what became of each",
        terms=door.join(terms),
    )
    held = (
        f"They hold {ledger.communications:,} communications and {ledger.embedded:,} items inside "
        f"others; {ledger.problems:,} problems are listed."
    )
    if ledger.balanced and sum(numbers.values()) == ledger.files:
        door.put('<p class="ct-lead">Every file is accounted for. {held}</p>', held=held)
        return
    door.put(
        '<div class="ct-notice ct-warn" role="alert">{why}</div>',
        why="The numbers do not add up. Do not rely on this case before that is explained.",
    )


def _term(number: int, words: str) -> Safe:
    return door.html(
        '<span class="ct-term"><b>{n}</b><span>{w}</span></span>', n=f"{number:,}", w=words
    )


def files(desk: Desk) -> None:
    """The ledger, one row an input file."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.pills(
            "What became of it",
            list(STATUS.values()),
            selection_mode="multi",
            key="status",
            bind="query-params",
        )
        st.text_input(
            "Path or hash", key="path", width=260, icon=":material/search:", bind="query-params"
        )
    wanted, words = ss.get("status"), str(ss.get("path") or "").casefold()
    found = [
        f
        for f in state.ledger(desk).files
        if (not wanted or STATUS[f.status] in wanted)
        and (words in f.path.casefold() or words in (f.sha256 or ""))
    ]
    columns = [
        Column(label="File", wrap=True),
        Column(label="Became"),
        Column(label="Why", wrap=True),
        Column(label="Messages", right=True),
        Column(label="Size", right=True),
        Column(label="From the material of"),
        Column(label="SHA-256"),
    ]
    rows(
        columns,
        found,
        _file,
        key="evidence_files",
        what="files",
        group=f"{wanted}{words}",
    )


def _file(file: File) -> list[Any]:
    quiet = file.status in {Status.READ, Status.DUPLICATE, Status.EXCLUDED}
    return [
        file.path,
        {"text": STATUS[file.status], "tone": "" if quiet else "grave"},
        file.reason or "read whole",
        f"{file.communications:,}",
        size(file.size),
        file.custodian or "nobody named",
        file.sha256[:16] + "…" if file.sha256 else "bytes could not be read",
    ]


def size(number: int) -> str:
    """A size in bytes, kilobytes or megabytes."""
    if number < 1000:
        return f"{number} B"
    return f"{number / 1000:.0f} kB" if number < 1_000_000 else f"{number / 1_000_000:.1f} MB"


def rows(
    columns: list[Column],
    found: Sequence[T],
    cells: Callable[[T], list[Any]],
    *,
    key: str,
    what: str,
    group: str = "",
) -> None:
    """A table in pages of a hundred, and how many rows there are."""
    pages = max(1, -(-len(found) // PAGE))
    number = min(int(ss.get(f"{key}_page") or 1), pages)
    chart.rows(
        columns,
        [("", cells(one)) for one in found[(number - 1) * PAGE : number * PAGE]],
        key=key,
        caption=what.capitalize(),
        group=f"{group}{number}",
        height="clamp(300px, calc(100vh - 470px), 900px)",
    )
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        if pages > 1:
            st.pagination(pages, key=f"{key}_page")
        door.put('<p class="ct-muted ct-small">{n} {what}</p>', n=f"{len(found):,}", what=what)


def problems(desk: Desk) -> None:
    """What could not be read, or was read with a doubt, and what would help."""
    found = state.ledger(desk).problems
    if not found:
        door.put('<div class="ct-notice">No file gave a problem.</div>')
        return
    columns = [
        Column(label="File", wrap=True),
        Column(label="Kind"),
        Column(label="What would help", wrap=True),
    ]
    rows(columns, found, _problem, key="evidence_problems", what="problems")


def _problem(one: Problem) -> list[Any]:
    return [panel.place(one.source), one.kind.value.replace("_", " ").capitalize(), one.what]


def people(desk: Desk) -> None:
    """Addresses of provisional parties, and what places them: a form, or lines of case.toml."""
    found = state.ledger(desk).unknown
    if ss.get(SAID):
        door.put('<p class="ct-lead" role="status">{said}</p>', said=ss[SAID])
    if not found:
        door.put('<div class="ct-notice">Every address belongs to a party of case.toml.</div>')
        return
    door.put(
        '<p class="ct-lead">These were put into a party made from their mail domain. Place an '
        "address in the party it belongs to: it is written to case.toml, and the case is then "
        "read again.</p>"
    )
    placing(desk, [one.address for one in found if one.address])
    columns = [
        Column(label="Address", wrap=True),
        Column(label="Name", wrap=True),
        Column(label="Now under", wrap=True),
        Column(label="Messages", right=True),
        Column(label="Line for case.toml"),
    ]
    rows(columns, found, _unknown, key="evidence_people", what="addresses")
    lines = "\n".join(f'  "{u.address}",' for u in found if u.address)
    door.put(
        '<p class="ct-h2">To copy</p><div class="ct-code" tabindex="0">addresses = [\n{lines}\n]'
        "</div>",
        lines=lines,
    )


def placing(desk: Desk, addresses: list[str]) -> None:
    """The form that puts an address into a party of case.toml."""
    names = {p.party.id: p.party.label for p in desk.view.brief.parties}
    if not names or not addresses:
        return
    with st.form("place", border=True), st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Address", addresses, key="place_address", format_func=door.shown, width=420)
        st.selectbox(
            "Party", list(names), key="place_party", width=320, index=None,
            format_func=lambda party: door.shown(names.get(party, "")),
        )  # fmt: skip
        st.form_submit_button("Place", type="primary", on_click=place)


def place() -> None:
    """Write the address into case.toml; say what stood in the way where something did."""
    address, party = str(ss.get("place_address") or ""), str(ss.get("place_party") or "")
    if not party:
        ss[SAID] = "Not placed: choose the party first."
        return
    try:
        state.current_case().place(address, party)
    except CommtraceError as error:
        ss[SAID] = f"Not placed: {error}"
        return
    ss[SAID] = f"{address} now belongs to {party} in case.toml."


def _unknown(one: UnknownAddress) -> list[Any]:
    return [
        one.address or "no address",
        one.name or "no name",
        one.party,
        f"{one.communications:,}",
        f'addresses = ["{one.address}"]',
    ]


def covered(desk: Desk) -> None:
    """What each custodian's material could have shown, week by week."""
    if not desk.view.weeks:
        door.put(
            '<div class="ct-notice">{why}</div>',
            why="Whose mailbox was supplied is not known, so nothing can be said of what "
            "it covers. Name custodians and their folders in case.toml.",
        )
        return
    drawn = coverage.heat_map(desk.ground)
    chart.draw(drawn, key="evidence_coverage")
    door.legend(drawn.legend)
    if st.toggle("View as table", key="evidence_coverage_table", value=True):
        door.table(drawn.table)


SECTIONS = {"Files": files, "Problems": problems, "To be placed": people, "Coverage": covered}


@st.fragment(key="evidence")
def body() -> None:
    """The page, redrawn alone after each step."""
    desk = state.desk()
    door.put('<h1 class="ct-title">Evidence</h1>')
    equation(desk)
    section = st.segmented_control(
        "Section",
        list(SECTIONS),
        default="Files",
        required=True,
        key="section",
        bind="query-params",
        label_visibility="collapsed",
    )
    SECTIONS[section](desk)


if state.arrived("evidence"):
    ss[SAID] = ""
body()
