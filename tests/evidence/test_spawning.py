"""A worker starts from this package: the program that called it is not run a second time."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
print("the program ran")
from pathlib import Path
from commtrace.case import Case
case = Case.create(Path({case!r}))
case.ingest([Path({box!r})])
print(case.files()[0].status, case.store.count())
case.close()
"""


def test_a_program_without_a_guard_runs_once_and_its_evidence_is_read(tmp_path: Path) -> None:
    """Under the screen the main module is a page, which each worker drew again in the terminal."""
    mail = tmp_path / "box" / "a.eml"
    mail.parent.mkdir()
    mail.write_text("From: a@b.example\nSubject: Bus\nDate: Mon, 7 Feb 2022 09:00:00 +0000\n\nHi\n")
    script = tmp_path / "program.py"
    script.write_text(SCRIPT.format(case=str(tmp_path / "case"), box=str(mail.parent)))
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=False,
        cwd=Path(__file__).parents[2], env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.stdout.splitlines() == ["the program ran", "read 1"], done.stderr
