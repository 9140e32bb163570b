"""The wheel holds everything: installed elsewhere, in a fresh environment, the demo runs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOP_LEVEL = {"commtrace"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    source = tmp_path_factory.mktemp("source") / "commtrace"
    kept = shutil.ignore_patterns(
        ".venv", ".git", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", "demo-case"
    )
    shutil.copytree(ROOT, source, ignore=kept)
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(target)]
    done = subprocess.run([*command, str(source)], capture_output=True, text=True, check=False)
    if done.returncode and "setuptools" in done.stderr and "No matching" in done.stderr:
        pytest.skip("setuptools cannot be had offline, so no wheel can be built here")
    assert done.returncode == 0, done.stderr
    return next(target.glob("*.whl"))


@pytest.mark.wheel
def test_the_wheel_puts_nothing_but_commtrace_into_site_packages(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == TOP_LEVEL
    assert "commtrace/parsers/eml.py" in names
    assert "commtrace/sample_mailboxes/case.toml" in names
    assert any(name.startswith("commtrace/sample_mailboxes/mailboxes/") for name in names)


@pytest.mark.wheel
def test_the_demo_runs_from_the_wheel_in_a_fresh_environment_elsewhere(wheel, tmp_path):
    venv.create(tmp_path / "fresh", with_pip=False, system_site_packages=False)
    fresh = next((tmp_path / "fresh").glob("lib/python*/site-packages"))
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--target", str(fresh), str(wheel)], check=True)
    third_party = [p for p in sys.path if p.endswith("site-packages")]
    (fresh / "borrowed.pth").write_text("\n".join(third_party) + "\n", encoding="utf-8")
    case = tmp_path / "elsewhere" / "case"
    case.parent.mkdir()
    program = "from commtrace.cli import main; main()"
    where = "import commtrace, sys; sys.stdout.write(commtrace.__file__)"
    python = str(tmp_path / "fresh" / "bin" / "python")
    assert (
        str(fresh)
        in subprocess.run(
            [python, "-c", where], capture_output=True, text=True, check=True, cwd=case.parent
        ).stdout
    )
    done = subprocess.run(
        [python, "-c", program, "demo", "--no-ui", "--case", str(case)],
        capture_output=True, text=True, check=False, cwd=case.parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "communications" in done.stdout
    assert (case / "case.toml").is_file()
