"""What ought to be there: copies that others prove, what two mailboxes hold, what stays unread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commtrace.model.evidence import CommunicationId, IdentityId, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsentCopy:
    """A copy that other mailboxes prove and that a mailbox which covers its day does not hold.

    `sent` says whether the custodian sent the message, else it was addressed to them (To or Cc);
    `declared` whether case.toml says that the mailbox was collected for that day. Who holds the
    message is in `View.custodians_holding`.
    """

    communication: CommunicationId
    custodian: str
    identity: IdentityId | None
    sent: bool
    declared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recapture:
    """How many messages one custodian sent another, as their two mailboxes prove it together.

    `in_sent` are held by the sender, `in_received` by the recipient, `in_both` by both, in the days
    that both mailboxes cover (both included). `estimate` is Chapman's, `low` and `high` its 95 %
    interval, in messages. Losses that hit both copies make it too small: it says *at least*.
    """

    sender: str
    recipient: str
    first: date
    last: date
    in_sent: int
    in_received: int
    in_both: int
    estimate: int
    low: int
    high: int

    @property
    def seen(self) -> int:
        """How many of them at least one of the two mailboxes holds."""
        return self.in_sent + self.in_received - self.in_both


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Something supplied that was not read, or only in part, and where it belongs.

    `communication` is the message that it is part of, None where it lies in none; `custodian` is
    whose material it lies in, None where that is not known.
    """

    problem: Problem
    communication: CommunicationId | None
    custodian: str | None
