"""To decide: places that can be read in more than one way, and a named person's ruling on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from commtrace.figures import mapping
from commtrace.figures.words import shorten
from commtrace.model import Proposal, Ruling, RulingKind, Source, digest
from commtrace.moments import say, say_time
from commtrace.ui import chart, door, panel, parts, signing, state
from commtrace.ui.door import Safe
from commtrace.ui.signing import Signed
from commtrace.ui.state import Desk

if TYPE_CHECKING:
    from commtrace.case import Case

OPEN, SAID, DONE, GO = "decide_open", "decide_said", "decide_done", "decide_go"
DRAFTS = "bundle_drafts"
HEIGHT = "clamp(360px, calc(100vh - 320px), 1100px)"
WORD = {
    RulingKind.BUNDLE: "Bundle",
    RulingKind.TABLE: "Table",
    RulingKind.DELETED_ITEMS: "Deleted items",
}
KINDS = {word: kind for kind, word in WORD.items()}
_MOST, _LISTED = 60, 200  # listed of what a ruling gave, and of the places
WAITS, AS_TEXT, DECIDED = "To decide", "Read as text", "Decided"
STATES = (WAITS, AS_TEXT, DECIDED)
ss = st.session_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One place and kind: how the program would read it, and what was ruled last, if anything."""

    key: str
    source: Source
    kind: RulingKind
    proposal: Proposal | None
    ruling: Ruling | None

    @property
    def value(self) -> str:
        """What counts: the ruling, else the proposal."""
        if self.ruling is not None:
            return self.ruling.value
        return self.proposal.value if self.proposal is not None else ""

    @property
    def state(self) -> str:
        """Whether it waits; a table that looks like text alone may stay as it is."""
        if self.ruling is not None:
            return DECIDED
        if self.kind is RulingKind.TABLE and mapping.is_text(self.proposed):
            return AS_TEXT
        return WAITS

    @property
    def proposed(self) -> str:
        """The proposal's value, which knows the pages or the rows; "" where there is none."""
        return self.proposal.value if self.proposal is not None else ""


def arrive() -> None:
    """Take the open place from the address."""
    ss[OPEN] = state.asked("place") or ss.get(OPEN, "")


def matters(case: Case) -> list[Matter]:
    """Every place with a proposal or a ruling: what waits first, then by path."""
    proposals = {_key(p.source, p.kind): p for p in case.proposals()}
    rulings = {_key(r.source, r.kind): r for r in case.rulings()}
    places = {k: (p.source, p.kind) for k, p in proposals.items()}
    places.update({k: (r.source, r.kind) for k, r in rulings.items() if k not in places})
    found = [
        Matter(
            key=k, source=source, kind=kind, proposal=proposals.get(k),
            ruling=rulings.get(k),
        )
        for k, (source, kind) in places.items()
    ]  # fmt: skip
    return sorted(
        found, key=lambda m: (STATES.index(m.state), m.source.path, m.source.part, m.kind)
    )


@st.cache_resource(show_spinner=False, max_entries=2)
def _matters(fingerprint: str, head: str, _case: Case) -> list[Matter]:
    del fingerprint, head  # the cache's key: every ruling moves the head of the chain
    return matters(_case)


def _key(source: Source, kind: RulingKind) -> str:
    return digest(source.sha256, *source.part, kind)


def show(desk: Desk) -> None:
    """The list on the left; the open one, with its form, on the right."""
    from commtrace.ui.pages import evidence_bundle, evidence_table  # noqa: PLC0415 - they use this

    found = _matters(desk.view.fingerprint, desk.case.head().digest, desk.case)
    if not found:
        door.put('<div class="ct-notice">{why}</div>', why=_NOTHING)
        return
    left, right = st.columns([1, 3], gap="medium")
    with left:
        chosen = listed(found)
    with right:
        head(chosen)
        if ss.get(DONE) == chosen.key:
            signing.spoken(SAID)
            landed(desk, chosen)
        if chosen.kind is RulingKind.BUNDLE:
            evidence_bundle.show(chosen)
        elif chosen.kind is RulingKind.TABLE:
            evidence_table.show(chosen)
        else:
            deleted(chosen)
        withdraw(chosen)
        if ss.get(DONE) != chosen.key:
            signing.spoken(SAID)
    state.remember(place=chosen.key if ss.get(OPEN) else "")
    if ss.get(GO):
        st.switch_page("timeline.py", query_params={"open": f"m{ss.pop(GO)}"})


_NOTHING = (
    "Nothing waits for you: no bundle to part, no table to map, no deleted items to ask for. "
    "Where a file can be read in more than one way, it is listed here with a proposal."
)


def listed(found: list[Matter]) -> Matter:
    """One card a place, of the kind that is asked for; gives the one that is open."""
    present = {m.kind for m in found}
    if len(present) > 1:
        st.pills(
            "Kind of place", list(KINDS), key="decide_kind", label_visibility="collapsed",
            bind="query-params",
        )  # fmt: skip
    wanted = KINDS.get(ss.get("decide_kind") or "")
    shown = [m for m in found if wanted in {None, m.kind} or wanted not in present]
    chosen = next((m for m in shown if m.key == ss.get(OPEN)), shown[0])
    counts = [(state_, sum(1 for m in shown if m.state == state_)) for state_ in STATES]
    said = ", ".join(f"{n:,} {state_.lower()}" for state_, n in counts if n)
    more = f"; the first {_LISTED} are listed" if len(shown) > _LISTED else ""
    door.put('<p class="ct-muted ct-small">{said}{more}</p>', said=said, more=more)
    chart.cards(
        [_card(m) for m in shown[:_LISTED]],
        key="decide_list",
        caption="Places where a person decides",
        opened=chosen.key,
        height=HEIGHT,
        on_open=on_open,
    )
    return chosen


