"""What an address says about itself: its key, its organisation's domain, whether a role has it.

The words it goes by are data (`commtrace/data/addresses.toml`), loaded once.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from commtrace.model import Address

_SEPARATORS = re.compile(r"[._+\-]+")
_IN_BRACKETS = re.compile(r"\([^()]{0,80}\)")
_NOT_NAME = re.compile(r"[^\w\s,'’-]+")


@cache
def _words(kind: str) -> frozenset[str]:
    table = tomllib.loads(files("commtrace.data").joinpath("addresses.toml").read_text("utf-8"))
    return frozenset(table[kind])


@lru_cache(maxsize=65536)
def fold(address: str) -> str:
    """An address for comparison: no `mailto:`, brackets or quotes, case-folded; plus-tags stay."""
    text = address.strip().strip("<>'\"").strip()
    if text[:7].lower() == "mailto:":
        text = text[7:].partition("?")[0]
    if text[:5].lower() == "smtp:":
        text = text[5:]
    return text.strip().casefold()


def is_internet(address: str) -> bool:
    """Whether a folded address has a local part and a domain."""
    local, at, domain = address.rpartition("@")
    return bool(local and at and domain) and " " not in address


_INSIDE = re.compile(  # an address that a broken header left in brackets, or behind one
    r"(?:[<‹«]|\[mailto:)\s*(?P<opened>[^\s<>\[\]‹›«»()]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<closed>[^\s<>\[\]‹›«»():]+@[\w-]+(?:\.[\w-]+)+)[>›»\]]"
)
_RUNS_ON = re.compile(r"(?:[<‹«]|\[mailto:)[^<‹«\[]*@.*$|[:(]?\S*@[^\s>›»\]]*[>›»\]]")


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """A personal name for comparison: "Doe, Jane (GET)" and "jane  doe" are one; "" if none."""
    text = unicodedata.normalize("NFKC", name)
    if "@" in text:
        text = _RUNS_ON.sub(" ", text)
    if "@" in text:
        return ""
    text = _NOT_NAME.sub(" ", _IN_BRACKETS.sub(" ", text)).strip(" ,'")
    if text.count(",") == 1:
        last, _, first = text.partition(",")
        text = f"{first} {last}"
    return " ".join(text.replace(",", " ").split()).casefold()


_VIA = re.compile(r"\svia\s", re.IGNORECASE)


def behind(address: Address) -> Address:
    """Who wrote, where a list put its own address in the place of theirs ("Jane Doe via List").

    Mailing lists do so for DMARC (RFC 7960 section 4.1); only the name is left. Anybody else as is.
    """
    match = _VIA.search(address.name)
    who = address.name[: match.start()].strip() if match else ""
    if not who:
        return address
    quoted = who[0] in "'\"" and who[-1] == who[0]
    key = f"a:{fold(address.address)}"
    if not (quoted or is_list(key) or is_role(key)):
        return address
    return Address(name=who.strip("'\""), address="", said=address.said)


def key_of(address: Address) -> str:
    """The key under which somebody is looked up: an address, else a name; "" for nobody."""
    address = behind(address)
    folded = fold(address.address)
    if folded:
        return f"a:{folded}" if is_internet(folded) else f"x:{folded}"
    name = fold(address.name)
    if is_internet(name):
        return f"a:{name}"
    if "@" in name and (inside := _INSIDE.search(name)):
        return f"a:{inside['opened'] or inside['closed']}"
    named = name_key(address.name)
    return f"n:{named}" if named else ""


def domain_of(key: str) -> str:
    """The mail domain of an address key; "" for a name or a directory name."""
    return key.rpartition("@")[2].strip(".[]") if key.startswith("a:") else ""


@lru_cache(maxsize=65536)
def registrable(domain: str) -> str:
    """The domain an organisation registered: `mail.kent.gov.uk` gives `kent.gov.uk`.

    Goes by the short list in the data file, not by the Public Suffix List: what it misses ends as
    a provisional party that the auditor places.
    """
    parts = domain.split(".")
    if len(parts) <= 2:
        return domain
    end = ".".join(parts[-2:])
    if end in _words("area_suffixes"):
        return ".".join(parts[-4:])
    return ".".join(parts[-3:]) if end in _words("suffixes") else end


def is_webmail(domain: str) -> bool:
    """Whether anybody may have an address at this domain."""
    return domain in _words("webmail")


@lru_cache(maxsize=65536)
def is_role(key: str) -> bool:
    """Whether an address key has a local part that names a role (`send.transport@...`)."""
    local = key[2:].rpartition("@")[0]
    tokens = [token for token in _SEPARATORS.split(local) if token]
    roles = _words("role_words")
    return key.startswith("a:") and (local in roles or any(token in roles for token in tokens))


@lru_cache(maxsize=65536)
def is_list(key: str) -> bool:
    """Whether an address key names a distribution list (`all-staff@...`, `x@lists.example`)."""
    if not key.startswith("a:"):
        return False
    local, _, domain = key[2:].rpartition("@")
    words = _words("list_words")
    tokens = set(_SEPARATORS.split(local)) | {local, domain, domain.partition(".")[0]}
    return bool(tokens & words)


def may_bear(key: str, name: str) -> bool:
    """Whether an address is somebody's or something's of a name: a role's is not an officer's.

    A mailbox of a role or a list bears the names that have a word of it, or of a role.
    """
    if not (is_role(key) or is_list(key)):
        return True
    own = set(_SEPARATORS.split(key[2:].rpartition("@")[0]))
    return not own.isdisjoint(name.split()) or not _words("role_words").isdisjoint(name.split())
