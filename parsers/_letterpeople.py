"""Who writes a letter and to whom, from its blocks of lines: signature, letterhead, addressee.

Names and e-mail addresses are taken as the page shows them; a letter without an e-mail address
gives an `Address` whose `address` is "".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from commtrace.model import Address

from ._text import clean_line

TWO_SIGN = "More than one person may have signed the letter; the first is given as its sender."
BY_HEADING = "No signatory was recognised; the sender is the organisation that the letter names."

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
LABELLED = re.compile(
    r"^(?:tel(?:ephone)?|phone|text\s?phone|minicom|fax|e-?mail|web(?:site)?|date|dated|ask for|"
    r"please ask for|direct (?:dial|line)|extension|ext|contact|www\.|https?:|"
    r"by (?:e-?mail|post|hand)|(?:strictly )?(?:private|confidential|personal)|page \d|utrn|"
    r"dyddiad|(?:our|your|my) ref|ref(?:erence)?\b|if you (?:call|write))",
    re.IGNORECASE,
)
TITLE = re.compile(
    r"^(?:mr|mrs|ms|miss|mx|dr|prof(?:essor)?|cllr|councillor|sir|dame|lord|lady|rev(?:erend)?|"
    r"the parents?|parents? (?:of|or)|parent/carer)\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"\b(?:council|school|academy|college|trust|services?|department|directorate|county|borough|"
    r"ltd|limited|plc|llp|centre|office|authority|committee|association|forum|team|university|"
    r"hospital|nhs|helpdesk|desk|unit|board|panel|government|corporation|agency|solicitors|group|coaches|transport|travel|"
    r"commissioner|ombudsman|charity|society)\b",
    re.IGNORECASE,
)
_COPIES = re.compile(r"^(?:c\.?c\.?|copy to|copies to|copied to)\s*[:.]?\s*(.*)$", re.IGNORECASE)
_WORD = r"(?:[A-Z\u00c0-\u00de][\w.'’\-]*|d[aeiu]|del|der|van|von|bin|al|ap|ferch|ten|y|e)"
_NAME = re.compile(rf"^{_WORD}(?:\s+{_WORD}){{1,5}}$")
_TO = re.compile(r"^to:?\s+(?!whom\b|be\b)(\w.{2,100}[^.:])$", re.IGNORECASE)
_HOUSE = re.compile(r"^(?:flat|apt|apartment|unit|room|\d)", re.IGNORECASE)
_FOR = re.compile(r"^(?:(?:for and )?on behalf of|for|p\.?p\.?)\s+", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:officers?|manager|head|director|headteacher|principal|commissioner|chair(?:man|woman|"
    r"person)?|assistant|co-?ordinator|lead|advis[eo]r|secretary|clerk|administrator|executive|"
    r"psychologist|therapist|teacher|consultant|inspector|signature|signed|signatory|enc(?:losure)?s?|"
    r"parents?|carers?|mother|father|chief|deputy|senior|councillor for|customer)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(
    r"(?:,?\s+(?:B[AS]c?|BEd|M[ABS]A?c?|MEd|MPhil|PhD|DPhil|DClinPsy|LLB|LLM|OBE|MBE|CBE|JP|QTS|NPQH|"
    r"PGCE|MP|FRSA|RN|RGN|CPsychol|\(Hons\)|\(Oxon\)|\(Cantab\)))+$"
)
_PLAIN_NAME = re.compile(r"^[^\W\d_][\w.'’\-]*(?:\s+[^\W\d_][\w.'’\-]*){0,3}$")
_GREETED = re.compile(r"^(?:dear|annwyl)\s+", re.IGNORECASE)
_NO_NAME = re.compile(
    r"^(?:sirs?|madam|sir\s*(?:/|or)\s*madam|colleagues?|all|customer|resident|parents?|carers?|"
    r"parent\s*(?:/|or|and)\s*carers?|parents\s*(?:/|or|and)\s*carers|guardian)$",
    re.IGNORECASE,
)


def signatory(tail: Sequence[str]) -> tuple[str | None, str]:
    """Who signs: the first line below the close that is a name, and a doubt where two may sign.

    Where no line looks like one, the very first line counts if it is a few plain words ("ada").
    """
    near = [line.strip() for line in tail if line.strip()][:6]
    for line in near:
        columns = re.split(r"\s{3,}|\t", line)
        name = _signed(columns[0], _NAME)
        if name:
            return name, TWO_SIGN if len(columns) > 1 and _signed(columns[1], _NAME) else ""
    first = _signed(near[0], _PLAIN_NAME) if near else ""
    return first or None, ""


def _signed(line: str, pattern: re.Pattern[str]) -> str:
    """The name in a line of a signature block, without degrees or an office after a comma."""
    bare = _FOR.sub("", clean_line(line)).partition(",")[0].strip()
    name = re.sub(r"\s*\([^)]*\)\s*$", "", _LETTERS.sub("", bare))
    if LABELLED.match(name) or len(name) > 60 or EMAIL.search(name) or _ROLE.search(name):
        return ""
    return name if pattern.match(name) and not _ORGANISATION.search(name) else ""


def sender(
    head: Sequence[str], tail: Sequence[str], *, signed_by: str | None, greeted: str | None
) -> tuple[Address | None, str]:
    """The signatory, else the organisation at the head, and the letterhead's e-mail address."""
    private = bool(signed_by) and _body_written_to(head, signed_by) is not None
    signing = _signing_organisation(tail)
    organisation = "" if private else _organisation(head, greeted)
    name = signed_by or signing or organisation
    if not name:
        return None, ""
    behind = organisation or signing
    said = f"{name}, {behind}" if behind and behind != name else name
    address = _own_email([*head, *tail[:15]])
    return Address(name=name, address=address, said=said), "" if signed_by else BY_HEADING


