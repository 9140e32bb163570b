"""Holding replies: messages that only say that an answer will come, or that the message did."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from commtrace.gaps._columns import rows_doing
from commtrace.model import ActKind
from commtrace.view import View

_REST_OF_A_HOLDING_REPLY = 25  # words: a reference, opening hours, an apology
_A_RECEIPT = 12  # words
_BATCH = 1000  # texts read at a time
_PROMISE = re.compile(
    r"(?:\b(?:will|shall|aims? to|hope to|try to|endeavour to)|'ll)\s(?:\w+\s){0,3}?"
    r"(?:respond|reply|come back|get back|be in touch|contact|write|let you|update|revert|answer"
    r"|look into)|\blook(?:ing)? into\b|\bdue course\b|\bbear(?:ing)? with\b"
    r"|\bas soon as (?:i|we)\b|\bawaiting\b|\bwaiting (?:for|on)\b"
    r"|\bbeing (?:investigated|looked|dealt|processed|considered)\b"
    r"|\b(?:has|have) been (?:passed|forwarded|logged|referred|sent)\b"
    r"|\b(?:passed|forwarded|handed|referred) (?:it|this|your|the|that|on)\b[^.?!]{0,60}\bto (?:the"
    r"|a|our|my)\b|\bwill be in (?:touch|contact)|\bleave (?:it |this )?with (?:me|us)\b"
    r"|\b(?:come|get) back to you\b|\bhear from\b|\bbeen (?:logged|allocated|assigned)\b"
    r"|\bmak(?:e|ing) (?:some |further )?enquiries\b|\bsee what (?:i|we) can\b"
    r"|\breceiving (?:our |my )?attention\b|\b(?:is|are|been) noted\b",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\s*(?:dear|hello|hi|good (?:morning|afternoon|evening))\b[^.?!]{0,40}$", re.IGNORECASE
)


def holding_rows(view: View) -> NDArray[np.bool_]:
    """For each row, whether it is a holding reply."""
    promising = rows_doing(view, ActKind.HOLDING_REPLY).tolist()
    found = np.zeros(len(view), dtype=np.bool_)
    for start in range(0, len(promising), _BATCH):
        rows = promising[start : start + _BATCH]
        texts = view.new_text([view.ids[row] for row in rows])
        for row in rows:
            found[row] = is_holding(view, row, texts.get(view.ids[row], ""))
    return found


def is_holding(view: View, row: int, text: str) -> bool:
    """Whether a reply with this new text only says that one will come, or that the message came.

    With a promise of a reply, what else it says is at most 25 words. Where it only thanks or
    apologises ("thank you for your e-mail"), it is that one sentence, of at most 12 words and
    without a number.
    """
    acts = [a for a in view.acts.get(view.ids[row], ()) if a.kind is ActKind.HOLDING_REPLY]
    if not acts:
        return False
    words = sum(len(line.split()) for line in text.splitlines() if not _is_formula(line))
    rest = words - sum(len(act.said.split()) for act in acts)
    if any(_PROMISE.search(act.said) for act in acts):
        return rest <= _REST_OF_A_HOLDING_REPLY
    return rest <= 0 and words <= _A_RECEIPT and not any(sign.isdigit() for sign in text)


def _is_formula(line: str) -> bool:
    """Whether a line is a greeting, a closing or a name: a few words that end no sentence."""
    return bool(_GREETING.match(line)) or (
        len(line.split()) <= 4 and not line.rstrip().endswith(".")
    )
