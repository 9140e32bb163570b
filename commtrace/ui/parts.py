"""Three components of the Evidence page: the box as a tree, a bundle's pages, a text to copy.

Each gets its texts as data and sets them as text; their JavaScript lies under `chart/`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from commtrace.figures import box, bundle
from commtrace.figures.box import State
from commtrace.figures.box_lines import Line
from commtrace.figures.words import shorten
from commtrace.moments import say_day
from commtrace.ui import chart, door
from commtrace.ui.chart import Callback

_HTML = '<div class="ct-rows {kind}"></div>'
COLUMNS = ("Name", "Became", "What was found in it", "Size", "Read by")


def tree(
    lines: Sequence[Line],
    *,
    key: str,
    caption: str,
    opened: str,
    group: str,
    height: str,
    on_toggle: Callback,
    on_open: Callback,
    on_more: Callback,
) -> None:
    """The lines of a box as a treegrid.

    `st.session_state[key]` tells `toggled` and `opened` (a node's key) and `more` (the key of the
    node of whose children more are wanted, "" for the top). `group` names the filter.
    """
    data: dict[str, Any] = {
        "columns": list(COLUMNS),
        "lines": [_line(line) for line in lines],
    }
    _show(
        "tree", data, key=key, caption=caption,
        plain={"open": opened, "group": group, "height": height},
        on_toggled_change=on_toggle, on_opened_change=on_open, on_more_change=on_more,
    )  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    made: dict[str, Any] = {
        "key": line.key, "level": line.level, "place": line.place, "siblings": line.siblings,
        "open": line.open, "more": bool(line.more), "folder": False, "name": "", "state": "",
        "word": "", "sum": "", "bar": [], "size": "", "reader": "",
    }  # fmt: skip
    node = line.node
    if node is None:
        left = f"Show more: {line.more:,} not shown yet" if line.more > 0 else _TOO_MANY
        return {**made, "name": left}
    total = sum(node.below.values())
    return {
        **made,
        "folder": node.folder,
        "name": shorten(node.name, 160),
        "state": node.state or "",
        "word": box.WORD[node.state] if node.state else "",
        "sum": box.inside(node) or shorten(_quiet(node), 150),
        "bar": [[s, node.below[s] / total] for s in State if node.below.get(s)] if total else [],
        "size": box.size(node.size),
        "reader": node.reader or "",
    }


_TOO_MANY = "More lines are open than are shown. Close some of them, or filter."


def _quiet(node: box.Node) -> str:
    """The reason, where it says more than the state does."""
    return "" if node.state in {State.READ, None} else node.reason


def outline(
    made: bundle.Draft, *, key: str, opened: int, group: str, height: str, on_cut: Callback
) -> None:
    """The pages of a bundle; `st.session_state[key]["cut"]` is the page that was pressed."""
    begins = {item.first: n for n, item in enumerate(made.items)}
    word = made.unit.capitalize()
    pages = []
    for page in made.shown:
        number = made.at(page)
        item = made.items[number]
        when = say_day(item.day) if item.day else "no date"
        pages.append({
            "number": page,
            "label": f"{word} {page}",
            "begins": page in begins,
            "fixed": page == 1,
            "item": number,
            "tag": f"Item {number + 1}, {when}",
            "words": shorten(made.outline.get(page, ""), 160),
        })  # fmt: skip
    _show(
        "outline", {"pages": pages}, key=key, caption="Pages, and where an item begins",
        plain={"open": opened, "group": group, "height": height}, on_cut_change=on_cut,
    )  # fmt: skip


def copied(text: str, *, key: str, caption: str, label: str, short: bool = False) -> None:
    """A text in a box with a button that copies it; `label` is the button's."""
    data = {"text": text, "label": label, "short": short}
    _show("copy", data, key=key, caption=caption, plain={})


def _show(
    name: str,
    data: Mapping[str, Any],
    *,
    key: str,
    caption: str,
    plain: Mapping[str, Any],
    **callbacks: Callback,
) -> None:
    made = {**door.plain(data), "caption": door.shown(caption)}
    kind = {"tree": "ct-tree", "outline": "ct-outline", "copy": "ct-bare ct-copy"}[name]
    chart.mount(f"commtrace.{name}", f"{name}.js", _HTML.format(kind=kind))(
        key=key,
        data={**made, "revision": chart.revision(chart.written(made)), **plain},
        height="content",
        **callbacks,
    )
