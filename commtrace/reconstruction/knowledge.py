"""Who could have known a fact, when at first, by which messages, and until when telling was useful.

Three layers, kept apart: any chain of messages (what was possible at most), messages of the matter
(threads in which it was carried), messages that carry it. Only the absence of any chain is a strong
negative: where a message that carries it reached somebody they were told, and between the two it is
possible and not shown. Whoever sends a message that carries the fact held it then, however they
came by it. A shared mailbox is read and used by everybody of its party; a list reaches its members.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from commtrace.model import Channel
from commtrace.moments import end_of, start_of
from commtrace.reconstruction.carriers import Carriers, carriers, ghost_carriers
from commtrace.reconstruction.reach import Belonging, Reach, Step, earliest, further, latest
from commtrace.reconstruction.sendings import EARLIEST, LATEST, joined
from commtrace.view import NOBODY, Ints, View

SHARE = 0.3  # of the four-word runs of a sentence (gap-science 6.3)
_RUN, _SENTENCE, _BATCH = 4, 8, 1000
_WORD = re.compile(r"\w+")


class Layer(StrEnum):
    """Which messages may have carried it."""

    ANY = "any chain of messages"
    MATTER = "messages of the matter"
    CARRYING = "messages that carry it"


class Answer(StrEnum):
    """What the evidence shows of somebody and a fact."""

    TOLD = "a message that carries it was sent to them"
    MATTER = "messages of the matter could have carried it to them; that it was is not shown"
    POSSIBLE = "some chain of messages could have carried it to them; that it was is not shown"
    IMPOSSIBLE = "no chain of messages in this evidence could have carried it to them"
    OPEN = "no chain of messages in this evidence shows it; the members of a list are not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What somebody knew: words (a sentence or a topic), or an attachment by its SHA-256."""

    words: str = ""
    attachment: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Knowledge:
    """Where a fact could have been and when; times are seconds since 1970.

    `carrying` are the rows that carry it, `layers` how far it could have come by each kind of
    message, `with_ghosts` how far by any chain if every message that is absent carried it too;
    `open_lists` are distribution lists that it reached and of which no member is known.
    """

    carrying: tuple[int, ...]
    layers: Mapping[Layer, Reach]
    with_ghosts: Reach
    ghost_rows: Mapping[int, str] = field(repr=False)
    belongings: tuple[Belonging, ...] = field(repr=False)
    carriers: Carriers = field(repr=False)
    identities: int
    open_lists: tuple[int, ...] = ()

    def answer(self, who: int, by: int = LATEST) -> Answer:
        """What the evidence shows of an identity before the moment `by`."""
        return self._answer({layer: r.reached(who, by) for layer, r in self.layers.items()}, by)

    def party_answer(self, party: int, by: int = LATEST) -> Answer:
        """What the evidence shows of anybody who then counted for a party."""
        first = {layer: self.party(party, layer) for layer in self.layers}
        return self._answer({layer: at is not None and at < by for layer, at in first.items()}, by)

    def party(self, party: int, layer: Layer) -> int | None:
        """When somebody of a party could first have held it."""
        found = self.layers[layer].parties(self.belongings).get(party)
        return None if found is None else found[0]

    def path(self, who: int, layer: Layer) -> tuple[Step, ...]:
        """The messages by which it could first have come; without a row: read in a mailbox."""
        real = self.carriers.real
        steps = (
            replace(step, sender=real(step.sender), recipient=real(step.recipient))
            for step in self.layers[layer].path(who)
        )
        return tuple(s for s in steps if s.row != NOBODY or s.sender != s.recipient)

    def flipped_by(self, who: int, by: int = LATEST) -> tuple[str, ...]:
        """The absent messages on a path to somebody whom no message held could have reached."""
        if self.layers[Layer.ANY].reached(who, by) or not self.with_ghosts.reached(who, by):
            return ()
        steps = self.with_ghosts.path(who)
        found = (self.ghost_rows[step.row] for step in steps if step.row in self.ghost_rows)
        return tuple(dict.fromkeys(found))

    def flips(self, by: int = LATEST) -> dict[int, tuple[str, ...]]:
        """For each identity whose strong negative an absent message could undo: which ones."""
        real = slice(self.identities)
        held, more = self.layers[Layer.ANY].arrival[real], self.with_ghosts.arrival[real]
        return {
            who: self.flipped_by(who, by)
            for who in np.flatnonzero((held >= by) & (more < by)).tolist()
        }

    def flipped_parties(self, by: int = LATEST) -> tuple[int, ...]:
        """The parties whose strong negative an absent message could undo."""
        held = self.layers[Layer.ANY].parties(self.belongings)
        more = self.with_ghosts.parties(self.belongings)
        return tuple(
            party
            for party, (at, _) in more.items()
            if at < by and held.get(party, (LATEST, NOBODY))[0] >= by
        )

    def _answer(self, reached: Mapping[Layer, bool], by: int) -> Answer:
        if reached[Layer.CARRYING]:
            return Answer.TOLD
        if reached[Layer.MATTER]:
            return Answer.MATTER
        if reached[Layer.ANY]:
            return Answer.POSSIBLE
        whole = self.layers[Layer.ANY]
        open_list = any(whole.reached(one, by) for one in self.open_lists)
        return Answer.OPEN if open_list else Answer.IMPOSSIBLE


