"""What sentences do: ask, chase, hold off, promise, warn, attach, close, speak of what is not here.

Cues, not a model: each act names the cue it rests on, and the cues are a table that an auditor can
read and extend (`commtrace/data/acts.toml`). Only new words count, never quotations, signatures or
boilerplate. Two readers agree on requests with kappa .78 and on promises with .54 (Lampert, Dale
and Paris, 2007), so an act is an indication and never a proof. Requests on the 3,657 sentences of
EmailIntentDataSet that the cues were developed on: precision .80, recall .70, F1 .745.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from commtrace.language.phrases import Cues, words_of
from commtrace.language.sentences import sentences
from commtrace.model import Act, ActKind, CommunicationId, Segment, Zone

_SPACE = re.compile(r"\s+")
_GREETING = re.compile(
    r"^\W{0,4}(?:hi|hello|dear|good (?:morning|afternoon|evening)|thanks|thank you)\b"
    r"[^,\n:!.]{0,40}[,:!\n–-]\s*",
    re.IGNORECASE,
)
_NAME_FIRST = re.compile(r"^\W{0,4}[A-Z][a-z]{1,15}(?:\s[A-Z][a-z]{1,15})?\s?[,:–-]\s*")
_CONDITION = re.compile(
    r"^(?:if|when|once|after|before|in case|should|unless|as soon as)\b[^,]{3,120},\s*",
    re.IGNORECASE,
)
_REPORTED = re.compile(  # what somebody is said to have asked is not asked by the writer
    r"(?P<verb>\b(?:asked|ask|asks|says?|said|wrote|replied|stated|told)\b(?: \w+){0,3}?)"
    r"[:,]? (?:\"[^\"]{3,400}\"|“[^”]{3,400}”)",
    re.IGNORECASE,
)
_STATED = (ActKind.UNDERTAKING, ActKind.CLOSURE)  # a question is neither
_LIST_MARK = re.compile(r"^(?:[-*•·▪>]+|\d{1,2}[.)]|\(?[a-z]\))\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """The cues of one kind of act and what a sentence must not say."""

    cues: Cues
    excluded: Cues


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("commtrace.data").joinpath("acts.toml").read_text("utf-8"))


@cache
def _tables() -> dict[ActKind, _Table]:
    return {
        kind: _Table(
            cues=Cues(_data()[kind.value]["cues"]),
            excluded=Cues(_data()[kind.value].get("not", [])),
        )
        for kind in ActKind
    }


@cache
def _courtesies() -> Cues:
    return Cues(_data()["request"]["courtesy"])


@cache
def _imperative() -> re.Pattern[str]:
    request = _data()["request"]
    leads, verbs = _either(request["leads"]), _either(request["imperatives"])
    return re.compile(
        rf"^(?:{leads}[\s,:–-]{{1,3}}){{0,2}}({verbs})(?![\w'’])(?!\s?[:=])", re.IGNORECASE
    )


@cache
def _question() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_either(_data()['request']['questions'])}(?!\w)", re.IGNORECASE)


def _either(words: Sequence[str]) -> str:
    longest = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace("'", "['’]") for word in longest) + ")"


def acts(text: str, segments: Sequence[Segment], communication: CommunicationId) -> tuple[Act, ...]:
    """The acts of the new sentences of `text`, in order of place, then of kind.

    `segments` are the zones of `text`; one sentence may do several things.
    """
    found = []
    for segment in segments:
        if segment.zone is not Zone.NEW:
            continue
        for start, end in sentences(text, segment.start, segment.end):
            said = text[start:end]
            found += [
                Act(
                    kind=kind, communication=communication, start=start, end=end, said=said, cue=cue
                )
                for kind, cue in read(said)
            ]
    return tuple(found)


def read(sentence: str) -> Iterator[tuple[ActKind, str]]:
    """What one sentence does, and the cue that says so."""
    flat = _SPACE.sub(" ", sentence[:2000]).strip()
    flat = _REPORTED.sub(r"\g<verb> something", flat)
    words = words_of(flat)
    for kind, table in _tables().items():
        cue = request_cue(flat) if kind is ActKind.REQUEST else table.cues.first(flat, words)
        if cue is None or table.excluded.first(flat, words) is not None:
            continue
        if kind in _STATED and flat.rstrip("\"'”’) ").endswith("?"):
            continue
        yield kind, cue


def request_cue(flat: str) -> str | None:
    """The cue by which a sentence (white space collapsed) is a request, or None.

    A question to the reader, a cue of the table, or a bare imperative; exclusions are the caller's.
    """
    for courtesy in _courtesies().likely(words_of(flat)):
        flat = courtesy.search.sub(" ", flat)
    found = _tables()[ActKind.REQUEST].cues.first(flat, words_of(flat))
    if found is not None:
        return found
    bare = _CONDITION.sub("", _NAME_FIRST.sub("", _GREETING.sub("", _LIST_MARK.sub("", flat))))
    match = _imperative().match(bare)
    if match and not _is_name(match[1], bare):
        return f"imperative: {match[1].casefold()}"
    if flat.rstrip("\"'”’) ").endswith("?") and _question().search(flat):
        return "question"
    return None


def _is_name(verb: str, sentence: str) -> bool:
    """Whether a verb in capitals is a name: `SEND Enquiries`, in a sentence that is not."""
    return len(verb) > 1 and verb.isupper() and not sentence.isupper()
