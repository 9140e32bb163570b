"""Every threshold of every rule as it counts now: its number, who set it, and whether it applies.

What `[rules.X]` of `case.toml` sets for a rule comes first, then the criterion that `[criteria]`
names (on the days on which it was in force), then the rule's own default. Pure; `norms` holds the
dated criteria, `gaps` measures with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from commtrace.brief import Brief
from commtrace.errors import CallError
from commtrace.model import Criterion
from commtrace.moments import say_day
from commtrace.norms import BY_CASE, BY_DEFAULT, NAMED_CALENDARS
from commtrace.plugins import Rule, rules

Number = int | float | str
USES: Mapping[str, tuple[str, ...]] = {
    "reply": ("unanswered", "late_reply", "acknowledged_only", "chaser_ladder", "dead_channel"),
    "handoff_working_days": ("broken_handoff",),
    "notice_school_days": ("late_notice",),
    "consultation": ("short_consultation",),
}  # which rules measure by which key of [criteria]
LABELS = {
    "reply": "Time for a reply",
    "handoff_working_days": "Time for the next step after a handoff",
    "notice_school_days": "Notice before an event",
    "consultation": "Time to answer a consultation",
}
PARTY = "party"
CALENDARS = {
    "working": "working days, or those of the party that owes",
    "school": "school days",
    "foi": "FOI working days",
    "every day": "calendar days",
}
COUNTED = {
    "": "", PARTY: "days in the owing party's calendar", "school": "school days",
    "foi": "FOI working days", "every day": "calendar days",
}  # fmt: skip
MOST = 3650  # days; a threshold of ten years is a slip of the keyboard
NEVER_SAID, ON_NO_DAY = "the case states no period", "on no day of the period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A threshold of a rule as it counts now.

    `key` is its name in the rule, or that of a criterion which the rule measures by and has no
    number of its own for. `criterion` is the key of `[criteria]` it follows, "" for none; `dated`
    what that key names now. `value` counts in `calendar`: PARTY for the days of whoever owes, ""
    where it counts no days of a calendar. `idle`: the criterion was in force on no day of the
    period, so that the default counts.
    """

    rule: str
    key: str
    value: Number
    default: Number
    where: str
    calendar: str = ""
    criterion: str = ""
    dated: Criterion | None = None
    idle: bool = False

    @property
    def id(self) -> str:
        """What the address calls it."""
        return f"{self.rule}.{self.key}"

    @property
    def own(self) -> bool:
        """Whether the rule has a number of its own that `[rules.X]` can set."""
        return self.key != self.criterion

    @property
    def follows(self) -> Criterion | None:
        """The criterion of `[criteria]` by which it is measured; None where another number is."""
        if self.dated is None or self.where == BY_DEFAULT or self.where != self.dated.where:
            return None
        return self.dated

    @property
    def said(self) -> str:
        """The number in words; that nothing is looked for without one."""
        if self.criterion and not self.value:
            return "not set: nothing is looked for"
        said = f"{self.value:,}" if isinstance(self.value, int) else str(self.value)
        return f"{said} {COUNTED[self.calendar]}".strip()


def measures(brief: Brief, criteria: Mapping[str, Criterion]) -> tuple[Measure, ...]:
    """Those that follow a criterion, by its key; then the other thresholds, in order of the rules.

    `criteria` are those of the case, by key, as `norms.criteria` gives them.
    """
    by_name = {rule.name: rule for rule in rules()}
    dated = [_dated(brief, by_name[name], key, criteria.get(key))
             for key, names in USES.items() for name in names]  # fmt: skip
    known = {(one.rule, one.key) for one in dated}
    others = [
        _plain(brief, rule, key, default)
        for rule in rules()
        for key, default in rule.parameters.items()
        if (rule.name, key) not in known
    ]
    return (*dated, *others)


