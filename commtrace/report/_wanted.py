"""What to ask each holder for: the gaps in the evidence, turned round into requests.

Every request names what is wanted so that it can be searched for, and why, in the words of the
finding that it comes from. Findings that a person explained, or found not material, ask for
nothing. Holders come by how much is asked of them; what nobody can be asked for comes last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from commtrace.brief import KnownMissing
from commtrace.model import Address, Disposition, Family, Finding, Ghost, Severity
from commtrace.moments import say, say_day
from commtrace.report import _words as words
from commtrace.report._case import Case
from commtrace.view import CC, NOBODY, TO, View

NOBODY_KNOWN = "Holder not known"
_SETTLED = frozenset({Disposition.EXPLAINED, Disposition.NOT_MATERIAL})
_LISTED = 100  # messages or files named in one request; the workbook of findings has all
_SUBJECT, _NAMES = 120, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing asked for, as far as it is known: time, sender, recipients, subject, its id."""

    when: str
    sender: str
    to: str
    subject: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for, why (reference and sentence of each finding), and the things by name."""

    ask: str
    reasons: tuple[tuple[str, str], ...]
    items: tuple[Item, ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Everything asked of one holder."""

    holder: str
    party: str
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """A finding, what it is asked of, and where its words come from."""

    case: Case
    view: View
    finding: Finding

    def wanted(self, ask: str, items: Sequence[Item] = ()) -> Wanted:
        """A request with the finding's own words as its reason."""
        return Wanted(
            ask=words.line(ask),
            reasons=((self.case.reference(self.finding), words.line(self.finding.sentence)),),
            items=tuple(items),
        )

    def messages(self) -> list[Item]:
        """The messages that a finding is about."""
        return [self.message(self.view.row_of[one]) for one in self.finding.about]

    def message(self, row: int) -> Item:
        """A message that is held, by what it can be found under elsewhere."""
        view = self.view
        people = view.identities_to(row, (TO, CC))
        names = [words.line(view.identities[one].label) for one in people]
        sender = int(view.sender[row])
        one = self.case.communication(view.ids[row])
        return Item(
            when=say(view.whens[row]) if view.whens[row] else "undated",
            sender="" if sender == NOBODY else words.line(view.identities[sender].label),
            to=_listed(names),
            subject=words.shorten(words.line(view.subjects[row]), _SUBJECT),
            name=words.line(one.message_id or words.place(view.sources[row].part)),
        )


Asks = Callable[[_Asking], Iterator[tuple[str, Wanted]]]


def requests(case: Case) -> tuple[Request, ...]:
    """The requests of a case, most wanted first; a holder of whom nothing is wanted has none."""
    view = case.view()
    decided = case.decisions()
    asked: dict[str, list[Wanted]] = defaultdict(list)
    for finding in case.findings():
        decision = decided.get(finding.id)
        if finding.family is Family.EVIDENCE and (
            decision is None or decision.state not in _SETTLED
        ):
            for holder, wanted in _asks(_Asking(case=case, view=view, finding=finding)):
                asked[holder].append(wanted)
    for holder, wanted in _registered(case.brief.known_missing):
        asked[holder].append(wanted)
    party = _parties(view)
    found = [
        Request(holder=words.line(holder), party=party.get(holder, ""), wanted=_joined(wanted))
        for holder, wanted in asked.items()
    ]
    return tuple(sorted(found, key=_order))


def _joined(wanted: Sequence[Wanted]) -> tuple[Wanted, ...]:
    """Requests for the same kind of thing as one, with all its reasons."""
    found: dict[str, Wanted] = {}
    for one in wanted:
        before = found.get(one.ask)
        if before is not None:
            reasons, items = before.reasons + one.reasons, before.items + one.items
            found[one.ask] = replace(before, reasons=reasons, items=items)
        else:
            found[one.ask] = one
    return tuple(
        replace(one, items=one.items[:_LISTED], more=words.bounded(len(one.items), _LISTED, "item"))
        for one in found.values()
    )


def _order(one: Request) -> tuple[bool, int, str]:
    return one.holder == NOBODY_KNOWN, -len(one.wanted), one.holder


def _parties(view: View) -> Mapping[str, str]:
    """The party of everybody who was placed with one, by name; guesses from a domain are none."""
    labels = {party.id: party.label for party in view.parties if not party.provisional}
    found: dict[str, str] = {}
    for who in view.identities:
        names = dict.fromkeys(labels[m.party] for m in who.parties if m.party in labels)
        found[who.label] = ", ".join(names) or found.get(who.label, "")
    return found


def _asks(asking: _Asking) -> Iterator[tuple[str, Wanted]]:
    ask = _BY_RULE.get(asking.finding.rule)
    if ask is not None:
        yield from ask(asking)


def _mailbox(asking: _Asking) -> Iterator[tuple[str, Wanted]]:
    holder = _label(asking.view, asking.finding.anchor[0])
    span = words.window(asking.finding.window)
    yield (
        holder,
        asking.wanted(
            f"All items of the mailbox of {holder} for {span}, sent and received, with every"
            " folder, archive and recoverable item that is kept; or a statement of what is kept of"
            " that time.",
            asking.messages(),
        ),
    )


def _copies(asking: _Asking) -> Iterator[tuple[str, Wanted]]:
    holder = _label(asking.view, asking.finding.anchor[0])
    verb = "sent by" if asking.finding.anchor[1] == "sent" else "sent to"
    yield (
        holder,
        asking.wanted(
            f"The copy kept of each message {verb} {holder} that is listed here, or its place now.",
            asking.messages(),
        ),
    )


