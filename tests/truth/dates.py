"""The truth table of dates: what words give which interval, and what must never be made of them.

Run as a program it checks every row and prints those that are wrong: the test runs it so under
other time zones and languages of the machine, which must not matter.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from commtrace.moments import Basis, Moment, days, end_of, start_of, written_dates
from commtrace.parsers._letterdate import letter_date, name_date
from commtrace.parsers._maildate import mail_date

WEST, EAST = timedelta(hours=-12), timedelta(hours=14)  # the zones of the world
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Row:
    """Where the words stood, the words, the interval (None: no time), a doubt, and the stakes."""

    where: str
    said: str
    expected: tuple[datetime, datetime] | None
    doubted: bool | None = None
    never: str = ""  # what must never be made of it


def at(text: str) -> tuple[datetime, datetime]:
    """The second that a time in UTC gives."""
    start = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return start, start + SECOND


def wide(text: str) -> tuple[datetime, datetime]:
    """A wall clock in any zone of the world."""
    wall = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return wall - EAST, wall - WEST + SECOND


def day(first: str, last: str = "") -> tuple[datetime, datetime]:
    """Days in Europe/London, both included."""
    return start_of(date.fromisoformat(first)), end_of(date.fromisoformat(last or first))


ZONE = "a zone that nobody wrote"
INVENTED = "a day that nobody wrote"
ROWS = (
    # An offset is obeyed, whatever stands beside it.
    Row("header", "Mon, 7 Feb 2022 09:30:00 +0000", at("2022-02-07 09:30:00"), doubted=False),
    Row("header", "Mon, 07 Feb 2022 09:30:00 +0100", at("2022-02-07 08:30:00"), doubted=False),
    Row("header", "Mon, 7 Feb 2022 09:30:00 -0800", at("2022-02-07 17:30:00"), doubted=False),
    Row("header", "Mon, 7 Feb 2022 09:30:00 +0545", at("2022-02-07 03:45:00"), doubted=False),
    Row("header", "Mon, 7 Feb 2022 00:10:00 +1300", at("2022-02-06 11:10:00"), doubted=False),
    Row("header", "Mon, 7 Feb 2022 23:50:00 -1100", at("2022-02-08 10:50:00"), doubted=False),
    Row("header", "Mon, 7 Feb 2022 09:30 +0000", at("2022-02-07 09:30:00"), doubted=False),
    Row("header", "7 Feb 2022 09:30:00 +0000", at("2022-02-07 09:30:00"), doubted=False),
    Row("header", "Mon,7 Feb 2022 09:30:00 +0000", at("2022-02-07 09:30:00")),
    Row("header", "Mon, 7 Feb 2022 09:30:00 +0000 (GMT)", at("2022-02-07 09:30:00"), doubted=False),
    Row("header", "Mon, 7 Feb 2022 09:30:00 +0100 (CET)", at("2022-02-07 08:30:00"), doubted=False),
    Row("header", "Mon, 7 Feb 2022 09:30:00 -0500 (GMT)", at("2022-02-07 14:30:00"), never=ZONE),
    Row("header", "Monday, 7 February 2022 09:30:00 +0000", at("2022-02-07 09:30:00")),
    Row("header", "Mon, 7 FEB 2022 09:30:00 +0000", at("2022-02-07 09:30:00")),
    Row("header", "Mon, 7-Feb-2022 09:30:00 +0000", at("2022-02-07 09:30:00")),
    Row("header", "Mon Feb  7 09:30:00 2022 +0000", at("2022-02-07 09:30:00")),
    Row("header", "Mon Feb 7 09:30:00 +0200 2022", at("2022-02-07 07:30:00")),
    Row("header", "2022-02-07T09:30:00Z", at("2022-02-07 09:30:00")),
    Row("header", "2022-02-07 09:30:00+02:00", at("2022-02-07 07:30:00")),
    Row("header", "2022-02-07T09:30:00.999-03:30", at("2022-02-07 13:00:00")),
    Row("header", "Mon, 7 Feb 2022 9:30:00 PM +0000", at("2022-02-07 21:30:00")),
    Row("header", "Mon, 7 Feb 2022 12:10:00 AM +0000", at("2022-02-07 00:10:00")),
    Row("header", "Mon, 7 Feb 2022 12:10:00 PM +0000", at("2022-02-07 12:10:00")),
    Row("header", "Mon, 7 Feb 2022 09:30:00 Z", at("2022-02-07 09:30:00"), doubted=False),
    Row("header", "Mon, 7 Feb 2022 09:30:00 UTC", at("2022-02-07 09:30:00"), doubted=False),
    Row("header", "Mon, 7 Feb 2022 09:30:00 UT", at("2022-02-07 09:30:00"), doubted=False),
    # Both half past ones of an autumn night, and the hour that spring leaves out.
    Row("header", "Sun, 31 Oct 2021 01:30:00 +0100", at("2021-10-31 00:30:00"), doubted=False),
    Row("header", "Sun, 31 Oct 2021 01:30:00 +0000", at("2021-10-31 01:30:00"), doubted=False),
    Row("header", "Sun, 31 Oct 2021 01:30:00 BST", at("2021-10-31 00:30:00"), doubted=True),
    Row("header", "Sun, 31 Oct 2021 01:30:00 GMT", at("2021-10-31 01:30:00")),
    Row("header", "Sun, 31 Oct 2021 01:30:00", wide("2021-10-31 01:30:00"), True, ZONE),
    Row("header", "Sun, 27 Mar 2022 01:30:00 +0000", at("2022-03-27 01:30:00"), doubted=False),
    Row("header", "Sun, 27 Mar 2022 02:30:00 +0100", at("2022-03-27 01:30:00"), doubted=False),
    Row("header", "Sun, 27 Mar 2022 01:30:00", wide("2022-03-27 01:30:00"), True, ZONE),
    Row("header", "Fri, 31 Dec 2021 23:59:60 +0000", at("2021-12-31 23:59:59")),
    Row("header", "Thu, 29 Feb 2024 09:30:00 +0000", at("2024-02-29 09:30:00"), doubted=False),
    # A zone by name is read by its usual meaning and doubted; others say nothing.
    Row("header", "Fri, 1 Jul 2022 09:30:00 BST", at("2022-07-01 08:30:00"), doubted=True),
    Row("header", "Fri, 1 Jul 2022 09:30:00 GMT", at("2022-07-01 09:30:00"), doubted=True),
    Row("header", "Fri, 1 Jul 2022 09:30:00 CEST", at("2022-07-01 07:30:00"), doubted=True),
    Row("header", "Mon, 7 Feb 2022 09:30:00 EST", at("2022-02-07 14:30:00"), doubted=True),
    Row("header", "Mon, 7 Feb 2022 09:30:00 PST", at("2022-02-07 17:30:00"), doubted=True),
    Row("header", "Mon, 7 Feb 2022 09:30:00 (CET)", at("2022-02-07 08:30:00"), doubted=True),
    Row("header", "Mon, 7 Feb 2022 09:30:00", wide("2022-02-07 09:30:00"), True, ZONE),
    Row("header", "Mon, 7 Feb 2022 09:30:00 -0000", wide("2022-02-07 09:30:00"), True, ZONE),
    Row("header", "Mon, 7 Feb 2022 09:30:00 A", wide("2022-02-07 09:30:00"), True, ZONE),
    Row("header", "Mon, 7 Feb 2022 09:30:00 M", wide("2022-02-07 09:30:00"), True, ZONE),
    Row("header", "Mon, 7 Feb 2022 09:30:00 QQT", wide("2022-02-07 09:30:00"), True, ZONE),
    Row("header", "Mon, 7 Feb 2022 09:30:00 LOCAL", wide("2022-02-07 09:30:00"), True, ZONE),
    Row("header", "Mon, 7 Feb 2022 09:30:00 +2500", wide("2022-02-07 09:30:00"), True, ZONE),
    Row("header", "Mon, 7 Feb 2022 09:30:00 +0099", wide("2022-02-07 09:30:00"), True, ZONE),
    Row("header", "Mon, 7 Feb 2022 09:30:00 -1300", wide("2022-02-07 09:30:00"), True, ZONE),
    Row("header", "Mon Feb  7 09:30:00 2022", wide("2022-02-07 09:30:00"), True, ZONE),
    Row("header", "2022-02-07 09:30:00", wide("2022-02-07 09:30:00"), True, ZONE),
    Row("header", "2022-02-07T09:30:00", wide("2022-02-07 09:30:00"), True, ZONE),
    # A short year and a wrong weekday are read, and doubted.
    Row("header", "Mon, 7 Feb 22 09:30:00 +0000", at("2022-02-07 09:30:00"), doubted=True),
    Row("header", "Mon, 7 Feb 122 09:30:00 +0000", at("2022-02-07 09:30:00"), doubted=True),
    Row("header", "Mon, 7 Feb 99 09:30:00 +0000", at("1999-02-07 09:30:00"), doubted=True),
    Row("header", "Tue, 7 Feb 2022 09:30:00 +0000", at("2022-02-07 09:30:00"), doubted=True),
    Row("header", "7.2.2022 09:30:00 +0100", at("2022-02-07 08:30:00"), doubted=True),
    # What is no date is no time; its words are kept in the doubt.
    Row("header", "Mon, 30 Feb 2022 09:30:00 +0000", None, True, INVENTED),
    Row("header", "Tue, 29 Feb 2022 09:30:00 +0000", None, True, INVENTED),
    Row("header", "Fri, 31 Jun 2022 09:30:00 +0000", None, True, INVENTED),
    Row("header", "Mon, 0 Feb 2022 09:30:00 +0000", None, True, INVENTED),
    Row("header", "Mon, 7 Feb 0000 09:30:00 +0000", None, True, "the year 2000"),
    Row("header", "Mon, 7 Feb 1601 00:00:00 +0000", None, True, "a time of the evidence"),
    Row("header", "Mon, 7 Feb 1969 09:30:00 +0000", None, True, "a time of the evidence"),
    Row("header", "Mon, 7 Feb 2101 09:30:00 +0000", None, True, "a time of the evidence"),
    Row("header", "Mon, 7 Feb 9999 09:30:00 +0000", None, True, "a time of the evidence"),
    Row("header", "Mon, 7 Feb 20220 09:30:00 +0000", None, True, INVENTED),
    Row("header", "Mon, 7 Feb 2022 25:30:00 +0000", None, True, INVENTED),
    Row("header", "Mon, 7 Feb 2022 09:61:00 +0000", None, True, INVENTED),
    Row("header", "Mon, 7 Feb 2022 14:30 PM +0000", None, True, INVENTED),
    Row("header", "Mon, 7 Smarch 2022 09:30:00 +0000", None, True, INVENTED),
    Row("header", "07/02/2022", None, True, "a time of day"),
    Row("header", "February 2022", None, True, INVENTED),
    Row("header", "yesterday at noon", None, True, INVENTED),
    Row("header", "Monday", None, True, INVENTED),
    Row("header", "09:30", None, True, INVENTED),
    Row("header", "", None, False, INVENTED),
    Row("header", "\u0667 Feb 2022 09:30", None, True, INVENTED),
    # Letters, as written in the United Kingdom.
    Row("letter", "7 February 2022", day("2022-02-07"), doubted=False),
    Row("letter", "7th February 2022", day("2022-02-07"), doubted=False),
    Row("letter", "Monday 7 February 2022", day("2022-02-07"), doubted=False),
    Row("letter", "Tuesday 7 February 2022", day("2022-02-07"), doubted=True),
    Row("letter", "Date: 7 February 2022", day("2022-02-07"), doubted=False),
    Row("letter", "Date: 07/02/2022", day("2022-02-07"), doubted=True, never="2 July"),
    Row("letter", "07.02.2022", day("2022-02-07"), doubted=True, never="2 July"),
    Row("letter", "21/02/2022", day("2022-02-21"), doubted=False),
    Row("letter", "02/21/2022", day("2022-02-21"), doubted=True),
    Row("letter", "7 Feb 22", None),
    Row("letter", "1 July 2022", day("2022-07-01"), doubted=False, never="a day in UTC"),
    Row("letter", "w/c 7 February 2022", day("2022-02-07", "2022-02-13")),
    Row("letter", "February 2022", day("2022-02-01", "2022-02-28"), never="one day of it"),
    Row("letter", "31 February 2022", None, never=INVENTED),
    Row("letter", "Date: 29/02/2022", None, never=INVENTED),
    Row("letter", "11 February 1066", None, never="a time of the evidence"),
    Row("letter", "Your letter of 7 February 2022", None, never="the date of this letter"),
    Row("letter", "Date of birth: 7 February 2012", None, never="the date of this letter"),
    Row("letter", "27 March 2022", day("2022-03-27")),
    Row("letter", "30 October 2022", day("2022-10-30")),
    # A file's name, where the letter shows none.
    Row("name", "2022-02-07 reply.pdf", day("2022-02-07")),
    Row("name", "20220207_reply.pdf", day("2022-02-07")),
    Row("name", "reply 7 February 2022.docx", day("2022-02-07")),
    Row("name", "reply 07.02.2022.docx", day("2022-02-07"), never="2 July"),
    Row("name", "2022-02-07 to 2022-02-11.pdf", None, never="one of two days"),
    Row("name", "2022-02-30.pdf", None, never=INVENTED),
    Row("name", "minutes 2022.pdf", None, never=INVENTED),
    Row("name", "01622 123456.pdf", None, never=INVENTED),
    Row("name", "invoice 20229999.pdf", None, never=INVENTED),
    Row("name", "scan0001.pdf", None, never=INVENTED),
    # Running text: quoted days.
    Row("text", "as agreed on 7 February 2022.", day("2022-02-07"), doubted=False),
    Row("text", "as agreed on 07/02/2022.", day("2022-02-07"), doubted=True, never="2 July"),
    Row("text", "as agreed on February 7th, 2022.", day("2022-02-07"), doubted=False),
    Row("text", "as agreed on 7/2.", None, never="a year that nobody wrote"),
    Row("text", "in version 1.2.2022.3", None, never=INVENTED),
    Row("text", "ring 01622 070220", None, never=INVENTED),
    Row("text", "at 2022-02-07T09:30", day("2022-02-07")),
    Row("text", "in May 2022", None, never="one day of it"),
    Row("text", "on 32 January 2022", None, never=INVENTED),
    Row("text", "on 2022-13-07", None, never=INVENTED),
)


def read(row: Row) -> tuple[Moment | None, bool]:
    """What is made of a row's words, and whether a doubt goes with it."""
    if row.where == "header":
        moment, doubts = mail_date(row.said, Basis.DATE_HEADER)
        return moment, bool(doubts)
    if row.where == "letter":
        found = letter_date(["A Council", row.said, ""])
        return (found.moment, bool(found.doubts)) if found else (None, False)
    if row.where == "name":
        return name_date(row.said), False
    written = written_dates(row.said)
    if len(written) != 1:
        return None, bool(written)
    one = written[0]
    return days(one.day, one.day, one.said, Basis.LETTERHEAD), one.doubt is not None


def wrong() -> Iterator[str]:
    """The rows that are not read as the table says."""
    for row in ROWS:
        moment, doubted = read(row)
        found = (moment.earliest, moment.latest) if moment else None
        if found != row.expected:
            yield f"{'NEVER ' if row.never else ''}{row.where}: {row.said!r} gave {found}"
        elif row.doubted is not None and doubted is not row.doubted:
            yield f"{row.where}: {row.said!r} {'has' if doubted else 'lacks'} a doubt"
        elif moment and moment.said not in row.said:
            yield f"{row.where}: {row.said!r} is kept as {moment.said!r}"


if __name__ == "__main__":
    found = list(wrong())
    print("\n".join(found))  # noqa: T201 - a program of the tests
    sys.exit(bool(found))
