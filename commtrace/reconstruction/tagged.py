"""Acts as persons ruled on them: what the cues read, less what is none, with what was tagged.

Pure, and made before any rule sees an act, so that every rule, register and figure follows it. A
ruling speaks of the words of a sentence: it is looked for anew in each text, so that it holds after
a new ingest and where sentences, cues or zones are read better than when it was made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from commtrace.model import Act, ActKind, ActRuling, CommunicationId, Segment, Zone

Acts = Mapping[CommunicationId, tuple[Act, ...]]
Texts = Callable[[Iterable[CommunicationId]], Mapping[CommunicationId, str]]
Segments = Callable[[Iterable[CommunicationId]], Mapping[CommunicationId, tuple[Segment, ...]]]
Span = tuple[int, int]
_ORDER = {kind: place for place, kind in enumerate(ActKind)}


def tagged(acts: Acts, rulings: Sequence[ActRuling], text: Texts, segments: Segments) -> Acts:
    """The acts of every communication under the `rulings` that count, oldest first.

    A ruling on a communication that is not there, or whose words are not in it, changes nothing.
    """
    about: dict[CommunicationId, list[ActRuling]] = {}
    for one in rulings:
        about.setdefault(one.communication, []).append(one)
    if not about:
        return acts
    found, texts, parts = dict(acts), text(about), segments(about)
    for name, some in about.items():
        if name in texts:
            found[name] = of_text(found.get(name, ()), some, texts[name], parts.get(name, ()))
    return {name: some for name, some in found.items() if some}


def of_text(
    acts: Sequence[Act], rulings: Iterable[ActRuling], text: str, segments: Sequence[Segment]
) -> tuple[Act, ...]:
    """The acts of one text under rulings on it, in order of place, then of kind."""
    kept = list(acts)
    for one in rulings:
        spans = places(one.said, text, segments)
        gone = {one.kind, one.becomes}
        kept = [act for act in kept if act.kind not in gone or not _within(act, spans)]
        if one.becomes is not None:
            kept += [_tagged(one, one.becomes, span, text) for span in spans]
    return tuple(sorted(kept, key=lambda act: (act.start, _ORDER[act.kind])))


def places(said: str, text: str, segments: Sequence[Segment]) -> tuple[Span, ...]:
    """Where the words of a sentence stand: in the new text, else (read otherwise now) anywhere."""
    words = said.split()
    if not words:
        return ()
    pattern = r"\s+".join(re.escape(word) for word in words)
    every = [match.span() for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)]
    fresh = [piece for piece in segments if piece.zone is Zone.NEW]
    own = [(a, b) for a, b in every if any(p.start <= a and b <= p.end for p in fresh)]
    return tuple(own or every)


def _within(act: Act, spans: Iterable[Span]) -> bool:
    """Whether what was ruled on holds an act whole; one that reaches further is another one."""
    return any(start <= act.start and act.end <= end for start, end in spans)


def _tagged(one: ActRuling, kind: ActKind, span: Span, text: str) -> Act:
    start, end = span
    return Act(
        kind=kind, communication=one.communication, start=start, end=end, said=text[start:end],
        cue=f"tagged by {one.signed}", ruled=one,
    )  # fmt: skip
