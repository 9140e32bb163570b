"""Adds to the text of a `case.toml` without losing its comments; what comes out can be meant."""

from __future__ import annotations

import tomlkit
from tomlkit.items import AoT, Array

from commtrace import norms
from commtrace.brief import KnownMissing
from commtrace.casefile import folded, parse
from commtrace.errors import CallError
from commtrace.plugins import rules


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


def criterion(text: str, key: str, value: str | int | None) -> str:
    """The text with `[criteria] key` set to a norm's id or a number of days, or taken out (None).

    What stood for the same (`reply_school_days` for `reply`) is taken out; comments are kept.
    Raises CallError where it says so already, CaseFileError where the value cannot be meant.
    """
    document = tomlkit.parse(text)
    table = document.setdefault("criteria", tomlkit.table())
    same = [one for one in table if one == key or norms.stands_for(one) == norms.stands_for(key)]
    for one in same:
        if one != key or value is None:
            table.remove(one)
    if value is not None:
        table[key] = value
    changed = _changed(text, tomlkit.dumps(document))
    norms.criteria(parse(changed))
    return changed


def threshold(text: str, rule: str, key: str, value: float | str | None) -> str:
    """The text with a threshold of one rule set in `[rules.X]`, or taken out (None).

    Raises CallError where there is no such threshold or it is of another kind, or where it says so
    already.
    """
    known = {one.name: one.parameters for one in rules()}
    if key not in known.get(rule, {}):
        raise CallError(f'There is no threshold "{key}" of a rule "{rule}".')
    if value is not None and type(value) is not type(known[rule][key]):
        raise CallError(f"{key} of {rule} is another kind of value, such as {known[rule][key]}.")
    document = tomlkit.parse(text)
    table = document.setdefault("rules", tomlkit.table(is_super_table=True))
    own = table.setdefault(rule, tomlkit.table())
    if value is not None:
        own[key] = value
    elif key in own:
        own.remove(key)
    if not own:
        table.remove(rule)
    return _changed(text, tomlkit.dumps(document))


def _changed(before: str, after: str) -> str:
    """A text that says something new and can be meant."""
    if parse(before) == parse(after):
        raise CallError("case.toml says this already.")
    return after
