"""Whom to place in a party."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from commtrace.errors import CommtraceError
from commtrace.ui import door, parts, state
from commtrace.ui.chart import Column
from commtrace.ui.pages.evidence_rows import rows
from commtrace.ui.state import Desk

if TYPE_CHECKING:
    from commtrace.accounts import UnknownAddress

SAID = "place_said"
ss = st.session_state


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
    door.put('<h2 class="ct-h2">To copy</h2>')
    parts.copied(
        f"addresses = [\n{lines}\n]", key="people_lines", caption="Lines for case.toml",
        label="Copy the lines",
    )  # fmt: skip


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