def _dated(brief: Brief, rule: Rule, key: str, criterion: Criterion | None) -> Measure:
    default = rule.parameters.get("days", by_default(key))
    name = "days" if "days" in rule.parameters else key
    own = brief.rules.get(rule.name, {}).get("days") if name == "days" else None
    value, where, calendar, idle = default, BY_DEFAULT, PARTY, False
    if own is not None:
        value, where = own, f"{BY_CASE}, [rules.{rule.name}]"
    elif criterion is not None and criterion.where != BY_DEFAULT:
        where, idle = criterion.where, in_force(criterion, brief.period) == ON_NO_DAY
        if not idle:
            value = criterion.days
            calendar = PARTY if criterion.calendar == "working" else criterion.calendar
    return Measure(
        rule=rule.name, key=name, value=value, default=default, where=where, calendar=calendar,
        criterion=key, dated=criterion, idle=idle,
    )  # fmt: skip


def by_default(key: str) -> Number:
    """The number of days by which a rule without one of its own measures where none is set."""
    return next(r.parameters["days"] for r in rules() if r.name == USES[key][0])


def _plain(brief: Brief, rule: Rule, key: str, default: Number) -> Measure:
    own = brief.rules.get(rule.name, {}).get(key)
    where = BY_DEFAULT if own is None else f"{BY_CASE}, [rules.{rule.name}]"
    value = default if own is None else own
    return Measure(rule=rule.name, key=key, value=value, default=default, where=where)


def in_force(one: Criterion, period: tuple[date, date] | None) -> str:
    """Whether a criterion was in force in the period reviewed, in words."""
    if one.valid_from is None and one.valid_to is None:
        return "no dates stated"
    if period is None:
        return NEVER_SAID
    first, last = period
    if one.in_force(first) and one.in_force(last):
        return "on every day of the period"
    since, until = one.valid_from, one.valid_to
    if (since is not None and since > last) or (until is not None and until < first):
        return ON_NO_DAY
    if since is not None and since > first:
        return f"only from {say_day(since)}"
    return f"only until {say_day(until)}" if until is not None else "on every day of the period"


def warning(one: Measure, period: tuple[date, date] | None) -> str:
    """A sentence where what was chosen does not apply throughout the period; "" where it does."""
    chosen = one.follows
    if chosen is None or period is None or (chosen.in_force(period[0]) and
                                            chosen.in_force(period[1])):  # fmt: skip
        return ""
    default = f"the rule's own {one.default} days are" if one.default else "nothing is looked for"
    when = " and is not" if one.idle else ". On other days it is not"
    return (
        f"{chosen.id} was in force {in_force(chosen, period)}{when} applied: {default}, and each"
        " finding says so."
    )


def number(words: str, default: Number) -> Number:
    """A threshold as it was typed, of the kind of its default; CallError, one sentence, if none."""
    said = words.strip().replace(",", "")
    if isinstance(default, float):
        return _share(said)
    if not said:
        raise CallError("Say a number, such as 20.")
    if not (said.isascii() and said.isdigit()):
        raise CallError(f"“{words.strip()[:40]}” is no whole number; say one such as 20.")
    if not 1 <= int(said) <= MOST:
        raise CallError(f"A threshold is a whole number from 1 to {MOST:,}.")
    return int(said)


def _share(said: str) -> float:
    try:
        found = float(said)
    except ValueError:
        found = -1.0
    if not 0 < found <= 1:
        raise CallError("A share is a number above 0 and at most 1, such as 0.05.")
    return found


def key_for(criterion: str, calendar: str) -> str:
    """The key of `[criteria]` under which a number of days in a calendar is written.

    A reply may be counted in any calendar, which its key names; the other keys name their own.
    """
    if criterion != "reply" or calendar == "working":
        return criterion
    ending = next(ending for ending, name in NAMED_CALENDARS if name == calendar)
    return f"reply{ending}"


def calendars_of(criterion: str) -> tuple[str, ...]:
    """The calendars in which a number of days can be set for a key of `[criteria]`."""
    if criterion == "reply":
        return tuple(CALENDARS)
    return (next((name for end, name in NAMED_CALENDARS if criterion.endswith(end)), "working"),)
