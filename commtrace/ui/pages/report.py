"""Report: choose what goes in, look at its pages, download it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial
from hashlib import sha256

import streamlit as st

from commtrace import report
from commtrace.custody import REPORT
from commtrace.figures.palette import FAMILIES
from commtrace.model import Family
from commtrace.ui import door, state
from commtrace.ui.state import Desk

MARKING = "OFFICIAL-SENSITIVE"
CONTENTS = (
    "Scope and terms of reference",
    "Coverage and limits, before any finding",
    "Findings by family, each with its exhibits, places and hashes",
    "Timeline",
    "Handoffs between directorates",
    "The ledger of files, and what could not be read",
    "Method: rules, thresholds, yardsticks",
    "Who decided what, and when",
)
Choices = tuple[tuple[str, ...], bool, str]
ss = st.session_state


def choices() -> Choices:
    """What was chosen: families, whether the words of the evidence are quoted, the marking."""
    labels = ss.get("report_families") or list(FAMILIES.values())
    families = tuple(f.value for f in Family if FAMILIES[f] in labels)
    return families, bool(ss.get("report_text", True)), str(ss.get("report_marking") or MARKING)


def make(desk: Desk, kind: Callable[..., str | bytes], chosen: Choices) -> bytes:
    """One paper of the case in one format."""
    families, include_text, marking = chosen
    made = kind(desk.case, families=families, include_text=include_text, marking=marking)
    return made.encode() if isinstance(made, str) else made


def handed_out(desk: Desk, kind: Callable[..., str | bytes], chosen: Choices) -> bytes:
    """A paper to be kept by its reader: its digest goes into the audit chain."""
    data = make(desk, kind, chosen)
    desk.case.made(REPORT, {kind.__name__: sha256(data).hexdigest()}, out="a download")
    return data


@st.cache_resource(show_spinner="Setting the pages", max_entries=3)
def pages(key: str, _desk: Desk, chosen: Choices) -> list[bytes]:
    """The pages of the PDF as pictures, set again only when the case or a choice changed."""
    del key
    return report.preview(make(_desk, report.pdf, chosen))


def settings() -> None:
    """What goes into the paper."""
    st.pills(
        "Families of gaps",
        list(FAMILIES.values()),
        selection_mode="multi",
        default=list(FAMILIES.values()),
        key="report_families",
    )
    st.toggle("Quote the words of the evidence", value=True, key="report_text")
    st.text_input("Protective marking", value=MARKING, key="report_marking")
    items = door.join(door.html("<li>{item}</li>", item=item) for item in CONTENTS)
    door.put('<p class="ct-h2">What it holds</p><ul class="ct-list">{items}</ul>', items=items)


def downloads(desk: Desk, chosen: Choices) -> None:
    """Three formats of one paper; each is made when it is asked for."""
    door.put('<p class="ct-h2">Download</p>')
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "PDF",
            data=partial(handed_out, desk, report.pdf, chosen),
            type="primary",
            file_name="working-paper.pdf",
            mime="application/pdf",
            icon=":material/picture_as_pdf:",
            on_click="ignore",
        )
        st.download_button(
            "HTML",
            data=partial(handed_out, desk, report.html, chosen),
            file_name="working-paper.html",
            mime="text/html",
            icon=":material/code:",
            on_click="ignore",
        )
        st.download_button(
            "Workbook (XLSX)",
            data=partial(handed_out, desk, report.xlsx, chosen),
            file_name="findings.xlsx",
            icon=":material/table:",
            on_click="ignore",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    door.put(
        '<p class="ct-muted ct-small">Downloads hold personal data of the case. Keep them where '
        "the case is kept.</p>"
    )


def preview(desk: Desk, chosen: Choices) -> None:
    """One page of the PDF at a time."""
    head = desk.case.head().digest  # every decision is a row of the chain
    found = pages(f"{desk.view.fingerprint}|{head}", desk, chosen)
    number = min(int(ss.get("report_page") or 1), len(found))
    st.pagination(len(found), key="report_page")
    picture = base64.b64encode(found[number - 1]).decode()
    door.put(
        '<img class="ct-page" alt="{alt}" src="data:image/png;base64,{picture}">',
        alt=f"Page {number} of {len(found)} of the working paper as it will be printed",
        picture=picture,
    )


@st.fragment(key="report")
def body() -> None:
    """The page, redrawn alone after each step."""
    desk = state.desk()
    door.put(
        '<h1 class="ct-title">Report</h1><p class="ct-lead">One working paper in three formats, '
        "with the same numbers and sentences in each.</p>"
    )
    left, right = st.columns([1, 1.5], gap="large")
    with left:
        settings()
        chosen = choices()
        downloads(desk, chosen)
    with right:
        preview(desk, chosen)


state.arrived("report")
body()
