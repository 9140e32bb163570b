"""Bad input ends in its state with a reason, in bounded time and memory; the rest is read."""

from __future__ import annotations

import os
import random
import sys
import time

import pytest

from commtrace.evidence.workers import Limits, processes

HEAD = (
    b"From: Anna Price <anna.price@wantsum.example>\r\nTo: ben@wantsum.example\r\n"
    b"Date: Mon, 7 Feb 2022 09:30:00 +0000\r\nSubject: Transport\r\n"
)


def test_zero_bytes(bad):
    for name in ("a.eml", "a.mbox", "a.msg", "a.docx", "a.pdf", "a.txt", "a.html"):
        bad.write(name, b"")
    assert {str(file.status) for file in bad.read().values()} <= {"failed", "duplicate"}
    assert bad.kinds("a.docx") == {"empty"}


@pytest.mark.parametrize("suffix", ["eml", "mbox", "msg", "docx", "pdf", "html"])
def test_one_byte(bad, suffix):
    bad.write(f"a.{suffix}", b"\xff")
    file = bad.read()[f"a.{suffix}"]
    assert str(file.status) in {"failed", "unsupported", "partly", "read"}


@pytest.mark.parametrize("suffix", ["eml", "mbox", "msg", "docx", "pdf", "html", "txt", "zip"])
def test_noise_under_every_suffix(bad, suffix):
    chance = random.Random(suffix)  # noqa: S311 - the same noise each time
    bad.write(f"noise.{suffix}", chance.randbytes(50_000))
    file = bad.read()[f"noise.{suffix}"]
    assert file.problems > 0 or str(file.status) == "read"


@pytest.mark.parametrize("suffix", ["msg", "docx", "pdf", "txt", "html", "jpg"])
def test_a_message_under_a_wrong_extension_is_read_as_a_message(bad, suffix):
    bad.write(f"a.{suffix}", HEAD + b"\r\nHello.\r\n")
    bad.read()
    (found,) = bad.messages(f"a.{suffix}")
    assert found.sender.address == "anna.price@wantsum.example"


def test_a_truncated_message_keeps_what_it_has(bad):
    whole = (
        HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: text/plain\r\n\r\nThe text that arrived.\r\n--b\r\nContent-Type: applica"
    )
    bad.write("cut.eml", whole)
    assert str(bad.read()["cut.eml"].status) in {"read", "partly"}
    (found,) = bad.messages("cut.eml")
    assert "The text that arrived." in bad.store.texts([found.id])[found.id]


def test_a_spoofed_display_name_is_never_the_sender(bad):
    bad.write("spoof.eml", b"From: head@council.example <evil@evil.example>\r\n"
              b"To: ben@wantsum.example\r\nSubject: x\r\n\r\nPay me.\r\n")  # fmt: skip
    bad.read()
    (found,) = bad.messages("spoof.eml")
    assert found.sender.address == "evil@evil.example"


def test_mojibake_is_read_with_what_can_be_read(bad):
    bad.write("odd.eml", HEAD + b"Content-Type: text/plain; charset=x-nosuch\r\n\r\n"
              b"caf\xe9 \x80\x81 \xff\xfe na\xc3\xafve\r\n")  # fmt: skip
    bad.read()
    (found,) = bad.messages("odd.eml")
    assert "caf" in bad.store.texts([found.id])[found.id]


def test_a_thousand_nested_messages_end_at_the_cap(bad):
    inner = HEAD + b"\r\nThe innermost.\r\n"
    for _ in range(1000):
        inner = HEAD + b"Content-Type: message/rfc822\r\n\r\n" + inner
    bad.write("deep.eml", inner)
    started = time.process_time()
    file = bad.read()["deep.eml"]
    assert time.process_time() - started < 20
    assert str(file.status) == "partly"
    assert {"limit_depth"} & bad.kinds("deep.eml")


