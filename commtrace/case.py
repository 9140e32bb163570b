"""The one door to a case: a folder with `case.toml`, the store, and the evidence by content.

Brings evidence, store, language, reconstruction and rules together and remembers what it computed
under the store's fingerprint. The only class with a life; decides nothing about any of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Self

from commtrace import (
    accounts,
    casefile,
    casefolder,
    custody,
    data,
    entering,
    norms,
    people,
    rulings,
    tagging,
    understanding,
)
from commtrace.accounts import UnknownAddress
from commtrace.areas import with_areas
from commtrace.audiences import with_tables
from commtrace.challenge import (
    Challenged,
    Change,
    ChangeKind,
    Stability,
    compared,
    material,
    stabilities,
    under,
    usual,
)
from commtrace.entries import Entry
from commtrace.errors import CallError, CaseError
from commtrace.evidence.ingest import ingest as read_evidence
from commtrace.gaps.run import Failure, run
from commtrace.held import CASE_FILE, EVIDENCE, STORE_FILE
from commtrace.model import (
    AuditRow,
    Certificate,
    CommunicationId,
    Decision,
    Disposition,
    Finding,
    digest,
)
from commtrace.moments import end_of, local_day
from commtrace.purge import purge, purged_contents
from commtrace.reconstruction import reconstruct
from commtrace.ruled import Ruled
from commtrace.store import Store
from commtrace.view import View

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class _Found:
    """What the rules gave under one fingerprint, and the number of each finding."""

    fingerprint: str
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    numbers: Mapping[str, int]


class Case(Ruled):
    """An open case. Use `Case.create` or `Case.open`; `folder` is where it lives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(f"sqlite:///{(folder / STORE_FILE).as_posix()}")
        self._view: tuple[str, View] | None = None
        self._found: _Found | None = None
        self._stability: tuple[str, Mapping[str, Stability]] | None = None

    @classmethod
    def create(cls, folder: Path, *, template: str | None = None, text: str | None = None) -> Self:
        """Make a case folder from a template's name, or from the text of a `case.toml`.

        Raises CaseError if the folder already holds a case or anything else, CallError if there
        is no such template, CaseFileError if `text` cannot be meant.
        """
        text = data.template(template) if text is None else text
        casefile.parse(text)
        casefolder.make(folder, EVIDENCE, {CASE_FILE: text})
        made = cls(folder)
        custody.note(made.store, custody.MADE, {"template": template})
        custody.note_case_file(made.store, folder / CASE_FILE)
        return made

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open a case folder; raises CaseError if it is none."""
        if not (folder / CASE_FILE).is_file():
            raise CaseError(f"{folder} is not a case: make one with `commtrace new {folder}`.")
        casefolder.check(folder)
        casefile.load(folder / CASE_FILE)
        return cls(folder)

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def fingerprint(self) -> str:
        """A digest of evidence, rulings and `case.toml`: what every derived thing stands under."""
        text = (self.folder / CASE_FILE).read_bytes()
        ruled = sorted(
            repr((r.source.sha256, r.source.part, r.kind, r.value)) for r in self.rulings()
        )
        told = [repr((r.kind, r.keys, r.party, r.since, r.until)) for r in self.people_rulings()]
        told += [repr(one) for one in tagging.history(self.store)]
        return digest(self.store.fingerprint(), text, understanding.VERSION, *ruled, "who", *told)

    def ingest(
        self,
        paths: Sequence[Path],
        *,
        custodian: str | None = None,
        supplied_by: str | None = None,
        who: str = "",
        take_purged: bool = False,
        progress: Progress | None = None,
    ) -> None:
        """Read files and folders into the case; what is there already is left as it is.

        `who` is the name of the person who does it, where it is given: for the audit chain.
        What was purged is not taken in again unless `take_purged` says so. Raises
        CallError for a path that is not there, CaseError if the case cannot be written.
        """
        for path in paths:
            if not os.path.lexists(path):
                raise CallError(f"{path} is not there; name a file or folder that is.")
            if Path(os.path.realpath(path)).is_relative_to(self.folder.resolve()):
                raise CallError(f"{path} lies inside the case; name the evidence as it came.")
        rulings.obey(self.folder, self.store)
        self._ingest(paths, custodian, supplied_by, who, progress, take_purged=take_purged)

    def _ingest(
        self,
        paths: Sequence[Path],
        custodian: str | None,
        supplied_by: str | None,
        who: str,
        progress: Progress | None = None,
        *,
        take_purged: bool = False,
    ) -> None:
        brief = self.brief
        said: dict[str, object] = {
            "paths": [_storable(str(path)) for path in paths],
            "custodian": _storable(custodian),
            "supplied_by": _storable(supplied_by),
        }
        custody.note_case_file(self.store, self.folder / CASE_FILE)
        self.store.note(custody.BEGUN, "", said, who)
        summary = read_evidence(
            paths,
            case_folder=self.folder,
            store=self.store,
            custodian=brief.custodian_named(_storable(custodian)),
            custodian_of=lambda path: (brief.custodian_at(path), False),
            supplied_by=_storable(supplied_by),
            unwanted={} if take_purged else purged_contents(self.store),
            rulings=rulings.of(self.store),
            progress=progress,
        )
        custody.note(self.store, custody.INGEST, {**said, "ledger": asdict(summary)}, who=who)
        understanding.derive(self.store)

    def view(self) -> View:
        """The whole case at one time; computed once for a fingerprint."""
        fingerprint = self.fingerprint()
        if self._view is None or self._view[0] != fingerprint:
            custody.note_case_file(self.store, self.folder / CASE_FILE)
            self._view = (fingerprint, self._reconstruct(fingerprint))
        return self._view[1]

    def challenge(self, change: Change) -> Challenged:
        """The findings as they are beside those that one change would give; nothing is kept."""
        view, before = self.view(), self.findings()
        if change.kind is not ChangeKind.THRESHOLD:
            other = self._reconstruct(view.fingerprint, change)
            return compared(change, before, with_areas(run(other).findings, other))
        other = replace(view, brief=under(view.brief, change))
        own = with_areas(run(other, only=change.rule).findings, other)
        return compared(change, before, [*own, *(f for f in before if f.rule != change.rule)])

    def weigh(self) -> Mapping[str, Stability]:
        """How many of the usual changes each finding stands, by its id.

        Each mailbox left out, and each earlier cut-off, reads the whole case again.
        """
        view = self.view()
        if self._stability is None or self._stability[0] != view.fingerprint:
            boxes = tuple(dict.fromkeys(one.custodian for one in view.coverage))
            changes = usual(view.brief, boxes, local_day(view.as_of))
            made = stabilities(self.findings(), map(self.challenge, changes))
            self._stability = (view.fingerprint, made)
        return self._stability[1]

    def stability(self, finding: Finding) -> Stability | None:
        """How many changes a finding stands, where `weigh` was asked for; else None."""
        known = self._stability
        fresh = known is not None and known[0] == self.view().fingerprint
        return known[1].get(finding.id) if known is not None and fresh else None

    def _reconstruct(self, fingerprint: str, change: Change | None = None) -> View:
        brief = with_tables(self.brief, self.proposals)
        held = list(self.communications())
        replaced = entering.superseded(self.folder, self.store, held)
        communications = [one for one in held if one.id not in replaced]
        if change is not None:
            brief, communications = under(brief, change), material(communications, change)
        understanding.derive(self.store)
        repeated = understanding.repeated(self.store, communications)
        if change is None:
            self.repeated = repeated
        as_of = end_of(brief.as_of) if brief.as_of is not None else None
        view = reconstruct(
            communications,
            brief=brief,
            calendars=norms.calendars(brief),
            criteria=norms.criteria(brief),
            as_of=as_of,
            text=lambda ids: _texts(self.store, ids),
            segments=lambda ids: understanding.segments(self.store, ids, repeated),
            acts=understanding.acts(self.store, repeated, by_model=brief.requests_by_model),
            headers=lambda ids: understanding.headers(self.store, ids),
            new_text=lambda ids: understanding.new_texts(self.store, ids, repeated),
            own_text=lambda ids: understanding.own_texts(self.store, ids),
            problems=self.store.problems(),
            rulings=people.of(self.store),
            act_rulings=self.act_rulings(),
            custodian_of={f.sha256: f.custodian for f in self.files() if f.sha256 and f.custodian},
        )
        return replace(view, fingerprint=fingerprint)

    def findings(self) -> tuple[Finding, ...]:
        """Every gap that the rules see, gravest first."""
        return self._run().findings

    def failures(self) -> tuple[Failure, ...]:
        """Rules that could not be run, one sentence each."""
        return self._run().failures

    def _run(self) -> _Found:
        view = self.view()
        if self._found is None or self._found.fingerprint != view.fingerprint:
            outcome = run(view)
            findings = with_areas(outcome.findings, view)
            numbers = {finding.id: number for number, finding in enumerate(findings, 1)}
            self._found = _Found(view.fingerprint, findings, outcome.failures, numbers)
        return self._found

    def finding(self, identifier: str) -> Finding:
        """The finding with an id; raises CallError if there is none now."""
        for finding in self.findings():
            if finding.id == identifier:
                return finding
        raise CallError(f"There is no finding {identifier} in this case now.")

    def reference(self, finding: Finding) -> str:
        """A short name for screen and papers: `G-0001` is the gravest under this fingerprint."""
        number = self._run().numbers.get(finding.id)
        return finding.id if number is None else f"G-{number:04d}"

    def decide(self, identifier: str, state: Disposition, because: str, who: str) -> Decision:
        """Record a person's decision on a finding; append-only.

        Raises CallError without a name or a reason, if one of them is longer than a page, or if
        there is no such finding.
        """
        because, who = custody.signed("A decision", because, who)
        finding = self.finding(identifier)
        decision = Decision(
            subject=identifier,
            state=state,
            because=because,
            who=who,
            when=datetime.now(UTC).replace(microsecond=0),
            exhibits=finding.exhibits_digest,
            cites=tuple(cite.source for cite in finding.cites),
        )
        return self.store.add_decision(decision)

    def changed_since_decided(self, finding: Finding) -> bool:
        """Whether what a finding rests on is other than when it was decided."""
        decision = self.decisions().get(finding.id)
        return decision is not None and decision.exhibits != finding.exhibits_digest

    def enter(self, entry: Entry, *, who: str) -> CommunicationId:
        """Keep what a person knows of a call, a meeting or a conversation, as evidence so marked.

        Raises CallError without a name, or where the entry cannot be meant or is there already.
        """
        _, who = custody.signed("An entry", entry.basis, who)
        path = entering.write(self.folder, self.store, entry, who=who)
        self._ingest([path.parent], None, None, who)
        return next(one.id for one in self.entries() if one.name == path.name)

    def unknown_addresses(self) -> tuple[UnknownAddress, ...]:
        """Addresses that nobody placed in a party yet, most used first."""
        return accounts.unknown_addresses(self.view())

    def made(self, action: str, files: Mapping[str, str], *, out: str, who: str = "") -> AuditRow:
        """Note in the audit chain that papers or data (`action`) were written into `out`.

        `files` are their names, and the SHA-256 of each.
        """
        said = {"out": _storable(out), "files": files, "fingerprint": self.fingerprint()}
        return custody.note(self.store, action, said, who=who)

    def purge(
        self,
        *,
        items: Sequence[str] = (),
        custodian: str | None = None,
        because: str,
        who: str,
        whole_files: bool = False,
    ) -> Certificate:
        """Remove items (SHA-256 or communication id) or a custodian's material for good.

        Raises CallError or CaseError where that cannot be; see `commtrace.purge.purge`.
        """
        self._view = self._found = None
        return purge(
            self.folder,
            self.store,
            items=items,
            custodian=custodian,
            because=because,
            who=who,
            whole_files=whole_files,
        )


def sample_case(folder: Path, *, progress: Progress | None = None) -> Case:
    """The sample case of the fictional council, built in `folder` or opened where it is there."""
    with as_file(files("commtrace.sample_mailboxes")) as sample:
        if (folder / CASE_FILE).is_file():
            case = Case.open(folder)
        else:
            text = (sample / CASE_FILE).read_text(encoding="utf-8")
            case = Case.create(folder, text=text)
        case.ingest([sample / "mailboxes"], supplied_by="the sample", progress=progress)
    return case


def _storable(words: str | None) -> str | None:
    """Words from a command line, whose undecodable bytes Python holds as half characters."""
    return None if words is None else words.encode("utf-8", "replace").decode("utf-8")


def _texts(store: Store, ids: Iterable[CommunicationId]) -> Mapping[CommunicationId, str]:
    return {CommunicationId(name): text for name, text in store.texts(ids).items()}
