"""The words of a sentence that a cue matched: what a reader is shown in place of the cue."""

from __future__ import annotations

import re
from functools import lru_cache

from commtrace.language.learned import BY_MODEL
from commtrace.language.phrases import pattern

_IMPERATIVE = "imperative: "
_QUESTION = "question"  # the cue of a sentence that its mark and a word of the table make a request


def matched(cue: str, said: str) -> str:
    """The words of `said` that `cue` matched, on one line.

    A bare imperative names its verb. All of the sentence where its shape and no run of words
    decided; what a model or a person says in place of a cue stays as it is.
    """
    line = " ".join(said.split())
    if cue.startswith(BY_MODEL):
        return cue
    if cue.startswith(_IMPERATIVE):
        return cue.removeprefix(_IMPERATIVE)
    if cue == _QUESTION:
        return line
    found = _search(cue).search(line)
    return found[0].strip() if found else line


@lru_cache(maxsize=4096)
def _search(cue: str) -> re.Pattern[str]:
    return re.compile(pattern(cue), re.IGNORECASE)
