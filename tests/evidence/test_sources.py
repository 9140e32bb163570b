"""The sources stay as they were: nothing is written under them, and they need not be writable."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "parsers"))
from wrapped import zip_of

from commtrace.case import Case

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="system calls as Linux has them")
MAIL = (
    b"From: a@x.example\r\nTo: b@y.example\r\nDate: Mon, 7 Feb 2022 10:00:00 +0000\r\n"
    b"Message-ID: <%s@x.example>\r\nSubject: Taxi\r\n\r\nWhen does it come?\r\n"
)
INGEST = (
    "import sys; from pathlib import Path; from commtrace.case import Case\n"
    "if __name__ == '__main__':\n"
    "    Case.create(Path(sys.argv[1])).ingest([Path(sys.argv[2])])\n"
)
WRITES = re.compile(  # calls that could change what lies at a path that they name
    r"(?:open|openat)\(.*O_(?:WRONLY|RDWR|CREAT|TRUNC)|^\S*\s*(?:unlink|unlinkat|rename\w*|link\w*"
    r"|symlink\w*|mkdir\w*|rmdir|chmod|fchmodat\w*|chown|fchownat|lchown|truncate|utime\w*|futimesat"
    r"|setxattr|mknod\w*)\("
)


@pytest.fixture
def box(tmp_path):
    folder = tmp_path / "supplied"
    folder.mkdir()
    for n in range(3):
        (folder / f"{n}.eml").write_bytes(MAIL % str(n).encode())
    (folder / "box.zip").write_bytes(zip_of(("deep.eml", MAIL % b"deep")))
    (folder / "box.mbox").write_bytes(b"From x Mon Feb  7 10:00:00 2022\n" + MAIL % b"m")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 nothing behind it")
    return folder


def state(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Content, time of change and mode of everything in a folder."""
    return {
        path.name: (
            sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
            path.stat().st_mode,
        )
        for path in sorted(folder.iterdir())
    }


def program(tmp_path: Path) -> list[str]:
    path = tmp_path / "program.py"
    path.write_text(INGEST)
    return [sys.executable, str(path), str(tmp_path / "case")]


def test_no_system_call_writes_under_the_source(box, tmp_path):
    if shutil.which("strace") is None:
        pytest.skip("no strace: `apt-get install strace`")
    before, log = state(box), tmp_path / "calls"
    traced = ["strace", "-f", "-qq", "-y", "-s", "4096", "-e", "trace=%file", "-o", str(log)]
    done = subprocess.run([*traced, *program(tmp_path), str(box)], check=False, timeout=120,
                          capture_output=True, text=True)  # fmt: skip
    if "Operation not permitted" in done.stderr:
        pytest.skip("this machine does not let strace trace")
    assert done.returncode == 0, done.stderr[-400:]
    calls = log.read_text(errors="replace").splitlines()
    named = [call for call in calls if str(box) in call]
    assert any("O_RDONLY" in call for call in named)
    assert [call for call in named if WRITES.search(call)] == []
    assert state(box) == before


def test_a_source_on_a_read_only_medium_is_read(box, tmp_path):
    before = state(box)
    done = subprocess.run([*read_only(box), *program(tmp_path), str(box)], check=False,
                          capture_output=True, text=True, timeout=120)  # fmt: skip
    if "Operation not permitted" in done.stderr or "permission denied" in done.stderr:
        pytest.skip("this machine does not let a test mount anything")
    assert done.returncode == 0, done.stderr[-400:]
    assert state(box) == before
    case = Case.open(tmp_path / "case")
    try:
        assert case.reconciliation().balanced
        assert len(case.files()) == 6
    finally:
        case.close()


def read_only(folder: Path) -> list[str]:
    """What to put before a command so that it finds `folder` mounted read-only, or unwritable."""
    if os.geteuid() != 0:
        for path in (*folder.iterdir(), folder):
            path.chmod(0o555 if path.is_dir() else 0o444)
        return []
    if shutil.which("unshare") is None:
        pytest.skip("no unshare to mount with")
    mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && ! touch "$0/x" 2>&- && "$@"'
    return ["unshare", "-m", "sh", "-c", mount, str(folder)]
