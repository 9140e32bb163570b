"""Parents and absent messages found without headers, held against what the mail itself says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from archives import Archive
from scores import Found, Share, median, token_f1

from commtrace.model import Communication, Ghost
from commtrace.reconstruction.subjects import base_subject, says_reply, series_of
from commtrace.view import View

_SIXTY_DAYS = timedelta(days=60)
_MINUTE = timedelta(minutes=1)
_WORD = re.compile(r"\w+")
_ANY, _FULLY = 0.3, 0.9  # of the four-word runs: a quotation that could be recognised, a whole one
Figures = tuple[object, ...]


def parent_rows(archive: Archive) -> Iterator[tuple[str, *Figures]]:
    """Parent links without headers: the best guess, and the links that are relied on."""
    view = archive.view(stripped=True)
    guess, relied = _chosen(archive, view)
    judged = [row for row, parent in enumerate(archive.gold) if parent is not None]
    replies = [row for row in judged if archive.gold[row] != -1]
    made = [row for row in judged if row in relied]
    latest = _subject_latest(archive)
    reach = _reachable(archive, latest, replies)
    yield (
        "parent link, best guess",
        _right(archive, guess, replies),
        _right(archive, latest, replies),
        Share(sum(reach), len(replies)),
    )
    yield (
        "parent link, precision of links made",
        _right(archive, relied, made),
        _right(archive, latest, [row for row in judged if row in latest]),
    )
    yield (
        "parent link, replies whose link is relied on",
        Share(sum(row in relied for row in replies), len(replies)),
    )


def _right(archive: Archive, said: Mapping[int, int | str], rows: Sequence[int]) -> Share:
    return Share(sum(_is(archive, said.get(row), archive.gold[row]) for row in rows), len(rows))


def _is(archive: Archive, said: int | str | None, gold: int | None) -> bool:
    """Whether a row is the parent: of two contents under one Message-ID either is."""
    if not isinstance(said, int) or gold is None or gold < 0:
        return False
    return said == gold or archive.rows[said].message_id == archive.rows[gold].message_id


def _chosen(archive: Archive, view: View) -> tuple[dict[int, int | str], dict[int, int | str]]:
    """By row, the parent guessed (suggestions too) and the one relied on: a row or a ghost's id."""
    guess: dict[int, int | str] = {}
    relied: dict[int, int | str] = {}
    place: Mapping[str, int] = {str(one): row for one, row in archive.place.items()}
    for link in view.links:
        row, parent = archive.place[link.child], place.get(link.parent, link.parent)
        guess[row] = parent
        if not link.suggested:
            relied[row] = parent
    return guess, relied


def _subject_latest(archive: Archive) -> dict[int, int]:
    """The baseline: the latest earlier message on the same base subject within sixty days."""
    last: dict[str, int] = {}
    found = {}
    for row, one in enumerate(archive.rows):
        base = base_subject(one.subject)
        if not base or one.when is None:
            continue
        if base in last and _near(archive.rows[last[base]], one):
            found[row] = last[base]
        last[base] = row
    return found


def _near(before: Communication, after: Communication) -> bool:
    if before.when is None or after.when is None:
        return False
    return after.when.earliest - before.when.earliest <= _SIXTY_DAYS


def _reachable(archive: Archive, latest: Mapping[int, int], rows: Sequence[int]) -> list[bool]:
    """Whether anything but a header ties a reply to its parent: subject, series, words quoted."""
    found = []
    for row in rows:
        parent = archive.gold[row] or 0
        one, other = archive.rows[row], archive.rows[parent]
        same = base_subject(one.subject) == base_subject(other.subject) and row in latest
        same = same or _one_series(one, other)
        found.append(same or _held(archive.own_text(parent), archive.texts[one.id]) >= _ANY)
    return found


def _one_series(one: Communication, other: Communication) -> bool:
    mine, theirs = series_of(one.subject), series_of(other.subject)
    if mine is None or theirs is None or one.sender is None or other.sender is None:
        return False
    return one.sender == other.sender and (mine[0], mine[2]) == (theirs[0], theirs[2])


def _traced(thin: Archive, truth: Mapping[int, int]) -> Share:
    """Of the replies to hidden messages, those that quote anything at all."""
    there = [thin.rows[row].id for row, parent in truth.items() if parent != -1]
    traced = sum(any(zone.depth for zone in thin.zones.get(one, ())) for one in there)
    return Share(traced, len(there))


