"""Every reason code has a way into the ledger: what brings it about, and that it is listed."""

from __future__ import annotations

import errno
import os
from types import SimpleNamespace

import pytest
from cells import cell

from commtrace.evidence import walk
from commtrace.evidence.reading import read_file
from commtrace.evidence.values import Caps
from commtrace.evidence.workers import serial
from commtrace.model import ProblemKind

pytestmark = pytest.mark.usefixtures("mock_format")
# What only a format can tell: the mock format is told to say it, as real ones do in tests/parsers.
OF_A_FORMAT = (
    "corrupt", "truncated", "encrypted", "password_needed", "rights_protected", "doubtful",
)  # fmt: skip


def capped(**caps):
    def read(tasks):
        from dataclasses import replace

        return (read_file(replace(task, caps=Caps(**caps))) for task in tasks)

    return read


def of_commands(*commands, read=serial):
    def make(place, _):
        place.mock("a.mock", *commands)
        place.ingest(read=read)

    return make


def of_bytes(name, data):
    def make(place, _):
        place.write(name, data)
        place.ingest()

    return make


def unreadable(number):
    """A folder that the system refuses to list."""

    def make(place, monkeypatch):
        place.mock("in/a.mock", "say x")
        scan = os.scandir

        def refuse(path):
            if str(path).endswith("in"):
                raise OSError(number, os.strerror(number))
            return scan(path)

        monkeypatch.setattr(walk.os, "scandir", refuse)
        place.ingest()

    return make


def two_formats(place, monkeypatch):
    from dataclasses import replace

    from mock_format import mock

    from commtrace import plugins

    monkeypatch.setattr(plugins, "parsers", lambda: (mock, replace(mock, name="mimic")))
    place.mock("a.mock", "say x")
    place.ingest()


def changing(place, monkeypatch):
    from commtrace.evidence import copy

    place.mock("a.mock", "say x")
    monkeypatch.setattr(copy, "_copy_once", lambda *_: None)
    place.ingest()


def in_a_cloud(place, monkeypatch):
    place.mock("a.mock", "say x")
    told = walk._refusal

    def placeholder(found, where):
        seen = SimpleNamespace(st_mode=found.st_mode, st_file_attributes=0x400000)
        return told(seen, where)

    monkeypatch.setattr(walk, "_refusal", placeholder)
    place.ingest()


def a_pipe(place, _):
    os.mkfifo(place.evidence / "pipe")
    place.ingest()


def no_utf8(place, _):
    path = os.fsencode(place.evidence) + b"/\xff.mock"
    with open(path, "wb") as stream:  # noqa: PTH123 - a name in bytes
        stream.write(b"MOCK\nsay x")
    place.ingest()


WAYS = {
    **{kind: of_commands("say x", f"problem {kind}") for kind in OF_A_FORMAT},
    "unsupported_type": of_bytes("a.xyz", b"\1\2\3"),
    "ambiguous": two_formats,
    "empty": of_bytes("a.eml", b""),
    "no_text": of_commands(),
    "limit_depth": of_commands("nest 4", read=capped(depth=2)),
    "limit_count": of_commands("many 9", read=capped(count=5)),
    "limit_size": of_commands("bytes 2000", read=capped(embedded_bytes=1000)),
    "limit_ratio": of_commands("bytes 5000", read=capped(ratio=10, ratio_from=100)),
    "timeout": of_commands("hang", read=cell(workers=1, seconds=1)),
    "out_of_memory": of_commands("oom", read=cell()),
    "parser_crash": of_commands("raise x"),
    "read_error": unreadable(errno.EACCES),
    "changed_during_read": changing,
    "cloud_placeholder": in_a_cloud,
    "not_regular_file": a_pipe,
    "loop": of_commands("itself"),
    "path_too_long": unreadable(errno.ENAMETOOLONG),
    "name_undecodable": no_utf8,
}


def test_each_reason_code_has_a_way_here():
    assert set(WAYS) == {kind.value for kind in ProblemKind}


@pytest.mark.parametrize("kind", sorted(WAYS))
def test_a_reason_code_reaches_the_ledger_with_a_sentence(place, monkeypatch, kind):
    WAYS[kind](place, monkeypatch)
    found = [one for one in place.store.problems() if one.kind.value == kind]
    assert found
    assert all(one.what.endswith(".") for one in found)
    assert place.store.files()
