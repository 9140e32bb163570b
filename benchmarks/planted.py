"""Planted gaps and their decoys in invented council cases: what the rules find of which.

Run `python benchmarks/planted.py [SEED ...] [--show]`. Each seed has a bank of phrases of its own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import planted_content
import planted_flow
import planted_replies
from planted_brief import case_text
from planted_case import Scene, Told, begun, mails, written
from scores import Found, Share

from commtrace.case import Case
from commtrace.model import Finding, Outcome

RULES = (
    "unanswered", "late_reply", "acknowledged_only", "dead_channel", "chaser_ladder", "undelivered",
    "broken_promise", "slipping_promise", "late_notice", "contradiction", "decision_without_trail",
    "short_consultation", "inconsistent_letters", "silence", "one_way",
)  # fmt: skip
RHYTHM = ("silence", "one_way")
_HALF = 0.5


@dataclass(slots=True)
class Judged:
    """A rule's plants (found or not), decoys (flagged, doubted or clear) and other alarms."""

    plants: list[bool] = field(default_factory=list)
    decoys: list[bool] = field(default_factory=list)
    doubted: int = 0
    elsewhere: int = 0

    def found(self) -> Found:
        """As hits, false alarms and misses."""
        return Found(sum(self.plants), sum(self.decoys) + self.elsewhere,
                     len(self.plants) - sum(self.plants))  # fmt: skip


def told_case(seed: int) -> Told:
    """The case of a seed: bank `seed`, its scenes in an order of its own."""
    told = begun(seed, seed)
    scenes = [*planted_replies.SCENES, *planted_flow.SCENES, *planted_content.SCENES]
    told.dice.shuffle(scenes)
    for tell in scenes:
        tell(told)
    return told


def place(finding: Finding, scene_of: Mapping[str, Scene]) -> Scene | None:
    """The scene that a finding is about: its anchor's, else that of most of its messages."""
    if finding.rule in RHYTHM:
        pair = frozenset(finding.parties)
        return next((s for s in scene_of.values() if s.pair and s.pair == pair), None)
    cited = [c.communication for c in finding.cites if c.communication]
    for ids in (finding.anchor, finding.about, cited):
        counted = Counter(scene_of[one].name for one in ids if one in scene_of)
        if counted:
            break
    if not counted:
        return None
    name, most = counted.most_common(1)[0]
    by_name = {scene.name: scene for scene in scene_of.values()}
    return by_name[name] if most > _HALF * sum(counted.values()) else None


def doubts(finding: Finding) -> bool:
    """Whether the finding itself names an innocent explanation that was found."""
    return any(check.outcome is Outcome.FAILED for check in finding.checks)


def judge(
    scenes: Sequence[Scene], findings: Iterable[Finding], scene_of: Mapping[str, Scene], *,
    show: str = "",
) -> dict[str, Judged]:  # fmt: skip
    """Every plant and decoy against the findings of its rule."""
    judged = {rule: Judged() for rule in RULES}
    here: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.rule not in judged:
            continue
        scene = place(finding, scene_of)
        here.setdefault((finding.rule, scene.name if scene else ""), []).append(finding)
    for scene in scenes:
        for rule in RULES:
            _judge_one(scene, rule, here.get((rule, scene.name), []), judged[rule], show)
    for rule in RULES:
        for finding in here.get((rule, ""), []):
            judged[rule].elsewhere += 1
            _print(show, rule, "ELSEWHERE", finding.sentence)
    return judged


def _judge_one(scene: Scene, rule: str, said: list[Finding], judged: Judged, show: str) -> None:
    sentence = said[0].sentence if said else ""
    if scene.rule == rule and scene.gap:
        judged.plants.append(bool(said))
        if not said:
            _print(show, rule, "MISSED", scene.name)
    elif scene.rule == rule:
        alarmed = bool(said) and not all(map(doubts, said))
        judged.decoys.append(alarmed)
        judged.doubted += bool(said) and not alarmed
        if said:
            _print(show, rule, "DECOY" if alarmed else "DOUBTED", f"{scene.name}: {sentence}")
    elif said and rule not in scene.also and not all(map(doubts, said)):
        judged.elsewhere += 1
        _print(show, rule, "FALSE", f"{scene.rule} / {scene.name}: {sentence}")


