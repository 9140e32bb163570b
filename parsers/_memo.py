"""The labelled lines at the top of a memo or of an e-mail printed to a page.

Knows that such lines stand together, so that a stamp elsewhere on the page is none of them. Who
the persons in them are is left to `_letterpeople`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ._letterdate import LetterDate, letter_date
from ._text import clean_line

_MOST = 80  # lines that are looked at
_LABEL = re.compile(
    r"^(to|from|cc|subject|re|date|sent)(?:\s*:|(?=\s{3,}|$))\s*(.*)$", re.IGNORECASE
)


def labelled_lines(lines: Sequence[str]) -> dict[str, str]:
    """Values by label in small letters; empty unless From and one of To and Sent are there.

    Labels stand together: a "Date:" stamped elsewhere on the page is none of theirs.
    """
    found: dict[str, str] = {}
    unlabelled = 0
    for line in [line.strip() for line in lines if line.strip()][:_MOST]:
        match = _LABEL.match(line)
        unlabelled = 0 if match else unlabelled + 1
        if match and match[1].lower() not in found:
            found[match[1].lower()] = clean_line(match[2])
        if unlabelled > 1 and found:
            if _is_memo(found):
                break
            found = {}
    return found if _is_memo(found) else {}


def _is_memo(found: dict[str, str]) -> bool:
    return bool(found.get("from")) and bool(found.keys() & {"to", "sent"})


def labelled_date(memo: dict[str, str]) -> LetterDate | None:
    """The day that a memo's or printed e-mail's own header line says."""
    return letter_date([f"Date: {memo.get('sent') or memo.get('date') or ''}"]) if memo else None
