"""The working paper as one HTML file: semantic, without script, style sheet or picture elsewhere.

The policy in its head lets a browser fetch nothing at all.
"""

from __future__ import annotations

from importlib.resources import files

from commtrace.report import _acts
from commtrace.report import _words as words
from commtrace.report._html_findings import family
from commtrace.report._ledger import LISTED
from commtrace.report._limits import SHOWN
from commtrace.report._markup import PARTS, esc, linked, paragraph, section, table
from commtrace.report._method import METHOD, RulePart
from commtrace.report.paper import (
    IN_DECISIONS,
    IN_HANDOFFS,
    Paper,
    findings_note,
)

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(paper: Paper, *, timeline: str, caption: str) -> str:
    """The whole page; `timeline` is an `<svg>` element of ours, or "" where there is none."""
    style = (files("commtrace.report") / "paper.css").read_text(encoding="utf-8")
    body = "".join(
        (
            _head(paper),
            _limits(paper),
            _glance(paper),
            _timeline(timeline, caption),
            _handoffs(paper),
            _findings(paper),
            _ledger(paper),
            _exhibits(paper),
            _method(paper),
            _sign(paper),
            "</main>\n",
            _foot(paper),
        )
    )
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{esc(paper.title)}: working paper</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n{body}</body>\n</html>\n"
    )


def _head(paper: Paper) -> str:
    numbers = "".join(f"<li><b>{esc(n)}</b> {esc(label)}</li>" for n, label in paper.numbers)
    facts = (
        ("Period under review", paper.period),
        ("Evidence up to", paper.as_of),
        ("Case fingerprint", paper.fingerprint),
        ("Head of the audit chain", paper.head),
        ("Made with", f"commtrace {paper.version}"),
        ("Review", paper.decided),
    )
    listed = "".join(f"<dt>{esc(name)}</dt><dd>{esc(value)}</dd>" for name, value in facts)
    terms = "".join(f"<li>{esc(term)}</li>" for term in paper.terms)
    scope = f"<h3>Terms of reference</h3>\n<ol>{terms}</ol>\n" if terms else ""
    if paper.events:
        scope += "<h3>Key dates</h3>\n" + table(("Date", "What"), paper.events, short=(0,))
    contents = "".join(f'<li><a href="#{name}">{title}</a></li>' for name, title in PARTS)
    return (
        f'<header>\n<p class="marking">{esc(paper.marking)}</p>\n'
        f'<p class="eyebrow">Working paper: gaps in the communication record</p>\n'
        f"<h1>{esc(paper.title)}</h1>\n"
        f'<ul class="numbers">{numbers}</ul>\n'
        f'<div class="limit">{paragraph(words.CEILING)}{paragraph(paper.limits.supplied)}</div>\n'
        f'<dl class="facts">{listed}</dl>\n{scope}</header>\n'
        f'<nav aria-label="Contents"><h3>Contents</h3><ol>{contents}</ol></nav>\n<main>\n'
    )


def _limits(paper: Paper) -> str:
    own = paper.limits
    custodians = table(
        ("Custodian", "Channel", "Days", "Basis", "Completeness", "Weeks not covered"),
        ((c.custodian, c.channel, c.days, c.basis, c.completeness, c.not_covered)
         for c in own.custodians[:SHOWN]),
        caption="Whose material was supplied, and how complete other mailboxes prove it to be.",
    )  # fmt: skip
    missing = "<h3>Known to exist and not supplied</h3>" + (
        table(("What", "Who says so", "Asked for"), own.known_missing)
        if own.known_missing
        else paragraph("The case file names nothing that is known to exist and was not supplied.")
    )
    calendars = "<h3>Calendars</h3>" + table(("Calendar", "Days that count"), own.calendars)
    criteria = "<h3>Criteria</h3>" + table(
        ("Criterion", "Limit", "In force", "Set by"),
        ((c.label, c.days, c.validity, c.where) for c in own.criteria),
        short=(1,),
    )
    unread = "<h3>Files that could not be read, or only in part</h3>" + _unread(paper)
    return section(
        "limits",
        paragraph(own.supplied),
        "<h3>Custodians</h3>",
        custodians if own.custodians else paragraph("No custodian is known."),
        paragraph(words.bounded(len(own.custodians), SHOWN, "custodian")),
        paragraph(own.without_note),
        paragraph(own.undated),
        unread,
        missing,
        "<h3>Minimum detectable silence</h3>",
        paragraph(own.silence_note),
        _silences(paper),
        calendars,
        criteria,
    )