def test_a_thousand_nested_parts_end(bad):
    body = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(1000)
    )
    bad.write("parts.eml", HEAD + body + b"Content-Type: text/plain\r\n\r\nInnermost.\r\n")
    started = time.process_time()
    file = bad.read()["parts.eml"]
    assert time.process_time() - started < 20
    assert str(file.status) in {"partly", "failed", "read"}


def test_a_message_of_many_parts_ends(bad):
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    bad.write("many.eml", HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
              + part * 20_000 + b"--b--\r\n")  # fmt: skip
    started = time.process_time()
    bad.read()
    assert time.process_time() - started < 30


def test_many_recipients_and_many_headers_end(bad):
    everyone = b", ".join(b"p%d@wantsum.example" % n for n in range(5000))
    bad.write("crowd.eml", b"From: a@b.example\r\nTo: " + everyone
              + b"\r\nSubject: x\r\n\r\nHello all.\r\n")  # fmt: skip
    bad.write("heads.eml", HEAD + b"X-A: b\r\n" * 100_000 + b"\r\nHello.\r\n")
    started = time.process_time()
    bad.read()
    assert time.process_time() - started < 30
    assert len(bad.messages("crowd.eml")[0].to) == 5000


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_a_line_of_a_hundred_megabytes_ends_within_its_memory(bad):
    """In a worker with the memory a file may have: read, or refused by name, and the rest read."""
    with (bad.evidence / "line.eml").open("wb") as target:
        target.write(HEAD + b"\r\n")
        for _ in range(100):
            target.write(b"x" * 1_000_000)
    started = time.perf_counter()
    file = bad.read(processes(1, limits=Limits(seconds=60)))["line.eml"]
    assert time.perf_counter() - started < 120
    assert str(file.status) in {"read", "partly", "failed"}
    if str(file.status) == "failed":
        assert bad.kinds("line.eml") & {"out_of_memory", "limit_size", "timeout"}


@pytest.mark.skipif(sys.platform == "win32", reason="such files exist on POSIX only")
def test_pipes_and_loops_are_listed_and_waited_for_by_nobody(bad):
    os.mkfifo(bad.evidence / "pipe.eml")
    (bad.evidence / "loop").symlink_to(bad.evidence)
    files = bad.read()
    assert {str(file.status) for file in files.values()} == {"excluded"}
    assert bad.kinds("pipe.eml") == {"not_regular_file"}
    assert bad.kinds("loop") == {"loop"}


def test_a_mailbox_whose_messages_all_carry_one_id_is_kept_apart(bad):
    one = (
        b"From x@y.example Mon Feb  7 09:30:00 2022\n%sMessage-ID: <same@x>\n\nText %d is here.\n\n"
    )
    head = HEAD.replace(b"\r\n", b"\n")
    bad.write("same.mbox", b"".join(one % (head, n) for n in range(200)))
    bad.read()
    assert len(bad.messages("same.mbox")) == 200


def test_a_body_line_that_begins_with_from_splits_nothing(bad):
    start = b"From x@y.example Mon Feb  7 09:30:00 2022\n" + HEAD.replace(b"\r\n", b"\n")
    bad.write("a.mbox", start + b"\nHello.\n\nFrom my point of view this is one message.\n\n")
    bad.read()
    assert len(bad.messages("a.mbox")) == 1


@pytest.mark.parametrize("seed", range(4))
def test_mutants_of_a_good_message_end_in_a_state(bad, seed):
    chance = random.Random(seed)  # noqa: S311 - the same mutants each time
    whole = bytearray(
        HEAD + b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable"
        b"\r\n\r\n<p>caf=C3=A9</p>\r\n--b\r\nContent-Type: application/pdf; name=x.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n--b--\r\n"
    )
    for number in range(50):
        mutant = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            mutant[chance.randrange(len(mutant))] = chance.randrange(256)
        bad.write(f"{number}.eml", bytes(mutant[: chance.randrange(1, len(mutant))]))
    files = bad.read()
    assert len(files) == 50
    crashes = [p for p in bad.store.problems() if str(p.kind) == "parser_crash"]
    assert crashes == []
