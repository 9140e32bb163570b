"""Whose material is whose: custodians' names, as supplied or in `case.toml`, to identities."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from commtrace.brief import Brief
from commtrace.model import Communication, Identity
from commtrace.reconstruction.addresses import name_key

NOBODY = -1


def is_sent_folder(folder: str | None) -> bool:
    """Whether a folder's name says that its owner sent what lies there."""
    if not folder:
        return False
    last = folder.replace("\\", "/").rstrip("/").rpartition("/")[2].casefold()
    return last.startswith("sent") or last in {"outbox", "gesendet", "gesendete elemente"}


def custodians(
    communications: Sequence[Communication],
    brief: Brief,
    named: Callable[[str], int],
    identities: Sequence[Identity],
) -> dict[str, int]:
    """Identities by custodian: those whose material is there, then others of `case.toml`.

    `named` finds an address or a name (-1 for nobody). Of the others each identity stands once.
    """
    names = {s.custodian for one in communications for s in one.sightings if s.custodian}
    found: dict[str, int] = {}
    for name in [*sorted(names), *sorted({c.name for c in brief.custodians} - names)]:
        listed = [c for c in brief.custodians if name in (c.name, c.address)]
        written = [name, *(w for c in listed for w in (c.address, c.name))]
        places = [place for w in written if w and (place := named(w)) != NOBODY]
        places = places or _only_bearer(name, identities)
        if places and (name in names or places[0] not in found.values()):
            found[name] = places[0]
    return found


def _only_bearer(name: str, identities: Sequence[Identity]) -> list[int]:
    """The one identity that has exactly this name, for a custodian known by name alone."""
    wanted = name_key(name)
    if " " not in wanted:
        return []
    bearers = [
        index
        for index, who in enumerate(identities)
        if name_key(who.label) == wanted or any(name_key(m.name) == wanted for m in who.members)
    ]
    return bearers if len(bearers) == 1 else []
