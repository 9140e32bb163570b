"""Two components of ours: a Plotly chart that stays put, and rows that report what was opened.

`st.plotly_chart` remounts a chart on every change and tells nothing of zooms; a Streamlit grid
keeps a row's number when the data changes under it. Both components get texts as data and set
them as text. Their JavaScript are files under `chart/`, as the Content-Security-Policy asks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from commtrace.figures.marks import Figure
from commtrace.figures.plotly import to_plotly
from commtrace.ui import door, serve

_CHART, _ROWS = "commtrace.chart", "commtrace.rows"
_CHART_HTML = '<div class="ct-chart"></div><div class="ct-unseen" aria-live="polite"></div>'
_ROWS_HTML = '<div class="ct-rows"></div>'
Callback = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its heading, whether it is set flush right or may wrap, "bar" cells."""

    label: str
    right: bool = False
    wrap: bool = False
    kind: str = ""


def draw(
    figure: Figure,
    *,
    key: str,
    height: str = "",
    keys: bool = False,
    spoken: str = "",
    on_click: Callback | None = None,
    on_range: Callback | None = None,
    on_key: Callback | None = None,
) -> None:
    """Draw a figure; `height` is CSS, `spoken` what a screen reader is told of the last step.

    Callbacks read `st.session_state[key]`: `clicked` (a mark's key), `range` (two points of the
    axis, or none for a double click), `key` ("next", "previous", "up", "down", "in", "out", ...).
    """
    drawn = to_plotly(figure, door.theme())
    over = {"shapes": drawn["layout"].pop("shapes")}  # what alone can be changed without a redraw
    parts = {
        "traces": written(drawn["data"]),
        "base": written(drawn["layout"]),
        "over": written(over),
    }
    mount(_CHART, "chart.js", _CHART_HTML)(
        key=key,
        data={
            **parts,
            "revision": revision("".join(parts.values())),
            "alt": figure.alt,
            "height": height or f"{figure.height}px",
            "keys": keys,
            "spoken": spoken,
            "plotly": serve.PLOTLY_PATH,
        },
        height="content",
        on_clicked_change=on_click or nothing,
        on_range_change=on_range or nothing,
        on_key_change=on_key or nothing,
    )


def rows(
    columns: Sequence[Column],
    body: Sequence[tuple[str, Sequence[Any]]],
    *,
    key: str,
    caption: str,
    opened: str = "",
    group: str = "",
    height: str = "",
    on_open: Callback | None = None,
) -> None:
    """A table of `(id, cells)`; `st.session_state[key]["opened"]` is the id of the row opened.

    A cell is text, `{"text", "swatch", "tone"}` or, in a "bar" column, `{"text", "share"}`. `group`
    names the filter, so that the table scrolls to its top when that changes.
    """
    data: dict[str, Any] = {
        "columns": [
            {"label": c.label, "right": c.right, "wrap": c.wrap, "kind": c.kind} for c in columns
        ],
        "rows": [{"key": identifier, "cells": list(cells)} for identifier, cells in body],
    }
    _show(
        data, key=key, caption=caption, opened=opened, group=group, height=height, on_open=on_open
    )


def cards(
    body: Sequence[Mapping[str, str]],
    *,
    key: str,
    caption: str,
    opened: str = "",
    height: str = "",
    on_open: Callback | None = None,
) -> None:
    """A list of cards with `key`, `title`, and perhaps `swatch`, `note`, `text` and `foot`."""
    data: dict[str, Any] = {"cards": True, "rows": [dict(card) for card in body]}
    _show(data, key=key, caption=caption, opened=opened, group="", height=height, on_open=on_open)


def numbers(
    body: Sequence[Mapping[str, str]],
    *,
    key: str,
    caption: str,
    on_open: Callback | None = None,
) -> None:
    """Large figures that open their page: `key`, `title` (the figure), `text` (what it counts)."""
    data: dict[str, Any] = {"numbers": True, "rows": [dict(card) for card in body]}
    _show(data, key=key, caption=caption, opened="", group="", height="", on_open=on_open)


def _show(
    data: dict[str, Any],
    *,
    key: str,
    caption: str,
    opened: str,
    group: str,
    height: str,
    on_open: Callback | None,
) -> None:
    data = {**door.plain(data), "caption": door.shown(caption)}
    mount(_ROWS, "rows.js", _ROWS_HTML)(
        key=key,
        data={
            **data,
            "revision": revision(written(data)),
            "open": opened,
            "group": group,
            "height": height,
        },
        height="content",
        on_opened_change=on_open or nothing,
    )


def value(key: str, name: str) -> Any:
    """What a component last reported under a name, inside one of its callbacks."""
    state = st.session_state.get(key)
    return None if state is None else state.get(name)


def nothing() -> None:
    """Stand where a component wants a callback and nobody listens."""


def written(data: Mapping[str, Any] | Sequence[Any]) -> str:
    """Data as text: a figure is written once here and not twice more by Streamlit."""
    return json.dumps(data, separators=(",", ":"))


def revision(text: str) -> str:
    """A short digest by which a component knows that what it shows has changed."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def mount(name: str, script: str, html: str) -> Callable[..., Any]:
    """A component's renderer, declared to the running app on first use.

    Declared here and not in a package's pyproject.toml, so that it is found in a wheel, in an
    editable install and from a plain checkout alike.
    """
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(name) is None:
        package, _, short = name.partition(".")
        manifest = ComponentManifest(
            name=package, version="1", components=[ComponentConfig(name=short, asset_dir="chart")]
        )
        manager.register_from_manifest(manifest, Path(__file__).parent)
        return _declare(name, script, html)
    known = _RENDERERS.get((id(manager), name))
    return known or _declare(name, script, html)


_RENDERERS: dict[tuple[int, str], Callable[..., Any]] = {}


def _declare(name: str, script: str, html: str) -> Callable[..., Any]:
    renderer = st.components.v2.component(name, html=html, js=script, isolate_styles=False)
    _RENDERERS[id(get_bidi_component_manager()), name] = renderer
    return renderer
