"""How well sentences are read: requests, undertakings, and the time that an undertaking sets.

    python benchmarks/acts.py [ASK_FILE]

ASK_FILE is the training file of EmailIntentDataSet (Parakweet, 2014, Apache-2.0): one sentence a
line, a tab, and Yes or No; what the model adds on it is measured by `learned.py`, out of its sight.
All other sentences are those of `tests/language`, invented: the first list of undertakings was read
by its writer twice and by another reader once, the fresh lists were written by another hand, of
which the cues knew nothing at first sight (README.md has those figures). Baselines: a question
mark; the word "will". Intervals are bootstraps of 95 %.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path

from scores import Found, Share

from commtrace.brief import Brief, Calendars, Closure
from commtrace.language.acts import read
from commtrace.language.deadlines import deadline
from commtrace.language.learned import BY_MODEL
from commtrace.model import ActKind
from commtrace.norms import calendars

sys.path[:0] = [str(Path(__file__).parents[1] / "tests" / "language")]
PHRASES = import_module("deadline_phrases").PHRASES
LISTS = (
    ("first list", PHRASES),
    ("second list", import_module("deadline_phrases_later").LATER),
    ("fresh list", import_module("deadline_phrases_fresh").FRESH),
    ("second fresh list", import_module("deadline_phrases_fresh_again").FRESH),
    ("third fresh list", import_module("deadline_phrases_fresh_third").FRESH),
    ("fourth fresh list", import_module("deadline_phrases_fresh_fourth").FRESH),
    ("fifth fresh list", import_module("deadline_phrases_fresh_fifth").FRESH),
    ("sixth fresh list", import_module("deadline_phrases_fresh_sixth").FRESH),
    ("seventh fresh list", import_module("deadline_phrases_fresh_seventh").FRESH),
    ("eighth fresh list", import_module("deadline_phrases_fresh_eighth").FRESH),
    ("ninth fresh list", import_module("deadline_phrases_fresh_ninth").FRESH),
    ("tenth fresh list", import_module("deadline_phrases_fresh_tenth").FRESH),
    ("eleventh fresh list", import_module("deadline_phrases_fresh_eleventh").FRESH),
    ("twelfth fresh list", import_module("deadline_phrases_fresh_twelfth").FRESH),
    ("thirteenth fresh list", import_module("deadline_phrases_fresh_thirteenth").FRESH),
    ("fourteenth fresh list", import_module("deadline_phrases_fresh_fourteenth").FRESH),
    ("fifteenth fresh list", import_module("deadline_phrases_fresh_fifteenth").FRESH),
    ("sixteenth fresh list", import_module("deadline_phrases_fresh_sixteenth").FRESH),
    (
        "seventeenth fresh list, not mended after",
        import_module("deadline_phrases_fresh_seventeenth").FRESH,
    ),
    (
        "eighteenth fresh list, not mended after",
        import_module("deadline_phrases_fresh_eighteenth").FRESH,
    ),
)
SENTENCES: tuple[tuple[str, bool, bool], ...] = import_module("undertaking_sentences").SENTENCES
THIRD: frozenset[int] = import_module("undertaking_third_reading").UNDERTAKINGS
ASKS = import_module("request_sentences_fresh").FRESH
FRESH = (
    ("fresh", import_module("undertaking_sentences_fresh").FRESH),
    ("second fresh", import_module("undertaking_sentences_fresh_again").FRESH),
    (
        "third fresh, cues not changed after",
        import_module("undertaking_sentences_fresh_third").FRESH,
    ),
)
Labelled = Iterable[tuple[str, bool]]


def main() -> None:
    """Print the tables."""
    print("| what | on | measured | baseline |\n|---|---|---|---|")
    if len(sys.argv) > 1:
        asks = list(_asks(Path(sys.argv[1])))
        print(_line("requests", f"EmailIntentDataSet ({len(asks):,})", asks, _asks_by_cue, _mark))
    print(_line("requests", f"council style ({len(ASKS)})", ASKS, _asks_by_cue, _mark))
    print(_line("and by the model", f"council style ({len(ASKS)})", ASKS, _asks_at_all, _mark))
    for name, held in (("looked at", False), ("held out", True)):
        some = [(s, a) for s, a, b in SENTENCES if a == b and _is_held(s) is held]
        print(_line("undertakings", f"{name} ({len(some):,})", some, _undertakes, _will))
    for name, fresh in FRESH:
        print(_line("undertakings", f"{name} ({len(fresh):,})", fresh, _undertakes, _will))
    first, second = ([one[place] is True for one in SENTENCES] for place in (1, 2))
    third = [place in THIRD for place in range(len(SENTENCES))]
    print(f"\nReadings of {len(SENTENCES):,} sentences: the writer's two, kappa", end=" ")
    print(f"{_kappa(first, second):.2f}; another reader's and each, ", end="")
    print(f"{_kappa(first, third):.2f} and {_kappa(second, third):.2f}.")
    for name, phrases in LISTS:
        right = sum(_days(one[0], one[1]) == (one[2], one[3]) for one in phrases)
        print(f"Deadlines, {name}: {Share(right, len(phrases))} exact.")


def _asks(file: Path) -> Labelled:
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        label, tab, words = line.partition("\t")
        if tab and label.strip().casefold() in {"yes", "no"}:
            yield words, label.strip().casefold() == "yes"


def _is_held(sentence: str) -> bool:
    return hashlib.sha256(sentence.encode()).digest()[0] % 2 == 1


def _line(
    what: str,
    on: str,
    some: Sequence[tuple[str, bool]],
    mine: Callable[[str], bool],
    base: Callable[[str], bool],
) -> str:
    return f"| {what} | {on} | {_found(some, mine)} | {_found(some, base)} |"


def _asks_by_cue(said: str) -> bool:
    return any(k is ActKind.REQUEST and not cue.startswith(BY_MODEL) for k, cue in read(said))


def _asks_at_all(said: str) -> bool:
    return any(kind is ActKind.REQUEST for kind, _ in read(said))


def _undertakes(said: str) -> bool:
    return any(kind is ActKind.UNDERTAKING for kind, _ in read(said))


def _found(some: Sequence[tuple[str, bool]], says: Callable[[str], bool]) -> Found:
    told = [(says(sentence), label) for sentence, label in some]
    both = sum(said and label for said, label in told)
    return Found(
        both,
        sum(said and not label for said, label in told),
        sum(label and not said for said, label in told),
    )


def _mark(sentence: str) -> bool:
    return sentence.rstrip().endswith("?")


def _will(sentence: str) -> bool:
    return re.search(r"\b(?:will|shall)\b|['’]ll\b", sentence, re.IGNORECASE) is not None


def _kappa(first: list[bool], second: list[bool]) -> float:
    """Cohen's kappa of two readings."""
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    one, other = sum(first) / len(first), sum(second) / len(second)
    chance = one * other + (1 - one) * (1 - other)
    return (agreed - chance) / (1 - chance)


def _run(first: str, last: str) -> Closure:
    return Closure(first=date.fromisoformat(first), last=date.fromisoformat(last))


KENT = calendars(Brief(calendars=Calendars(
    closures=(_run("2021-12-25", "2022-01-03"),),
    school_holidays=(_run("2021-10-25", "2021-10-29"), _run("2021-12-20", "2022-01-03"),
                     _run("2022-02-14", "2022-02-18"), _run("2022-04-04", "2022-04-18"),
                     _run("2022-05-30", "2022-06-03"), _run("2022-07-22", "2022-08-31")),
)))  # fmt: skip


def _days(said_on: str, sentence: str) -> tuple[str | None, str | None]:
    found = deadline(sentence, date.fromisoformat(said_on), KENT)
    return (found.first.isoformat(), found.last.isoformat()) if found else (None, None)


if __name__ == "__main__":
    main()
