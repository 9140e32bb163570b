"""The one door through which evidence text reaches the screen: escaped, and nothing unseen in it.

A subject line may hold Markdown that fetches a picture, HTML, colour directives or characters that
turn the reading direction. So no page hands text to Streamlit itself: literals are templates, and
every value put into one is escaped here. A test walks the pages and refuses any other way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from commtrace.figures import palette
from commtrace.figures.marks import Key, Pattern, Shape, Table
from commtrace.figures.words import shown

__all__ = [
    "Safe",
    "heading",
    "html",
    "join",
    "label",
    "legend",
    "plain",
    "put",
    "select",
    "shown",
    "style",
    "table",
    "text",
    "theme",
]
_STYLE = Path(__file__).parent / "chart" / "style.css"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:@/&^=\"'])")


class Safe(str):
    """HTML that was built here: every value in it is escaped."""

    __slots__ = ()


def html(template: str, /, **values: object) -> Safe:
    """A literal template with `{name}` filled by escaped values (Safe ones as they are)."""
    return Safe(template.format_map({name: text(value) for name, value in values.items()}))


def put(template: str, /, **values: object) -> None:
    """Show a literal template, filled as by `html`."""
    st.html(html(template, **values))


def heading(words: str) -> None:
    """The page's name, as wide as its words, for a row of controls."""
    st.html(html('<h1 class="ct-title">{words}</h1>', words=words), width="content")


def text(value: object) -> Safe:
    """Any value as HTML text; line breaks are left to the style sheet."""
    return value if isinstance(value, Safe) else Safe(escape(shown(str(value)), quote=True))


def join(parts: Iterable[Safe], between: str = "") -> Safe:
    """Safe parts, one after another."""
    return Safe(between.join(parts))


def label(value: str) -> str:
    """Text as a widget's label or option, where Streamlit reads Markdown: every sign escaped."""
    return _MARKDOWN.sub(r"\\\1", shown(value).replace("\n", " "))


def select(words: str, options: Sequence[str], *, key: str, index: int | None) -> str | None:
    """A select box whose label and options are made plain here; None where nothing is chosen."""
    return st.selectbox(
        label(words),
        options,
        index=index,
        key=key,
        format_func=shown,
        placeholder="Not in the table",
    )


def plain(value: Any) -> Any:
    """The same structure with every text in it made plain, for a component that sets it as text."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def theme() -> str:
    """The theme that the browser shows now: "light" or "dark"."""
    return "dark" if st.context.theme.type == "dark" else "light"


def style() -> None:
    """The style sheet and the inks of the present theme, once a run."""
    inks = "".join(f"--ct-{ink}:{colour};" for ink, colour in palette.THEMES[theme()].items())
    sheet = _STYLE.read_text(encoding="utf-8")
    st.html(f"<style>:root{{{inks}}}{sheet}</style>")


def table(rows: Table, *, height: str = "420px") -> None:
    """The facts of a figure as a real HTML table, in a box that scrolls."""
    put("{rows}", rows=tabled(rows, height=height))


def tabled(rows: Table, *, height: str = "420px") -> Safe:
    """The same table, to be put among other words."""
    right = [' class="right"' if n in rows.numeric else "" for n in range(len(rows.header))]
    head = join(
        html("<th scope='col'{c}>{w}</th>", c=Safe(c), w=w)
        for c, w in zip(right, rows.header, strict=True)
    )
    body = join(
        html(
            "<tr>{cells}</tr>",
            cells=join(
                html("<td{c}>{w}</td>", c=Safe(c), w=w) for c, w in zip(right, row, strict=True)
            ),
        )
        for row in rows.rows
    )
    return html(
        '<div class="ct-rows ct-static" tabindex="0" role="region" aria-label="{caption}" '
        'style="max-height:{height}"><table><caption>{caption}</caption>'
        "<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>",
        caption=rows.caption,
        height=height,
        head=head,
        body=body or Safe("<tr><td>Nothing in this part of the case.</td></tr>"),
    )


def legend(keys: Iterable[Key], note: str = "") -> None:
    """The legend of a figure as text with swatches, and a remark after it."""
    entries = join(
        html(
            '<span class="ct-key"><span aria-hidden="true" class="{swatch}"></span>{label}</span>',
            swatch=_swatch(key),
            label=key.label,
        )
        for key in keys
    )
    put(
        '<div class="ct-legend">{entries}{note}</div>',
        entries=entries,
        note=html('<span class="ct-remark">{note}</span>', note=note) if note else "",
    )


def _swatch(key: Key) -> str:
    if key.pattern is not None:
        named = {Pattern.HATCH: "nothing", Pattern.HOLLOW: "outline"}
        return f"ct-swatch ct-{named.get(key.pattern, key.ink)}"
    shape = "square" if key.shape is Shape.SQUARE else "dot"
    return f"ct-{shape} ct-{key.ink}{' ct-hollow' if key.hollow else ''}"
