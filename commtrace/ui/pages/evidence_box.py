"""The box: what was supplied as a tree of folders, files, containers and items, and as a table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from commtrace.errors import CommtraceError
from commtrace.figures import box, box_lines
from commtrace.figures.box import WORD, Box, Node, State
from commtrace.figures.box_lines import Filtered
from commtrace.model import Problem
from commtrace.ui import chart, door, panel, parts, state
from commtrace.ui.chart import Column
from commtrace.ui.door import Safe
from commtrace.ui.pages.evidence_rows import counted, rows
from commtrace.ui.state import Desk

OPEN, TOGGLED, MORE, FILTER = "box_open", "box_toggled", "box_more", "box_filter"
HEIGHT = "clamp(330px, calc(100vh - 345px), 1000px)"
STATES = {word: state for state, word in WORD.items()}
VIEWS = ("Tree", "Table")
_NOT_A_NAME = re.compile(r"[^\w.\-]+", re.ASCII)
ss = st.session_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The tree of a case, read once a fingerprint, and its problems by place."""

    tree: Box
    problems: dict[box.Place, list[Problem]]


def held(desk: Desk) -> Held:
    """The box of the case as it stands."""
    return _held(desk.view.fingerprint, desk)


@st.cache_resource(show_spinner="Reading the ledger", max_entries=2)
def _held(fingerprint: str, _desk: Desk) -> Held:
    del fingerprint  # the cache's key
    ledger = state.ledger(_desk)
    by: dict[box.Place, list[Problem]] = {}
    for problem in ledger.problems:
        by.setdefault((problem.source.sha256, problem.source.part), []).append(problem)
    tree = box.box(ledger.files, _desk.case.contained(), ledger.problems)
    return Held(tree=tree, problems=by)


@st.cache_resource(show_spinner=False, max_entries=8)
def _filtered(fingerprint: str, states: tuple[State, ...], words: str, _tree: Box) -> Filtered:
    del fingerprint  # the cache's key
    return box_lines.filtered(_tree, states, words)


def show(desk: Desk) -> None:
    """The filters, the tree or the table, and beside it what was opened."""
    has = held(desk)
    passing = filters(desk, has.tree)
    left, right = st.columns([2.4, 1], gap="medium")
    with left:
        if passing is not None and not passing.found:
            door.put('<div class="ct-notice">{why}</div>', why=_NOTHING)
        elif ss.get("box_view") == VIEWS[1]:
            table(has.tree, passing)
        else:
            tree(has.tree, passing)
    with right:
        details(desk, has)
    legend(has.tree, passing)


_NOTHING = "Nothing in the box passes these filters. Take one of them away to see more."