def _held(words: str, text: str) -> float:
    """The share of the four-word runs of `words` that stand in `text`."""
    wanted = _runs(words)
    return len(wanted & _runs(text)) / len(wanted) if wanted else 0.0


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return frozenset(zip(words, words[1:], words[2:], words[3:], strict=False))


def hidden_rows(
    archive: Archive, chosen: Sequence[frozenset[int]]
) -> Iterator[tuple[str, *Figures]]:
    """Absent messages found when `chosen` rows are hidden, one reconstruction for each choice."""
    nothing = Found(0, 0, 0)
    every, agreed, subject, with_ids = nothing, nothing, nothing, nothing
    answered, hidden, texts, minutes, traced = 0, 0, [], [], Share(0, 0)
    for gone in chosen:
        thin = archive.only(row for row in range(len(archive.rows)) if row not in gone)
        truth = _parents_hidden(archive, thin, gone)
        view = thin.view(stripped=True)
        said = _ghost_of(thin, view)
        every += _count(truth, set(said))
        agreed += _count(truth, {row for row, ghost in said.items() if ghost.agreed})
        subject += _count(truth, _orphans(thin))
        with_ids += _count(truth, set(_ghost_of(thin, thin.view(stripped=False))))
        right = {row: said[row] for row, parent in truth.items() if parent != -1 and row in said}
        texts += _texts(archive, thin, truth, right)
        minutes += _minutes(archive, truth, right)
        hidden += len(gone)
        one = _traced(thin, truth)
        traced = Share(traced.right + one.right, traced.of + one.of)
        answered += len({parent for parent in truth.values() if parent != -1})
    yield (
        "hidden message, by its replies",
        every,
        subject,
        f"R {traced}: the others quote nothing; {Share(answered, hidden)} of hidden have a reply",
    )
    yield ("hidden message, witnesses agree", agreed, subject)
    yield ("hidden message, with headers", with_ids)
    yield ("hidden text, token F1 where fully quoted, median", median(texts))
    yield ("hidden minute", Share(sum(minutes), len(minutes)))


def _parents_hidden(archive: Archive, thin: Archive, gone: frozenset[int]) -> dict[int, int]:
    """By row of the thinned archive that can be judged: the row of its hidden parent, else -1."""
    found = {}
    for row, one in enumerate(thin.rows):
        parent = archive.gold[archive.place[one.id]]
        if parent is not None:
            found[row] = parent if parent in gone else -1
    return found


def _ghost_of(thin: Archive, view: View) -> dict[int, Ghost]:
    """The absent message that each row is said to answer."""
    ghosts = {ghost.id: ghost for ghost in view.ghosts}
    return {
        thin.place[link.child]: ghosts[link.parent] for link in view.links if link.parent in ghosts
    }


def _count(truth: Mapping[int, int], said: set[int]) -> Found:
    there = {row for row, parent in truth.items() if parent != -1}
    judged = said & truth.keys()
    return Found(len(judged & there), len(judged - there), len(there - judged))


def _orphans(thin: Archive) -> set[int]:
    """The baseline: "Re:", and no earlier message on the subject within sixty days."""
    latest = _subject_latest(thin)
    return {n for n, one in enumerate(thin.rows) if says_reply(one.subject) and n not in latest}


def _texts(
    archive: Archive, thin: Archive, truth: Mapping[int, int], right: Mapping[int, Ghost]
) -> list[float]:
    """Token F1 of each hidden message that its replies quote whole."""
    quoting: dict[int, list[int]] = defaultdict(list)
    for row, parent in truth.items():
        if parent != -1:
            quoting[parent].append(row)
    found = []
    for parent, rows in sorted(quoting.items()):
        original = archive.own_text(parent)
        quoted = "\n".join(thin.texts[thin.rows[row].id] for row in rows)
        ghosts = [right[row] for row in rows if row in right]
        if ghosts and _held(original, _unmarked(quoted)) >= _FULLY:
            found.append(max(token_f1(ghost.text or "", original) for ghost in ghosts[:1]))
    return found


def _unmarked(text: str) -> str:
    return re.sub(r"(?m)^[ \t]*(?:>[ \t]?)+", "", text)


def _minutes(archive: Archive, truth: Mapping[int, int], right: Mapping[int, Ghost]) -> list[bool]:
    """Whether the time that a ghost is given to the minute is right, where that is known."""
    found = []
    for row, ghost in right.items():
        sent = archive.rows[truth[row]].when
        when = ghost.when
        if sent is None or when is None or not sent.exact:
            continue
        if when.latest - when.earliest <= _MINUTE:
            found.append(when.earliest - _MINUTE < sent.earliest < when.latest + _MINUTE)
    return found
