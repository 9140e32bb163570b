"""A program that shares no line with ours agrees with the exported ledger, level by level."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from independent_checker import check

from commtrace.case import Case
from commtrace.report import export


def mail(number: int, *attached: tuple[str, bytes]) -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = "rosa@families.example", "desk@council.example"
    made["Date"] = f"Mon, {number:02} Jan 2022 10:00:00 +0000"
    made["Subject"], made["Message-ID"] = f"Transport {number}", f"<{number}@families.example>"
    made.set_content(f"This is message number {number} on the school bus.")
    for name, data in attached:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return bytes(made)


def archive(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in members:
            made.writestr(name, data)
    return out.getvalue()


def box(*numbers: int) -> bytes:
    return b"".join(
        b"From rosa@families.example Mon Jan  3 10:00:00 2022\n"
        + mail(number).replace(b"\r\n", b"\n") + b"\n" for number in numbers
    )  # fmt: skip


def write(folder: Path) -> None:
    """Twenty files, four of which cannot be read."""
    folder.mkdir()
    for number in range(1, 9):
        (folder / f"{number}.eml").write_bytes(mail(number))
    (folder / "again.eml").write_bytes(mail(1))
    (folder / "note.txt").write_text("Dear Sir,\n\nThe bus came late.\n\nYours faithfully\n")
    (folder / "box.mbox").write_bytes(box(11, 12, 13))
    (folder / "two.mbox").write_bytes(box(11, 14))
    (folder / "attached.eml").write_bytes(mail(15, ("a.eml", mail(16)), ("b.xyz", b"\1\2\3")))
    inner = archive(("in/17.eml", mail(17)), ("in/bad.xyz", b"\1\2\3\4"))
    (folder / "all.zip").write_bytes(archive(("18.eml", mail(18)), ("in.zip", inner)))
    (folder / "zipped.eml").write_bytes(mail(19, ("z.zip", archive(("20.eml", mail(20))))))
    (folder / "small.zip").write_bytes(archive(("21.eml", mail(21))))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    (folder / "empty.eml").write_bytes(b"")
    (folder / "what.xyz").write_bytes(b"\0\1\2\3")
    (folder / "broken.docx").write_bytes(b"PK\3\4broken")


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checked")
    write(folder / "evidence")
    case = Case.create(folder / "case")
    case.ingest([folder / "evidence"])
    export(case, folder / "export")
    case.close()
    return folder


def test_it_agrees_file_by_file_and_level_by_level(exported):
    assert check(exported / "evidence", exported / "export") == []


def test_one_file_in_five_was_not_read(exported):
    text = (exported / "export" / "evidence.jsonl").read_text(encoding="utf-8")
    states = [json.loads(line)["status"] for line in text.splitlines()]
    assert len(states) == 20
    assert sum(state in {"failed", "unsupported"} for state in states) == 4


def altered(exported, tmp_path, name, change):
    shutil.copytree(exported / "export", tmp_path / "export")
    path = tmp_path / "export" / name
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("".join(json.dumps(row) + "\n" for row in change(found)), encoding="utf-8")
    return check(exported / "evidence", tmp_path / "export")


@pytest.mark.parametrize("name", ["evidence.jsonl", "contained.jsonl", "communications.jsonl"])
def test_it_notices_any_row_that_is_left_out(exported, tmp_path, name):
    count = len((exported / "export" / name).read_text(encoding="utf-8").splitlines())
    for gone in {0, count // 2, count - 1}:

        def without(rows, gone=gone):
            return rows[:gone] + rows[gone + 1 :]

        assert altered(exported, tmp_path / str(gone), name, without)


def test_it_notices_a_state_that_is_changed(exported, tmp_path):
    def changed(rows):
        row = next(row for row in rows if row["source"]["part"] and row["status"] == "unsupported")
        row["status"] = "excluded"
        return rows

    assert altered(exported, tmp_path, "contained.jsonl", changed)


def test_it_imports_nothing_of_ours_and_is_short():
    text = (Path(__file__).parent / "independent_checker.py").read_text(encoding="utf-8")
    assert "commtrace" not in [w for line in text.splitlines() if "import" in line
                               for w in line.replace(".", " ").split()]  # fmt: skip
    assert len(text.splitlines()) < 100