def _silences(paper: Paper) -> str:
    if not paper.limits.silence:
        return ""
    rows = ((r.giver, r.taker, f"{r.messages:,}", r.shortest) for r in paper.limits.silence)
    head = ("From", "To", "Messages", "Shortest silence that could be shown")
    return table(head, rows, right=(2,))


def _unread(paper: Paper) -> str:
    own = paper.limits
    if not own.unread:
        return paragraph("Every file was read whole.")
    rows = ((f"{u.files:,}", u.status, u.reason, u.named) for u in own.unread)
    head = ("Files", "State", "Reason", "Which")
    return table(head, rows, right=(0,), short=(1,), caption="The workbook names every file.")


def _glance(paper: Paper) -> str:
    if not paper.register:
        return section("glance", paragraph(paper.gravest_note))
    known = _printed(paper)
    gravest = "".join(
        f"<li><strong>{linked(e.reference, known)}, {esc(e.severity.lower())}.</strong> "
        f"{esc(e.lead)}</li>\n"
        for e in paper.gravest
    )
    head, *rows = paper.owed
    owed = table(
        head,
        rows,
        caption="Findings by rule and by the party that owed the next step.",
        right=tuple(range(1, len(head))),
    )
    return section(
        "glance",
        paragraph(paper.gravest_note),
        f"<ol>\n{gravest}</ol>\n",
        owed,
        _areas(paper),
        _register(paper),
    )


def _printed(paper: Paper) -> frozenset[str]:
    """The references of the findings that stand in this page in full."""
    rules = (rule for part in paper.families for rule in part.rules)
    return frozenset(entry.reference for rule in rules for entry in rule.entries)


def _areas(paper: Paper) -> str:
    if not paper.areas:
        return ""
    rows = (
        (area.area, f"{len(area.references):,}", area.none or ", ".join(area.references))
        for area in paper.areas
    )
    return "<h3>By area of the terms of reference</h3>" + table(
        ("Area", "Findings", "References"), rows, right=(1,), known=_printed(paper)
    )


def _register(paper: Paper) -> str:
    shown = paper.register[: paper.options.in_register]
    rows = (
        (e.reference, e.rule_title, e.lead, e.severity, e.observability, e.decision.state)
        for e in shown
    )
    note = "The first sentences of each; [...] marks that a finding says more."
    if len(shown) < len(paper.register):
        note = (
            f"The gravest {len(shown):,} of {len(paper.register):,} findings. "
            "The workbook holds all of them."
        )
    return "<h3>Register</h3>" + table(
        ("Ref", "Rule", "Finding", "Severity", "Observability", "Decision"),
        rows,
        caption=note,
        short=(0, 1, 3, 5),
        known=_printed(paper),
    )


def _findings(paper: Paper) -> str:
    inner = "".join(family(part) for part in paper.families)
    return section("findings", paragraph(findings_note(paper)), inner)


def _timeline(svg: str, caption: str) -> str:
    if not svg:
        return section("timeline", paragraph("There is no dated communication to draw."))
    figure = f"<figure>{svg}<figcaption>{esc(caption)}</figcaption></figure>\n"
    return section("timeline", figure)


def _handoffs(paper: Paper) -> str:
    if not paper.handoffs:
        return section(
            "handoffs", paragraph("No matter passed from one party to another on record.")
        )
    head = ("Passed by", "Passed to", "Handoffs", "Taken up", "Late", "No next step on record",
            "Not yet due", "Not testable", "Median wait")  # fmt: skip
    rows = (
        (h.giver, h.taker, *(f"{n:,}" for n in (h.passed, h.taken_up, h.late, h.not_taken_up,
                                                  h.not_yet_due, h.not_testable)), h.median)
        for h in paper.handoffs[:IN_HANDOFFS]
    )  # fmt: skip
    note = "Waits are counted in elapsed working days, from the handoff to the next step."
    whole = table(head, rows, caption=note, right=tuple(range(2, 9)))
    more = paragraph(words.bounded(len(paper.handoffs), IN_HANDOFFS, "pair"))
    return section("handoffs", _matrix(paper), whole, more)


