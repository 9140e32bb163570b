"""Gaps: the register, the evidence behind each, and a named person's decision about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from commtrace.errors import CommtraceError
from commtrace.figures.gaps import Gap
from commtrace.figures.palette import FAMILIES
from commtrace.model import Decision, Disposition, Finding, Severity
from commtrace.moments import say_time
from commtrace.ui import chart, door, panel, state
from commtrace.ui.chart import Column
from commtrace.ui.panel import SEVERITY
from commtrace.ui.state import Desk

OPEN, REVIEWER, SAID = "gap_open", "reviewer", "gap_said"
PAGE = 200
EVERY = "All"
LEAST = {EVERY: Severity.LOW, "Material or grave": Severity.MATERIAL, "Grave": Severity.GRAVE}
FAMILY = {label: family for family, label in FAMILIES.items()}
DECISION = {state_.value.capitalize(): state_ for state_ in Disposition}
ss = st.session_state


def begin(desk: Desk) -> None:
    """Take the open gap from the address."""
    if state.arrived("gaps"):
        ss[OPEN] = state.asked("open") or ss.get(OPEN, "")
    if ss.get(OPEN) and ss[OPEN] not in desk.gap_of:
        ss[OPEN] = ""


def on_open() -> None:
    """Open a row by its id; the row number is never kept."""
    ss[OPEN] = chart.value("gap_register", "opened") or ""
    ss[SAID] = ""


def filters(desk: Desk) -> None:
    """The row of filters; each stands in the address."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.pills("Family", list(FAMILY), selection_mode="multi", key="family", bind="query-params")
        st.segmented_control(
            "Severity", list(LEAST), default=EVERY, required=True, key="severity",
            bind="query-params",
        )  # fmt: skip
        st.text_input(
            "Words", key="words", width=210, icon=":material/search:",
            placeholder="Sentence or reference", bind="query-params",
        )  # fmt: skip
        with st.popover("More filters", icon=":material/tune:"):
            rules = sorted({gap.word for gap in desk.gaps})
            parties = list(party_names(desk))
            st.selectbox("Rule", rules, index=None, key="rule", bind="query-params")
            st.selectbox("Party", parties, index=None, key="party", bind="query-params")
            st.selectbox("Decision", list(DECISION), index=None, key="decision",
                         bind="query-params")  # fmt: skip
        st.page_link("challenge.py", label="Challenge", icon=":material/balance:")
        st.page_link("criteria.py", label="Criteria", icon=":material/straighten:")


def filtered_by() -> str:
    """The filters behind the button, in words."""
    return "".join(
        f" {name.capitalize()}: {ss[name]}."
        for name in ("rule", "party", "decision")
        if ss.get(name)
    )


def party_names(desk: Desk) -> dict[str, str]:
    """The parties of the gaps, by the name that the filter shows."""
    names: dict[str, str] = {}
    for party in sorted({p for gap in desk.gaps for p in gap.finding.parties}):
        label = door.shown(desk.ground.party(desk.view.party_index.get(party, -1)))
        names[label if label not in names else f"{label} ({party})"] = party
    return names


def wanted(desk: Desk, decisions: Mapping[str, Decision]) -> list[Gap]:
    """The gaps that the filters let through, gravest first."""
    families = {FAMILY[label] for label in ss.get("family") or () if label in FAMILY}
    least = LEAST.get(ss.get("severity") or EVERY, Severity.LOW)
    rule, state_ = ss.get("rule"), DECISION.get(ss.get("decision") or "")
    party = party_names(desk).get(ss.get("party") or "")
    words = str(ss.get("words") or "").casefold().split()
    return [
        gap
        for gap in desk.gaps
        if (not families or gap.finding.family in families)
        and gap.finding.severity >= least
        and (not rule or gap.word == rule)
        and (not party or party in gap.finding.parties)
        and (not state_ or disposition(decisions, gap.finding) == state_)
        and _says(gap, words)
    ]


def _says(gap: Gap, words: list[str]) -> bool:
    text = f"{gap.reference} {gap.word} {gap.finding.sentence}".casefold()
    return all(word in text for word in words)


