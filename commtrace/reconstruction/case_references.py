"""The numbers of matters in subjects and letters, in the forms that `case.toml` gives.

A form is the reference with `#` where a number stands ("COM/#/#"); case and blanks do not matter.
What bears one reference belongs to one matter: that is shown as a suggestion, and nothing rests on
it, for a matter has many messages and a number says not which of them is answered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from commtrace.model import Communication

NUMBER = "#"
_LONGEST = 400  # characters of a subject that are read


def finder(forms: Sequence[str]) -> re.Pattern[str] | None:
    """What finds a reference of any of the forms; None where there are none."""
    if not forms:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(map(_form, forms)) + r")(?!\w)", re.IGNORECASE)


def _form(form: str) -> str:
    signs = "".join(form.split())
    return r"\s?".join(r"\d{1,12}" if sign == NUMBER else re.escape(sign) for sign in signs)


def borne(one: Communication, wanted: re.Pattern[str]) -> tuple[str, ...]:
    """The references that a communication bears, each once, as they are compared."""
    said = (one.subject[:_LONGEST], one.our_ref or "", one.your_ref or "")
    found = (match[0] for text in said for match in wanted.finditer(text))
    return tuple(dict.fromkeys("".join(each.split()).casefold() for each in found))
