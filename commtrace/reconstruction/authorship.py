"""Whether a quoted header's author is the sender of a message: by address, identity or name.

A list that writes "Jane Doe via List" over its own address hides the sender's; names are compared
by their words then, in any order, the fewer of them all among the others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from commtrace.model import Address, Communication
from commtrace.reconstruction.addresses import fold, is_internet, is_list
from commtrace.reconstruction.identity import NOBODY, Directory

_VIA = re.compile(r"\s(?:via|on behalf of)\s.*$|\(.*?\)", re.IGNORECASE)
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|(?:many )?thanks|thank you|good (?:morning|afternoon|evening)|@)?"
    r"[\s,]{0,3}"
    r"([^\W\d_][\w.'-]{1,20}(?: [^\W\d_][\w.'-]{1,20}){0,2})\s{0,2}[,:!.–-]",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:[^\W\d_]|[?\N{REPLACEMENT CHARACTER}]){2,}")
_LOST = re.compile(r"[?\N{REPLACEMENT CHARACTER}]")  # a letter that a program could not write


class Senders:
    """The senders of messages, by row, ready to be held against an author's name."""

    def __init__(
        self, rows: Sequence[Communication], senders: Sequence[int], people: Directory
    ) -> None:
        self._senders, self._people = senders, people
        self._said = [one.sender for one in rows]

    def key(self, row: int) -> str:
        """A name for the sender of `row`, the same for all that somebody sent."""
        return sender_key(self._said[row])

    def full_name(self, row: int) -> str:
        """The words of the sender's name in one order; "" for less than two."""
        said = self._said[row]
        words = name_words(said) if said is not None and said.name else frozenset()
        return " ".join(sorted(words)) if len(words) > 1 else ""

    def wrote(self, author: Address | None, row: int) -> bool:
        """Whether `author`, as a quoted header has it, may be the sender of `row`."""
        sender = self._said[row]
        if author is None or sender is None:
            return False
        address = own_address(author)
        if address and address == own_address(sender):
            return True
        who = self._people.find(author)
        if who != NOBODY and who == self._senders[row] and address:
            return True
        return same_name(name_words(author), name_words(sender))


def sender_key(said: Address | None) -> str:
    """A name for a sender, the same for all that somebody sent; "" for nobody."""
    if said is None:
        return ""
    return own_address(said) or " ".join(sorted(name_words(said)))


def greeted(opening: str) -> frozenset[str]:
    """The names with which a message greets somebody: "Hi Jane," gives `jane`; none else."""
    match = _GREETING.match(opening)
    return frozenset(_NAME.findall(_plain(match[1]))) if match else frozenset()


def own_address(said: Address) -> str:
    """A folded address that is somebody's own; "" for a list's, or none."""
    folded = fold(said.address)
    return folded if is_internet(folded) and not is_list(f"a:{folded}") else ""


@lru_cache(maxsize=65536)
def name_words(said: Address) -> frozenset[str]:
    """The words of a name, without what a list or a directory added; else of the address."""
    name = _VIA.sub("", said.name) if said.name else ""
    found = frozenset(_NAME.findall(_plain(name)))
    if found or not said.address:
        return found
    return frozenset(_NAME.findall(said.address.rpartition("@")[0].casefold()))


def _plain(name: str) -> str:
    """A name without case and accents: programs lose them."""
    if name.isascii():
        return name.casefold()
    parted = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in parted if not unicodedata.combining(c))


def same_name(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether all words of the shorter name are in the longer, lost letters left open."""
    small, large = sorted((one, other), key=len)
    if not small or small <= large:
        return bool(small)
    lost = [word for word in (*small, *large) if _LOST.search(word)]
    return bool(lost) and all(any(_one_word(a, b) for b in large) for a in small)


def _one_word(one: str, other: str) -> bool:
    """Whether two words differ at most where a letter of either was lost."""
    if len(one) != len(other):
        return False
    return all(a == b or _LOST.match(a) or _LOST.match(b) for a, b in zip(one, other, strict=True))
