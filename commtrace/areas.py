"""Under which areas of the review a finding belongs: a proposal that the auditor moves.

An area is a line of the terms of reference, in the review's words. It is proposed where it names
a party of the finding, or where its words are about what the finding is about: communication for
gaps in it, governance between directorates for gaps between two of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from commtrace.model import Family, Finding, Party, PartyKind
from commtrace.view import View

_WORDS = re.compile(r"[a-z]+")
_COMMUNICATION = {"communication", "communications", "contact", "correspondence"}
_CROSS = {"cross", "between", "directorates", "departments"}
_KIND_WORDS = {
    PartyKind.FAMILIES: {"parents", "carers", "families", "children"},
    PartyKind.FORUM: {"parents", "carers", "forum"},
    PartyKind.MEMBERS: {"members", "councillors"},
    PartyKind.DECISION_MAKER: {"decision", "decisions"},
    PartyKind.SCHOOL: {"schools"},
    PartyKind.PROVIDER: {"contract", "operators", "providers"},
}


def with_areas(findings: Iterable[Finding], view: View) -> tuple[Finding, ...]:
    """The findings with the areas proposed for each, in the order of the terms of reference."""
    areas = view.brief.terms_of_reference
    parties = {party.id: party for party in view.parties}
    return tuple(
        replace(finding, areas=tuple(area for area in areas if _belongs(area, finding, parties)))
        for finding in findings
    )


def _belongs(area: str, finding: Finding, parties: dict[str, Party]) -> bool:
    words = set(_WORDS.findall(area.casefold()))
    involved = [parties[name] for name in finding.parties if name in parties]
    if _between_directorates(involved) and words & _CROSS:
        return True
    named = any(_names(words, party) for party in involved)
    return named and (finding.family is not Family.EVIDENCE or bool(words & _COMMUNICATION))


def _between_directorates(involved: list[Party]) -> bool:
    return len({p.id for p in involved if p.kind is PartyKind.DIRECTORATE}) > 1


def _names(words: set[str], party: Party) -> bool:
    label = set(_WORDS.findall(party.label.casefold()))
    return bool(words & _KIND_WORDS.get(party.kind, set())) or (bool(label) and label <= words)
