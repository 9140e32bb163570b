"""The Between view of the Network page: who passes matters on, in which role, and who alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from commtrace.figures.marks import day_of_clock
from commtrace.model import IdentityKind, TwoPath
from commtrace.moments import end_of, say_day, start_of
from commtrace.reconstruction.brokerage import (
    Bridge,
    Change,
    Role,
    Stop,
    bridges,
    brokerage,
    edges,
    joined_and_left,
    sent_rows,
    stops,
    working_places,
)
from commtrace.reconstruction.sendings import sendings, within
from commtrace.ui import chart, door
from commtrace.ui.chart import Column
from commtrace.ui.state import Desk
from commtrace.view import NOBODY, View

LEAD = (
    "Who wrote to a third person on what they had just heard in the same thread, within 20 working "
    "days, where no message goes straight from the one to the other. A pair counts once for a role."
)
NOBODY_BETWEEN = (
    "In this period no record was found of anything passed on between two with no message straight "
    "from the one to the other."
)
MOST = 60
PERSON, GO = "between_open", "between_go"
Roles = Mapping[Role, tuple[TwoPath, ...]]
ss = st.session_state

MESSAGES = (
    Column(label="Heard"),
    Column(label="Passed on"),
    Column(label="From, to and subject", wrap=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """What is counted of a period: brokers, bridges, and who joined and left in it."""

    roles: Mapping[int, Roles]
    bridges: tuple[Bridge, ...]
    joined: tuple[Change, ...]
    left: tuple[Change, ...]
    stops: Mapping[int, tuple[Stop, ...]]
    begin: int
    end: int


@st.cache_resource(show_spinner="Counting who stands between", max_entries=8)
def _between(fingerprint: str, window: tuple[float, float], _view: View) -> Between:
    del fingerprint  # the cache's key
    first, last = day_of_clock(window[0]), day_of_clock(window[1] - 1)
    begin, end = (int(when.timestamp()) for when in (start_of(first), end_of(last)))
    inside = within(_view, first, last)
    paths = [path for path in _view.two_paths if begin <= _view.start[path.went] < end]
    found = bridges(paths)
    places = working_places(_view)
    until = places[_view.dated - 1] if _view.dated else 0
    joined, left = joined_and_left(sendings(_view), begin, end)
    return Between(
        roles=brokerage(paths, set(edges(inside))),
        bridges=found,
        joined=joined,
        left=left,
        stops={one.person: stops(sent_rows(inside, one.person), places, until) for one in found},
        begin=begin,
        end=end,
    )


def on_person() -> None:
    """Open somebody who stands between."""
    ss[PERSON] = chart.value("between_people", "opened") or ""


def on_message() -> None:
    """A message leads to the timeline; the page asks for it after this run."""
    ss[GO] = chart.value("between_messages", "opened") or ""


def shown(desk: Desk, window: tuple[float, float]) -> None:
    """Those who stand between at the left, what the open one passed on at the right."""
    found = _between(desk.view.fingerprint, window, desk.view)
    if not found.roles:
        door.put('<div class="ct-notice">{why}</div>', why=NOBODY_BETWEEN)
        return
    people = sorted(found.roles, key=lambda who: (-_pairs(found.roles[who]), who))
    place = {desk.view.identities[who].id: who for who in people}
    current = place.get(ss.get(PERSON, ""), people[0])
    left, right = st.columns([1.6, 1], gap="medium")
    with left:
        kinds = [role for role in Role if any(role in roles for roles in found.roles.values())]
        chart.rows(
            _columns(kinds),
            [
                (desk.view.identities[who].id, _cells(desk, found, who, kinds))
                for who in people[:MOST]
            ],
            key="between_people",
            caption="Who stands between",
            opened=desk.view.identities[current].id,
            height="clamp(260px, calc(100vh - 330px), 800px)",
            on_open=on_person,
        )
        door.put('<p class="ct-muted ct-small">{said}</p>', said=_moved(desk, found))
    with right:
        _opened(desk, found, current)
    if ss.get(GO):
        st.switch_page("timeline.py", query_params={"open": f"m{ss.pop(GO)}"})


def _pairs(roles: Roles) -> int:
    return sum(len(paths) for paths in roles.values())


def _columns(kinds: Sequence[Role]) -> list[Column]:
    """A column for each role that somebody has."""
    roles = [Column(label=role.value.capitalize(), right=True, wrap=True) for role in kinds]
    return [
        Column(label="Who", wrap=True),
        Column(label="Counts for", wrap=True),
        *roles,
        Column(label="Largest share", right=True, wrap=True),
    ]


def _cells(desk: Desk, found: Between, who: int, kinds: Sequence[Role]) -> list[Any]:
    roles = found.roles[who]
    side = next(iter(roles.values()))[0].parties[1]
    share = max((one.share for one in found.bridges if one.person == who), default=0.0)
    return [
        desk.view.identities[who].label,
        desk.ground.party(side),
        *(f"{len(roles[role]):,}" if role in roles else "" for role in kinds),
        f"{share:.0%}" if share else "",
    ]


def _share(desk: Desk, one: Bridge) -> str:
    """How much of what was passed on between two parties ran through somebody."""
    between = " and ".join(desk.ground.party(party) for party in one.parties)
    return (
        f"{one.share:.0%} of what was passed on between {between} ({len(one.paths):,} of "
        f"{one.of:,} occasions) ran through them."
    )


def _moved(desk: Desk, found: Between) -> str:
    """How many joined and left in the period, with some of their names."""

    def names(changes: Sequence[Change]) -> str:
        labels = [desk.view.identities[one.person].label for one in changes[:4]]
        more = len(changes) - len(labels)
        return ", ".join(labels) + (f" and {more:,} more" if more else "")

    starts = desk.view.start[: desk.view.dated]
    came = found.joined if len(starts) and starts[0] < found.begin else ()
    went = found.left if len(starts) and starts[-1] >= found.end else ()
    said = [
        f"{len(changes):,} are on a message here and on none {when}: {names(changes)}."
        for changes, when in ((came, "before"), (went, "after"))
        if changes
    ]
    return " ".join(said)


def _opened(desk: Desk, found: Between, who: int) -> None:
    view, roles = desk.view, found.roles[who]
    door.put('<h2 class="ct-h2">{who}</h2>', who=view.identities[who].label)
    if view.identities[who].kind is not IdentityKind.PERSON:
        door.put('<p class="ct-small ct-muted">{why}</p>', why="An address of several people.")
    for one in found.bridges:
        if one.person == who:
            door.put('<p class="ct-small">{said}</p>', said=_share(desk, one))
    longest = max(found.stops.get(who, ()), key=lambda one: one.days, default=None)
    if longest is not None:
        door.put(
            '<p class="ct-small">Longest stretch without a message of theirs: {days} working days '
            "after {day}.</p>",
            days=longest.days,
            day=say_day(view.day(longest.before)),
        )
    paths = sorted(
        (path for theirs in roles.values() for path in theirs), key=lambda path: path.went
    )
    chart.rows(
        MESSAGES,
        [
            (
                view.ids[path.went],
                [
                    say_day(view.day(path.came)),
                    say_day(view.day(path.went)),
                    _passed(view, path),
                ],
            )
            for path in paths[:MOST]
        ],
        key="between_messages",
        caption="What they passed on; open one on the timeline",
        height="clamp(200px, calc(100vh - 420px), 700px)",
        on_open=on_message,
    )


def _passed(view: View, path: TwoPath) -> str:
    subject = view.subjects[path.went] or "no subject"
    return f"{_name(view, path.source)} to {_name(view, path.target)}: {subject}"


def _name(view: View, who: int) -> str:
    return "an unknown person" if who == NOBODY else view.identities[who].label