def filters(desk: Desk, tree: Box) -> Filtered | None:
    """The row of filters; each stands in the address. None where nothing is filtered."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.pills(
            "What became of it", list(STATES), selection_mode="multi", key="status",
            bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        st.text_input(
            "Words", key="path", width=230, icon=":material/search:", bind="query-params",
            placeholder="Name, reason or hash", label_visibility="collapsed",
        )  # fmt: skip
        st.segmented_control(
            "Shown as", list(VIEWS), default="Tree", required=True, key="box_view",
            bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
    states = tuple(STATES[word] for word in ss.get("status") or () if word in STATES)
    words = str(ss.get("path") or "").strip()
    named = f"{sorted(states)}{words}"
    if ss.get(FILTER) != named:  # another filter has other lines: what was folded is forgotten
        ss[FILTER], ss[TOGGLED], ss[MORE] = named, set(), {}
    if not states and not words:
        return None
    return _filtered(desk.view.fingerprint, states, words, tree)


def tree(tree_: Box, passing: Filtered | None) -> None:
    """The lines that are open."""
    parts.tree(
        box_lines.lines(tree_, toggled=ss[TOGGLED], more=ss[MORE], passing=passing),
        key="box_tree",
        caption="The box: what was supplied and what became of it",
        opened=ss.get(OPEN, ""),
        group=ss[FILTER],
        height=HEIGHT,
        on_toggle=on_toggle,
        on_open=on_open,
        on_more=on_more,
    )


def on_toggle() -> None:
    """A line was opened or closed."""
    key = chart.value("box_tree", "toggled")
    if key:
        ss[TOGGLED] = ss[TOGGLED] ^ {key}


def on_open() -> None:
    """A line was chosen."""
    ss[OPEN] = chart.value("box_tree", "opened") or ss.get(OPEN, "")


def on_row() -> None:
    """A row of the table was chosen."""
    ss[OPEN] = chart.value("box_table", "opened") or ss.get(OPEN, "")


def on_more() -> None:
    """More children of a node are wanted."""
    key = chart.value("box_tree", "more")
    if key is not None:
        before = ss[MORE].get(key, box_lines.CHILDREN)
        ss[MORE] = {**ss[MORE], key: before + box_lines.CHILDREN}


def legend(tree_: Box, passing: Filtered | None) -> None:
    """The sum over everything in the box, with the mark of each state."""
    counts = box.totals(tree_)
    keys = door.join(
        door.html(
            '<span class="ct-key"><span aria-hidden="true" class="ct-state ct-state-{state}">'
            "</span>{n} {word}</span>",
            state=state_,
            n=f"{counts[state_]:,}",
            word=box.word(state_, counts[state_]),
        )
        for state_ in State
        if counts.get(state_)
    )
    total = sum(counts.values())
    pass_ = f"{len(passing.found):,} of these pass the filter." if passing is not None else ""
    door.put(
        '<div class="ct-legend"><b>{n} in the tree =</b>{keys}'
        '<span class="ct-remark">{pass_}</span></div>',
        n=counted(total, "lines"),
        keys=keys,
        pass_=pass_,
    )


COLUMNS = (
    Column(label="Place", wrap=True),
    Column(label="Became"),
    Column(label="Why", wrap=True),
    Column(label="What was found in it", wrap=True),
    Column(label="Size", right=True),
    Column(label="Material of", wrap=True),
    Column(label="SHA-256"),
)


def table(tree_: Box, passing: Filtered | None) -> None:
    """The same, one row a thing, a page at a time."""
    found = [
        node
        for key, node in tree_.nodes.items()
        if not node.folder and (passing is None or key in passing.found)
    ]
    rows(
        COLUMNS, found, _cells, key="box_table", what="things", group=ss[FILTER], height=HEIGHT,
        identify=lambda node: node.key, opened=ss.get(OPEN, ""), on_open=on_row,
    )  # fmt: skip


def _cells(node: Node) -> list[Any]:
    state_ = node.state or State.READ
    return [
        panel.place(node.source) if node.source else node.file.path if node.file else node.name,
        {"text": WORD[state_], "swatch": f"state ct-state-{state_}"},
        node.reason or "read whole",
        box.inside(node) or "nothing further",
        box.size(node.size) or "none of its own",
        (node.file.custodian if node.file else None) or "nobody named",
        f"{node.sha256[:10]}…" if node.sha256 else "none of its own",
    ]


def details(desk: Desk, has: Held) -> None:
    """The thing that is open: state, reason, what it declares, hash, and its bytes to take away."""
    node = has.tree.nodes.get(ss.get(OPEN, ""))
    if node is None:
        door.put(
            '<div class="ct-panel"><p class="ct-muted">{why}</p></div>',
            why="Choose a line to see what became of it, why, what it says of itself, and its "
            "SHA-256. Arrow keys move and fold; Enter chooses.",
        )
        return
    door.put(
        '<div class="ct-panel ct-box-panel" tabindex="0" role="region" aria-label="Details">'
        "<h3>{name}</h3>{state}{facts}{sum}{problems}</div>",
        name=node.name,
        state=_said_state(node),
        facts=panel.facts(_facts(node)),
        sum=_sum(node),
        problems=_problems(node, has),
    )
    if node.source is not None and node.sha256:
        original(desk, node)


def _said_state(node: Node) -> Safe:
    if node.state is None:
        return Safe("")
    return door.html(
        '<p class="ct-small"><span aria-hidden="true" class="ct-state ct-state-{state}"></span>'
        "<b>{word}</b>{reason}</p>",
        state=node.state,
        word=WORD[node.state],
        reason=f": {node.reason}" if node.reason else "",
    )


def _facts(node: Node) -> list[tuple[str, str]]:
    if node.folder:
        return []
    file = node.file
    made = [("Place", panel.place(node.source) if node.source else file.path if file else "")]
    if node.media_type:
        made.append(("Type", node.media_type))
    if node.size is not None:
        made.append(("Size", f"{node.size:,} bytes"))
    made.append(("Read by", node.reader or "no reader"))
    if file is not None:
        made.append(("Supplied by", file.supplied_by or "not said"))
        made.append(("Material of", file.custodian or "nobody named"))
    made.append(("SHA-256", node.sha256 or "has no bytes of its own"))
    return made


def _sum(node: Node) -> Safe:
    said = [box.inside(node), *box.declaration(node)]
    items = door.join(door.html("<li>{one}</li>", one=one) for one in said if one)
    if not items:
        return Safe("")
    return door.html(
        '<p class="ct-h2 ct-small">What lies in it</p><ul class="ct-list">{items}</ul>', items=items
    )


def _problems(node: Node, has: Held) -> Safe:
    if node.source is None:
        return Safe("")
    found = has.problems.get((node.source.sha256, node.source.part), [])[:10]
    items = door.join(
        door.html("<li>{what}</li>", what=one.what) for one in found if one.what != node.reason
    )
    if not items:
        return Safe("")
    return door.html(
        '<p class="ct-h2 ct-small">What would help</p><ul class="ct-list">{items}</ul>', items=items
    )


def original(desk: Desk, node: Node) -> None:
    """The bytes of a thing as they were supplied, under a name that cannot act."""
    if not _is_kept(desk, node):
        door.put(
            '<p class="ct-small ct-muted">{why}</p>',
            why="Its original bytes cannot be saved: they lie in no copy that can be opened.",
        )
        return
    st.download_button(
        "Save the original",
        data=partial(_bytes, desk, node),
        file_name=_safe_name(node),
        mime="application/octet-stream",
        icon=":material/download:",
        on_click="ignore",
        key="box_original",
    )


def _is_kept(desk: Desk, node: Node) -> bool:
    """Whether the bytes of a thing can be had; asked once when it is opened."""
    try:
        return node.source is not None and desk.case.bytes(node.source) is not None
    except (LookupError, CommtraceError):
        return False


def _bytes(desk: Desk, node: Node) -> bytes:
    return desk.case.bytes(node.source) if node.source else b""


def _safe_name(node: Node) -> str:
    """A file name of letters, digits, dots and dashes, the hash before it."""
    last = (node.name.rpartition(": ")[2] or node.name).rpartition("/")[2]
    return f"{(node.sha256 or '')[:12]}-{_NOT_A_NAME.sub('_', last)[-80:].lstrip('.')}"
