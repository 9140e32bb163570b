"""Manual entries: what a person wrote down for the case of a call, a meeting, a conversation.

Never an original: the record has its own grade, and its doubt says who entered it and on what that
rests.
"""

from __future__ import annotations

from collections.abc import Iterator

from commtrace import entries
from commtrace.errors import CallError
from commtrace.model import Found, Grade, Problem, ProblemKind, Record
from commtrace.plugins import Item, parser


@parser(suffixes=(".toml",), magic=(entries.FIRST_LINE.encode(),))
def entry(item: Item) -> Iterator[Found]:
    """Manual entry of a call, meeting or conversation (.toml)."""
    if item.size > entries.MOST_BYTES:
        what = "The entry is larger than an entry can be."
        yield Problem(source=item.source, reader="entry", kind=ProblemKind.LIMIT_SIZE, what=what)
        return
    try:
        found = entries.parse(item.read().decode("utf-8"))
    except (UnicodeDecodeError, CallError) as error:
        why = str(error) if isinstance(error, CallError) else "It is not UTF-8 text."
        what = f"{why} Enter it again."
        yield Problem(source=item.source, reader="entry", kind=ProblemKind.CORRUPT, what=what)
        return
    yield Record(
        source=item.source,
        reader="entry",
        channel=found.channel,
        sent=found.moment,
        sender=found.sender,
        to=found.to,
        subject=found.subject,
        text=found.text,
        doubts=(entries.by_hand(found),),
        grade=Grade.ENTERED,
    )
