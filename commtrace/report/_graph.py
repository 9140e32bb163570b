"""The communication graph as GraphML and GEXF, for other tools; the same view, the same bytes."""

from __future__ import annotations

import re
from io import BytesIO

import networkx as nx

from commtrace.moments import utc_text
from commtrace.report._words import line
from commtrace.view import View

_GEXF_DATE = re.compile(r' lastmodifieddate="[^"]*"')


def graph(view: View) -> nx.DiGraph[str]:
    """Identities and parties as nodes, contacts as edges, all in order of their ids.

    `level` says which of the two a node or edge is of: an edge between parties sums the edges
    between their people, so that a tool must look at one level at a time.
    """
    found: nx.DiGraph[str] = nx.DiGraph()
    edges = sorted(view.contacts, key=lambda contact: (contact.from_, contact.to))
    at_edges = {end for contact in edges for end in (contact.from_, contact.to)}
    for identity in sorted(view.identities, key=lambda one: one.id):
        party = identity.parties[-1].party if identity.parties else ""
        found.add_node(
            identity.id,
            label=line(identity.label),
            level="identity",
            kind=identity.kind.value,
            party=party,
        )
    for one in sorted(view.parties, key=lambda party: party.id):
        if one.id in at_edges:
            found.add_node(
                one.id, label=line(one.label), level="party", kind=one.kind.value, party=one.id
            )
    for contact in edges:
        found.add_edge(
            contact.from_,
            contact.to,
            level=found.nodes[contact.from_].get("level", ""),
            weight=contact.communications,
            communications=contact.communications,
            first=utc_text(contact.first.earliest),
            last=utc_text(contact.last.last_second),
        )
    return found


def graphml(view: View) -> bytes:
    """The graph as GraphML."""
    out = BytesIO()
    nx.write_graphml_xml(graph(view), out, encoding="utf-8", prettyprint=True)
    return out.getvalue()


def gexf(view: View) -> bytes:
    """The graph as GEXF 1.2, without the day it was written on."""
    text = "\n".join(nx.generate_gexf(graph(view), encoding="utf-8", prettyprint=True))
    return (_GEXF_DATE.sub("", text) + "\n").encode()
