"""Which side of a mailbox was asked for: folders of sent items, of received ones, or all."""

from __future__ import annotations

import re

from commtrace.model import Coverage
from commtrace.view import View

_SENT = re.compile(r"\bsent\b|\boutbox\b", re.IGNORECASE)


def collected(view: View, box: Coverage, *, sent: bool) -> bool:
    """Whether sent (or else received) items of a mailbox belong to what was collected."""
    asked_for = next(
        (one.folders for one in view.brief.custodians if box.custodian in {one.name, one.address}),
        (),
    )
    return not asked_for or any(bool(_SENT.search(folder)) is sent for folder in asked_for)
