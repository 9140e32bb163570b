"""The two extension points, the same sentence twice: a format is one file, a rule is one file.

`@parser` and `@rule` turn a generator function into a frozen plug-in and register nothing; the
folders are walked, sorted, and a file's plug-in has the file's name. Files that begin with `_` are
shared code. Code is never loaded from a case folder, nor from a package that happens to be there.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import BinaryIO, TypeVar

from commtrace.model import Family, Finding, Found, RulingKind, Source

T = TypeVar("T")
HEAD_BYTES = 65536  # how much of an item is looked at to tell its format

_NOT_RULES = {
    "run",
    "promises",
    "questions",
}  # what runs the rules; registers that the screen shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a parser is given: a place in the evidence, its bytes, and their first 64 KiB.

    `name` is the last name the item is known by (a file name, an attachment's label): a hint,
    never a path. `open()` gives a new buffered, read-only, seekable stream each time. `told` is
    what a person decided on how this place is read: the value of the ruling by its kind.
    """

    source: Source
    name: str
    size: int
    head: bytes = field(repr=False)
    open: Callable[[], BinaryIO] = field(repr=False)
    told: Mapping[RulingKind, str] = field(default_factory=dict)

    def read(self) -> bytes:
        """All bytes of the item. Use only where the format needs them whole."""
        with self.open() as stream:
            return stream.read()

    @property
    def suffix(self) -> str:
        """The name's last suffix in lower case, with its dot; "" if there is none."""
        _, dot, end = self.name.rpartition(".")
        return f".{end.lower()}" if dot and "/" not in end else ""


Parse = Callable[[Item], Iterator[Found]]
Piece = Callable[[Item, tuple[str, ...]], bytes | None]


@dataclass(frozen=True, slots=True)
class Parser:
    """A format: its name, title, how to recognise it, and the generator that reads it.

    `piece`, where there is one, gives the bytes of a record inside an item.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...]
    claims: Callable[[Item], bool] | None
    read: Parse
    help: str
    piece: Piece | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A gap rule: its name, title, family, thresholds with their defaults, and its generator.

    `word` is what screen and papers call it, where its name would say more than it can show.
    """

    name: str
    title: str
    family: Family
    parameters: Mapping[str, int | float | str]
    find: Callable[..., Iterator[Finding]]
    help: str
    word: str = ""


def parser(
    *,
    suffixes: tuple[str, ...],
    magic: tuple[bytes, ...] = (),
    claims: Callable[[Item], bool] | None = None,
    piece: Piece | None = None,
) -> Callable[[Parse], Parser]:
    """Make a generator `(item) -> Found...` a format.

    An item belongs to a format if its first bytes are one of `magic` and `claims` (where given)
    agrees; a format without magic is asked by `claims`; only where no content speaks do the
    `suffixes` decide. `piece` gives the bytes, as they lie there, of a record at a place within an
    item (relative to it); None where there are none.
    """

    def make(read: Parse) -> Parser:
        title, help_text = _docstring(read)
        return Parser(read.__name__, title, suffixes, magic, claims, read, help_text, piece)

    return make


def rule(*, family: Family, word: str = "") -> Callable[[Callable[..., Iterator[Finding]]], Rule]:
    """Make a generator `(view, *, thresholds...) -> Finding...` a gap rule."""

    def make(find: Callable[..., Iterator[Finding]]) -> Rule:
        title, help_text = _docstring(find)
        parameters = {
            name: parameter.default
            for name, parameter in inspect.signature(find).parameters.items()
            if parameter.kind is parameter.KEYWORD_ONLY
        }
        return Rule(find.__name__, title, family, parameters, find, help_text, word)

    return make


@cache
def parsers() -> tuple[Parser, ...]:
    """Every format, by name."""
    return tuple(_walk("commtrace.parsers", Parser))


@cache
def rules() -> tuple[Rule, ...]:
    """Every gap rule, family EVIDENCE first, then by name."""
    order = list(Family)
    return tuple(
        sorted(_walk("commtrace.gaps", Rule), key=lambda r: (order.index(r.family), r.name))
    )


def rule_word(name: str) -> str:
    """What screen and papers call a rule: its word, else its name (`silence` is "Silence")."""
    said = next((one.word for one in rules() if one.name == name), "")
    return said or name.replace("_", " ").capitalize()


def choose(item: Item) -> tuple[Parser, ...]:
    """The formats that claim an item: none, one, or (ambiguous) several."""
    by_magic = [
        p for p in parsers() if _has_magic(p, item) and (p.claims is None or p.claims(item))
    ]
    if by_magic:
        return tuple(by_magic)
    by_content = [p for p in parsers() if not p.magic and p.claims is not None and p.claims(item)]
    if len(by_content) > 1:
        by_content = [p for p in by_content if item.suffix in p.suffixes] or by_content
    if by_content:
        return tuple(by_content)
    plain = [p for p in parsers() if not p.magic and item.suffix in p.suffixes]
    asked = [p for p in plain if p.claims is None]  # the others looked at the content and refused
    return tuple(asked or plain)


def _has_magic(candidate: Parser, item: Item) -> bool:
    return bool(candidate.magic) and item.head.startswith(candidate.magic)


def _docstring(function: Callable[..., object]) -> tuple[str, str]:
    text = inspect.getdoc(function) or ""
    title = text.partition("\n")[0].strip()
    if not title:
        raise ValueError(f"{function.__name__} needs a docstring: its first line is the title.")
    return title, text


def _walk(package: str, kind: type[T]) -> Iterator[T]:
    folder = importlib.import_module(package)
    for info in sorted(pkgutil.iter_modules(folder.__path__), key=lambda info: info.name):
        if info.name.startswith("_") or info.name in _NOT_RULES or info.ispkg:
            continue
        module = importlib.import_module(f"{package}.{info.name}")
        plugin = getattr(module, info.name, None)
        if not isinstance(plugin, kind):
            raise TypeError(f"{module.__name__} must define {info.name} with its decorator.")
        yield plugin
