"""Which records are copies of one message, and what each communication is called.

Two records are copies if they carry one Message-ID that their content does not contradict, or if
sent second, sender, recipients, subject and the letters and digits of the text agree whatever their
ids (archives make up new ones); a record without an id needs only the minute. Content contradicts
where sender, attachments or text differ beyond a banner before it or a footer after it: such
imposters each get their own name. A printed copy joins the one original of its subject and minute
that holds its words. The answer is a function of the set of records, so the order in which they
arrive cannot matter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from typing import Any

from commtrace.model import Address, Channel, Grade, Record, digest
from commtrace.store.printed import holds, is_printed, letters, london_minute, may_be_one, words

MOST_COMPARED = 64  # different contents under one Message-ID that are compared pair by pair
MOST_ALIKE = 200  # mails, or sheets, of one minute and subject that print is held against
_SHORTEST = 24  # letters and digits below which a text is too short to be found inside another
_SHARE = 0.5  # of the shorter text that two copies must have in common, end to end
_LATIN = 0.8  # of the bytes of a text's letters that are ASCII where only its accents are not
_BEYOND_ASCII = bytes(range(128, 256))
_PREFIX = re.compile(r"^\s*(?:(?:re|fw|fwd|aw|wg|sv|vs|tr)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|mailto:|cid:)\S+")
NESTED = frozenset({"message/rfc822", "application/vnd.ms-outlook"})


@dataclass(frozen=True, slots=True)
class Traits:
    """What a record is compared by.

    `second` is the start of the sent time in seconds since 1970; `sender` is "" where no address is
    known; `letters` is a digest of the letters and digits of the text, "" if there are none;
    `weight` orders copies by completeness; `name` is the id the content gives a record without a
    Message-ID, None where it says too little. `minute_key` is of sender, minute, subject and text;
    `print_key` of London minute and subject alone, odd for what is known from print and even for
    what is not; `who` are the words of the sender's name.
    """

    message_id: str | None
    second: int | None
    sender: str
    recipients: str
    letters: str
    attachments: tuple[str, ...]
    weight: int
    name: str | None
    message_key: int | None
    minute_key: int | None
    print_key: int | None
    who: str

    @property
    def printed(self) -> bool:
        """Whether it is a copy on paper, or a quotation, and no mail itself."""
        return self.print_key is not None and bool(self.print_key & 1)

    def as_list(self) -> list[Any]:
        """The fields in order, as a row keeps them."""
        return [
            self.message_id, self.second, self.sender, self.recipients, self.letters,
            list(self.attachments), self.weight, self.name, self.message_key, self.minute_key,
            self.print_key, self.who,
        ]  # fmt: skip

    @staticmethod
    def from_list(row: Sequence[Any]) -> Traits:
        """The traits that `as_list` gave."""
        message_id, second, sender, recipients, said, attached, weight, name, *keys = row
        return Traits(
            message_id, second, sender, recipients, said, tuple(attached), weight, name, *keys
        )


@dataclass(frozen=True, slots=True)
class Copy:
    """A record among those that may be copies of one another; `place` orders them."""

    record: int
    place: tuple[str, str]
    traits: Traits


@dataclass(frozen=True, slots=True)
class Group:
    """One communication: its name, its records, and whether its Message-ID is disputed.

    `unsure` is where it is known from print and may be a copy of a mail it was kept apart from.
    """

    name: str
    records: tuple[int, ...]
    disputed: bool
    unsure: bool = False


def base_subject(subject: str) -> bytes:
    """The letters and digits of a subject without its reply and forward prefixes."""
    return letters(_PREFIX.sub("", subject))


def traits_of(record: Record) -> Traits:
    """What `record` is compared by."""
    folded = letters(record.text)
    said = sha256(folded).hexdigest()[:32] if folded else ""
    second = None if record.sent is None else int(record.sent.earliest.timestamp())
    sender = _sender(record.sender)
    people = sorted({_folded(a) for a in (*record.to, *record.cc)})
    attached = tuple(
        sorted({a.sha256[:32] for a in record.attachments if a.media_type not in NESTED})
    )
    recipients = sha256("\n".join(people).encode("utf-8", "replace")).hexdigest()[:16]
    message_id = (record.message_id or "").strip(" \t\r\n<>") or None
    minute_key, print_key, name = None, None, None
    if second is not None and folded and record.grade is not Grade.ENTERED:  # a copy of nothing
        agreed = (str(second // 60), sender or _folded(record.sender), base_subject(record.subject))
        minute_key = _key("minute", *agreed, said)
        if record.channel is Channel.EMAIL and (minute := london_minute(record)) is not None:
            alike = _key("print", str(minute), base_subject(record.subject))
            print_key = alike | 1 if is_printed(record) else alike & ~1
        if message_id is None:
            name = digest("content", *agreed, said, recipients, *attached)
    return Traits(
        message_id=message_id,
        second=second,
        sender=sender,
        recipients=recipients,
        letters=said,
        attachments=attached,
        weight=_weight(record, len(record.text)),
        name=name,
        message_key=_key("message", message_id) if message_id else None,
        minute_key=minute_key,
        print_key=print_key,
        who=" ".join(sorted(words(record.sender.name if record.sender else ""))),
    )


def _key(*parts: str | bytes) -> int:
    return int(digest(*parts), 16) - (1 << 63)


def _folded(address: Address | None) -> str:
    if address is None:
        return ""
    return (address.address or address.name or address.said).strip().casefold()


def _sender(address: Address | None) -> str:
    folded = _folded(address)
    return folded if "@" in folded else ""


def _weight(record: Record, length: int) -> int:
    people = len(record.to) + len(record.cc) + len(record.bcc)
    dated = record.sent is not None
    counts = min(length, 2**30) * 2**20 + min(len(record.attachments), 1023) * 1024
    first_hand = record.grade is Grade.ORIGINAL
    return (first_hand << 53) + (dated << 52) + counts + min(people, 1023)


def lone_name(copy: Copy) -> str:
    """The name of a record that no other record shares a key with."""
    traits = copy.traits
    if traits.message_id:
        return digest("message-id", traits.message_id)
    return traits.name or digest("place", *copy.place)


Texts = Callable[[Iterable[int]], Mapping[int, str]]


def groups(
    copies: Iterable[Copy], texts: Texts, met: AbstractSet[int] = frozenset()
) -> list[Group]:
    """Sort records that share keys into communications.

    `copies` must hold every record that shares a Message-ID or a minute key with one of them, and
    every record of the print keys `met`, those without their lowest bit of which there are both
    mails and sheets; `texts` gives the text of records by number and is asked only where needed.
    """
    ordered = sorted(copies, key=lambda copy: copy.place)
    joined = _Joined(copy.record for copy in ordered)
    by_message = _by(ordered, lambda copy: copy.traits.message_id)
    for same_id in by_message.values():
        _join_same_content(same_id, joined, texts)
    _join_same_second(ordered, joined)
    for same_id in by_message.values():
        _join_incomplete(same_id, joined, texts)
    _join_without_id(ordered, joined)
    unsure = _join_printed(ordered, joined, texts, met)
    return _named(ordered, joined, unsure)


class _Joined:
    """Disjoint sets of records (Tarjan 1975), each known by its first member."""

    def __init__(self, records: Iterable[int]) -> None:
        self.parent = {record: record for record in records}
        self.rank = {record: place for place, record in enumerate(self.parent)}

    def find(self, record: int) -> int:
        root = record
        while self.parent[root] != root:
            root = self.parent[root]
        while self.parent[record] != root:
            self.parent[record], record = root, self.parent[record]
        return root

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.find(one), self.find(other)), key=self.rank.__getitem__)
        self.parent[second] = first


def _by(copies: Iterable[Copy], key: Callable[[Copy], Any]) -> dict[Any, list[Copy]]:
    found: dict[Any, list[Copy]] = defaultdict(list)
    for copy in copies:
        value = key(copy)
        if value is not None:
            found[value].append(copy)
    return found


def _complete(copy: Copy) -> bool:
    return bool(copy.traits.sender and copy.traits.letters)


def _distinct(copies: Iterable[Copy], joined: _Joined) -> list[Copy]:
    """One copy of each exact content, the others joined to it."""
    firsts: dict[tuple[str, str, tuple[str, ...]], Copy] = {}
    for copy in copies:
        traits = copy.traits
        first = firsts.setdefault((traits.letters, traits.sender, traits.attachments), copy)
        joined.join(first.record, copy.record)
    return list(firsts.values())


def _join_same_content(copies: list[Copy], joined: _Joined, texts: Texts) -> None:
    if len(copies) == 1:
        return
    distinct = [copy for copy in _distinct(copies, joined) if _complete(copy)]
    if not 1 < len(distinct) <= MOST_COMPARED:
        return
    plain = _plain_texts(distinct, texts)
    for one, other in combinations(distinct, 2):
        if one.traits.sender != other.traits.sender or not _attachments_agree(one, other):
            continue
        if same_text(plain[one.record], plain[other.record]):
            joined.join(one.record, other.record)


def _plain_texts(copies: Sequence[Copy], texts: Texts) -> dict[int, bytes]:
    found = texts(copy.record for copy in copies)
    return {record: letters(_LINK.sub("", text)) for record, text in found.items()}


def _attachments_agree(one: Copy, other: Copy) -> bool:
    first, second = set(one.traits.attachments), set(other.traits.attachments)
    return first <= second or second <= first


def same_text(one: bytes, other: bytes) -> bool:
    """Whether two texts, as letters and digits, differ by no more than a banner or a footer.

    One must lie unbroken inside the other, or end with what the other begins with. Letters beyond
    ASCII may differ while they are few: a mailbox that lost its charset still holds a copy.
    """
    if _same_letters(one, other):
        return True
    plain, other_plain = one.translate(None, _BEYOND_ASCII), other.translate(None, _BEYOND_ASCII)
    few = len(plain) >= _LATIN * len(one) and len(other_plain) >= _LATIN * len(other)
    return few and _same_letters(plain, other_plain)


def _same_letters(one: bytes, other: bytes) -> bool:
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    if len(short) < _SHORTEST:
        return False
    return short in long or _overlap(one, other) or _overlap(other, one)


def _overlap(first: bytes, second: bytes) -> bool:
    """Whether `first` ends with the beginning of `second`, over half of the shorter."""
    start = first.find(second[:_SHORTEST])
    while start >= 0:
        common = len(first) - start
        if common < _SHARE * min(len(first), len(second)):
            return False
        if second.startswith(first[start:]):
            return True
        start = first.find(second[:_SHORTEST], start + 1)
    return False


def _join_same_second(copies: Iterable[Copy], joined: _Joined) -> None:
    def key(copy: Copy) -> tuple[Any, ...] | None:
        traits = copy.traits
        if traits.minute_key is None:
            return None
        return traits.minute_key, traits.second, traits.recipients

    for alike in _by(copies, key).values():
        firsts: dict[tuple[str, ...], Copy] = {}
        for copy in alike:
            first = firsts.setdefault(copy.traits.attachments, copy)
            joined.join(first.record, copy.record)
        for one, other in combinations(list(firsts.values())[:MOST_COMPARED], 2):
            if _attachments_agree(one, other):
                joined.join(one.record, other.record)


def _join_incomplete(copies: list[Copy], joined: _Joined, texts: Texts) -> None:
    """Give a copy without sender or text to the first communication it does not contradict."""
    whole = [copy for copy in copies if _complete(copy)]
    rest = [copy for copy in copies if not _complete(copy)]
    if not rest or not whole:
        return
    firsts = list({joined.find(copy.record): copy for copy in reversed(whole)}.values())[::-1]
    if len(firsts) > MOST_COMPARED:
        return
    plain = _plain_texts([*firsts, *rest[:MOST_COMPARED]], texts)
    for copy in rest[:MOST_COMPARED]:
        for candidate in firsts:
            if _could_be(copy, candidate, plain):
                joined.join(copy.record, candidate.record)
                break


def _could_be(copy: Copy, whole: Copy, plain: Mapping[int, bytes]) -> bool:
    if copy.traits.sender not in ("", whole.traits.sender):
        return False
    if not _attachments_agree(copy, whole):
        return False
    return not copy.traits.letters or same_text(plain[copy.record], plain[whole.record])


def _join_without_id(copies: Sequence[Copy], joined: _Joined) -> None:
    """Give records without a Message-ID to the communication nearest in time within the minute."""

    def key(copy: Copy) -> tuple[Any, ...] | None:
        traits = copy.traits
        return None if traits.minute_key is None else (traits.minute_key, traits.recipients)

    sets = _by(copies, lambda copy: joined.find(copy.record))
    has_id = {root for root, members in sets.items() if any(m.traits.message_id for m in members)}
    for alike in _by(copies, key).values():
        named = [copy for copy in alike if joined.find(copy.record) in has_id]
        for copy in alike:
            if joined.find(copy.record) in has_id:
                continue
            near = min(named, key=lambda other: _apart(copy, other), default=alike[0])
            if _attachments_agree(copy, near):
                joined.join(near.record, copy.record)


def _apart(one: Copy, other: Copy) -> tuple[int, tuple[str, str]]:
    return abs((one.traits.second or 0) - (other.traits.second or 0)), other.place


def _join_printed(
    copies: Sequence[Copy], joined: _Joined, texts: Texts, met: AbstractSet[int]
) -> set[int]:
    """Give what is known from print to the one original of its minute and subject that holds it.

    Where several originals could be meant, or none holds most of its words, it stays apart; the
    records of which that is so are returned.
    """
    unsure: set[int] = set()
    for key, alike in _by(copies, _alike).items():
        mails = [copy for copy in alike if not copy.traits.printed]
        sheets = [copy for copy in alike if copy.traits.printed]
        if key not in met or max(len(mails), len(sheets)) > MOST_ALIKE:
            continue
        firsts = {joined.find(one.record): one for one in reversed(mails)}
        said = texts(copy.record for copy in (*firsts.values(), *sheets))
        for sheet in sheets:
            near = [one for one in firsts.values() if _same_sender(sheet.traits, one.traits)]
            fitting = [one for one in near if holds(said[one.record], said[sheet.record])]
            if len(fitting) == 1:
                joined.join(fitting[0].record, sheet.record)
            elif near:
                unsure.add(sheet.record)
    return unsure


def _alike(copy: Copy) -> int | None:
    key = copy.traits.print_key
    return None if key is None else key & ~1


def _same_sender(sheet: Traits, original: Traits) -> bool:
    if sheet.sender and original.sender:
        return sheet.sender == original.sender
    local = original.sender.partition("@")[0]
    return may_be_one(words(sheet.who), words(original.who) | words(local))


def _named(copies: Sequence[Copy], joined: _Joined, unsure: set[int]) -> list[Group]:
    holders: dict[str, set[int]] = defaultdict(set)
    for copy in copies:
        if copy.traits.message_id:
            holders[copy.traits.message_id].add(joined.find(copy.record))
    found = []
    for members in _by(copies, lambda copy: joined.find(copy.record)).values():
        ids = sorted({m.traits.message_id for m in members if m.traits.message_id})
        agreed = [message_id for message_id in ids if len(holders[message_id]) == 1]
        if agreed:
            name = digest("message-id", agreed[0])
        elif ids:
            name = _disputed_name(members)
        else:
            name = min(lone_name(m) for m in members)
        records = tuple(m.record for m in members)
        printed = all(m.traits.printed for m in members)
        apart = printed and not unsure.isdisjoint(records)
        found.append(Group(name, records, len(agreed) < len(ids), apart))
    return _distinct_names(found, {copy.record: copy for copy in copies})


def _disputed_name(members: Sequence[Copy]) -> str:
    def own(copy: Copy) -> str:
        traits = copy.traits
        content = (traits.sender, traits.letters, *traits.attachments)
        return digest("disputed", traits.message_id or "", str(traits.second), *content)

    return min(own(member) for member in members)


def _distinct_names(found: list[Group], copies: Mapping[int, Copy]) -> list[Group]:
    """Name by place where two communications would otherwise share a name."""
    times: dict[str, int] = defaultdict(int)
    for group in found:
        times[group.name] += 1

    def renamed(group: Group) -> Group:
        if times[group.name] == 1:
            return group
        place = min(copies[record].place for record in group.records)
        return Group(digest("place", *place), group.records, group.disputed, group.unsure)

    return [renamed(group) for group in found]
