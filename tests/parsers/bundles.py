"""Documents set by code with boundaries that are known: bundles of many layouts, and long reports.

Each is Typst markup of whole sheets, so that the pages of every item are known before it is set.
`HELD_OUT` was written before the rules and is never looked at while they are changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import typst


@dataclass(frozen=True)
class Bundle:
    """Markup of sheets, and the numbers of those on which an item begins (the first included)."""

    name: str
    sheets: tuple[str, ...]
    starts: tuple[int, ...]
    top: str = ""  # set before the first sheet


def pdf_of(bundle: Bundle) -> bytes:
    """The PDF of a bundle, one page for each of its sheets."""
    page = '#set page(paper: "a4", margin: 2cm)\n#set text(size: 10.5pt)\n' + bundle.top
    return typst.compile((page + "\n#pagebreak()\n".join(bundle.sheets)).encode())


def bound(name: str, items: Sequence[Sequence[str]], *, top: str = "") -> Bundle:
    """A bundle of items, each of one sheet or more."""
    starts, sheets = [], []
    for item in items:
        starts.append(len(sheets) + 1)
        sheets += item
    return Bundle(name, tuple(sheets), tuple(starts), top)


def prose(words: int, *, seed: str = "") -> str:
    return f"{seed} #lorem({words})"


NAMES = (
    "Amy Parrish",
    "Tom Okafor",
    "Jean Clarke",
    "Sita Rao",
    "Owen Price",
    "Zoe Marsh",
    "Ian Bell",
)
DAYS = (
    "3 March 2022",
    "17 March 2022",
    "2 April 2022",
    "11 May 2022",
    "30 May 2022",
    "8 June 2022",
    "21 July 2022",
)


def letter(n: int, *, pages: int = 1, head: str = "council") -> list[str]:
    """A letter from the council, or from a parent with the address on the right."""
    name, day = NAMES[n % 7], DAYS[n % 7]
    council = "#align(right)[Wantsum County Council \\ Sessions House \\ Wantsum CT9 1XQ]"
    private = f"#align(right)[{n + 3} Mill Lane \\ Wantsum \\ CT5 2BC]"
    own, ref = (council, f"Our ref: SEN/22/{n:03}") if head == "council" else (private, "")
    to = (
        f"{name} \\ {n + 3} Mill Lane \\ Wantsum \\ CT5 2BC"
        if head == "council"
        else ("Head of Transport \\ Wantsum County Council")
    )
    dear = f"Dear {name.split()[1]}" if head == "council" else "Dear Sir or Madam"
    close = (
        "Yours sincerely \\ \\ Jane Smith"
        if head == "council"
        else (f"Yours faithfully \\ \\ {name}")
    )
    first = f"{own}\n\n{to}\n\n{day}\n\n{ref}\n\n{dear}\n\n*Transport to school*\n\n{prose(120)}"
    if pages == 1:
        return [f"{first}\n\n{close}"]
    middle = [prose(200) for _ in range(pages - 2)]
    return [f"{first}\n\n{prose(180)}", *middle, f"{prose(60)}\n\n{close}"]


def mail(n: int, *, pages: int = 1, style: str = "outlook") -> list[str]:
    """A mail as Outlook, Apple Mail or Gmail prints it."""
    name, day = NAMES[n % 7], DAYS[n % 7]
    box = f"{name.split()[0].lower()}\\@mail.example"
    if style == "outlook":
        rows = [
            ("From", f"{name} \\<{box}\\>"),
            ("Sent", f"{day} 1{n % 10}:04"),
            ("To", "Transport Team"),
            ("Subject", f"Route {n}"),
        ]
        head = "*Jane Smith* \\ #line(length: 100%)\n" + table(rows)
    elif style == "apple":
        rows = [
            ("From", f"{name} \\<{box}\\>"),
            ("Subject", f"Route {n}"),
            ("Date", f"{day} at 1{n % 10}:04:11 GMT"),
            ("To", "Transport \\<transport\\@council.example\\>"),
        ]
        head = table(rows)
    else:
        head = (
            f"*Gmail - Route {n}*\n\n*Route {n}* \\ 1 message\n\n#line(length: 100%)\n"
            f"*{name} \\<{box}\\>* #h(1fr) {day} at 1{n % 10}:04 \\\n"
            "To: Transport \\<transport\\@council.example\\>\n"
        )
    return [f"{head}\n\nHello\n\n{prose(90)}\n\n{name}", *(prose(150) for _ in range(pages - 1))]


def table(rows: Sequence[tuple[str, str]]) -> str:
    cells = ", ".join(f"[*{label}:*], [{value}]" for label, value in rows)
    return f"#grid(columns: (3cm, 1fr), row-gutter: 4pt, {cells})\n"


def experience(
    n: int, *, pages: int = 1, heading: str = "Experience {n}", dated: str = "Date: {day}"
) -> list[str]:
    said = dated.format(day=DAYS[n % 7], month=DAYS[n % 7].partition(" ")[2])
    top = f"= {heading.format(n=n, day=DAYS[n % 7])}\n\n{said}\n\n{prose(170)}"
    return [top, *(prose(220) for _ in range(pages - 1))]


def numbered(item: Sequence[str]) -> list[str]:
    """Sheets with "Page 1 of 2" at their foot."""
    total = len(item)
    return [
        f"{sheet}\n\n#v(1fr)\n#align(center)[Page {n} of {total}]"
        for n, sheet in enumerate(item, 1)
    ]


def minutes(n: int, pages: int = 2) -> list[str]:
    top = (
        f"*MINUTES of the meeting of the Parents Forum* \\ held on {DAYS[n % 7]} at 10.00 am\n\n"
        f"Present: {', '.join(NAMES[:4])}\n\n1. Apologies\n\n{prose(90)}\n\n"
        f"2. Transport\n\n{prose(90)}"
    )
    more = [f"{k}. Matters arising\n\n{prose(170)}" for k in range(3, 2 + pages)]
    return [top, *more]


def statement(n: int, pages: int = 2) -> list[str]:
    first = f"Statement of {NAMES[n % 7]}\n\nI, {NAMES[n % 7]}, say as follows.\n\n{prose(200)}"
    last = f"{prose(80)}\n\nSigned {NAMES[n % 7]}\n\nDated {DAYS[n % 7]}"
    return numbered([first, *(prose(200) for _ in range(pages - 2)), last])


COVER = "#v(5cm)\n#align(center)[#text(20pt)[Families' experiences of transport to school]]"


def _bookmarked(items: Sequence[Sequence[str]], titles: Sequence[str]) -> list[list[str]]:
    return [
        [f"#place(hide[= {title}])\n{item[0]}", *item[1:]]
        for item, title in zip(items, titles, strict=True)
    ]


def _index(items: Sequence[Sequence[str]], titles: Sequence[str]) -> list[list[str]]:
    """A list of documents with pages, before the items."""
    rows, page = [], 2
    for item, title in zip(items, titles, strict=True):
        rows.append(f"{title} #box(width: 1fr, repeat[.]) {page}")
        page += len(item)
    return [["*Index*\n\n" + " \\\n".join(rows)], *map(list, items)]


PLAIN = "#set heading(numbering: none)\n"

WRITING = (  # those that were looked at while the rules were written
    bound("letters on letterheads", [letter(n, pages=1 + n % 3) for n in range(6)]),
    bound(
        "complaints, answers and mails",
        [
            letter(0, head="private"),
            letter(1, pages=2),
            mail(2),
            letter(3, head="private", pages=2),
            mail(4, pages=2),
            letter(5),
        ],
    ),
    bound(
        "experiences behind a cover",
        [[COVER, prose(200)], *(experience(n, pages=1 + n % 2) for n in range(1, 9))],
    ),
    bound("statements with their own page numbers", [statement(n, 2 + n % 2) for n in range(4)]),
    bound(
        "joined files with bookmarks",
        _bookmarked(
            [[prose(150)], [prose(200), prose(100)], [prose(90)]],
            ["Complaint 14.02.2022.pdf", "Reply 3 March 2022.docx", "RE\\_ transport.msg"],
        ),
    ),
    bound(
        "an index of dated documents",
        _index(
            [
                [f"{DAYS[0]}\n\n{prose(150)}"],
                [f"{DAYS[1]}\n\n{prose(150)}", prose(100)],
                [f"{DAYS[2]}\n\n{prose(120)}"],
                [f"{DAYS[3]}\n\n{prose(120)}"],
            ],
            [
                f"{kind}, {day}"
                for kind, day in zip(("Note", "Form", "Plan", "Report"), DAYS, strict=False)
            ],
        ),
    ),
    bound("a letter that encloses a mail", [letter(2, pages=2), mail(1)]),
)

HELD_OUT = (
    bound(
        "families without dates",
        [
            [COVER],
            *(
                experience(n, pages=1 + n % 3, heading="Family {n}", dated="Child aged 9")
                for n in range(1, 10)
            ),
        ],
    ),
    bound(
        "stories with the day in the heading",
        [experience(n, heading="Story {n}: {day}", dated="") for n in range(1, 6)],
    ),
    bound("parents' letters one behind another", [letter(n, head="private") for n in range(5)]),
    bound(
        "mails of Apple and Gmail among letters",
        [
            letter(0),
            mail(1, style="apple"),
            mail(2, style="gmail"),
            letter(3, pages=2),
            mail(4, style="apple", pages=2),
        ],
    ),
    bound("several sets of minutes", [minutes(n, 1 + n % 3) for n in range(4)]),
    bound(
        "sheets before each letter",
        [
            [f"#align(center)[#text(24pt)[Exhibit {chr(65 + n)}]]", *letter(n, pages=1 + n % 2)]
            for n in range(4)
        ],
    ),
    bound(
        "complaints with a form and a month",
        [
            experience(n, heading="Complaint {n}", dated="Received: {month}", pages=2)
            for n in range(1, 5)
        ],
    ),
)


def _chapters(word: str, count: int, pages: int = 2) -> list[str]:
    return [
        sheet
        for n in range(1, count + 1)
        for sheet in [f"= {word} {n}\n\n{prose(180)}", *(prose(220) for _ in range(pages - 1))]
    ]


def _footed(sheets: Sequence[str]) -> tuple[str, ...]:
    return tuple(numbered(list(sheets)))


TEMPLATE = (
    "Dear \\[parent or carer\\]\n\n[date]\n\n" + prose(80) + "\n\nYours sincerely\n\n\\[name\\]"
)
CONTENTS = "*Contents*\n\n" + " \\\n".join(
    f"{n}. {title} #box(width: 1fr, repeat[.]) {n * 3}"
    for n, title in enumerate(("Introduction", "What families said", "Findings", "Next steps"), 1)
)
FOREWORD = (
    f"*Foreword*\n\nDear reader\n\n{prose(150)}\n\nYours sincerely\n\nCllr A. Hope\n\n3 March 2022"
)

ORDINARY = (
    Bundle("a report in chapters", (COVER, CONTENTS, *_chapters("Chapter", 6, 3)), (1,)),
    Bundle(
        "a policy with appendices and a model letter",
        (
            COVER,
            CONTENTS,
            *_footed([prose(200) for _ in range(5)]),
            f"= Appendix A\n\n{TEMPLATE}",
            f"= Appendix B\n\n{prose(150)}",
            f"= Appendix C\n\n{TEMPLATE}",
        ),
        (1,),
    ),
    Bundle("long minutes", tuple(minutes(1, 12)), (1,)),
    Bundle("a long letter", tuple(letter(1, pages=5)), (1,)),
    Bundle(
        "a report with case studies",
        (COVER, *(prose(200) for _ in range(6)), *_chapters("Case study", 4, 1), prose(150)),
        (1,),
    ),
    Bundle(
        "a strategy with a foreword", (COVER, FOREWORD, CONTENTS, *_chapters("Priority", 5)), (1,)
    ),
    Bundle(
        "a report of workshops with their dates",
        (
            COVER,
            *(f"= Workshop {n + 1}\n\n{DAYS[n]}\n\n{prose(180)}" for n in range(5)),
            prose(200),
        ),
        (1,),
    ),
    Bundle("numbered pages throughout", _footed([prose(220) for _ in range(30)]), (1,)),
    Bundle("questions and answers", tuple(_chapters("Question", 8, 1)), (1,)),
    Bundle(
        "a timetable full of dates",
        tuple(
            f"Route {n} from {DAYS[n % 7]}\n\n"
            + " \\\n".join(f"{day} 08:{n:02} Stop {n}" for day in DAYS)
            for n in range(12)
        ),
        (1,),
    ),
    Bundle(
        "minutes with their date at the head of each page",
        tuple(f"Minutes of the Cabinet, 3 March 2022\n\n{prose(190)}" for _ in range(6)),
        (1,),
    ),
    Bundle(
        "a report that quotes a letter",
        (
            prose(200),
            (
                f"{prose(120)}\n\nA parent wrote on 3 March 2022:\n\nDear Sir\n\n{prose(40)}"
                "\n\nYours faithfully"
            ),
            prose(200),
        ),
        (1,),
    ),
    Bundle(
        "recommendations and responses in a report",
        (
            COVER,
            *(f"= Recommendation {n}\n\nAgreed {DAYS[n]}\n\n{prose(150)}" for n in range(1, 6)),
        ),
        (1,),
    ),
    Bundle(
        "a report that opens with a dated letter to its reader",
        (COVER, *letter(1), CONTENTS, *_chapters("Chapter", 5)),
        (1,),
    ),
    Bundle(
        "a review of some cases with their dates",
        (
            COVER,
            *(prose(200) for _ in range(8)),
            *(f"= Case {n}\n\nReferred {DAYS[n]}\n\n{prose(150)}" for n in range(1, 5)),
            prose(200),
        ),
        (1,),
    ),
    Bundle(
        "a policy with model letters that are numbered",
        (*(prose(200) for _ in range(6)), *(f"= Letter {n}\n\n{TEMPLATE}" for n in range(1, 4))),
        (1,),
    ),
)
