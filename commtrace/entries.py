"""Manual entries: what a person knows of a communication that left no record, as a file of its own.

An entry is TOML under a first line that no other file has, so that it is read, kept, exported,
verified and purged like any evidence; it says who wrote it down and on what that rests. Knows the
value and its text; who keeps it is `commtrace.entering`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import tomlkit
from tomlkit.items import String, Trivia

from commtrace.errors import CallError
from commtrace.model import Address, Channel
from commtrace.moments import Basis, Moment, plausible, say

FIRST_LINE = "# commtrace entry 1"
READER = "entry"  # the format of an entry's file
_BY_HAND = "Entered by hand by {author} on the basis of: {basis}."
_AUTHOR = re.compile(r"Entered by hand by (.+?) on the basis of: ")
MOST_BYTES = 1 << 20
LONGEST_TEXT, LONGEST_LINE, MOST_PEOPLE = 100_000, 400, 200
_PERSON = re.compile(r"([^<>]*)<([^<>@\s]+@[^<>@\s]+)>")
_ID = re.compile("[0-9a-f]{16}")
_KEYS = frozenset({
    "channel", "earliest", "latest", "said", "sender", "to", "subject", "text", "author", "basis",
    "replaces",
})  # fmt: skip
_KNOWN = ", ".join(sorted(_KEYS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A call, a meeting or a conversation as a person wrote it down for the case.

    `earliest` and `latest` are aware and half-open, `said` the words for that time; `author` says
    so on the `basis` of own memory, a diary, a minute. `replaces` is the id of the communication
    of an earlier entry that this one corrects, "" for none.
    """

    channel: Channel
    earliest: datetime
    latest: datetime
    said: str
    sender: Address | None
    to: tuple[Address, ...]
    subject: str
    text: str
    author: str
    basis: str
    replaces: str = ""

    @property
    def moment(self) -> Moment:
        """The time of what happened."""
        return Moment(
            earliest=self.earliest, latest=self.latest, said=self.said, basis=Basis.ENTERED
        )


def checked(entry: Entry) -> Entry:
    """The entry as it is kept: words trimmed, times in UTC to the second.

    Raises CallError, one sentence, where it cannot be meant.
    """
    _check_time(entry)
    for what, value in (("who writes it down", entry.author), ("how it is known", entry.basis)):
        if not value.strip():
            raise CallError(f"An entry needs to say {what}.")
    if not (entry.text.strip() or entry.subject.strip()):
        raise CallError("An entry needs to say what was said, or at least what it was about.")
    _check_people(entry)
    _check_lengths(entry)
    if entry.replaces and not _ID.fullmatch(entry.replaces):
        raise CallError("An entry names the one it replaces by the id of its communication.")
    earliest, latest = (
        when.astimezone(UTC).replace(microsecond=0) for when in (entry.earliest, entry.latest)
    )
    plain = Entry(
        channel=entry.channel,
        earliest=earliest,
        latest=latest,
        said=_line(entry.said),
        sender=_person(entry.sender) if entry.sender else None,
        to=tuple(_person(one) for one in entry.to),
        subject=_line(entry.subject),
        text=_storable(entry.text.replace("\r\n", "\n").replace("\r", "\n")).strip(),
        author=_line(entry.author),
        basis=_line(entry.basis),
        replaces=entry.replaces,
    )
    return plain if plain.said else _with_words(plain)


def _with_words(entry: Entry) -> Entry:
    said = say(entry.moment)
    return Entry(**{name: getattr(entry, name) for name in _KEYS if name != "said"}, said=said)


def _check_time(entry: Entry) -> None:
    if entry.earliest.tzinfo is None or entry.latest.tzinfo is None:
        raise CallError("The times of an entry need a zone.")
    if not (plausible(entry.earliest) and plausible(entry.latest)):
        raise CallError("The time of an entry lies outside the years 1970 to 2100.")
    if (entry.latest - entry.earliest).total_seconds() < 1:
        raise CallError("An entry ends before it begins; give the earlier time first.")


def _check_people(entry: Entry) -> None:
    people = [*([entry.sender] if entry.sender else []), *entry.to]
    if not people:
        raise CallError("An entry names at least one person who took part.")
    if not all(one.name.strip() or one.address.strip() for one in people):
        raise CallError("Each person of an entry needs a name or an address.")
    if len(people) > MOST_PEOPLE:
        raise CallError(f"An entry names at most {MOST_PEOPLE} people.")


