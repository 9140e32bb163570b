"""Messages that say of themselves that a system sent them, or that they went to a list."""

from __future__ import annotations

import re

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
_MACHINE = re.compile(
    r"^(?:no|do[-_.]?not|donot)[-_.]?reply|^(?:newsletters?|mailer[-_.]?daemon|postmaster)@",
    re.IGNORECASE,
)


def mailed_out(view: View, row: int) -> bool:
    """Whether a message says that it was mailed out; one that may quote such a message does not."""
    sender = view.identities[int(view.sender[row])]
    if any(_MACHINE.search(member.address) for member in sender.members):
        return True
    subject = view.subjects[row]
    if view.forward[row] or base_subject(subject) != " ".join(subject.split()).casefold():
        return False
    words = view.text([view.ids[row]]).get(view.ids[row], "")
    return bool(_SAYS_SO.search(words))
