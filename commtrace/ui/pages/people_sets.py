"""Who may be one, as the People page shows it: sets to rule on in one act, and each of their pairs.

A set is ruled as it stands, or without those who are left out: the others of the set then keep
their proposals with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from commtrace.figures import people
from commtrace.figures.people import LIKENESS
from commtrace.model import Identity, IdentityId, Likely, PeopleRulingKind, digest
from commtrace.reconstruction.likely_sets import LikelySet, sets
from commtrace.ui import chart, door, signing
from commtrace.ui.chart import Column
from commtrace.ui.pages.evidence_rows import rows
from commtrace.ui.pages.people_rule import PAIR, SAID, SET, card, everybody, rule
from commtrace.ui.state import Desk

HEIGHT = "clamp(300px, calc(100vh - 300px), 900px)"
SHORT = "clamp(160px, calc(50vh - 200px), 420px)"
NAMED = 3  # of a set in its row
SETS = (
    Column(label="Who may be one", wrap=True),
    Column(label="How many", right=True),
    Column(label="Why", wrap=True),
)
MEMBERS = (
    Column(label="Name", wrap=True),
    Column(label="Party", wrap=True),
    Column(label="Messages", right=True),
)
PAIRS = (
    Column(label="One", wrap=True),
    Column(label="Other", wrap=True),
    Column(label="Why", wrap=True),
)
NO_PAIR = (
    "Nobody here may be somebody else, as far as names and addresses tell. People whose names and "
    "addresses do not tell it are named as one in case.toml, under [[people]]."
)
WARNS = "A warning: some of these look like others of them. That is no reason to make them one."
ss = st.session_state
Known = Mapping[IdentityId, Identity]


@st.cache_resource(show_spinner=False, max_entries=2)
def _sets(fingerprint: str, _desk: Desk) -> tuple[LikelySet, ...]:
    del fingerprint  # the cache's key
    return sets(_desk.view.likely)


def sets_of(desk: Desk) -> tuple[LikelySet, ...]:
    """The sets of the view, made once a fingerprint."""
    return _sets(desk.view.fingerprint, desk)


def on_set() -> None:
    """Open a set."""
    ss[SET], ss[PAIR], ss[SAID] = chart.value("people_sets", "opened") or "", "", ""


def on_pair() -> None:
    """Open one pair of the set."""
    ss[PAIR], ss[SAID] = chart.value("people_pairs", "opened") or "", ""


def on_whole() -> None:
    """Back from a pair to its set."""
    ss[PAIR], ss[SAID] = "", ""


def proposals(desk: Desk) -> None:
    """The sets at the left, the open one, or the open pair of it, at the right."""
    found = sets_of(desk)
    if not found:
        door.put('<div class="ct-notice">{why}</div>', why=NO_PAIR)
        signing.spoken(SAID)
        return
    known = {who.id: who for who in desk.view.identities}
    current = next((one for one in found if _key(one) == ss.get(SET)), found[0])
    pair = next((one for one in current.pairs if _pair_key(one) == ss.get(PAIR)), None)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        rows(
            SETS, found, lambda one: _set_cells(known, one), key="people_sets", what="sets",
            identify=_key, opened=_key(current), on_open=on_set, height=HEIGHT,
        )  # fmt: skip
    with right:
        if pair is None and len(current.pairs) > 1:
            decide_set(desk, current, known)
        else:
            decide_pair(desk, pair or current.pairs[0], known, alone=pair is None)


def _key(one: LikelySet) -> str:
    return digest("set", *one.members)


def _pair_key(pair: Likely) -> str:
    return f"{pair.one}:{pair.other}"


def _set_cells(known: Known, one: LikelySet) -> list[Any]:
    called = list(dict.fromkeys(_called(known[who]) for who in one.members))
    more = len(called) - NAMED
    said = "; ".join(called[:NAMED]) + (f"; and {more:,} more" if more > 0 else "")
    return [said, f"{len(one.members):,}", LIKENESS[one.likeness]]


def _pair_cells(known: Known, pair: Likely) -> list[Any]:
    return [_called(known[pair.one]), _called(known[pair.other]), LIKENESS[pair.likeness]]


def _called(who: Identity) -> str:
    addresses = [member.address for member in who.members if "@" in member.address]
    if not addresses or who.label == addresses[0]:
        return who.label
    more = f" and {len(addresses) - 1} more" if len(addresses) > 1 else ""
    return f"{who.label} ({addresses[0]}{more})"


def decide_set(desk: Desk, one: LikelySet, known: Known) -> None:
    """Everybody in a set, the ways to decide on all of them at once, and its pairs."""
    reasons = sorted({pair.why for pair in one.pairs if pair.likeness is one.likeness})
    head = reasons[0] if len(reasons) == 1 else f"{LIKENESS[one.likeness]}, for each of the pairs."
    door.put(
        '<h2 class="ct-h2">{count} who may be one. {why}</h2>',
        count=len(one.members),
        why=head.replace("Both are", "All are", 1),
    )
    if one.warns:
        door.put('<div class="ct-notice ct-warn">{why}</div>', why=WARNS)
    by = {each.identity.id: each for each in everybody(desk)}
    rows(
        MEMBERS, one.members, lambda who: [
            _called(known[who]),
            by[who].parties if who in by else "none",
            f"{by[who].messages:,}" if who in by else "0",
        ],
        key="people_members", what="people and mailboxes", group=_key(one), height=SHORT,
    )  # fmt: skip
    stem = f"set_{_key(one)}"
    with st.form("people_set_form", border=True):
        st.multiselect(
            "Leave out", one.members, key=f"{stem}_out", placeholder="Nobody: all of them",
            format_func=lambda who: door.shown(_called(known[who])),
        )  # fmt: skip
        signing.fields(stem)
        with st.container(horizontal=True, gap="small"):
            same = st.form_submit_button("They are all one", type="primary")
            different = st.form_submit_button("They are all different")
    out = ss.get(f"{stem}_out") or ()
    meant = [known[who] for who in one.members if who not in out]
    _decide(stem, meant, same=same, different=different)
    rows(
        PAIRS, one.pairs, lambda pair: _pair_cells(known, pair), key="people_pairs",
        what="pairs of this set", identify=_pair_key, group=_key(one), on_open=on_pair,
        height=SHORT,
    )  # fmt: skip


def decide_pair(desk: Desk, pair: Likely, known: Known, *, alone: bool) -> None:
    """Why two may be one, what each of them is, and the two ways to decide."""
    if not alone:
        st.button("The whole set", on_click=on_whole, icon=":material/arrow_back:")
    door.put('<h2 class="ct-h2">{why}</h2>', why=pair.why)
    by = {each.identity.id: each for each in everybody(desk)}
    for who in (pair.one, pair.other):
        if who in by:
            card(by[who])
    stem = f"pair_{_pair_key(pair)}"
    with st.form("people_pair_form", border=True):
        signing.fields(stem)
        with st.container(horizontal=True, gap="small"):
            same = st.form_submit_button("They are one", type="primary")
            different = st.form_submit_button("They are different")
    _decide(stem, [known[pair.one], known[pair.other]], same=same, different=different)


def _decide(stem: str, meant: Sequence[Identity], *, same: bool, different: bool) -> None:
    """Keep one ruling on everybody meant, in the words of the button."""
    all_keys = [key for who in meant for key in people.keys(who)]
    if (same or different) and len(meant) < 2:
        ss[SAID] = "Not saved: a ruling on who is who is about two people or more."
    elif same:
        rule(stem, PeopleRulingKind.SAME, all_keys, "They count as one from now on.")
    elif different:
        said = "They stay apart and are not proposed again."
        rule(stem, PeopleRulingKind.DIFFERENT, all_keys, said)
    signing.spoken(SAID)
