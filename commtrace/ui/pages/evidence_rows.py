"""A table of the Evidence page: pages of a hundred rows, and how many rows there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from commtrace.ui import chart, door
from commtrace.ui.chart import Callback, Column

T = TypeVar("T")
PAGE = 100
HEIGHT = "clamp(300px, calc(100vh - 400px), 900px)"
ss = st.session_state


def rows(
    columns: Sequence[Column],
    found: Sequence[T],
    cells: Callable[[T], list[Any]],
    *,
    key: str,
    what: str,
    group: str = "",
    height: str = HEIGHT,
    identify: Callable[[T], str] | None = None,
    opened: str = "",
    on_open: Callback | None = None,
) -> None:
    """A table in pages; `identify` gives the id of a row where rows can be opened."""
    pages = max(1, -(-len(found) // PAGE))
    number = min(int(ss.get(f"{key}_page") or 1), pages)
    chart.rows(
        columns,
        [
            (identify(one) if identify else "", cells(one))
            for one in found[(number - 1) * PAGE : number * PAGE]
        ],
        key=key,
        caption=what.capitalize(),
        opened=opened,
        group=f"{group}{number}",
        height=height,
        on_open=on_open,
    )
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        if pages > 1:
            st.pagination(pages, key=f"{key}_page")
        door.put('<p class="ct-muted ct-small">{said}</p>', said=counted(len(found), what))


def counted(number: int, what: str) -> str:
    """A number of things in words: "1 place", "2 places", "1 entry"."""
    head, comma, tail = what.partition(",")
    if number == 1:
        ending = next(end for end in ("sses", "ies", "s", "") if head.endswith(end))
        head = head.removesuffix(ending) + {"sses": "ss", "ies": "y"}.get(ending, "")
    return f"{number:,} {head}{comma}{tail}"
