"""What persons rule on a case: how places are read, who is who, what a sentence does.

Each ruling is signed, kept in the audit chain or in `case.toml`, and holds from then on.
"""

from __future__ import annotations

from dataclasses import replace

from commtrace import casechanges, custody, people, rulings, tagging, understanding
from commtrace.brief import KnownMissing
from commtrace.errors import CaseError
from commtrace.held import CASE_FILE, Held
from commtrace.model import ActRuling, PeopleRuling, Ruling, RulingKind, Source


class Ruled(Held):
    """A case that a person may rule on."""

    def rule_on(
        self, place: Source, kind: RulingKind, value: str, *, because: str, who: str
    ) -> Ruling:
        """Decide how a place is to be read (`value` is JSON in the grammar of its kind).

        The ruling is kept and the file read again under it; `null` withdraws it, so that the file
        is read as without. Raises CallError without a name or a reason or where the value cannot
        be meant there, CaseError if the file could not be read again.
        """
        because, who = custody.signed("A ruling", because, who)
        made = rulings.keep(self.store, place, kind, value, because=because, who=who)
        if rulings.obey(self.folder, self.store):
            raise CaseError(rulings.NOT_OBEYED)
        understanding.derive(self.store)
        return made

    def rule_on_people(self, made: PeopleRuling) -> PeopleRuling:
        """Decide who is who, or whom somebody counts for; the latest on the same keys counts.

        Raises CallError without a name or a reason, or where it cannot be meant.
        """
        custody.signed("A ruling on who is who", made.because, made.who)
        return people.keep(self.store, made, [one.party.id for one in self.brief.parties])

    def rule_on_act(self, made: ActRuling) -> ActRuling:
        """Decide whether a sentence is an act of a kind; the latest on the same counts.

        Raises CallError without a name or a reason, or where it cannot be meant.
        """
        because, who = custody.signed("A ruling on an act", made.because, made.who)
        return tagging.keep(self.store, replace(made, because=because, who=who))

    def register_missing(self, missing: KnownMissing, *, who: str) -> None:
        """Add to the register in `case.toml`, keeping its comments.

        Raises CallError without a name or without words, or where the same is there already.
        """
        _, who = custody.signed("A line of the register", missing.what, who)
        text = (self.folder / CASE_FILE).read_text(encoding="utf-8")
        self._write_case_file(casechanges.register(text, missing))
        words = {"what": missing.what, "who_says": missing.who_says}
        self.store.note(custody.REGISTERED, "", words, who)

    def _write_case_file(self, text: str) -> None:
        path = self.folder / CASE_FILE
        temporary = path.with_suffix(".toml.new")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
        custody.note_case_file(self.store, path)

    def place(self, address: str, party: str) -> None:
        """Put an address into a party of `case.toml`, keeping its comments."""
        path = self.folder / CASE_FILE
        self._write_case_file(casechanges.place(path.read_text(encoding="utf-8"), address, party))
