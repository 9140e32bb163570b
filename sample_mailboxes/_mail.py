"""The values of the story: who there is, and one message before it is written down anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody or a shared mailbox: address, mail program, and how mails are opened and closed."""

    key: str
    name: str
    address: str
    party: str
    client: str
    manner: str
    signature: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """The name used in a greeting."""
        return self.name.removeprefix("Dr ").removeprefix("Cllr ").split()[0]

    @property
    def domain(self) -> str:
        """What follows the @."""
        return self.address.partition("@")[2]

    @property
    def written(self) -> str:
        """Name and address as in a header."""
        return f"{self.name} <{self.address}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """An attached file."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message as the story has it. `at` is aware, in Europe/London.

    `parent` is the key of what it answers or forwards (`kind` "new", "reply" or "forward").
    `title` is the whole subject where it is not the usual "Re:".
    `lost` names custodians whose copy is not in the material ("all": nobody's is). `altered` gives
    a custodian's copy another body. `headers` are added or, with an empty value, left out.
    """

    key: str
    at: datetime
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    title: str = ""
    body: str = ""
    kind: str = "new"
    parent: str = ""
    client: str = ""
    bare: bool = False
    quote: bool = True
    lost: tuple[str, ...] = ()
    altered: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message as it was sent: people, identifiers, and its whole text with what it quotes."""

    draft: Draft
    sender: Person
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    bcc: tuple[Person, ...]
    subject: str
    text: str
    html: str
    client: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    index: bytes
    is_outlook: bool

    @property
    def key(self) -> str:
        """The story's own name for it."""
        return self.draft.key

    @property
    def at(self) -> datetime:
        """When it was sent."""
        return self.draft.at