def _matrix(paper: Paper) -> str:
    if not paper.matrix:
        return ""
    head, *rows = paper.matrix
    note = "Handoffs passed, and of them those with no next step on record."
    return table(head, rows, caption=note, right=tuple(range(1, len(head))))


def _ledger(paper: Paper) -> str:
    own = paper.limits
    kinds = ""
    if own.problem_kinds:
        kinds = "<h3>Problems met inside files</h3>" + table(
            ("Kind", "Number"), own.problem_kinds, right=(1,)
        )
    return section(
        "ledger",
        paragraph(own.ledger_sentence),
        table(("State", "Files"), own.ledger, right=(1,)),
        _levels(paper),
        kinds,
        paragraph(LISTED, "note"),
    )


def _levels(paper: Paper) -> str:
    """What lay inside files, by container, and what of it was not read."""
    own = paper.limits
    if not own.levels:
        return ""
    right = tuple(range(1, len(words.LEVELS)))
    inside = "<h3>Inside the files</h3>" + table(words.LEVELS, own.levels, right=right)
    if not own.inside_unread:
        return inside
    rows = ((u.path, u.place, u.name, u.status, u.reason) for u in own.inside_unread[:SHOWN])
    listed = table(("File", "Place", "Name", "State", "Reason"), rows, short=(3,))
    more = paragraph(words.bounded(len(own.inside_unread), SHOWN, "item"))
    return f"{inside}<h3>Inside the files and not read</h3>{listed}{more}"


def _exhibits(paper: Paper) -> str:
    if not paper.exhibits:
        return section("exhibits", paragraph("There is no exhibit: there is no finding."))
    rows = (
        (str(e.number), f"{e.what}{'. ' if e.when else ''}{e.when}", f"{e.path} ({e.place})",
         e.sha256, ", ".join(e.cited_by))
        for e in paper.exhibits
    )  # fmt: skip
    head = ("No", "What", "File and place", "SHA-256", "Cited by")
    return section("exhibits", table(head, rows, code=(3,)))


def _method(paper: Paper) -> str:
    general = "".join(paragraph(text) for text in METHOD)
    return section("method", general, "".join(_rule_method(rule) for rule in paper.method))


def _rule_method(rule: RulePart) -> str:
    thresholds = ""
    if rule.thresholds:
        rows = ((t.name, t.value, t.where) for t in rule.thresholds)
        thresholds = table(("Threshold", "Value", "Set by"), rows)
    texts = "".join(
        f"<p>{f'<strong>{esc(label)}.</strong> ' if label else ''}{esc(text)}</p>\n"
        for label, text in rule.paragraphs
    )
    return f"<h3>{esc(rule.label)}</h3>\n{paragraph(rule.title)}{texts}{thresholds}"


def _sign(paper: Paper) -> str:
    roles = ("Prepared by", "Reviewed by", "Approved by")
    rows = "".join(
        f'<tr><th scope="row">{role}</th><td></td><td></td><td></td></tr>' for role in roles
    )
    return section(
        "sign",
        paragraph(paper.decided),
        _decisions(paper),
        _act_rulings(paper),
        '<table class="sign"><thead><tr><th scope="col">Role</th><th scope="col">Name</th>'
        '<th scope="col">Signature</th><th scope="col">Date</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>\n",
    )


def _decisions(paper: Paper) -> str:
    if not paper.decisions:
        return ""
    rows = (
        (e.reference, e.decision.state, e.decision.who, e.decision.when, e.decision.because)
        for e in paper.decisions[:IN_DECISIONS]
    )
    head = ("Finding", "Decision", "By", "When", "Reason")
    note = words.bounded(len(paper.decisions), IN_DECISIONS, "decision")
    return table(head, rows, caption=note, short=(0, 1, 3), known=_printed(paper))


def _act_rulings(paper: Paper) -> str:
    if not paper.act_rulings:
        return ""
    rows = (one.cells for one in paper.act_rulings)
    return f"<h3>{words.RULED}</h3>" + table(_acts.HEAD, rows, caption=words.RULED_NOTE, short=(4,))


def _foot(paper: Paper) -> str:
    text = f"{paper.marking}. Case fingerprint {paper.fingerprint}. commtrace {paper.version}."
    return f"<footer>{paragraph(text, 'note')}</footer>\n"
