"""The command line as a user meets it: a process, its output and its exit code."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from commtrace import console, plugins
from commtrace.gaps.run import Failure

PROGRAM = [sys.executable, "-c", "from commtrace.cli import main; main()"]


def commtrace(*arguments, cwd=None):
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        capture_output=True, text=True, check=False, cwd=cwd, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    box = folder / "box"
    box.mkdir()
    (box / "odd.bin").write_bytes(b"\x00\x01\x02nothing known")
    (box / "note.txt").write_text("14 February 2022\n\nDear Sir\n\nThank you.\n", encoding="utf-8")
    assert commtrace("new", folder / "case").returncode == 0
    return folder


def test_ingest_lists_refused_files_and_ends_with_zero(made):
    done = commtrace("ingest", made / "case", made / "box")
    assert done.returncode == 0, done.stderr
    assert "2 files = 1 read + 1 unsupported" in done.stdout
    assert "odd.bin" in done.stdout


def test_a_table_can_be_had_as_json(made):
    done = commtrace("ingest", made / "case", made / "box", "--json")
    ledger = json.loads(done.stdout)
    assert ledger["files"] == 2
    assert ledger["balanced"] is True


def test_gaps_as_json_carry_sentence_and_observability(sample_folder):
    rows = json.loads(commtrace("gaps", sample_folder, "--json").stdout)
    assert rows
    assert all(row["sentence"] and row["observability"] for row in rows)


def test_gaps_of_one_rule(sample_folder):
    rows = json.loads(commtrace("gaps", sample_folder, "--rule", "silence", "--json").stdout)
    assert {row["rule"] for row in rows} <= {"silence"}


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["gaps", "nowhere"], 1, "nowhere is not a case"),
        (["ingest", "{case}", "nowhere"], 2, "nowhere is not there"),
        (["gaps", "{case}", "--rule", "guess"], 2, 'There is no rule "guess"'),
        (["new", "{case}"], 1, "is not empty"),
        (["new", "fresh", "--template", "leeds"], 2, 'no template "leeds"'),
        (["gaps"], 2, "Missing argument"),
        (["explode"], 2, "No such command"),
        (["report", "{case}"], 2, "--out"),
    ],
)
def test_an_error_is_one_sentence_and_an_exit_code(made, tmp_path, arguments, code, sentence):
    filled = [argument.format(case=made / "case") for argument in arguments]
    done = commtrace(*filled, cwd=tmp_path)
    assert done.returncode == code
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_an_error_nobody_foresaw_shows_its_kind_and_no_words_of_the_evidence():
    program = (
        "import sys; from commtrace import cli; "
        "sys.excepthook = cli._one_sentence; raise RuntimeError('the name of a child')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "RuntimeError" in done.stderr
    assert "child" not in done.stderr
    assert "Traceback" not in done.stderr


def test_formats_and_rules_list_every_plug_in():
    formats = json.loads(commtrace("formats", "--json").stdout)
    assert [row["format"] for row in formats] == [p.name for p in plugins.parsers()]
    rules = json.loads(commtrace("rules", "--json").stdout)
    assert [row["rule"] for row in rules] == [r.name for r in plugins.rules()]


def test_report_and_export_write_their_files(sample_folder, tmp_path):
    report = commtrace("report", sample_folder, "--out", tmp_path / "paper")
    assert report.returncode == 0, report.stderr
    assert {p.suffix for p in (tmp_path / "paper").iterdir()} == {".html", ".pdf", ".xlsx"}
    export = commtrace("export", sample_folder, "--out", tmp_path / "data")
    assert export.returncode == 0, export.stderr
    assert (tmp_path / "data" / "manifest.json").is_file()


def test_a_rule_that_cannot_be_run_is_said_beside_the_json_too(sample, capsys, monkeypatch):
    broken = Failure(rule="silence", what="The rule silence could not be run.")
    monkeypatch.setattr(type(sample), "failures", lambda _: (broken,))
    console.print_findings(sample, (), as_json=True)
    printed = capsys.readouterr()
    assert json.loads(printed.out) == []
    assert "silence could not be run" in printed.err


def test_what_is_to_be_known_of_the_cases_place_is_said_after_an_ingest(
    sample, capsys, monkeypatch
):
    monkeypatch.setattr(sample.store, "notes", ("The case lies on a network drive.",))
    console.print_ledger(sample, as_json=False)
    assert "network drive" in capsys.readouterr().err


def test_a_call_is_entered_by_hand_and_a_time_that_cannot_be_read_is_a_wrong_call(tmp_path):
    assert commtrace("new", tmp_path / "case").returncode == 0
    said = (
        "--to",
        "Ben <ben@two.example>",
        "--text",
        "It starts.",
        "--basis",
        "diary",
        "--who",
        "A",
    )
    done = commtrace("enter", tmp_path / "case", "--when", "14/02/2022 09:30", *said)
    assert done.returncode == 0, done.stderr
    assert "marked as entered by hand" in done.stdout
    done = commtrace("enter", tmp_path / "case", "--when", "last spring", *said)
    assert done.returncode == 2
    assert "cannot be read as a date" in done.stderr
