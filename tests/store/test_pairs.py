"""Two hundred pairs of messages as they lie in files: copies of one, or two that only look alike.

Half are one message on two ways through the world; at least 98 of 100 must be joined. Half differ
in one thing that matters; none of those may ever be joined.
"""

from __future__ import annotations

import base64
import io
import quopri
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

from commtrace.model import Record, Source
from commtrace.parsers.eml import eml
from commtrace.plugins import Item

OPENINGS = [
    "The panel met on Monday and agreed that transport will start after half term.",
    "Please find below what the school said about the timetable for the autumn.",
    "I have not had an answer to the three letters that I sent to you in March.",
    "The annual review was moved again; the new day has not been told to the family.",
    "We cannot confirm the placement until the advice of the psychologist is here.",
    "Following our call, the bus will stop at the corner of the street from Monday.",
    "The funding request was looked at by the group and sent back for more detail.",
    "Anna asked for the minutes of the meeting at which the decision was taken.",
    "Your complaint was passed to the team that deals with such matters on Friday.",
    "The draft plan names the provision that was discussed, except for section F.",
]
CLOSING = " It was approved by all of the members who were there. Yours sincerely, Jane Smith."


@dataclass(frozen=True)
class Mail:
    """What a message says, from which its bytes are made."""

    number: int
    sender: str = "Jane Smith <jane@council.example>"
    to: str = "Tom Okafor <tom@school.example>, clerk@council.example"
    second: int = 0
    day: int = 3
    subject: str = ""
    text: str = ""
    message_id: str | None = ""
    attached: bytes | None = None
    more: str = ""

    def raw(self) -> bytes:
        said = self.subject or f"Matter {self.number}: café and bus"
        name = f"<{self.number}@council.example>" if self.message_id == "" else self.message_id
        lines = [self.more, f"From: {self.sender}", f"To: {self.to}",
                 f"Date: Mon, {self.day} Jan 2022 10:00:{self.second:02} +0000",
                 f"Subject: {said}", f"Message-ID: {name}" if name else "",
                 "MIME-Version: 1.0"]  # fmt: skip
        head = "\n".join(line for line in lines if line) + "\n"
        text = "Content-Type: text/plain; charset=utf-8\n\n" + self.text + "\n"
        if self.attached is not None:
            kind = "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
            file = "\n--b\nContent-Type: application/pdf; name=plan.pdf\n"
            packed = base64.encodebytes(self.attached).decode()
            text = f"{kind}{text}{file}Content-Transfer-Encoding: base64\n\n{packed}--b--\n"
        return (head + text).encode()


def base(number: int) -> Mail:
    return Mail(number, text=OPENINGS[number % 10] + f" Case {number}." + CLOSING)


def packed(mail: Mail, how: str) -> bytes:
    head, _, body = mail.raw().partition(b"\n\n")
    pack = quopri.encodestring if how == "quoted-printable" else base64.encodebytes
    return head + b"\nContent-Transfer-Encoding: " + how.encode() + b"\n\n" + pack(body)


def alternative(mail: Mail) -> bytes:
    head, _, body = mail.raw().partition(b"\nContent-Type: ")
    kind, _, words = body.partition(b"\n\n")
    plain = b"Content-Type: " + kind + b"\n\n" + words
    page = b"Content-Type: text/html; charset=utf-8\n\n<p>" + words + b"</p>\n"
    opened = b"\nContent-Type: multipart/alternative; boundary=b\n\n"
    return head + opened + b"--b\n" + plain + b"--b\n" + page + b"--b--\n"


def named(mail: Mail) -> bytes:
    subject = f"Matter {mail.number}: café and bus"
    word = base64.b64encode(subject.encode()).decode()
    return replace(mail, subject=f"=?utf-8?b?{word}?=").raw()


SAME: list[Callable[[Mail], bytes]] = [
    lambda m: replace(m, more="Received: by x; Mon, 3 Jan 2022 10:00:09 +0000").raw(),
    lambda m: m.raw().replace(b"\n", b"\r\n"),
    lambda m: replace(m, text=m.text + "\n-- \nlist@council.example\nunsubscribe").raw(),
    lambda m: replace(m, text="CAUTION: this mail comes from outside.\n" + m.text).raw(),
    lambda m: packed(m, "quoted-printable"),
    lambda m: packed(m, "base64"),
    alternative,
    lambda m: replace(m, more="Bcc: chair@council.example\nX-Folder: Sent").raw(),
    named,
    lambda m: replace(m, to="tom@school.example,\n\t<clerk@council.example>").raw(),
]
OTHER: list[Callable[[Mail], bytes]] = [
    lambda m: replace(m, text="Nothing of what was agreed will come to pass this year.").raw(),
    lambda m: replace(m, sender="Mallory <mallory@evil.example>").raw(),
    lambda m: replace(m, second=1, message_id="<other@x>").raw(),
    lambda m: replace(m, to="somebody@else.example", message_id="<other@x>").raw(),
    lambda m: replace(m, subject=f"Another matter {m.number}", message_id="<o@x>").raw(),
    lambda m: replace(m, text=m.text.replace("approved", "not approved")).raw(),
    lambda m: replace(m, sender="Jo <jo@council.example>", message_id="<other@x>").raw(),
    lambda m: replace(m, day=10, message_id="<other@x>").raw(),
    lambda m: replace(m, day=10, message_id=None).raw(),
    lambda m: replace(m, text=m.text.replace("all of", "none of"), message_id="<o@x>").raw(),
]  # fmt: skip


def record(raw: bytes, path: str) -> Record:
    item = Item(
        source=Source(sha256=sha256(path.encode() + raw).hexdigest(), path=path), name=path,
        size=len(raw), head=raw[:65536], open=lambda: io.BytesIO(raw),
    )  # fmt: skip
    return next(one for one in eml.read(item) if isinstance(one, Record))


def joined(store, ways: list[Callable[[Mail], bytes]]) -> Counter[int]:
    """Of each way how many of its ten pairs came out as one communication."""
    records: list[Record] = []
    for number in range(100):
        mail = base(number)
        other = ways[number // 10](mail)
        records += [record(mail.raw(), f"{number} a.eml"), record(other, f"{number} b.eml")]
    store.add_records(records)
    found: Counter[int] = Counter()
    for one in store.communications():
        pairs = {sighting.source.path.split()[0] for sighting in one.sightings}
        assert len(pairs) == 1, "messages of two pairs were joined"
        if len(one.sightings) == 2:
            found[int(pairs.pop()) // 10] += 1
    return found


def test_at_least_98_of_100_copies_are_joined(store):
    found = joined(store, SAME)
    print(found)  # noqa: T201
    assert sum(found.values()) >= 98


def test_no_two_messages_that_only_look_alike_are_joined(store):
    assert joined(store, OTHER) == Counter()


def test_a_copy_without_the_file_of_another_is_a_copy_that_says_so(store):
    whole = replace(base(1), attached=b"a plan")
    raws = {"sent": whole.raw(), "inbox": replace(whole, attached=None).raw()}
    store.add_records([record(raw, f"1 {name}.eml") for name, raw in raws.items()])
    (one,) = store.communications()
    lacks = {copy.source.path: copy.lacks for copy in one.sightings}
    assert lacks == {"1 sent.eml": (), "1 inbox.eml": ("plan.pdf",)}
    assert [item.name for item in one.attachments] == ["plan.pdf"]
