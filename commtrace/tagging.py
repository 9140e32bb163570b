"""What persons ruled on what sentences do: checked, kept in the audit chain, read back from it.

A ruling is a row of the chain, so it is never changed; the latest on the same communication,
sentence and kind counts, and a withdrawal takes it back. The row's subject is the communication, so
that a purge of the message removes the words of the ruling with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from commtrace import custody
from commtrace.errors import CallError
from commtrace.model import ActKind, ActRuling, ActVerdict, AuditRow, CommunicationId
from commtrace.reconstruction.tagged import places

if TYPE_CHECKING:
    from commtrace.store import Store

_LONGEST = 4000  # characters of a sentence


def of(store: Store) -> tuple[ActRuling, ...]:
    """The rulings that count, oldest first, each on the present id of its communication."""
    return _counting(_present(store, history(store)))


def history(store: Store) -> tuple[ActRuling, ...]:
    """Every ruling ever made whose words were not purged, oldest first, as it was made."""
    return tuple(_ruling(row) for row in store.audit(custody.ACT) if row.words is not None)


def _counting(made: Iterable[ActRuling]) -> tuple[ActRuling, ...]:
    latest: dict[tuple[str, str, ActKind], ActRuling] = {}
    for one in made:
        latest.pop(one.key, None)
        if one.verdict is not ActVerdict.WITHDRAWN:
            latest[one.key] = one
    return tuple(latest.values())


def _present(store: Store, made: Iterable[ActRuling]) -> list[ActRuling]:
    """Each ruling on the id that its communication has now: every id ever printed resolves."""
    known: dict[CommunicationId, CommunicationId] = {}
    found = []
    for one in made:
        name = one.communication
        if name not in known:
            held = store.communication(name)
            known[name] = name if held is None else held.id
        found.append(replace(one, communication=known[name]))
    return found


def keep(store: Store, made: ActRuling) -> ActRuling:
    """Append a ruling to the chain; gives it back with the time of its row.

    Raises CallError, one sentence, where there is no such communication, its text has no such
    words, the verdict says nothing, or there is nothing to take back.
    """
    held = store.communication(made.communication)
    if held is None:
        raise CallError(f"There is no communication {made.communication} in this case.")
    said = " ".join(made.said.split())
    if not said or len(said) > _LONGEST:
        raise CallError("A ruling on an act needs the words of one sentence.")
    wanted = replace(made, communication=held.id, said=said)
    if made.verdict is ActVerdict.WITHDRAWN:
        if wanted.key not in {one.key for one in of(store)}:
            raise CallError("There is no ruling on this sentence to take back.")
    elif not places(said, store.texts([held.id]).get(held.id, ""), ()):
        raise CallError("These words do not stand in that message.")
    if (made.instead not in {None, made.kind}) is not (made.verdict is ActVerdict.INSTEAD):
        raise CallError("Say which other kind of act the sentence is.")
    return _ruling(store.note(custody.ACT, held.id, _words(wanted), made.who))


def ruling(
    communication: str, said: str, kind: ActKind, verdict: ActVerdict, *, because: str, who: str,
    instead: ActKind | None = None,
) -> ActRuling:  # fmt: skip
    """A ruling about to be kept; `when` is then that of its row."""
    return ActRuling(
        communication=CommunicationId(communication), said=said, kind=kind, verdict=verdict,
        because=because, who=who, when=datetime.now(UTC), instead=instead,
    )  # fmt: skip


def _words(one: ActRuling) -> dict[str, str]:
    return {
        "said": one.said,
        "kind": one.kind.value,
        "verdict": one.verdict.value,
        "instead": one.instead.value if one.instead else "",
        "because": one.because,
    }


def _ruling(row: AuditRow) -> ActRuling:
    words = row.words or {}
    return ActRuling(
        communication=CommunicationId(row.subject),
        said=words["said"],
        kind=ActKind(words["kind"]),
        verdict=ActVerdict(words["verdict"]),
        because=words["because"],
        who=row.who,
        when=row.when,
        instead=ActKind(words["instead"]) if words.get("instead") else None,
    )
