"""The export: every field, every file, the same bytes, and nothing that a reader cannot parse."""

import hashlib
import json
from dataclasses import replace

import jsonschema
import networkx as nx
import pytest

from commtrace.model import ActVerdict
from commtrace.report import export
from commtrace.report.schema import export_schema, row_schema

TABLES = (
    "evidence", "contained", "problems", "communications", "identities", "threads", "ghosts",
    "acts", "act_rulings", "contacts", "handoffs", "coverage", "findings",
)  # fmt: skip


def rows(folder, name):
    text = (folder / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n")[:-1]]


def test_every_file_of_the_contract_is_written_and_no_other(case, tmp_path):
    export(case, tmp_path)
    expected = {f"{name}.jsonl" for name in TABLES} | {
        "manifest.json", "graph.graphml", "graph.gexf",
    }  # fmt: skip
    assert {path.name for path in tmp_path.iterdir()} == expected


@pytest.mark.parametrize("name", TABLES)
def test_every_row_is_held_by_the_schema(case, tmp_path, name):
    export(case, tmp_path)
    found = rows(tmp_path, name)
    validator = jsonschema.Draft202012Validator(row_schema(f"{name}.jsonl"))
    assert found
    for row in found:
        validator.validate(row)


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_hostile_evidence_is_held_by_the_schema(hostile, tmp_path, name):
    export(hostile, tmp_path)
    validator = jsonschema.Draft202012Validator(row_schema(f"{name}.jsonl"))
    for row in rows(tmp_path, name):
        validator.validate(row)


def test_the_schema_itself_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(export_schema())


def test_a_field_that_is_left_out_is_refused_by_the_schema(case, tmp_path):
    export(case, tmp_path)
    row = rows(tmp_path, "findings")[0]
    del row["decision"]
    with pytest.raises(jsonschema.ValidationError, match="decision"):
        jsonschema.validate(row, row_schema("findings.jsonl"))


def test_the_manifest_names_the_digest_of_every_file(case, tmp_path):
    manifest = export(case, tmp_path)
    jsonschema.validate(manifest, row_schema("manifest.json"))
    assert json.loads((tmp_path / "manifest.json").read_text()) == manifest
    for file in manifest["files"]:
        data = (tmp_path / file["name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file["sha256"]
        assert len(data) == file["size"]


def test_the_same_case_gives_the_same_bytes(case, tmp_path):
    export(case, tmp_path / "one")
    export(case, tmp_path / "two")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_the_order_in_which_a_case_holds_its_rows_changes_nothing(case, tmp_path):
    export(case, tmp_path / "one")
    seen = case.one_view
    case.one_view = replace(
        seen,
        threads=seen.threads[::-1],
        contacts=seen.contacts[::-1],
        links=seen.links[::-1],
    )
    case.ledger = case.ledger[::-1]
    export(case, tmp_path / "two")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_no_file_is_left_half_written(case, tmp_path):
    export(case, tmp_path)
    assert not list(tmp_path.glob(".*"))


def test_a_when_gives_the_last_second_it_includes(case, tmp_path):
    export(case, tmp_path)
    window = next(r for r in rows(tmp_path, "findings") if r["rule"] == "unanswered")["window"]
    assert (window["earliest"], window["latest"]) == (
        "2022-02-03T00:00:00Z",
        "2022-03-31T22:59:59Z",  # the day ends at midnight in London, in summer time
    )


def test_an_instant_has_its_earliest_and_latest_equal(case, tmp_path):
    export(case, tmp_path)
    sent = next(r for r in rows(tmp_path, "communications") if r["id"] == "c1")["sent"]
    assert sent["earliest"] == sent["latest"] == "2022-02-03T09:30:00Z"


def test_what_is_not_known_is_null_and_never_left_out(case, tmp_path):
    export(case, tmp_path)
    note = next(r for r in rows(tmp_path, "communications") if r["id"] == "c3")
    assert (note["sent"], note["message_id"], note["parent"], note["thread"]) == (None,) * 4


def test_a_suggested_link_is_no_parent(case, tmp_path):
    export(case, tmp_path)
    reply = next(r for r in rows(tmp_path, "communications") if r["id"] == "c2")
    assert (reply["parent"], reply["parent_basis"]) == ("c1", "in_reply_to")


def test_a_finding_carries_the_last_decision_on_it(case, tmp_path):
    export(case, tmp_path)
    found = {row["rule"]: row["decision"] for row in rows(tmp_path, "findings")}
    assert found["unanswered"] is None
    assert found["missing_message"] == {
        "state": "explained", "because": "supplied on 5 May", "who": "A. Auditor",
        "when": "2022-05-06T10:00:00Z",
    }  # fmt: skip


def test_rows_are_sorted_by_id_and_evidence_by_path(case, tmp_path):
    export(case, tmp_path)
    for name in ("communications", "identities", "threads", "ghosts", "acts", "findings"):
        ids = [row["id"] for row in rows(tmp_path, name)]
        assert ids == sorted(ids), name
    paths = [row["path"] for row in rows(tmp_path, "evidence")]
    assert paths == sorted(paths)


def test_the_graph_loads_back_from_both_formats(case, tmp_path):
    export(case, tmp_path)
    graphml = nx.read_graphml(tmp_path / "graph.graphml")
    gexf = nx.read_gexf(tmp_path / "graph.gexf")
    assert sorted(graphml.edges) == sorted(gexf.edges) == [("i1", "i2"), ("i2", "i3")]
    assert graphml.nodes["i1"]["label"] == gexf.nodes["i1"]["label"] == "Rosa Quill"


def test_the_graph_of_hostile_names_loads_back(hostile, tmp_path):
    export(hostile, tmp_path)
    graph = nx.read_graphml(tmp_path / "graph.graphml")
    assert "[U+202E]" in graph.nodes["i1"]["label"]


def test_the_graph_carries_no_day_of_writing(case, tmp_path):
    export(case, tmp_path)
    assert b"lastmodified" not in (tmp_path / "graph.gexf").read_bytes()


def test_separators_inside_a_text_do_not_break_a_line(case, tmp_path):
    # U+2028 is a line break to str.splitlines and to JavaScript before 2019
    case.texts["c3"] = "one\u2028two\u0085three\ud800four"
    export(case, tmp_path)
    text = (tmp_path / "communications.jsonl").read_text(encoding="utf-8")
    assert len(text.splitlines()) == 3
    note = next(json.loads(line) for line in text.splitlines() if '"id":"c3"' in line)
    assert note["text"] == "one\u2028two\u0085three\ufffdfour"


def test_a_case_that_streams_gives_the_same_bytes_as_one_that_is_asked(case, tmp_path):
    export(case, tmp_path / "one")
    case.communications = lambda: iter(sorted(case.held.values(), key=lambda one: one.id))
    case.found, case.communication = (), None  # a case that streams is not asked for one
    export(case, tmp_path / "two")
    name = "communications.jsonl"
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_an_edge_between_parties_is_told_from_one_between_people(case, tmp_path):
    seen = case.one_view
    between = replace(seen.contacts[0], from_="families", to="get")
    case.one_view = replace(seen, contacts=(*seen.contacts, between))
    export(case, tmp_path)
    levels = {row["from"]: row["level"] for row in rows(tmp_path, "contacts")}
    assert levels == {"families": "party", "i1": "identity", "i2": "identity"}
    graph = nx.read_graphml(tmp_path / "graph.graphml")
    assert graph.edges["families", "get"]["level"] == "party"
    assert graph.nodes["get"]["level"] == "party"


def test_an_act_says_who_ruled_that_it_is_one(case, tmp_path):
    one = replace(case.ruled[0], verdict=ActVerdict.IS, because="Asked aloud.")
    (act,) = case.one_view.acts["c1"]
    tagged = replace(act, cue=f"tagged by {one.signed}", ruled=one)
    case.one_view = replace(case.one_view, acts={"c1": (tagged,)})
    export(case, tmp_path)
    (row,) = rows(tmp_path, "acts")
    assert row["cue"] == "tagged by A. Auditor, 7 May 2022: Asked aloud."
    assert row["ruled"] == {
        "who": "A. Auditor", "when": "2022-05-07T08:15:00Z", "because": "Asked aloud.",
    }  # fmt: skip
    jsonschema.validate(row, row_schema("acts.jsonl"))


def test_a_sentence_that_is_no_act_by_a_ruling_stands_in_the_export(case, tmp_path):
    export(case, tmp_path)
    (row,) = rows(tmp_path, "act_rulings")
    assert (row["said"], row["verdict"]) == ("Thank you for the list.", "is not")
    assert [one["ruled"] for one in rows(tmp_path, "acts")] == [None]