def _absent(asking: _Asking) -> Iterator[tuple[str, Wanted]]:
    view = asking.view
    ghost = next((one for one in view.ghosts if one.id == asking.finding.anchor[0]), None)
    if ghost is None:
        return
    when = f"of {say(ghost.when)}" if ghost.when else "of unknown date"
    wanted = asking.wanted(
        f"The message {when} that messages held cite, with its attachments.",
        [_ghost_item(asking, ghost)],
    )
    likely = ghost.likely_holders or [one.custodian for one in ghost.holders]
    for holder in dict.fromkeys(_label(view, name) for name in likely) or (NOBODY_KNOWN,):
        yield holder, wanted


def _ghost_item(asking: _Asking, ghost: Ghost) -> Item:
    view = asking.view
    citing = next((view.row_of[one] for one in ghost.cited_by if one in view.row_of), None)
    subject = view.subjects[citing] if citing is not None else ""
    return Item(
        when=say(ghost.when) if ghost.when else "unknown",
        sender=words.line(_written(ghost.author)) if ghost.author else "",
        to=_listed([words.line(_written(one)) for one in ghost.recipients]),
        subject=words.shorten(words.line(f"cited in: {subject}"), _SUBJECT) if subject else "",
        name=words.line(", ".join(ghost.message_ids) or "known from the messages that cite it"),
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return ", ".join(names[:_NAMES]) + more


def _written(who: Address) -> str:
    """What a quoted header calls somebody: the name, else the address."""
    return who.name or who.address


def _file(asking: _Asking) -> Iterator[tuple[str, Wanted]]:
    kind, *rest = asking.finding.anchor
    if kind == "copy" and rest:
        holder = _label(asking.view, rest[0])
        asked = f"The copy kept by {holder} of each message listed here, with all its files."
        yield holder, asking.wanted(asked, asking.messages())
        return
    row = asking.view.row_of[asking.finding.about[0]]
    yield (
        _sender(asking.view, row),
        asking.wanted(
            "The file that each message listed here announces, or a statement that none was sent.",
            asking.messages(),
        ),
    )


def _issue(asking: _Asking) -> Iterator[tuple[str, Wanted]]:
    row = asking.view.row_of[asking.finding.about[0]]
    span = words.window(asking.finding.window)
    yield (
        _sender(asking.view, row),
        asking.wanted(
            f"The issue of {span} of this series, or a statement that none was made.",
            asking.messages(),
        ),
    )


def _original(asking: _Asking) -> Iterator[tuple[str, Wanted]]:
    if asking.finding.anchor[0] != "copies":
        return
    row = asking.view.row_of[asking.finding.about[0]]
    yield (
        _sender(asking.view, row),
        asking.wanted(
            "The message as it lies among the items sent, with its full headers.", asking.messages()
        ),
    )


def _note(asking: _Asking) -> Iterator[tuple[str, Wanted]]:
    if asking.finding.severity is Severity.LOW:
        return
    row = asking.view.row_of[asking.finding.about[0]]
    yield (
        _sender(asking.view, row),
        asking.wanted(
            "Any note, minutes, calendar entry, recording or chat of a conversation that a message"
            " listed here refers to, or a statement that none was made.",
            asking.messages(),
        ),
    )


def _readable(asking: _Asking) -> Iterator[tuple[str, Wanted]]:
    view = asking.view
    custodian, kind = asking.finding.anchor
    items = [
        Item(
            when="",
            sender="",
            to="",
            subject=words.line(one.problem.source.path),
            name=words.place(one.problem.source.part),
        )
        for one in view.unread
        if (one.custodian or "") == custodian and one.problem.kind.value == kind
    ]
    holder = _label(view, custodian) if custodian else NOBODY_KNOWN
    yield (
        holder,
        asking.wanted(
            "A readable copy of each of these, or the key, password or program that opens it.",
            items,
        ),
    )


_BY_RULE: Mapping[str, Asks] = {
    "coverage_hole": _mailbox,
    "missing_copy": _copies,
    "missing_message": _absent,
    "missing_attachment": _file,
    "broken_series": _issue,
    "altered_copy": _original,
    "off_record": _note,
    "unreadable": _readable,
}


def _label(view: View, custodian: str) -> str:
    """What a custodian is called: the name of the person or mailbox, where one is known."""
    wanted = next((box.identity for box in view.coverage if box.custodian == custodian), None)
    folded = custodian.casefold()
    for who in view.identities:
        if who.id == wanted or any(m.address.casefold() == folded for m in who.members):
            return who.label
    return custodian


def _sender(view: View, row: int) -> str:
    sender = int(view.sender[row])
    return NOBODY_KNOWN if sender == NOBODY else view.identities[sender].label


def _registered(register: Iterable[KnownMissing]) -> Iterator[tuple[str, Wanted]]:
    for one in register:
        asked = f"Asked for on {say_day(one.asked_for)}" if one.asked_for else "Not asked for yet"
        answer = f"; answer on record: {one.answered}" if one.answered else ""
        days = f" ({words.span(one.since, one.until)})" if one.since or one.until else ""
        source = f"Known from: {one.who_says}. " if one.who_says else ""
        why = words.line(f"{source}{asked}{answer}.")
        yield (
            one.holder or NOBODY_KNOWN,
            Wanted(ask=words.line(f"{one.what}{days}."), reasons=(("Register", why),)),
        )