def _own_email(lines: Sequence[str]) -> str:
    """The letter's only e-mail address that is not the addressee's; "" for none or several."""
    found = {
        match[0].strip(".").lower(): match[0].strip(".")
        for line in lines
        if not re.match(r"\s*by\s+e-?mail", line, re.IGNORECASE) and not _COPIES.match(line.strip())
        for match in EMAIL.finditer(line)
    }
    return next(iter(found.values())) if len(found) == 1 else ""


def blocks(lines: Sequence[str]) -> list[list[str]]:
    """Runs of lines between blank ones."""
    found: list[list[str]] = [[]]
    for line in (line.strip() for line in lines):
        if line:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [block for block in found if block]


def _organisation(head: Sequence[str], greeted: str | None) -> str:
    """The first line of the head that names a body and is not in the addressee's block."""
    addressee = _addressee_block(head, greeted)
    for block in blocks(head):
        if addressee is not None and block == addressee:
            continue
        for line in block:
            name = clean_line(re.split(r"\s{3,}|\t", line)[0])
            if (
                _ORGANISATION.search(name)
                and not _TO.match(name)
                and not LABELLED.match(name)
                and len(name) <= 80
            ):
                return name
    return ""


def _signing_organisation(tail: Sequence[str]) -> str:
    """A body named among the first lines below the close."""
    near = [clean_line(line) for line in tail if line.strip()][:8]
    return next(
        (
            line
            for line in near
            if _ORGANISATION.search(line)
            and len(line) <= 80
            and not line.endswith(".")
            and not LABELLED.match(line)
            and not _COPIES.match(line)
        ),
        "",
    )


def recipients(
    head: Sequence[str], *, greeted: str | None, signed_by: str | None = None
) -> tuple[Address, ...]:
    """Whom the letter is addressed to: the addressee's block, else the person greeted."""
    block = _body_written_to(head, signed_by) or _addressee_block(head, greeted)
    by_mail = _addressed_email(head)
    if block is not None:
        line = _line_of(block, _surname(greeted)) or _first_name_line(block)
        name = clean_line(re.split(r"\s{3,}|\t", line)[0]).rstrip(",")
        address = by_mail or _one_email(block)
        ends = next((n for n, text in enumerate(block) if n and LABELLED.match(text)), 8)
        return (Address(name=name, address=address, said=", ".join(block[: min(ends, 8)])),)
    person = _person_greeted(greeted) or (_to_all(head) if greeted else "")
    if person or by_mail:
        return (Address(name=person, address=by_mail, said=person or by_mail),)
    return ()


def _body_written_to(head: Sequence[str], signed_by: str | None) -> list[str] | None:
    """The first body below the writer's own name, where the writer's name heads the letter."""
    lines = [line.strip().lower() for line in head]
    if not signed_by or signed_by.lower() not in lines:
        return None
    below = blocks(head[lines.index(signed_by.lower()) + 1 :])
    return next((b for b in below if any(_ORGANISATION.search(line) for line in b[:3])), None)


def _to_all(head: Sequence[str]) -> str:
    """Whom a circular says it is for: "To families of pupils at ..."."""
    found = (_TO.match(line.strip()) for line in head)
    return next((clean_line(match[1]).rstrip(",.") for match in found if match), "")