def _card(one: Matter) -> dict[str, str]:
    path = panel.place(one.source)
    return {
        "key": one.key,
        "title": WORD[one.kind],
        "note": one.state,
        "text": path if len(path) < 90 else f"…{path[-88:]}",
        "foot": f"{one.ruling.who}, {say_time(one.ruling.when)}" if one.ruling is not None else "",
    }


def on_open() -> None:
    """A place was chosen."""
    ss[OPEN] = chart.value("decide_list", "opened") or ""
    ss[SAID] = ss[DONE] = ""


def head(one: Matter) -> None:
    """Which place it is, why it is proposed so, and who ruled on it last."""
    ruled = Safe("")
    if one.ruling is not None:
        ruled = door.html(
            '<p class="ct-small"><b>Decided</b> by {who}, {when}: {because}</p>',
            who=one.ruling.who,
            when=say_time(one.ruling.when),
            because=one.ruling.because,
        )
    meanwhile = ""
    if one.proposal is not None and one.ruling is None:
        meanwhile = (
            " It is read that way meanwhile, with a doubt."
            if one.proposal.applied
            else " Until you decide it is read as one text."
            if one.kind is not RulingKind.DELETED_ITEMS
            else ""
        )
    door.put(
        '<h2 class="ct-h2">{word}: {name}</h2><p class="ct-source">{place}</p>'
        '<p class="ct-small">{why}{meanwhile}</p>{ruled}',
        word=WORD[one.kind],
        name=one.source.path.rpartition("/")[2],
        place=panel.place(one.source),
        why=one.proposal.why if one.proposal is not None and one.ruling is None else "",
        meanwhile=meanwhile,
        ruled=ruled,
    )


def signature_of(one: Matter) -> str:
    """The name of the signature's fields: other ones, and so empty, after each ruling."""
    return f"{one.key}_{one.ruling.when:%Y%m%d%H%M%S}" if one.ruling is not None else one.key


def rule(one: Matter, value: str, said: str, *, stem: str = "rule") -> None:
    """Keep a ruling signed in the form of its place; the file is read again under it."""

    def act(signature: Signed) -> str:
        state.current_case().rule_on(
            one.source, one.kind, value, because=signature.because, who=signature.who
        )
        return f"{said} Kept with your name and reason."

    with st.spinner("Reading the file again as you decided"):
        done = signing.keep(f"{stem}_{signature_of(one)}", SAID, act)
    if done:
        ss.get(DRAFTS, {}).pop(one.key, None)
        ss[OPEN] = ss[DONE] = one.key
        st.rerun()


def withdraw(one: Matter) -> None:
    """Take a ruling back, with a reason and a name as well: the place is read as without it."""
    if one.ruling is None:
        return
    with st.popover("Withdraw the ruling"), st.form(f"withdraw_{one.key}", border=False):
        signing.fields(f"withdraw_{signature_of(one)}")
        if st.form_submit_button("Withdraw"):
            rule(one, "null", "The ruling is withdrawn.", stem="withdraw")


def landed(desk: Desk, one: Matter) -> None:
    """What the ruling gave: the communications that now stand for the place."""
    people = mapping.members(one.proposed) if one.kind is RulingKind.TABLE else 0
    if people:
        door.put(
            '<p class="ct-lead">{n} in this audience. Rules look for what they were '
            "told once case.toml names it; say there of which event it is.</p>",
            n="1 person is" if people == 1 else f"{people:,} people are",
        )
        parts.copied(
            mapping.audience(one.source.path), key="decide_audience",
            caption="Lines for case.toml", label="Copy the lines",
        )  # fmt: skip
        return
    ids = found_at(desk, one.source)
    words = "communication stands" if len(ids) == 1 else "communications stand"
    door.put(
        '<p class="ct-lead">{n} {words} for this place now.{more}</p>',
        n=f"{len(ids):,}",
        words=words,
        more=f" The first {_MOST} are listed." if len(ids) > _MOST else "",
    )
    chart.cards(
        [
            {
                "key": str(desk.view.ids[row]),
                "title": shorten(desk.view.subjects[row], 90) or "No subject",
                "note": say(desk.view.whens[row]),
                "foot": " › ".join(desk.view.sources[row].part),
            }
            for row in ids[:_MOST]
        ],
        key="decide_landed",
        caption="Communications of this place",
        height="230px",
        on_open=on_landed,
    )


def found_at(desk: Desk, source: Source) -> list[int]:
    """The rows of the view that were read at a place or within it, in order of time."""
    depth = len(source.part)
    return [
        row
        for row, at in enumerate(desk.view.sources)
        if at.sha256 == source.sha256 and at.part[:depth] == source.part
    ]


def on_landed() -> None:
    """One of them was chosen: it opens on the timeline."""
    ss[GO] = chart.value("decide_landed", "opened")


def deleted(one: Matter) -> None:
    """Whether what lies in a store outside every folder is read."""
    now = one.ruling.value == "true" if one.ruling else bool(one.proposal and one.proposal.applied)
    with st.form(f"deleted_{one.key}", border=True):
        wanted = st.toggle(
            "Read what lies outside every folder", value=now, key=f"deleted_on_{one.key}"
        )
        door.put(
            '<p class="ct-muted ct-small">{why}</p>',
            why="Items that were deleted for good can still lie there. They are marked as deleted "
            "wherever they are shown; why, and by whom, nothing here says. What lies in the folder "
            "for deleted items is read in any case, and marked.",
        )
        signing.fields(f"rule_{signature_of(one)}")
        if st.form_submit_button("Save ruling", type="primary"):
            said = "What lies outside every folder is read."
            said = said if wanted else said.replace("is read", "is not read")
            rule(one, "true" if wanted else "false", said)
