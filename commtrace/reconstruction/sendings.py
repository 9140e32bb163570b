"""Messages taken apart into sendings: who sent what to whom, and when it may have been.

What brokerage and knowledge are counted on. A communication without a date may have been sent at
any time, so that nothing is denied because a date is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import numpy as np
from numpy.typing import NDArray

from commtrace.moments import end_of, start_of
from commtrace.view import NEVER, NOBODY, Ints, View

EARLIEST, LATEST = -NEVER, NEVER  # seconds: before and after everything


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sendings:
    """One entry for each message and recipient, in order of row.

    `row` is the message, `sender` and `recipient` are identities with their party on the day (-1
    for none), `start` and `end` bound its time in seconds since 1970, half-open, and `thread` is
    the matter it belongs to (-1 for none).
    """

    row: Ints
    sender: Ints
    recipient: Ints
    sender_party: Ints
    recipient_party: Ints
    start: Ints
    end: Ints
    thread: Ints

    def __len__(self) -> int:
        return len(self.row)

    def only(self, kept: NDArray[np.bool_]) -> Sendings:
        """The entries where `kept` is true."""
        if kept.all():
            return self
        return Sendings(**{one.name: getattr(self, one.name)[kept] for one in fields(self)})

    def of_rows(self, rows: NDArray[np.bool_]) -> Sendings:
        """The entries of the messages where `rows`, one value a message, is true."""
        return self.only(rows[self.row])


def sendings(view: View) -> Sendings:
    """Every message of a view to each identity it went to, but for what people sent themselves."""
    counts = np.diff(view.recipient_offsets)
    row = np.repeat(np.arange(len(view), dtype=np.int64), counts)
    undated = view.end[row] == 0
    sender = view.sender[row]
    known = (sender != NOBODY) & (view.recipient != NOBODY) & (sender != view.recipient)
    return Sendings(
        row=row,
        sender=sender,
        recipient=view.recipient,
        sender_party=view.sender_party[row],
        recipient_party=view.recipient_party,
        start=np.where(undated, EARLIEST, view.start[row]),
        end=np.where(undated, LATEST, view.end[row]),
        thread=view.thread[row],
    ).only(known)


def joined(*parts: Sendings) -> Sendings:
    """Several sendings as one."""
    names = [one.name for one in fields(Sendings)]
    return Sendings(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in names})


def within(view: View, first: date, last: date) -> Sendings:
    """The sendings of dated messages from the day `first` to the day `last`, both included."""
    whole = sendings(view)
    begin, end = int(start_of(first).timestamp()), int(end_of(last).timestamp())
    return whole.only((whole.start >= begin) & (whole.start < end))
