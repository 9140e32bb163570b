"""What sentences do: ask, chase, hold off, promise, warn, attach, close, speak of what is not here.

Each act names the cue it rests on, and the cues are a table that an auditor can read and extend
(`commtrace/data/acts.toml`). Where they leave a sentence open a trained model (`learned`) may
read a request, and names the words that carried it; such a request counts only where the case file
asks for it. Only new words count, never quotations, signatures or boilerplate. Two readers agree on
requests with kappa .78 and on promises with .54 (Lampert, Dale and Paris, 2007), so an act is an
indication and never a proof. What was measured: `benchmarks/README.md`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from commtrace.language.learned import features, likely
from commtrace.language.matched import matched
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

_SETTLES = frozenset(  # what does one of these and has no cue of a request is not in doubt
    {ActKind.UNDERTAKING, ActKind.HOLDING_REPLY, ActKind.CLOSURE, ActKind.ATTACHMENT_CUE}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """The cues of one kind of act and what a sentence must not say."""

    cues: Cues
    excluded: Cues
    reported: Cues

    def cue(self, said: str, words: frozenset[str]) -> str | None:
        """The cue that a sentence holds, where nothing takes it away; None where it holds none."""
        found = self.cues.first(said, words)
        if found is None or self.excluded.first(said, words) is not None:
            return None
        report = self.reported.start(said, words)
        if report is not None and report < (self.cues.start(said, words) or 0):
            return None
        return found


@cache
def cue_table() -> dict[str, dict[str, list[str]]]:
    """The cues of each kind of act, the words that cues share put in their place."""
    text = files("commtrace.data").joinpath("acts.toml").read_text("utf-8")
    data: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    shared = data.pop("words")
    for table in data.values():
        for name, cues in table.items():
            table[name] = [_with_shared(cue, shared) for cue in cues]
    return data


def _with_shared(cue: str, shared: Mapping[str, Sequence[str]]) -> str:
    for name, words in shared.items():
        either = "|".join(words)
        for bracket in ("[{}]", "(!{})"):
            cue = cue.replace(bracket.format(f"{{{name}}}"), bracket.format(either))
        cue = cue.replace(f"{{{name}}}", f"({either})")
    return cue


@cache
def _tables() -> dict[ActKind, _Table]:
    return {
        kind: _Table(
            cues=Cues(cue_table()[kind.value]["cues"]),
            excluded=Cues(cue_table()[kind.value].get("not", [])),
            reported=Cues(cue_table()[kind.value].get("reported", [])),
        )
        for kind in ActKind
    }


@cache
def _courtesies() -> Cues:
    return Cues(cue_table()["request"]["courtesy"])


@cache
def _imperative() -> re.Pattern[str]:
    request = cue_table()["request"]
    leads, verbs = _either(request["leads"]), _either(request["imperatives"])
    return re.compile(
        rf"^(?:{leads}[\s,:–-]{{1,3}}){{0,2}}({verbs})(?![\w'’])(?!\s?[:=])", re.IGNORECASE
    )


@cache
def _question() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w){_either(cue_table()['request']['questions'])}(?!\w)", re.IGNORECASE
    )


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
                    kind=kind,
                    communication=communication,
                    start=start,
                    end=end,
                    said=said,
                    cue=cue,
                    matched=matched(cue, said),
                )
                for kind, cue in read(said)
            ]
    return tuple(found)


def read(sentence: str) -> Iterator[tuple[ActKind, str]]:
    """What one sentence does, and by what: a cue, or for a request the words a model rests on."""
    flat = _flat(sentence)
    words = words_of(flat)
    found = _others(flat, words)
    by = _request_seen(flat, words, found).by()
    if by is not None:
        found[ActKind.REQUEST] = by
    return ((kind, found[kind]) for kind in ActKind if kind in found)


def seen_by_cues(sentence: str) -> RequestSeen:
    """What the cues make of a sentence as a request, and what a model may see of it."""
    flat = _flat(sentence)
    words = words_of(flat)
    return _request_seen(flat, words, _others(flat, words))


def _others(flat: str, words: frozenset[str]) -> dict[ActKind, str]:
    """What a sentence does besides asking, and by which cue."""
    found: dict[ActKind, str] = {
        kind: cue
        for kind, table in _tables().items()
        if kind is not ActKind.REQUEST and (cue := table.cue(flat, words)) is not None
    }
    if flat.rstrip("\"'”’) ").endswith("?"):
        found = {kind: cue for kind, cue in found.items() if kind not in _STATED}
    return found


def _flat(sentence: str) -> str:
    flat = _SPACE.sub(" ", sentence[:2000]).strip()
    return _REPORTED.sub(r"\g<verb> something", flat)


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """A sentence without its courtesies, and what the cues make of it.

    `cue` says that it asks; `settled`: that it does something else, and by that does not ask.
    """

    whole: str
    said: str
    cue: str | None
    settled: bool

    def features(self) -> set[str]:
        """What the trained model sees of it."""
        return features(self.said, self.cue, courtesy=self.said != self.whole)

    def excluded(self) -> bool:
        """Whether the table says that it is no request, whatever else it says."""
        table = _tables()[ActKind.REQUEST].excluded
        return table.first(self.whole, words_of(self.whole)) is not None

    def by(self) -> str | None:
        """By what it is a request: a cue, or the words that the model rests on; None where none.

        The model is asked only where the cues leave the sentence open, and takes nothing away.
        """
        by = self.cue
        if by is None and not self.settled:
            by = likely(self.features())
        return None if by is None or self.excluded() else by


def _request_seen(flat: str, words: frozenset[str], others: Iterable[ActKind]) -> RequestSeen:
    said = flat
    for courtesy in _courtesies().likely(words):
        said = courtesy.search.sub(" ", said)
    words = words if said == flat else words_of(said)
    return RequestSeen(flat, said, request_cue(said, words), not _SETTLES.isdisjoint(others))


def request_cue(said: str, words: frozenset[str]) -> str | None:
    """The cue by which a sentence without courtesies, of these words, asks; None where none does.

    A cue of the table, a bare imperative, or a question to the reader; exclusions are the caller's.
    """
    found = _tables()[ActKind.REQUEST].cues.first(said, words)
    if found is not None:
        return found
    bare = _CONDITION.sub("", _NAME_FIRST.sub("", _GREETING.sub("", _LIST_MARK.sub("", said))))
    match = _imperative().match(bare)
    if match and not _is_name(match[1], bare):
        return f"imperative: {match[1].casefold()}"
    if said.rstrip("\"'”’) ").endswith("?") and _question().search(said):
        return "question"
    return None


def _is_name(verb: str, sentence: str) -> bool:
    """Whether a verb in capitals is a name: `SEND Enquiries`, in a sentence that is not."""
    return len(verb) > 1 and verb.isupper() and not sentence.isupper()