def _print(show: str, rule: str, what: str, words: str) -> None:
    if show and show in ("all", rule):
        print(f"  {rule:22} {what:9} {words}")


def measured(seed: int, show: str) -> dict[str, Judged]:
    """The figures of one seed: a case made, taken in, analysed and judged."""
    told = told_case(seed)
    every = mails(told)
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        written(told, every, Path(folder) / "material")
        case = Case.create(Path(folder) / "case", text=case_text(told))
        case.ingest([Path(folder) / "material"])
        if case.failures():
            raise SystemExit(str(case.failures()))
        key_of = {mail.message_id: mail.key for mail in every}
        by_key = {key: scene for scene in told.scenes for key in scene.keys}
        scene_of: dict[str, Scene] = {}
        for one in case.communications():
            key = key_of.get(one.message_id or "") or Path(one.source.path).name
            if key in by_key:
                scene_of[one.id] = by_key[key]
        lost = {k for scene in told.scenes for k in scene.keys} - {
            key_of.get(c.message_id or "") or Path(c.source.path).name
            for c in case.communications()}  # fmt: skip
        held = len(scene_of)
        judged = judge(told.scenes, case.findings(), scene_of, show=show)
        case.close()
    print(f"seed {seed}: {held} communications in scenes, {len(lost)} held by nobody")
    return judged


def table(judged: Mapping[str, Sequence[Judged]]) -> None:
    """Print a row for each rule, then the means."""
    pooled = {rule: sum((j.found() for j in rows), Found(0, 0, 0)) for rule, rows in judged.items()}
    for rule, found in pooled.items():
        flagged = [d for j in judged[rule] for d in j.decoys]
        more = sum(j.doubted for j in judged[rule]), sum(j.elsewhere for j in judged[rule])
        print(f"{rule:24} {found}  decoys {Share(sum(flagged), len(flagged))} "
              f"doubted {more[0]}, elsewhere {more[1]}")  # fmt: skip
    decoys = [d for rows in judged.values() for j in rows for d in j.decoys]
    low, high = _interval(judged)
    mean = float(np.mean([found.f1 for found in pooled.values()]))
    print(f"macro-F1 {mean:.3f} ({low:.3f}-{high:.3f}); decoys {Share(sum(decoys), len(decoys))}")


def _interval(judged: Mapping[str, Sequence[Judged]]) -> tuple[float, float]:
    random = np.random.default_rng(5)
    means = []
    for _ in range(1000):
        scores = []
        for rows in judged.values():
            plants = [p for j in rows for p in j.plants]
            alarms = [d for j in rows for d in j.decoys]
            hits = sum(random.choice(plants, len(plants)))
            false = sum(random.choice(alarms, len(alarms))) + random.poisson(
                sum(j.elsewhere for j in rows))  # fmt: skip
            scores.append(Found(int(hits), int(false), len(plants) - int(hits)).f1)
        means.append(np.mean(scores))
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def main() -> None:
    """Print the figures of the seeds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("seeds", nargs="*", type=int, default=[1, 2, 3])
    parser.add_argument("--show", default="", help="a rule, or all: what was missed or wrong")
    given = parser.parse_args(sys.argv[1:])
    every: dict[str, list[Judged]] = {rule: [] for rule in RULES}
    for seed in given.seeds:
        judged = measured(seed, given.show)
        table({rule: [one] for rule, one in judged.items()})
        for rule, one in judged.items():
            every[rule].append(one)
    if len(given.seeds) > 1:
        print("all seeds")
        table(every)


if __name__ == "__main__":
    main()
