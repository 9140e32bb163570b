"""The only way from the pages to the case, and what a session remembers between them.

The case's folder comes from the environment; it is opened once a process and what is drawn from it
is computed once a fingerprint. What is open is kept as ids, never as row numbers, and stands in the
address.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from commtrace.accounts import Reconciliation, UnknownAddress, connections
from commtrace.errors import CaseError
from commtrace.figures.acts import Said, sentences_of
from commtrace.figures.gaps import Gap, gaps
from commtrace.figures.ground import Ground, ground
from commtrace.model import ActRuling, CommunicationId, File, Problem
from commtrace.report._silence import detectable
from commtrace.ui.serve import CASE_VARIABLE
from commtrace.view import View

if TYPE_CHECKING:
    from commtrace.case import Case


def _open(folder: Path) -> Case:
    from commtrace.case import Case  # noqa: PLC0415 - the screen's tests open another one

    return Case.open(folder)


opener: Callable[[Path], Case] = _open


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The case, its view, and what every page draws from, under one fingerprint."""

    case: Case
    view: View
    ground: Ground
    gaps: tuple[Gap, ...]
    gap_of: Mapping[str, Gap]
    act_rulings: tuple[ActRuling, ...] = ()

    def rulings_on(self, identifier: str) -> tuple[ActRuling, ...]:
        """What persons ruled on the sentences of a communication, oldest first."""
        name = CommunicationId(identifier)
        return tuple(one for one in self.act_rulings if one.communication == name)

    def sentences(self, identifier: str) -> tuple[Said, ...]:
        """The sentences of a communication's new words, with what each was read as and ruled."""
        name = CommunicationId(identifier)
        text, segments = self.case.text(name), self.case.segments(name)
        return sentences_of(text, segments, self.view.acts.get(name, ()), self.rulings_on(name))


def current_case() -> Case:
    """The case that `commtrace ui` named; raises CaseError if it named none."""
    folder = os.environ.get(CASE_VARIABLE)
    if not folder:
        raise CaseError("No case is named; start the screen with `commtrace ui CASE`.")
    return _case(folder)


@st.cache_resource(show_spinner=False, max_entries=1)
def _case(folder: str) -> Case:
    return opener(Path(folder))


def desk() -> Desk:
    """Everything to draw from; computed again only when the evidence or case.toml changed."""
    case = current_case()
    return _desk(case.fingerprint(), case)


@st.cache_resource(show_spinner="Reading the case", max_entries=2)
def _desk(fingerprint: str, _case: Case) -> Desk:
    del fingerprint  # the cache's key
    view = _case.view()
    base = ground(view)
    found = gaps(base, _case.findings(), _case.reference)
    gc.collect()
    gc.freeze()  # a case is a million objects that live as long as the screen: not to be searched
    return Desk(
        case=_case,
        view=view,
        ground=base,
        gaps=found,
        gap_of={gap.finding.id: gap for gap in found},
        act_rulings=_case.act_rulings(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What became of every file, and who waits to be placed: read once a fingerprint."""

    numbers: Reconciliation
    files: tuple[File, ...]
    problems: tuple[Problem, ...]
    unknown: tuple[UnknownAddress, ...]


def ledger(desk: Desk) -> Ledger:
    """The evidence ledger of the case as it stands."""
    return _ledger(desk.view.fingerprint, desk.case)


@st.cache_resource(show_spinner=False, max_entries=2)
def _ledger(fingerprint: str, _case: Case) -> Ledger:
    del fingerprint  # the cache's key
    return Ledger(
        numbers=_case.reconciliation(),
        files=_case.files(),
        problems=_case.problems(),
        unknown=_case.unknown_addresses(),
    )


def connected(desk: Desk) -> str:
    """How the parties are connected, in a sentence; "" where none wrote to another."""
    return _connected(desk.view.fingerprint, desk.view)


@st.cache_resource(show_spinner=False, max_entries=2)
def _connected(fingerprint: str, _view: View) -> str:
    del fingerprint  # the cache's key
    found = connections(_view)
    if found.both_ways is None:
        return ""
    pairs = "1 pair" if found.pairs == 1 else f"{found.pairs:,} pairs"
    groups = (
        "one group" if found.groups == 1 else f"{found.groups:,} groups with no message between"
    )
    return (
        f"Over the whole record {found.parties:,} parties form {groups}; of {pairs} that wrote, "
        f"{found.both_ways:.0%} wrote both ways."
    )


def shortest_silence(desk: Desk) -> str:
    """The limits of the silence test in the busiest exchanges, in a sentence; "" without any."""
    return _shortest(desk.view.fingerprint, desk.view)


@st.cache_resource(show_spinner=False, max_entries=2)
def _shortest(fingerprint: str, _view: View) -> str:
    del fingerprint  # the cache's key
    rows, more = detectable(_view)
    if not rows:
        return ""
    tested = [row for row in rows if row.shortest[:1].isdigit()]
    said = ", ".join(f"{row.giver} to {row.taker} {row.shortest}" for row in tested[:3])
    too_few = len(rows) - len(tested) + more
    rest = f"In {too_few:,} other exchanges there are too few messages to test." if too_few else ""
    return f"{said}. {rest}".removeprefix(". ").strip()


def arrived(page: str) -> bool:
    """Whether this run is the first of a visit to a page: then the address says what to open."""
    before = st.session_state.get("_page")
    st.session_state["_page"] = page
    return bool(before != page)


def asked(name: str) -> str:
    """What the address says under a name; "" where it says nothing."""
    return str(st.query_params.get(name, ""))


def remember(**values: str) -> None:
    """Put what is open into the address; an empty value is taken out."""
    for name, value in values.items():
        if not value:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != value:
            st.query_params[name] = value
