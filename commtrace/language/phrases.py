"""The small language in which cues are written, and its translation to a search that stays linear.

A cue is words. `(a|b)` is either, `(!a|b)` any one word but these, `[a]` may be left out, `*` is
any one word, `...` up to four words, a leading `^` ties it to the sentence's beginning, a trailing
`$` to its end, a trailing `-` on a word allows any ending ("attach-" finds "attached"), a leading
one any beginning ("-ing" finds "sending"). Case and line breaks do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_GAP = r"[^\w?]{1,6}"
_A_WORD = r"\w[\w'’]{0,30}"
_SOME_WORDS = rf"(?:{_A_WORD}{_GAP}){{0,4}}?"
_PIECE = re.compile(r"\w+")
_TOKEN = re.compile(r"\.\.\.|[()|\[\]*!]|[^\s()|\[\]*!]+")


@lru_cache(maxsize=4096)
def pattern(cue: str) -> str:
    """The regular expression of a cue; every repetition in it is bounded."""
    text = cue.strip().casefold()
    start, end = text.startswith("^"), text.endswith("$")
    body, _ = _sequence(_TOKEN.findall(text.removeprefix("^").removesuffix("$")), 0)
    left = r"^\W{0,6}" if start else r"(?<![\w'’])"
    right = r"\W{0,6}$" if end else r"(?!\w)"
    return f"{left}{body}{right}"


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue, its search, and words of which any match has one (None: that cannot be told)."""

    words: str
    search: re.Pattern[str]
    anchors: frozenset[str] | None


class Cues:
    """Cues by the words they need, so that a sentence is searched only for what it may hold."""

    def __init__(self, cues: Sequence[str]) -> None:
        self.all = tuple(
            Cue(cue, re.compile(pattern(cue), re.IGNORECASE), anchors(cue)) for cue in cues
        )
        self._always: list[int] = []
        self._by_word: dict[str, list[int]] = {}
        for place, cue in enumerate(self.all):
            if cue.anchors is None:
                self._always.append(place)
            for word in sorted(cue.anchors or ()):
                self._by_word.setdefault(word, []).append(place)
        self._known = frozenset(self._by_word)
        self._unanchored = [self.all[place] for place in self._always]

    def likely(self, words: frozenset[str]) -> list[Cue]:
        """The cues that a sentence of these words (case-folded) may hold, in the order given."""
        known = words & self._known
        if not known:
            return self._unanchored
        places = set(self._always)
        for word in known:
            places.update(self._by_word[word])
        return [self.all[place] for place in sorted(places)]

    def start(self, sentence: str, words: frozenset[str]) -> int | None:
        """Where the earliest of the cues that a sentence holds begins, or None."""
        found = (cue.search.search(sentence) for cue in self.likely(words))
        return min((match.start() for match in found if match), default=None)

    def first(self, sentence: str, words: frozenset[str]) -> str | None:
        """The first cue that a sentence holds, or None."""
        return next((c.words for c in self.likely(words) if c.search.search(sentence)), None)


def words_of(sentence: str) -> frozenset[str]:
    """The words of a sentence as `Cues` look them up."""
    return frozenset(_PIECE.findall(sentence.casefold()))


def anchors(cue: str) -> frozenset[str] | None:
    """Words of which any match of a cue has at least one; None where there are none such."""
    text = cue.strip().casefold().removeprefix("^").removesuffix("$")
    found, _ = _anchors(_TOKEN.findall(text), 0)
    return found


def _anchors(tokens: Sequence[str], place: int) -> tuple[frozenset[str] | None, int]:
    best: frozenset[str] | None = None
    while place < len(tokens) and tokens[place] not in {")", "]", "|"}:
        token, found = tokens[place], None
        if token in {"(", "["}:
            barred = tokens[place + 1 : place + 2] == ["!"]
            inner, place = _anchors_of_choices(tokens, place + 1 + barred)
            found = inner if token == "(" and not barred else None  # noqa: S105 - a bracket of the cue language
        elif token not in {"...", "*"} and not token.startswith("-") and not token.endswith("-"):
            pieces = _PIECE.findall(token)
            found = frozenset(pieces[:1]) or None
        if found is not None and (best is None or len(found) < len(best)):
            best = found
        place += 1
    return best, place


def _anchors_of_choices(tokens: Sequence[str], place: int) -> tuple[frozenset[str] | None, int]:
    found: frozenset[str] | None = frozenset()
    while True:
        one, place = _anchors(tokens, place)
        found = None if found is None or one is None else found | one
        if place >= len(tokens) or tokens[place] != "|":
            return found, place
        place += 1


def _sequence(tokens: Sequence[str], place: int) -> tuple[str, int]:
    """A run of tokens up to a closing bracket or bar, and where it ended."""
    parts: list[tuple[str, bool]] = []  # (expression, takes its gap with it)
    while place < len(tokens) and tokens[place] not in (")", "]", "|"):
        token = tokens[place]
        if token in ("(", "["):
            barred = tokens[place + 1 : place + 2] == ["!"]
            inner, place = _choices(tokens, place + 1 + barred)
            if barred:
                inner = rf"(?!{inner}(?![\w'’])){_A_WORD}"
            parts.append((inner, token == "["))  # noqa: S105 - a bracket of the cue language
        elif token == "...":  # noqa: S105 - the gap of the cue language
            parts.append((_SOME_WORDS, True))
        else:
            parts.append((_word(token), False))
        place += 1
    return _joined(parts), place


def _choices(tokens: Sequence[str], place: int) -> tuple[str, int]:
    found = []
    while True:
        one, place = _sequence(tokens, place)
        found.append(one)
        if place >= len(tokens) or tokens[place] != "|":
            return "(?:" + "|".join(found) + ")", place
        place += 1


def _joined(parts: Sequence[tuple[str, bool]]) -> str:
    """Parts with gaps between them; an optional part brings or takes its own gap."""
    made, needs_gap = "", False
    for place, (part, optional) in enumerate(parts):
        last = place == len(parts) - 1
        if part == _SOME_WORDS:
            made += rf"(?:{_GAP}{_A_WORD}){{0,4}}" if last else (_GAP if needs_gap else "") + part
            needs_gap = False
        elif optional and needs_gap and last:
            made += f"(?:{_GAP}{part})?"
        elif optional and last:
            made += f"(?:{part})?"
        elif optional:
            made += (_GAP if needs_gap else "") + f"(?:{part}{_GAP})?"
            needs_gap = False
        else:
            made += (_GAP if needs_gap else "") + part
            needs_gap = True
    return made


def _word(token: str) -> str:
    if token == "*":  # noqa: S105 - any word, in the cue language
        return _A_WORD
    if token.startswith("-"):
        return r"\w{1,16}" + re.escape(token[1:])
    stem = token.removesuffix("-")
    escaped = re.escape(stem).replace("'", "['’]")
    return escaped + (r"\w{0,12}" if stem != token else "")
