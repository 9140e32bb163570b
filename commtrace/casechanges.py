"""Adds to the text of a `case.toml` without losing its comments; what comes out can be meant."""

from __future__ import annotations

import tomlkit
from tomlkit.items import AoT, Array

from commtrace.brief import KnownMissing
from commtrace.casefile import folded, parse
from commtrace.errors import CallError


def place(text: str, address: str, party: str) -> str:
    """The text of a `case.toml` with `address` added to the party `party`; comments are kept.

    Raises CallError if there is no such party or the address already belongs to one.
    """
    wanted = address.strip().casefold()
    document = tomlkit.parse(text)
    parties = document.get("parties", AoT([]))
    for item in parties:
        if wanted in folded(item.get("addresses", [])):
            raise CallError(f"{address} already belongs to {item['id']}; take it out there first.")
    for item in parties:
        if item.get("id") == party:
            addresses = item.setdefault("addresses", tomlkit.array())
            if isinstance(addresses, Array):
                addresses.append(wanted)
            changed = tomlkit.dumps(document)
            parse(changed)
            return changed
    raise CallError(f'There is no party "{party}" in case.toml.')


def register(text: str, missing: KnownMissing) -> str:
    """The text of a `case.toml` with a line more of what is known to exist; comments are kept.

    Raises CallError if it says nothing or the same is there already, CaseFileError if it cannot
    be meant.
    """
    what = " ".join(missing.what.split())
    if not what:
        raise CallError("Say what it is that is known to exist.")
    document = tomlkit.parse(text)
    known = document.get("known_missing", AoT([]))
    if any(" ".join(str(item.get("what", "")).split()) == what for item in known):
        raise CallError("The register says the same already.")
    line = tomlkit.table()
    line["what"] = what
    for key in ("who_says", "asked_for", "since", "until", "holder", "channel", "answered"):
        if value := getattr(missing, key):
            line[key] = " ".join(value.split()) if isinstance(value, str) else value
    if "known_missing" in document:
        known.append(line)
    else:
        document["known_missing"] = AoT([line])
    changed = tomlkit.dumps(document)
    parse(changed)
    return changed
