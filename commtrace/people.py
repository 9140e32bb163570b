"""What persons ruled on who is who: checked, kept in the audit chain, and read back from it.

A ruling is a row of the chain, so it is never changed. The latest on the same keys counts: of who
is one and who is not, of who stands apart, of a party for each day; a withdrawal takes one back.
It speaks of addresses and names and not of rows, so that a new ingest leaves it as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING

from commtrace import custody
from commtrace.errors import CallError
from commtrace.model import AuditRow, PeopleRuling, PeopleRulingKind

if TYPE_CHECKING:
    from commtrace.store import Store

_JOINED = {PeopleRulingKind.SAME, PeopleRulingKind.DIFFERENT}
_LEAST_KEYS = {PeopleRulingKind.SAME: 2, PeopleRulingKind.DIFFERENT: 2}


def of(store: Store) -> tuple[PeopleRuling, ...]:
    """The rulings that count, oldest first."""
    counting: dict[frozenset[str], list[tuple[int, PeopleRuling]]] = defaultdict(list)
    for place, one in enumerate(history(store)):
        here = counting[frozenset(one.keys)]
        here[:] = [(number, earlier) for number, earlier in here if not _ends(one, earlier)]
        if one.kind is not PeopleRulingKind.WITHDRAWN:
            here.append((place, one))
    return tuple(one for _, one in sorted(chain(*counting.values()), key=itemgetter(0)))


def _ends(later: PeopleRuling, earlier: PeopleRuling) -> bool:
    """Whether a ruling leaves an earlier one on the same keys no force: it answers the same."""
    if later.kind is PeopleRulingKind.WITHDRAWN:
        if later.takes_back is None:
            return True
        alike = (later.party, later.since, later.until)
        return later.takes_back is earlier.kind and (
            earlier.kind is not PeopleRulingKind.PLACED
            or alike == (earlier.party, earlier.since, earlier.until)
        )
    if later.kind is PeopleRulingKind.PLACED is earlier.kind:
        return _from(later) <= _from(earlier) and _to(earlier) <= _to(later)
    return later.kind is earlier.kind or {later.kind, earlier.kind} == _JOINED


def _from(one: PeopleRuling) -> date:
    return one.since or date.min


def _to(one: PeopleRuling) -> date:
    return one.until or date.max


def history(store: Store) -> tuple[PeopleRuling, ...]:
    """Every ruling ever made whose words were not purged, oldest first."""
    return tuple(_ruling(row) for row in store.audit(custody.WHO) if row.words is not None)


def keep(store: Store, made: PeopleRuling, parties: Collection[str]) -> PeopleRuling:
    """Append a ruling to the chain; gives it back with the time of its row.

    Raises CallError, one sentence, where it names too few keys, no party of the case, or a last day
    before the first.
    """
    if len(set(made.keys)) < _LEAST_KEYS.get(made.kind, 1):
        raise CallError("A ruling on who is who needs the addresses or names that it is about.")
    if made.kind is PeopleRulingKind.PLACED and made.party not in parties:
        raise CallError(f"{made.party or 'Nothing'} is no party of case.toml.")
    if made.since is not None and made.until is not None and made.until < made.since:
        raise CallError("The last day in the party lies before the first.")
    words = {
        "kind": made.kind.value,
        "keys": sorted(set(made.keys)),
        "party": made.party,
        "since": made.since.isoformat() if made.since else "",
        "until": made.until.isoformat() if made.until else "",
        "because": made.because,
    }
    if made.takes_back is not None:
        words["takes_back"] = made.takes_back.value
    return _ruling(store.note(custody.WHO, "", words, made.who))


def ruling(
    kind: PeopleRulingKind, keys: Collection[str], *, because: str, who: str, party: str = "",
    since: date | None = None, until: date | None = None,
    takes_back: PeopleRulingKind | None = None,
) -> PeopleRuling:  # fmt: skip
    """A ruling about to be kept; `when` is then that of its row."""
    return PeopleRuling(
        kind=kind, keys=tuple(sorted(keys)), because=because, who=who, when=datetime.now(UTC),
        party=party, since=since, until=until, takes_back=takes_back,
    )  # fmt: skip


def taking_back(counted: PeopleRuling, *, because: str, who: str) -> PeopleRuling:
    """What takes back one ruling that counts, and no other on the same keys."""
    return replace(
        counted, kind=PeopleRulingKind.WITHDRAWN, takes_back=counted.kind, because=because, who=who,
        when=datetime.now(UTC),
    )  # fmt: skip


def _ruling(row: AuditRow) -> PeopleRuling:
    words = row.words or {}

    def day(name: str) -> date | None:
        return date.fromisoformat(words[name]) if words.get(name) else None

    return PeopleRuling(
        kind=PeopleRulingKind(words["kind"]),
        keys=tuple(words["keys"]),
        because=words["because"],
        who=row.who,
        when=row.when,
        party=words.get("party", ""),
        since=day("since"),
        until=day("until"),
        takes_back=PeopleRulingKind(words["takes_back"]) if words.get("takes_back") else None,
    )
