"""Messages that say of themselves that a system sent them, or that they went to a list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from commtrace.gaps._columns import base_subject
from commtrace.view import View

_SAYS_SO = re.compile(  # as its sender says it: at the beginning of a line or sentence
    r"(?:^|[.!?])\W*(?:please )?(?:do not|don['’]t) (?:directly )?(?:reply|respond)"
    r" (?:directly )?to this"
    r"|\b(?:to|click (?:here|below) to) unsubscribe\b|^\W*unsubscribe\W*$"
    r"|\bunsubscribe[\s:]+(?:<|http)|\bto (?:stop receiving|opt[- ]out (?:of|from))\b"
    r"|\breceive (?:future|further) (?:promotional|marketing)\b",
    re.IGNORECASE | re.MULTILINE,
)
_BATCH = 1000  # texts read at a time
_MACHINE = re.compile(
    r"^(?:no|do[-_.]?not|donot)[-_.]?reply|^(?:newsletters?|mailer[-_.]?daemon|postmaster)@",
    re.IGNORECASE,
)


def mailed_out(view: View, rows: Sequence[int]) -> frozenset[int]:
    """Those of `rows` that say they were mailed out; one that may quote such a message does not."""
    machines = [any(_MACHINE.search(m.address) for m in who.members) for who in view.identities]
    found = {row for row in rows if machines[int(view.sender[row])]}
    asked = [row for row in rows if row not in found and not _passes_on(view, row)]
    for start in range(0, len(asked), _BATCH):
        some = asked[start : start + _BATCH]
        texts = view.text([view.ids[row] for row in some])
        found.update(row for row in some if _SAYS_SO.search(texts.get(view.ids[row], "")))
    return frozenset(found)


def _passes_on(view: View, row: int) -> bool:
    subject = view.subjects[row]
    marked = base_subject(subject) != " ".join(subject.split()).casefold()
    return bool(view.forward[row]) or marked
