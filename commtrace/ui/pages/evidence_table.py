"""A table: what its rows are, which column is what, and its first rows as they would be read."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from commtrace.figures import mapping
from commtrace.figures.mapping import AUDIENCE, COMMUNICATIONS, TEXT, Mapped
from commtrace.model import Channel
from commtrace.ui import door, signing
from commtrace.ui.pages import evidence_decide as decide
from commtrace.ui.pages.evidence_decide import Matter

KINDS = {
    "Communications, one a row": COMMUNICATIONS,
    "An audience": AUDIENCE,
    "Text only": TEXT,
}
WHY = {
    COMMUNICATIONS: "Each row becomes a communication that the log reports; columns that are not "
    "named are kept in its text.",
    AUDIENCE: "The rows are people who were meant to be told; gaps are then looked for in that.",
    TEXT: "The table is kept as one text that can be searched, and no row is a communication.",
}
ss = st.session_state


def show(one: Matter) -> None:
    """What the rows are, the columns, the preview, and the ruling."""
    base = mapping.mapped(one.value, one.proposed)
    made = chosen(one, base)
    sheet = door.html("Sheet <b>{sheet}</b>. ", sheet=base.sheet) if base.sheet else ""
    door.put('<p class="ct-small ct-muted">{sheet}{why}</p>', sheet=sheet, why=WHY[made.as_])
    if made.as_ != TEXT:
        columns(one, made)
        made = picked(one, made)
    table = mapping.preview(made)
    if table.rows:
        door.table(table, height="250px")
    else:
        door.put('<p class="ct-muted ct-small">No row was kept to show as an example.</p>')
    needed = mapping.missing(made)
    if needed or mapping.warning(made):
        door.put('<div class="ct-notice">{why}</div>', why=needed or mapping.warning(made))
    confirm(one, made, needed)


def chosen(one: Matter, base: Mapped) -> Mapped:
    """The kind of table, the row of the headings and the channel, as chosen now."""
    names = list(KINDS)
    index = next((n for n, name in enumerate(names) if KINDS[name] == base.as_), 2)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.segmented_control(
            "What the rows are", list(KINDS), default=names[index], required=True,
            key=f"table_as_{one.key}",
        )  # fmt: skip
        st.number_input(
            "Row of the headings", 0, base.header + max(len(base.sample) - 1, 0),
            value=base.header, key=f"table_header_{one.key}", width=150,
        )  # fmt: skip
        as_ = KINDS[ss.get(f"table_as_{one.key}") or names[index]]
        if as_ == COMMUNICATIONS:
            st.selectbox(
                "Usual channel", list(Channel), index=_channel(base),
                key=f"table_channel_{one.key}", width=150,
                format_func=lambda channel: str(channel).capitalize(),
            )  # fmt: skip
    made = replace(base, as_=as_, channel=str(ss.get(f"table_channel_{one.key}") or base.channel))
    return mapping.headed(made, int(ss.get(f"table_header_{one.key}", base.header)))


def _channel(base: Mapped) -> int:
    return next((n for n, c in enumerate(Channel) if c == base.channel), 1)


def columns(one: Matter, made: Mapped) -> None:
    """A box for each field, offering the headings."""
    names = list(dict.fromkeys(made.headings))
    wanted = list(mapping.fields(made.as_).items())
    for start in range(0, len(wanted), 4):
        row = st.columns(4, gap="small")
        for cell, (key, _) in zip(row, wanted[start : start + 4], strict=False):
            with cell:
                _column(one, made, key, names)


def _column(one: Matter, made: Mapped, key: str, names: list[str]) -> None:
    now = made.columns.get(key)
    door.select(
        mapping.fields(made.as_)[key],
        names,
        index=names.index(now) if now in names else None,
        key=_key(one, made, key),
    )


def _key(one: Matter, made: Mapped, field: str) -> str:
    return f"table_{one.key}_{made.as_}_{made.header}_{field}"


def picked(one: Matter, made: Mapped) -> Mapped:
    """The mapping with what was picked in the boxes."""
    wanted = mapping.fields(made.as_)
    found = {key: ss.get(_key(one, made, key)) for key in wanted}
    return replace(made, columns={k: str(v) for k, v in found.items() if v is not None})


def confirm(one: Matter, made: Mapped, needed: str) -> None:
    """Reason, name, and the ruling."""
    with st.form(f"confirm_{one.key}", border=True):
        signing.fields(f"rule_{decide.signature_of(one)}")
        sent = st.form_submit_button("Confirm this mapping", type="primary")
    if sent and needed:
        ss[decide.SAID] = f"Not saved: {needed}"
    elif sent:
        said = {
            COMMUNICATIONS: "Its rows are read as communications.",
            AUDIENCE: "Its rows are read as an audience.",
            TEXT: "It is read as text.",
        }
        decide.rule(one, mapping.value(made), said[made.as_])
