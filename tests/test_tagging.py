"""Rulings on what sentences do: kept in the chain, obeyed by every rule, taken back, purged."""

import pytest

from commtrace import custody, tagging
from commtrace.case import Case
from commtrace.errors import CallError
from commtrace.evidence import ingest
from commtrace.evidence.workers import serial
from commtrace.gaps.questions import questions
from commtrace.model import ActKind, ActVerdict

TOML = """
title = "Bus"
as_of = 2022-06-30
[[parties]]
id = "get"
label = "Transport"
kind = "directorate"
domains = ["council.example"]
[[parties]]
id = "families"
label = "Families"
kind = "families"
domains = ["homemail.example"]
[[custodians]]
name = "Desk"
address = "desk@council.example"
since = 2022-01-01
until = 2022-06-30
"""
STATES = "My son still stands at the gate every morning."
ASKS = "Please confirm the taxi for route 9."
SIGNED = {"because": "Read with the letter of 2 May.", "who": "A. Auditor"}


def mail(n, words):
    return (
        f"From: Rosa Quill <rosa@homemail.example>\r\nTo: Desk <desk@council.example>\r\n"
        f"Date: Mon, {n:02} Feb 2022 10:00:00 +0000\r\nMessage-ID: <m{n}@homemail.example>\r\n"
        f"Subject: Route {n}\r\n\r\n{words}\r\n"
    ).encode()


@pytest.fixture
def case(tmp_path, monkeypatch):
    monkeypatch.setattr(ingest, "processes", lambda: serial)
    box = tmp_path / "box"
    box.mkdir()
    (box / "7.eml").write_bytes(mail(7, STATES))
    (box / "9.eml").write_bytes(mail(9, ASKS))
    made = Case.create(tmp_path / "case", text=TOML)
    made.ingest([box])
    yield made
    made.close()


def named(case, subject):
    view = case.view()
    return view.ids[view.subjects.index(subject)]


def asked(case):
    return {one.act.said for one in questions(case.view())}


def unanswered(case):
    return {c for one in case.findings() if one.rule == "unanswered" for c in one.about}


def rule(case, subject, said, verdict, **more):
    kind = more.pop("kind", ActKind.REQUEST)
    return case.rule_on_act(
        tagging.ruling(named(case, subject), said, kind, verdict, **{**SIGNED, **more})
    )


def test_a_tagged_sentence_is_a_question_and_a_finding_at_once(case):
    assert asked(case) == {ASKS}
    rule(case, "Route 7", STATES, ActVerdict.IS)
    assert asked(case) == {ASKS, STATES}
    assert named(case, "Route 7") in unanswered(case)
    (act,) = case.view().acts[named(case, "Route 7")]
    assert act.cue.startswith("tagged by A. Auditor, ")
    assert act.cue.endswith(": Read with the letter of 2 May.")


def test_an_untagged_request_is_no_question_until_that_is_taken_back(case):
    before = case.fingerprint(), [one.id for one in case.findings()]
    rule(case, "Route 9", ASKS, ActVerdict.IS_NOT)
    assert asked(case) == set()
    assert named(case, "Route 9") not in unanswered(case)
    rule(case, "Route 9", ASKS, ActVerdict.WITHDRAWN)
    assert case.act_rulings() == ()
    assert [one.id for one in case.findings()] == before[1]
    assert case.fingerprint() != before[0]  # what was ruled and taken back stays in the record


def test_a_changed_kind_holds_after_the_next_ingest(case, tmp_path):
    rule(case, "Route 9", ASKS, ActVerdict.INSTEAD, instead=ActKind.CLOSURE)
    (tmp_path / "box" / "11.eml").write_bytes(mail(11, "Please confirm the taxi for route 11."))
    case.ingest([tmp_path / "box"])
    kinds = [act.kind for act in case.view().acts[named(case, "Route 9")]]
    assert kinds == [ActKind.CLOSURE]
    assert asked(case) == {"Please confirm the taxi for route 11."}


def test_the_latest_ruling_on_a_sentence_counts_and_the_chain_holds_all(case):
    rule(case, "Route 9", ASKS, ActVerdict.IS_NOT)
    rule(case, "Route 9", ASKS.upper(), ActVerdict.INSTEAD, instead=ActKind.WARNING)
    (one,) = case.act_rulings()
    assert one.becomes is ActKind.WARNING
    assert len(tagging.history(case.store)) == 2
    assert case.verify().faults == ()


@pytest.mark.parametrize(
    ("verdict", "more", "said"),
    [
        (ActVerdict.IS, {"because": " "}, "needs a reason"),
        (ActVerdict.IS, {"who": ""}, "needs the name"),
        (ActVerdict.INSTEAD, {}, "which other kind"),
        (ActVerdict.INSTEAD, {"instead": ActKind.REQUEST}, "which other kind"),
        (ActVerdict.IS, {"instead": ActKind.WARNING}, "which other kind"),
        (ActVerdict.WITHDRAWN, {}, "no ruling on this sentence"),
    ],
)
def test_a_ruling_that_cannot_be_meant_is_refused_in_a_sentence(case, verdict, more, said):
    with pytest.raises(CallError, match=said):
        rule(case, "Route 9", ASKS, verdict, **more)
    assert case.act_rulings() == ()


@pytest.mark.parametrize(
    ("name", "said", "error"),
    [("m0", ASKS, "no communication m0"), (None, "The train is late.", "do not stand"),
     (None, "  ", "words of one sentence")],
)  # fmt: skip
def test_a_ruling_speaks_of_words_of_a_message_that_is_there(case, name, said, error):
    name = name or named(case, "Route 9")
    with pytest.raises(CallError, match=error):
        case.rule_on_act(tagging.ruling(name, said, ActKind.REQUEST, ActVerdict.IS, **SIGNED))


def test_a_purge_of_the_message_removes_the_words_of_the_ruling(case):
    rule(case, "Route 7", STATES, ActVerdict.IS)
    case.purge(items=[named(case, "Route 7")], because="erasure", who="D. Officer")
    assert case.act_rulings() == ()
    assert case.verify().faults == ()
    held = b"".join(p.read_bytes() for p in case.folder.rglob("*") if p.is_file())
    assert STATES.encode() not in held
    assert b"letter of 2 May" not in held


def test_a_ruling_follows_the_message_to_its_present_id(case, monkeypatch):
    """Every id ever printed resolves; so does a ruling made under an earlier one."""
    now = case.communication(named(case, "Route 7"))
    lookup = type(case.store).communication
    monkeypatch.setattr(
        type(case.store),
        "communication",
        lambda store, name: now if name == "earlier" else lookup(store, name),
    )
    words = {"said": STATES, "kind": "request", "verdict": "is", "because": "Read aloud."}
    case.store.note(custody.ACT, "earlier", words, "A. Auditor")
    assert STATES in asked(case)
    assert case.act_rulings()[0].communication == now.id
