"""What persons rule on a case: how it is read, who is who, what sentences do, what measures it.

Each ruling is signed, kept in the audit chain or in `case.toml`, and holds from then on.
"""

from __future__ import annotations

from dataclasses import replace

from commtrace import casechanges, custody, norms, people, rulings, tagging, understanding
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

    def choose_criterion(
        self, key: str, value: str | int | None, *, because: str, who: str
    ) -> None:
        """Set `[criteria] key` in `case.toml` to a norm or a number of days, or take it out (None).

        Raises CallError without a name or a reason, or where it says so already; CaseFileError
        where it cannot be meant. Comments are kept, and the change is a row of the audit chain.
        """
        signed = custody.signed("The choice of a criterion", because, who)
        name = norms.stands_for(key)
        said = {k: v for k, v in self.brief.criteria.items() if norms.stands_for(k) == name}
        before = ", ".join(f"{k} = {v}" for k, v in said.items())
        after = "" if value is None else f"{key} = {value}"
        text = (self.folder / CASE_FILE).read_text(encoding="utf-8")
        self._measure(casechanges.criterion(text, key, value), "[criteria]", before, after, signed)

    def set_threshold(
        self, rule: str, key: str, value: float | str | None, *, because: str, who: str
    ) -> None:
        """Set a threshold of one rule in `case.toml`, or take it out (None): see above."""
        signed = custody.signed("The choice of a threshold", because, who)
        said = self.brief.rules.get(rule, {}).get(key)
        before, after = (f"{key} = {v}" if v is not None else "" for v in (said, value))
        text = (self.folder / CASE_FILE).read_text(encoding="utf-8")
        changed = casechanges.threshold(text, rule, key, value)
        self._measure(changed, f"[rules.{rule}]", before, after, signed)

    def _measure(
        self, text: str, table: str, before: str, after: str, signed: tuple[str, str]
    ) -> None:
        self._write_case_file(text)
        because, who = signed
        words = {"table": table, "before": before, "after": after, "because": because}
        self.store.note(custody.CRITERION, "", words, who)

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
