"""What a case holds, asked of its store: evidence, ledger, people's rulings and decisions, custody.

Reads only, and computes nothing that is not in the store or in `case.toml`; `Case` adds what is
reconstructed and what a person may do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from commtrace import accounts, casefile, custody, entering, people, rulings, tagging, understanding
from commtrace.accounts import Reconciliation
from commtrace.brief import Brief, KnownMissing
from commtrace.entering import Entered
from commtrace.errors import CallError
from commtrace.evidence.workers import read_part
from commtrace.model import (
    ActRuling,
    AuditRow,
    Communication,
    CommunicationId,
    Contained,
    Decision,
    File,
    Head,
    PeopleRuling,
    Problem,
    Proposal,
    Ruling,
    Segment,
    Source,
    Verification,
)
from commtrace.store import Store

CASE_FILE, STORE_FILE, EVIDENCE = "case.toml", "case.db", "evidence"


class Held:
    """A case folder as it lies there: `folder` is where, `store` its memory.

    `repeated` are the paragraphs known to be boilerplate, once the case was reconstructed.
    """

    folder: Path
    store: Store
    repeated: frozenset[int] = frozenset()

    @property
    def brief(self) -> Brief:
        """What `case.toml` says now."""
        return casefile.load(self.folder / CASE_FILE)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known of where the case lies, a sentence each."""
        return self.store.notes

    @property
    def title(self) -> str:
        """The case's title."""
        return self.brief.title

    def files(self) -> tuple[File, ...]:
        """The evidence ledger, by path."""
        return self.store.files()

    def problems(self) -> tuple[Problem, ...]:
        """What could not be read, or was read with a doubt, by place."""
        return self.store.problems()

    def contained(self, sha256: str | None = None) -> tuple[Contained, ...]:
        """The ledger below the file, of all files or of one content: by path, then by place."""
        return self.store.contained(sha256)

    def proposals(self) -> tuple[Proposal, ...]:
        """How places would be read where a person must decide, by path and place."""
        return self.store.proposals()

    def rulings(self) -> tuple[Ruling, ...]:
        """How persons decided that places are to be read: the latest of a kind at a place."""
        return rulings.of(self.store)

    def people_rulings(self) -> tuple[PeopleRuling, ...]:
        """What persons ruled on who is who: the latest on the same keys."""
        return people.of(self.store)

    def act_rulings(self) -> tuple[ActRuling, ...]:
        """What persons ruled on what sentences do: the latest on the same sentence and kind."""
        return tagging.of(self.store)

    def measured(self) -> tuple[AuditRow, ...]:
        """Every change of a criterion or a threshold that a person made, oldest first."""
        return self.store.audit(custody.CRITERION)

    def entries(self) -> tuple[Entered, ...]:
        """What was entered by hand, by name; one that a later entry replaced says so."""
        return entering.every(self.folder, self.store)

    def register(self) -> tuple[KnownMissing, ...]:
        """What is known to exist and was not provided, as `case.toml` says."""
        return self.brief.known_missing

    def reconciliation(self) -> Reconciliation:
        """The ledger in numbers, checked against itself."""
        stored = not self.store.differences()
        inside = self.store.inside()
        return accounts.reconcile(self.files(), self.store.count(), stored=stored, inside=inside)

    def communications(self) -> Iterator[Communication]:
        """Every communication, sorted by id, one at a time and without its text."""
        return self.store.communications()

    def communication(self, identifier: str) -> Communication:
        """A communication by any id it ever had; raises CallError if there is none."""
        found = self.store.communication(CommunicationId(identifier))
        if found is None:
            raise CallError(f"There is no communication {identifier} in this case.")
        return found

    def text(self, identifier: str) -> str:
        """The text of a communication, as read."""
        known = self.communication(identifier).id
        return self.store.texts([known]).get(known, "")

    def segments(self, identifier: str) -> tuple[Segment, ...]:
        """The zones of a communication's text, in order."""
        known = self.communication(identifier).id
        return understanding.segments(self.store, [known], self.repeated).get(known, ())

    def search(self, words: str, limit: int = 50) -> list[CommunicationId]:
        """Communications whose subject or text hold all `words`, best first."""
        return self.store.search(words, limit)

    def bytes(self, source: Source) -> bytes:
        """The bytes at a place in the evidence, read again from the kept copy."""
        return read_part(self.folder / EVIDENCE, source)

    def custody(self) -> tuple[AuditRow, ...]:
        """Everything that was done to the case, oldest first."""
        return self.store.audit()

    def head(self) -> Head:
        """The end of the audit chain: what a paper prints and a verification is held against."""
        return self.store.head()

    def verify(self, expect_head: str | None = None) -> Verification:
        """Check every copy, row and digest of the case; what is wrong is a fault, not an error."""
        return custody.verify(self.folder, expect_head)

    def decisions(self) -> Mapping[str, Decision]:
        """The latest decision on each finding that has one, by finding id."""
        return {decision.subject: decision for decision in self.store.decisions()}

    def history(self, identifier: str) -> tuple[Decision, ...]:
        """Every decision on a finding, oldest first."""
        return tuple(d for d in self.store.decisions() if d.subject == identifier)