def knowledge(view: View, carrying: Iterable[int], known: Carriers | None = None) -> Knowledge:
    """Where what the rows `carrying` say could have been, from the first of them on.

    An undated row among them leaves open since when its sender held it. `known` are the carriers
    of the view, where something made them before.
    """
    rows = tuple(sorted(set(carrying)))
    known = known or carriers(view)
    sources = known.places(_held(view, rows))
    carries = _rows(view, rows)
    matter = carries | np.isin(view.thread, [t for t in view.thread[list(rows)] if t != NOBODY])
    messages = known.messages
    layers = {
        Layer.ANY: joined(messages, known.inside, known.lists),
        Layer.MATTER: joined(messages.of_rows(matter), known.inside, known.lists),
        Layer.CARRYING: joined(messages.of_rows(carries), known.lists),
    }
    reaches = {layer: earliest(sent, sources, known.people) for layer, sent in layers.items()}
    ghosts, ghost_rows = ghost_carriers(view, known)
    return Knowledge(
        carrying=rows,
        layers=reaches,
        with_ghosts=further(reaches[Layer.ANY], ghosts),
        ghost_rows=ghost_rows,
        belongings=belongings(view),
        carriers=known,
        identities=len(view.identities),
        open_lists=tuple(n for n in known.unknown_lists if reaches[Layer.ANY].reached(n)),
    )


def could_hold(view: View, held: Mapping[int, int]) -> Ints:
    """From when on each identity could have held what others hold, by any chain of messages."""
    known = carriers(view)
    whole = joined(known.messages, known.inside, known.lists)
    reach = earliest(whole, known.places(held), known.people)
    return reach.arrival[: len(view.identities)]


def last_useful(
    view: View, targets: Iterable[int], deadline: int, known: Carriers | None = None
) -> Ints:
    """Until when each identity could still have told any of `targets` in time by what is held."""
    known = known or carriers(view)
    whole = joined(known.messages, known.inside, known.lists)
    return latest(whole, dict.fromkeys(targets, deadline), known.people)[: len(view.identities)]


def carrying_rows(
    view: View, fact: Fact, among: Iterable[int], *, share: float = SHARE
) -> tuple[int, ...]:
    """Those of the rows `among` whose new or quoted text, or whose attachments, carry a fact.

    Of a sentence (eight words or more) `share` of its runs of four words must be there, of a topic
    every word. Texts are read in batches.
    """
    rows = sorted(set(among))
    if fact.attachment:
        return tuple(
            row
            for row in rows
            if any(a.sha256 == fact.attachment for a in view.attachments.get(view.ids[row], ()))
        )
    words = _words(fact.words)
    if not words:
        return ()
    found = []
    for begin in range(0, len(rows), _BATCH):
        some = rows[begin : begin + _BATCH]
        texts = view.text([view.ids[row] for row in some])
        for row in some:
            said = f"{view.subjects[row]}\n{texts.get(view.ids[row], '')}"
            if carries(words, _words(said), share):
                found.append(row)
    return tuple(found)


def enclosing_rows(view: View, rows: Iterable[int]) -> tuple[int, ...]:
    """`rows`, and every message to which one of them is attached: it carries what that says.

    By the place where it was read (an attachment lies inside its message), or by the hash of a file
    that was supplied by itself too.
    """
    found = set(rows)
    sources = [view.sources[row] for row in found]
    places = {(s.sha256, s.part[:n]) for s in sources for n in range(len(s.part))}
    files = {s.sha256 for s in sources if not s.part}
    found |= {
        row
        for row, one in enumerate(view.sources)
        if (one.sha256, one.part) in places and view.channels[row] is Channel.EMAIL
    }
    found |= {
        view.row_of[name]
        for name, attached in view.attachments.items()
        if any(one.sha256 in files for one in attached)
    }
    return tuple(sorted(found))


def carries(fact: Sequence[str], said: Sequence[str], share: float = SHARE) -> bool:
    """Whether words carry a fact's: enough of its runs of four words, or all words of a topic."""
    if len(fact) < _SENTENCE:
        return set(fact) <= set(said)
    wanted, there = _runs(fact), _runs(said)
    return len(wanted & there) >= share * len(wanted)


def belongings(view: View) -> tuple[Belonging, ...]:
    """Who counts for which party from when to when."""
    return tuple(
        Belonging(
            who=who,
            party=view.party_index[one.party],
            since=int(start_of(one.since).timestamp()) if one.since else EARLIEST,
            until=int(end_of(one.until).timestamp()) if one.until else LATEST,
        )
        for who, identity in enumerate(view.identities)
        for one in identity.parties
        if one.party in view.party_index
    )


def _held(view: View, rows: Iterable[int]) -> dict[int, int]:
    """Since when each sender of a message that carries it held it."""
    found: dict[int, int] = {}
    for row in rows:
        who, dated = int(view.sender[row]), row < view.dated
        if who != NOBODY:
            since = int(view.start[row]) if dated else EARLIEST
            found[who] = min(found.get(who, LATEST), since)
    return found


def _rows(view: View, rows: Sequence[int]) -> NDArray[np.bool_]:
    found = np.zeros(len(view), dtype=np.bool_)
    found[list(rows)] = True
    return found


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1)}