def disposition(decisions: Mapping[str, Decision], finding: Finding) -> Disposition:
    """What was decided last, or that it is still to review."""
    decision = decisions.get(finding.id)
    return decision.state if decision is not None else Disposition.TO_REVIEW


COLUMNS = (
    Column(label="Reference"),
    Column(label="Gap"),
    Column(label="Between", wrap=True),
    Column(label="When"),
    Column(label="Length", kind="bar"),
    Column(label="Severity"),
    Column(label="Decision", wrap=True),
)


def register(desk: Desk, found: list[Gap], decisions: Mapping[str, Decision], group: str) -> None:
    """The register: a real table that reports the id of the row that was opened."""
    longest = max((_days(gap) for gap in desk.gaps), default=1) or 1
    pages = max(1, -(-len(found) // PAGE))
    number = min(int(ss.get("gap_page") or 1), pages)
    shown = found[(number - 1) * PAGE : number * PAGE]
    body = [(gap.finding.id, _cells(desk, gap, decisions, longest)) for gap in shown]
    chart.rows(
        COLUMNS,
        body,
        key="gap_register",
        caption="Register of gaps",
        opened=ss.get(OPEN) or found[0].finding.id,
        group=f"{group}{number}",
        height="clamp(360px, calc(100vh - 330px), 1100px)",
        on_open=on_open,
    )
    if pages > 1:
        st.pagination(pages, key="gap_page")
    door.put(
        '<p class="ct-muted ct-small">{n} of {all} gaps, gravest first.{by}</p>',
        n=f"{len(found):,}",
        all=f"{len(desk.gaps):,}",
        by=filtered_by(),
    )


def _days(gap: Gap) -> int:
    return gap.count * 5 if gap.unit == "week" else gap.count


def _cells(desk: Desk, gap: Gap, decisions: Mapping[str, Decision], longest: int) -> list[Any]:
    finding = gap.finding
    names = [desk.ground.party(desk.view.party_index.get(p, -1)) for p in finding.parties]
    decided = decisions.get(finding.id)
    changed = decided is not None and decided.exhibits != finding.exhibits_digest
    state_ = disposition(decisions, finding).value.capitalize()
    grave = finding.severity is Severity.GRAVE
    return [
        gap.reference,
        {"text": gap.word, "swatch": finding.family.value},
        " and ".join(names) or "no party is known",
        gap.when,
        {"text": gap.length, "share": _days(gap) / longest} if gap.length else "no length",
        {"text": SEVERITY[finding.severity], "tone": "grave" if grave else ""},
        {
            "text": f"{state_}, changed since" if changed else state_,
            "tone": "" if decided else "quiet",
        },
    ]


def evidence(desk: Desk, gap: Gap) -> None:
    """Sentence, measure, other explanations and exhibits of the open gap."""
    finding = gap.finding
    exhibits = door.join(panel.citation(desk, cite) for cite in finding.cites[:6])
    left = len(finding.cites) - 6
    more = door.html(
        '<p class="ct-muted ct-small">{n} more exhibits are in the report.</p>', n=left
    )
    door.put(
        '<div class="ct-panel ct-evidence-panel" tabindex="0" role="region" aria-label="Evidence">'
        "{head}{checks}{exhibits}{more}</div>",
        head=panel.finding_head(desk, finding),
        checks=panel.checks(finding),
        exhibits=exhibits,
        more=more if left > 0 else door.Safe(""),
    )
    row = next((c for c in finding.about if c in desk.view.row_of), None)
    with st.container(horizontal=True, gap="medium"):
        st.page_link(
            "timeline.py",
            label="See it on the timeline",
            icon=":material/timeline:",
            query_params={"open": f"g{finding.id}"},
        )
        if row is not None:
            st.page_link(
                "timeline.py",
                label="Open its thread",
                icon=":material/forum:",
                query_params={"open": f"m{row}"},
            )
        if finding.rule == "missing_message":
            st.page_link(
                "coverage.py",
                label="The absent message",
                icon=":material/help_center:",
                query_params={"coverage_view": "Absent messages", "ghost": finding.anchor[0]},
                help="Who should hold it, and its words as far as they are quoted",
            )
        cite = next((c for c in finding.cites if c.communication and c.span), None)
        if cite is not None and cite.communication and cite.span:
            panel.sentences_link(cite.communication, cite.span[0])


def save(identifier: str) -> None:
    """Write the decision at once; say what is still needed where something is."""
    who = str(ss.get("decision_who") or ss.get(REVIEWER) or "").strip()
    because = str(ss.get(f"because_{identifier}") or "").strip()
    verdict = ss.get(f"verdict_{identifier}") or Disposition.TO_REVIEW
    try:
        state.current_case().decide(identifier, Disposition(verdict), because, who)
    except CommtraceError as error:
        ss[SAID] = f"Not saved: {error}"
        return
    ss[REVIEWER] = who
    ss[SAID] = f"Saved as {Disposition(verdict).value}, by {who}."


def decide(desk: Desk, gap: Gap, decisions: Mapping[str, Decision]) -> None:
    """The decision form: state, reason, and a name that is asked once a session."""
    identifier = gap.finding.id
    if desk.case.changed_since_decided(gap.finding):
        door.put(
            '<div class="ct-notice ct-warn" role="status">{why}</div>',
            why="What this finding rests on has changed since it was decided. Read it again.",
        )
    door.put('<p class="ct-h2">Decision</p>')
    with st.form(f"decide_{identifier}", border=True):
        st.selectbox(
            "State",
            list(Disposition),
            key=f"verdict_{identifier}",
            index=list(Disposition).index(disposition(decisions, gap.finding)),
            format_func=lambda d: d.value.capitalize(),
        )
        st.text_area(
            "Reason",
            key=f"because_{identifier}",
            height=88,
            placeholder="What was found, where it was looked for",
        )
        if not ss.get(REVIEWER):
            st.text_input("Your name", key="decision_who", placeholder="Asked once a session")
        st.form_submit_button("Save decision", type="primary", on_click=save, args=(identifier,))
    said = ss.get(SAID, "")
    door.put('<p class="ct-small" role="status">{said}</p>', said=said)
    history(desk, identifier)


def history(desk: Desk, identifier: str) -> None:
    """Every decision so far, latest first."""
    past = desk.case.history(identifier)
    if not past:
        door.put('<p class="ct-muted ct-small">No decision yet.</p>')
        return
    items = door.join(
        door.html(
            '<li class="ct-step">{state} by {who}, {when}<br>'
            '<span class="ct-muted">{because}</span></li>',
            state=d.state.value.capitalize(),
            who=d.who,
            when=say_time(d.when),
            because=d.because,
        )
        for d in reversed(past)
    )
    door.put('<ol class="ct-steps">{items}</ol>', items=items)


@st.fragment(key="gaps")
def body() -> None:
    """The page, redrawn alone after each step."""
    desk = state.desk()
    decisions = desk.case.decisions()
    reviewed = sum(1 for gap in desk.gaps if gap.finding.id in decisions)
    door.put(
        '<h1 class="ct-title">Gaps</h1><p class="ct-lead">What no record was found of, and what '
        "that rests on. {reviewed} of {all} decided.</p>",
        reviewed=f"{reviewed:,}",
        all=f"{len(desk.gaps):,}",
    )
    filters(desk)
    found = wanted(desk, decisions)
    group = "|".join(
        str(ss.get(k)) for k in ("family", "severity", "rule", "decision", "party", "words")
    )
    left, right = st.columns([2, 1], gap="medium")
    with left:
        if found:
            register(desk, found, decisions, group)
        else:
            door.put('<div class="ct-notice">{why}</div>', why=_why_none(desk))
    with right:
        gap = desk.gap_of.get(ss.get(OPEN, "")) or (found[0] if found else None)
        if gap is None:
            door.put(
                '<div class="ct-panel"><p class="ct-muted">{why}</p></div>',
                why="Open a row to read the sentence, the messages it rests on and the "
                "explanations that were looked for, and to decide.",
            )
        else:
            evidence(desk, gap)
            decide(desk, gap, decisions)
    state.remember(open=ss.get(OPEN, ""))


def _why_none(desk: Desk) -> str:
    if desk.gaps:
        return "No gap passes these filters. Take one of them away to see more."
    return "The rules found no gap in the material supplied. See Evidence for what it could show."


begin(state.desk())
body()
