'''The formats: one file here is one format, and nothing else has to be told about it.

How to write a parser. Put a file `parsers/NAME.py` here with one decorated generator called NAME:

    from collections.abc import Iterator
    from commtrace.model import Channel, Found, Problem, ProblemKind, Record
    from commtrace.plugins import Item, parser
    from ._text import clean, decode

    @parser(suffixes=(".note",), magic=(b"NOTE1",))
    def note(item: Item) -> Iterator[Found]:
        """A note as our line-of-business system saves it (.note)."""     <- its title everywhere
        text, doubt = decode(item.read(), None)
        yield Record(source=item.source, channel=Channel.NOTE, reader="note", text=clean(text),
                     doubts=(doubt,) if doubt else ())

- It is found by its content: `magic` (first bytes), then `claims` (a function of the item, for
  formats without magic), and by its suffix only where no content speaks.
- It yields values and never raises for a wrong file: a `Record` for each communication, an
  `Embedded` for each thing inside that may be evidence itself (it is sniffed and read again by
  whichever format claims it), a `Problem` with a sentence for whatever could not be read. Items
  in = records + embedded + problems; a test holds every format to it.
- What it had to assume (a charset, a day-first date) is a sentence in `doubts`. It invents nothing:
  an unknown zone gives a wide `Moment`, an unreadable date none.
- Text goes through `_text.clean`, single lines through `_text.clean_line`, so that no control
  character reaches a store, a page or a spreadsheet. HTML goes through `_html.to_text`.
- It imports `commtrace.model`, `moments` and `plugins`, its own library, and the `_shared` modules
  here; it opens no path, writes nothing, asks no clock, no network, and holds no more than it must.
- It comes with a sample and tests in `tests/parsers/`, the file that made you write it among them.

The grammar of `part`. `Source.part` says where in a file something lies, outermost first; whatever
lies inside another has the other's part as its beginning. It is printed in reports, so it is a
promise. Numbers count from 1 in the order of the file.

    ()                                   the whole file
    ("message 42",)                      the 42nd message of a mailbox, or attached to a message
    ("attachment 2",)                    the second attachment in the record's own list
    ("message 42", "attachment 2")       the second attachment of the mailbox's 42nd message
    ("attachment 2", "message 1")        the first message in the second attachment
    ("Inbox", "Sent Items", "item 2097188")   folders of a store, then its own number
    ("page 3",)                          a page
    ("member in/a.eml",)                 a member of an archive, by its label; one that has the same
                                         label as an earlier one gets a number: ("member a (2)",)
    ("attachment 2",)                    also what lay in a winmail.dat, or in a signed envelope,
                                         that came with the message: it is attached to the message
    ("signed content",)                  what a signed envelope that lies alone holds
    ("saved page",)                      the page of a file that holds it with all that it shows
    ("entry 3",)                         an entry of a calendar that has several
    ("sheet Log", "row 17")              a row of a workbook; ("row 17",) of a lone table

How a table is read is for a person to say (`RulingKind.TABLE`, JSON). A proposal stands at the
sheet's place, or at the file's where the file is one table, and its value is

    {"sheet": "Log" or null, "header": 3 (row of the headings from 1, 0 for none),
     "as": "communications" | "audience" | "text", "channel": "letter",
     "columns": {"date": "Date sent", "from": ..., "to": ..., "subject": ..., "reference": ...,
                 "text": ..., "channel": ..., "name": ..., "address": ...},
     "headings": [...], "sample": [[...], ...],
     "dates": {cell: how it would be read as a date, ...}}

A ruling on a sheet has the same grammar; a workbook is told all that was decided on its sheets as a
list of such values, the later one counting for a sheet. An audience comes back as a proposal that
was applied, with `"members": [[name, address], ...]`. Columns go by the names in `headings`: the
heading, "column 3" for an empty one, "Name (5)" for one that stands there before.

An invitation that travels as mail is one communication: the mail, on channel MEETING, with time
and place at the head of its text. Its calendar part is read into it and counted nowhere else.
'''
