"""What a trained model makes of a sentence that the cues for requests leave in doubt.

A logistic regression on words, pairs and triples of words, the cue that fired and the sentence's
shape, trained by `benchmarks/learned.py` on EmailIntentDataSet and kept as whole hundredths in
`commtrace/data/requests.tsv`. Offline, the same on every machine, and never without its reasons:
the words that carried it. It reads what the cues read, courtesies and quotations taken away.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import repeat

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[?!:$@]")
_READER = re.compile(r"\b(?:you|your|yours)\b")
_WRITER = re.compile(r"\b(?:i|we|me|us|my|our)\b")
_LINK = re.compile(r"\$link|https?:|www\.")
_MOST_TOKENS = 80
_LONGEST = 3  # words in a row
_LENGTHS = (5, 9, 14, 22, 35)
_REASONS = 3
BY_MODEL = "model: "  # how the cue of an act begins that rests on the model alone
_OF = 100  # a weight is kept in hundredths


@dataclass(frozen=True, slots=True)
class Leaning:
    """How likely a sentence asks, by the model, and the words that speak most for it."""

    chance: float
    words: tuple[str, ...]

    def __str__(self) -> str:
        """As the cue of an act: `model: "could you", "send me"`."""
        return BY_MODEL + (", ".join(f'"{word}"' for word in self.words) or "its shape")


def features(said: str, cue: str | None, *, courtesy: bool) -> set[str]:
    """What the model sees of a sentence: `w:` words in a row, `c:` the cue, `s:` its shape.

    `said` is the sentence without courtesies, white space collapsed; `cue` the cue by which it is a
    request; `courtesy` whether anything was taken away.
    """
    low = said.casefold().replace("’", "'")
    words = ["#" if one[0].isdigit() else one for one in _TOKEN.findall(low)[:_MOST_TOKENS]]
    row = ["^", *words, "$"]
    found = {
        "w:" + " ".join(row[place : place + long])
        for long in range(1, _LONGEST + 1)
        for place in range(len(row) - long + 1)
    }
    shape = {
        "question": said.rstrip("\"'”’) ").endswith("?"),
        "asks inside": "?" in said,
        "reader": _READER.search(low) is not None,
        "writer": _WRITER.search(low) is not None,
        "link": _LINK.search(low) is not None,
        "capitals": said.isupper(),
        "courtesy": courtesy,
        f"length {sum(len(words) >= limit for limit in _LENGTHS)}": True,
        "cue": cue is not None,
    }
    found |= {f"s:{name}" for name, has in shape.items() if has}
    return found | {f"c:{cue}"} if cue else found


@cache
def weights() -> Mapping[str, int]:
    """The weight of each feature in hundredths; `s:bias` is every sentence's."""
    lines = files("commtrace.data").joinpath("requests.tsv").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {name: int(weight) for name, weight in pairs}


def leaning(seen: set[str]) -> Leaning:
    """How likely a sentence of these features asks, and the words that say so."""
    table = weights()
    spoken = sorted(
        ((table[one], one[2:].strip("^$ ")) for one in seen if one[:2] == "w:" and one in table),
        key=lambda pair: (-pair[0], pair[1]),
    )
    words = dict.fromkeys(word for weight, word in spoken if weight > 0 and word)
    return Leaning(_chance(seen), tuple(words)[:_REASONS])


def _chance(seen: set[str]) -> float:
    table = weights()
    total = table["s:bias"] + sum(map(table.get, seen, repeat(0)))
    return 1 / (1 + math.exp(-total / _OF))


def likely(seen: set[str]) -> str | None:
    """By which words a sentence of these features asks; None where the model does not say so."""
    return str(leaning(seen)) if _chance(seen) * _OF >= weights()["b:adds"] else None
