"""A workbook in a case: each sheet is decided at its own place, and a ruling can be withdrawn."""

import json
import sys
from pathlib import Path

import pytest

from commtrace.case import Case
from commtrace.model import Channel, RulingKind

sys.path.insert(0, str(Path(__file__).parents[1] / "parsers"))
from office import IOS, LOG, workbook, zipped

CALLS = (("15/02/2022", "no bus"), ("16/02/2022", "still none"))


@pytest.fixture
def case(tmp_path):
    box = tmp_path / "box"
    box.mkdir()
    calls = (LOG[2], *((day, "A Carer", "Desk", "Rang", "", said) for day, said in CALLS))
    sheets = (("Letters", LOG), ("Calls", calls))
    (box / "logs.zip").write_bytes(
        zipped({"logs.xlsx": workbook(*sheets), "chat/_chat.txt": IOS.encode()})
    )
    made = Case.create(tmp_path / "case")
    made.ingest([box])
    yield made
    made.close()


def ruled(case, sheet, channel):
    place = next(p for p in case.proposals() if p.source.part[-1] == f"sheet {sheet}")
    value = {k: v for k, v in json.loads(place.value).items() if k not in ("headings", "sample")}
    said = json.dumps({**value, "channel": channel})
    case.rule_on(place.source, RulingKind.TABLE, said, because="its title", who="R. Eviewer")
    return place.source


def rows(case):
    return sorted(
        (c.source.part[-2], c.channel)
        for c in case.communications()
        if c.source.part[-1].startswith("row")
    )


def test_sheets_are_decided_one_by_one_deep_in_an_archive(case):
    ruled(case, "Letters", "letter")
    assert rows(case) == [("sheet Letters", Channel.LETTER)] * 2
    place = ruled(case, "Calls", "call")
    assert rows(case) == [
        *[("sheet Calls", Channel.CALL)] * 2,
        *[("sheet Letters", Channel.LETTER)] * 2,
    ]
    case.rule_on(place, RulingKind.TABLE, "null", because="not so", who="R. Eviewer")
    assert rows(case) == [("sheet Letters", Channel.LETTER)] * 2


def test_a_chat_in_an_archive_is_read_message_by_message(case):
    chats = [c for c in case.communications() if c.channel is Channel.CHAT]
    assert sorted(c.source.part[-1] for c in chats) == ["message 1", "message 2", "message 3"]
