"""What is read beside a list or chart of an absent message: witnesses, holders, quoted words."""

from __future__ import annotations

from commtrace.figures import absent
from commtrace.figures.absent import Passage
from commtrace.model import Ghost
from commtrace.moments import say
from commtrace.ui import door, panel
from commtrace.ui.door import Safe
from commtrace.ui.state import Desk

_QUOTERS = 12  # passages shown whole


def message(desk: Desk, ghost: Ghost) -> Safe:
    """An absent message: when, from, to, what shows it, who should hold it, its words, its thread.

    Its words are labelled a reconstruction, and each passage names the message that quotes it.
    """
    author = panel.address(ghost.author) if ghost.author else "not named by any witness"
    rows = [
        ("When", say(ghost.when) if ghost.when else "not known"),
        ("From", author),
        ("To", panel.addresses(ghost.recipients) or "not named by any witness"),
        ("Known from", " ".join(ghost.evidence) or "a citation"),
        ("Cited by", _cited(len(ghost.cited_by))),
        *(("Should hold it", f"{who}: {said}") for who, said in absent.holdings(desk.view, ghost)),
    ]
    if not absent.holdings(desk.view, ghost):
        rows.append(("Should hold it", "nobody whose mailbox is known"))
    number = desk.view.thread_index.get(ghost.thread, -1)
    steps = panel.thread(desk, number, "") if number >= 0 else Safe("")
    return door.html(
        "<h3>{title}</h3>{facts}{words}{steps}",
        title="A message that others cite and that is in none of the material",
        facts=panel.facts(rows),
        words=_words(desk, ghost),
        steps=steps,
    )


def _cited(number: int) -> str:
    return f"{number:,} supplied message" + ("s" if number != 1 else "")


def _words(desk: Desk, ghost: Ghost) -> Safe:
    found = absent.passages(ghost)
    if not found:
        return Safe("")
    left = len(found) - _QUOTERS
    more = f"{left:,} more passages are in the export." if left > 0 else ""
    return door.html(
        '<p class="ct-h2 ct-small">Its words, as far as they are quoted</p>'
        '<p class="ct-muted ct-small">Reconstructed from quotations: not an original.</p>'
        '{passages}<p class="ct-muted ct-small">{more}</p>',
        passages=door.join(_passage(desk, one) for one in found[:_QUOTERS]),
        more=more,
    )


def _passage(desk: Desk, one: Passage) -> Safe:
    row = desk.view.row_of.get(one.quoter)
    if row is None:
        said = "quoted in a message that is here no more"
    else:
        sender = desk.view.sender[row]
        who = desk.view.identities[sender].label if sender >= 0 else "a sender not stated"
        said = f"quoted by {who}, {say(desk.view.whens[row])}"
    return door.html(
        '<div class="ct-letter">{words}</div><p class="ct-muted ct-small">{said}</p>',
        words=one.words,
        said=said,
    )
