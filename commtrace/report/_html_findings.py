"""The findings of a page in full: sentence, facts, checks, exhibits and the decision on each."""

from __future__ import annotations

from commtrace.report import _words as words
from commtrace.report._entries import Cited, Entry
from commtrace.report._markup import esc, paragraph, table
from commtrace.report.paper import NO_RULE, FamilyPart, RuleFindings


def family(part: FamilyPart) -> str:
    """A family of rules, what each found, and what the material could have shown where none."""
    inner = "".join(_rule(one) for one in part.rules) or paragraph(NO_RULE)
    return f"<h3>{esc(part.title)} ({words.count(part.found, 'finding')})</h3>\n{inner}"


def _rule(one: RuleFindings) -> str:
    if one.none:
        return f"<p><strong>{esc(one.rule.label)}.</strong> {esc(one.none)}</p>\n"
    more = f"{words.count(one.further, 'further finding')} by this rule: see the workbook."
    return (
        f"<p><strong>{esc(one.rule.label)}.</strong> {esc(one.rule.title)}</p>\n"
        + "".join(_entry(entry) for entry in one.entries)
        + (paragraph(more, "note") if one.further else "")
    )


def _entry(one: Entry) -> str:
    step = one.severity.lower()
    facts = [("Window", one.window), ("Parties", ", ".join(one.parties))]
    facts += [("Owed the next step", one.owes)] if one.owes else []
    facts += [(name.capitalize(), value) for name, value in one.measure]
    facts += [("Also found by", ", ".join(one.also))] if one.also else []
    areas = f"Areas: {'; '.join(one.areas)}." if one.areas else ""
    listed = "".join(f"<dt>{esc(name)}</dt><dd>{esc(value)}</dd>" for name, value in facts)
    gunning = table(("Gunning criterion", "What the material shows"), one.gunning)
    checks = table(
        ("Innocent explanation", "Outcome", "Because"),
        ((c.what, c.outcome, c.because) for c in one.checks),
        short=(1,),
    )
    exhibits = "".join(_cited(cited) for cited in one.cited)
    return (
        f'<article class="{step}" id="{esc(one.reference)}">\n<header>'
        f"<h4>{esc(one.reference)} {esc(one.rule_title)}</h4>"
        f'<span class="chip {step}">{esc(one.severity)}</span>'
        f'<span class="chip">{esc(one.strength)}</span>'
        f'<span class="chip">{esc(one.observability)}</span></header>\n'
        f'<p class="sentence" dir="auto">{esc(one.sentence)}</p>\n'
        f'<dl class="facts">{listed}</dl>\n{paragraph(areas, "note")}'
        f'<p class="decision"><strong>Decision:</strong> {esc(one.decision.said)}</p>\n'
        f"{gunning if one.gunning else ''}{checks if one.checks else ''}"
        '<div class="scroll"><table><thead><tr><th scope="col">Exhibit</th>'
        '<th scope="col">What it shows, and where it lies</th></tr></thead>\n'
        f"<tbody>\n{exhibits}</tbody></table></div>\n</article>\n"
    )


def _cited(cited: Cited) -> str:
    own = cited.exhibit
    about = ". ".join(part for part in (own.what, own.when, own.subject) if part)
    quote = f'<blockquote dir="auto">{esc(cited.quote)}</blockquote>' if cited.quote else ""
    return (
        f'<tr><th scope="row" class="short">{own.number}</th><td><strong>{esc(cited.role)}.'
        f"</strong> {esc(about)}{quote}"
        f'<br><span class="where">{esc(own.path)} ({esc(own.place)})</span>'
        f"<br><code>SHA-256 {esc(own.sha256)}</code></td></tr>\n"
    )