def _addressed_email(head: Sequence[str]) -> str:
    lines = [line for line in head if re.match(r"\s*by\s+e-?mail", line, re.IGNORECASE)]
    return _one_email(lines)


def _one_email(lines: Sequence[str]) -> str:
    found = [match[0].strip(".") for line in lines for match in EMAIL.finditer(line)]
    return found[0] if len(found) == 1 else ""


def _person_greeted(greeted: str | None) -> str:
    if not greeted:
        return ""
    name = _GREETED.sub("", greeted).strip(" ,:")
    return "" if _NO_NAME.match(name) or name == greeted or name.startswith("[") else name


def _surname(greeted: str | None) -> str:
    words = re.findall(r"[^\W\d_][\w'’\-]+", _person_greeted(greeted))
    return words[-1].lower() if words else ""


def _addressee_block(head: Sequence[str], greeted: str | None) -> list[str] | None:
    """The block that holds the person greeted, else a postal address that is no organisation's.

    Where a letterhead and an addressee are both organisations, the addressee is the last one.
    """
    all_blocks = blocks(head)
    surname = _surname(greeted)
    if surname:
        named = [b for b in all_blocks if _line_of(b, surname)]
        if named:
            return _from_line(named[-1], _line_of(named[-1], surname))
    titled = [b for b in all_blocks if TITLE.match(b[0])]
    if titled:
        return titled[-1]
    postal = [b for b in all_blocks if any(_POSTCODE.search(line) for line in b) and len(b) > 1]
    private = [b for b in postal if not any(_is_letterhead(line) for line in b)]
    named = [b for b in private if not _HOUSE.match(b[0])]
    if named:
        return named[0]
    bodies = [b for b in postal if b not in private]
    if private and bodies:  # a private writer's own address, and the body written to
        return bodies[-1]
    if greeted:
        return _window_block(all_blocks)
    return private[0] if len(private) == 1 and len(postal) == 1 else None


def _window_block(all_blocks: Sequence[list[str]]) -> list[str] | None:
    """A first block of short lines, as it shows in an envelope's window."""
    first = all_blocks[0] if all_blocks else []
    short = 3 <= len(first) <= 8 and all(len(line) <= 45 for line in first)
    plain = not any(_is_letterhead(line) or re.search(r"\b\d{4}\b", line) for line in first)
    return first if short and plain and not _HOUSE.match(first[0]) else None


def _is_letterhead(line: str) -> bool:
    return bool(_ORGANISATION.search(line) or LABELLED.match(line) or EMAIL.search(line))


def _from_line(block: list[str], line: str) -> list[str]:
    return block[block.index(line) :] if line in block else block


def _line_of(block: Sequence[str], surname: str) -> str:
    if not surname:
        return ""
    word = re.compile(rf"(?<!\w){re.escape(surname)}(?!\w)", re.IGNORECASE)
    return next(
        (line for line in block if word.search(EMAIL.sub("", line)) and not LABELLED.match(line)),
        "",
    )


def _first_name_line(block: Sequence[str]) -> str:
    return next((line for line in block if not LABELLED.match(line)), block[0])


def copies(tail: Sequence[str]) -> tuple[Address, ...]:
    """Who is copied: the names after "cc:" below the signature."""
    lines = [line.strip() for line in tail]
    start = next((n for n, line in enumerate(lines) if _COPIES.match(line)), None)
    if start is None:
        return ()
    first = _COPIES.match(lines[start])
    block = [first[1]] if first and first[1] else []
    for line in lines[start + 1 : start + 12]:
        if not line and block:
            break
        if line:
            block.append(line)
    return tuple(person for line in block for person in several(line))


def several(text: str) -> tuple[Address, ...]:
    """The persons in a list such as "Jane Smith; Tom Brown"; a name keeps the office after it."""
    people: list[str] = []
    for part in text.split(";"):
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        each = all(_NAME.match(piece) or EMAIL.search(piece) for piece in pieces)
        people += pieces if each else [part.strip()]
    return tuple(named(person) for person in people if person)


def named(text: str) -> Address:
    """A person as a memo names one: words, and an e-mail address where one stands among them."""
    said = clean_line(text)
    found = EMAIL.search(said)
    name = clean_line(EMAIL.sub(" ", said)).strip(" <>()[],;:'\"") if found else said
    return Address(name=name, address=found[0].strip(".") if found else "", said=said)
