"""Audiences that a table of the evidence lists, once a person ruled that it does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace

from commtrace.brief import Brief
from commtrace.model import Address, Proposal, RulingKind


def with_tables(brief: Brief, proposals: Callable[[], Iterable[Proposal]]) -> Brief:
    """The brief with the members of audiences that lie in tables ruled to hold them.

    A table is the one whose path ends in the path that the audience names.
    """
    if not any(one.table for one in brief.audiences):
        return brief
    tables = [p for p in proposals() if p.kind is RulingKind.TABLE and p.applied]
    audiences = tuple(
        replace(one, members=_members(one.table, tables)) if one.table else one
        for one in brief.audiences
    )
    return replace(brief, audiences=audiences)


def _members(path: str, tables: Iterable[Proposal]) -> tuple[Address, ...]:
    found: dict[tuple[str, str], None] = {}
    for table in tables:
        if f"/{table.source.path}".endswith(f"/{path.strip('/')}"):
            for name, address in json.loads(table.value).get("members", ()):
                found[(str(name), str(address).casefold())] = None
    return tuple(Address(name=name, address=address) for name, address in found)