def _check_lengths(entry: Entry) -> None:
    if len(entry.text) > LONGEST_TEXT:
        raise CallError(f"The text of an entry has at most {LONGEST_TEXT:,} characters.")
    people = [*([entry.sender] if entry.sender else []), *entry.to]
    lines = [entry.said, entry.subject, entry.author, entry.basis]
    lines += [words for one in people for words in (one.name, one.address, one.said)]
    if any(len(words) > LONGEST_LINE for words in lines):
        raise CallError(f"A line of an entry has at most {LONGEST_LINE} characters.")


def _line(words: str) -> str:
    return " ".join(_storable(words).split())


def _storable(words: str) -> str:
    return words.replace("\0", "␀").encode("utf-8", "replace").decode("utf-8")


def _person(one: Address) -> Address:
    return Address(name=_line(one.name), address=_line(one.address), said=_line(one.said))


def person(words: str) -> Address:
    """Who is meant by a typed name, an address, or both: `Ada Reed <ada@one.example>`."""
    plain = _line(words)
    found = _PERSON.fullmatch(plain)
    if found:
        return Address(name=found[1].strip(), address=found[2], said=plain)
    name, address = ("", plain) if "@" in plain else (plain, "")
    return Address(name=name, address=address, said=plain)


def by_hand(entry: Entry) -> str:
    """The doubt that every record of an entry has: who entered it, and on what that rests."""
    return _BY_HAND.format(author=entry.author, basis=entry.basis.rstrip("."))


def author_of(doubts: Iterable[str]) -> str:
    """Who entered a record by hand, as its doubts say; "" where none of them does."""
    return next((found[1] for doubt in doubts if (found := _AUTHOR.match(doubt))), "")


def as_text(entry: Entry) -> str:
    """The file of an entry: the same entry gives the same bytes. Raises CallError as `checked`."""
    kept = checked(entry)
    made = tomlkit.document()
    made["channel"] = kept.channel.value
    made["earliest"], made["latest"], made["said"] = kept.earliest, kept.latest, kept.said
    if kept.sender:
        made["sender"] = _table(kept.sender)
    people = tomlkit.array()
    for one in kept.to:
        people.append(_table(one))
    made["to"] = people.multiline(len(kept.to) > 1)
    made["subject"] = kept.subject
    made["text"] = _paragraphs(kept.text)
    made["author"], made["basis"] = kept.author, kept.basis
    if kept.replaces:
        made["replaces"] = kept.replaces
    return f"{FIRST_LINE}\n{tomlkit.dumps(made)}"


def _table(one: Address) -> tomlkit.items.InlineTable:
    made = tomlkit.inline_table()
    for name in ("name", "address", "said"):
        if value := getattr(one, name):
            made[name] = value
    return made


def _paragraphs(text: str) -> String:
    made: String = tomlkit.string(text, multiline="\n" in text)
    if "\n" not in text:
        return made
    escaped = tomlkit.string(text, multiline=True).as_string()[3:-3]
    return String(made._t, text, f"\n{escaped}", Trivia())  # noqa: SLF001 - no other way to begin on a line of its own


def parse(text: str) -> Entry:
    """The entry in the text of a file; raises CallError, one sentence, where it is none."""
    if text.partition("\n")[0].strip() != FIRST_LINE:
        raise CallError(f'The first line of an entry is "{FIRST_LINE}".')
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CallError("The entry cannot be read as TOML.") from error
    if values.keys() - _KEYS:
        raise CallError(f"The entry has a key that is not known; known are {_KNOWN}.")
    return checked(_entry(values))


def _entry(values: Mapping[str, Any]) -> Entry:
    channel = _text(values, "channel")
    if channel not in list(Channel):
        raise CallError(f"The channel of an entry is one of {', '.join(Channel)}.")
    sender, to = values.get("sender"), values.get("to", [])
    if not isinstance(to, list):
        raise CallError("The key to of an entry is a list of people.")
    return Entry(
        channel=Channel(channel),
        earliest=_time(values, "earliest"),
        latest=_time(values, "latest"),
        said=_text(values, "said"),
        sender=_address(sender) if sender is not None else None,
        to=tuple(_address(one) for one in to),
        subject=_text(values, "subject"),
        text=_text(values, "text"),
        author=_text(values, "author"),
        basis=_text(values, "basis"),
        replaces=_text(values, "replaces"),
    )


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key, "")
    if not isinstance(value, str):
        raise CallError(f"The key {key} of an entry is text in quotation marks.")
    return value


def _time(values: Mapping[str, Any], key: str) -> datetime:
    value = values.get(key)
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise CallError(f"The key {key} of an entry is a time with its zone.")
    return value


def _address(value: object) -> Address:
    if not isinstance(value, dict) or value.keys() - {"name", "address", "said"}:
        raise CallError("A person of an entry has a name and an address.")
    name, address, said = (_text(value, key) for key in ("name", "address", "said"))
    return Address(name=name, address=address, said=said)
