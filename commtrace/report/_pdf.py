"""The working paper as a tagged PDF, and any PDF as pictures of its pages."""

from __future__ import annotations

from dataclasses import asdict, replace
from io import BytesIO
from typing import Any

import pypdfium2  # type: ignore[import-untyped]

from commtrace.report import _words as words
from commtrace.report._acts import HEAD
from commtrace.report._figure import Drawn
from commtrace.report._ledger import LISTED
from commtrace.report._limits import SHOWN
from commtrace.report._method import METHOD
from commtrace.report._typeset import breakable, mapped, printable, typeset
from commtrace.report.paper import IN_DECISIONS, IN_HANDOFFS, NO_RULE, Paper, findings_note

_SCALE = 1.6  # pixels a point of a preview: about 115 dots an inch


def document(paper: Paper, timeline: Drawn) -> bytes:
    """The PDF of a paper."""
    drawings = {"timeline.svg": timeline.svg} if timeline.svg else {}
    return typeset("paper.typ", _data(paper, timeline), drawings)


def preview(data: bytes) -> list[bytes]:
    """Each page of a PDF as PNG."""
    pages = []
    document_ = pypdfium2.PdfDocument(data)
    try:
        for page in document_:
            out = BytesIO()
            page.render(scale=_SCALE).to_pil().save(out, "PNG")
            pages.append(out.getvalue())
    finally:
        document_.close()
    return pages


def _data(paper: Paper, timeline: Drawn) -> Any:
    value = asdict(replace(paper, limits=replace(paper.limits, inside=())))
    shown = paper.register[: paper.options.in_register]
    value["register"] = [
        {
            "reference": one.reference,
            "rule": one.rule_title,
            "lead": one.lead,
            "severity": one.severity,
            "observability": one.observability,
            "decision": one.decision.state,
        }
        for one in shown
    ]
    value["register_total"] = f"{len(paper.register):,}"
    value["short_title"] = words.shorten(paper.title, 80)
    value["ceiling"] = words.CEILING
    value["general_method"] = METHOD
    value["no_rule"] = NO_RULE
    value["findings_note"] = findings_note(paper)
    value["timeline"] = {"alt": timeline.alt, "caption": timeline.caption} if timeline.svg else None
    value["decisions"] = value["decisions"][:IN_DECISIONS]
    value["more_decisions"] = words.bounded(len(paper.decisions), IN_DECISIONS, "decision")
    value["act_rulings"] = [one.cells for one in paper.act_rulings]
    value["ruled_head"], value["ruled"], value["ruled_note"] = HEAD, words.RULED, words.RULED_NOTE
    value["limits"]["custodians"] = value["limits"]["custodians"][:SHOWN]
    value["limits"]["more"] = words.bounded(len(paper.limits.custodians), SHOWN, "custodian")
    value["handoffs"] = value["handoffs"][:IN_HANDOFFS]
    value["more_handoffs"] = words.bounded(len(paper.handoffs), IN_HANDOFFS, "pair")
    value["limits"]["inside_unread"] = [
        (one.path, one.place, one.name, one.status, one.reason)
        for one in paper.limits.inside_unread[:SHOWN]
    ]
    value["limits"]["more_inside"] = words.bounded(len(paper.limits.inside_unread), SHOWN, "item")
    value["level_names"], value["listed"] = words.LEVELS, LISTED
    for name in ("files", "problems", "not_read", "inside"):
        del value["limits"][name]
    return mapped(value, lambda text: breakable(printable(text)))
