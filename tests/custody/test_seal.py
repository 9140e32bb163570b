"""`commtrace seal`: a bag that any BagIt tool validates, with a case in it that verifies."""

from __future__ import annotations

import shutil

import bagit
import pytest

from commtrace import custody
from commtrace.case import Case
from commtrace.errors import CallError, CaseError
from commtrace.handover import seal


@pytest.fixture
def sealed(kept, tmp_path):
    case = Case.open(kept)
    head = seal(case, tmp_path / "bag", who="R. Ahmed")
    case.close()
    return tmp_path / "bag", head


def test_the_bag_is_valid_by_a_tool_of_another_maker(sealed):
    folder, head = sealed
    bag = bagit.Bag(str(folder))
    bag.validate()
    assert bag.version_info == (1, 0)
    assert set(bag.algorithms) == {"sha256", "sha512"}
    assert bag.info["Audit-Chain-Head"] == f"row {head.count}: {head.digest}"
    assert bag.info["Contact-Name"] == "R. Ahmed"
    files = [p for p in (folder / "data").rglob("*") if p.is_file()]
    octets = sum(p.stat().st_size for p in files)
    assert bag.info["Payload-Oxum"] == f"{octets}.{len(files)}"


def test_the_case_in_the_bag_verifies_against_the_head_in_the_bag(sealed, tmp_path):
    folder, head = sealed
    shutil.copytree(folder / "data" / "case", tmp_path / "unpacked")
    assert custody.verify(tmp_path / "unpacked", head.digest).faults == ()
    case = Case.open(tmp_path / "unpacked")
    assert case.custody()[-1].action == "seal"
    assert len(case.files()) == 14
    case.close()


def test_the_bag_holds_the_export_and_the_chain(sealed):
    folder, _ = sealed
    names = {p.name for p in (folder / "data" / "export").iterdir()}
    assert {"manifest.json", "communications.jsonl", "custody.jsonl"} <= names
    assert not list(folder.rglob("*-wal"))
    assert not list(folder.parent.glob(".*.part"))


def test_a_bag_with_one_byte_changed_is_not_valid(sealed):
    folder, _ = sealed
    path = next((folder / "data" / "case" / "evidence").rglob("*/*"))
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(bagit.BagError):
        bagit.Bag(str(folder)).validate()


def test_a_case_that_is_not_whole_is_not_sealed(kept, tmp_path):
    next((kept / "evidence").rglob("*/*")).unlink()
    case = Case.open(kept)
    with pytest.raises(CaseError, match="not whole, so it is not sealed"):
        seal(case, tmp_path / "bag")
    case.close()
    assert not (tmp_path / "bag").exists()


def test_a_bag_is_put_over_nothing_and_not_into_the_case(kept, tmp_path):
    case = Case.open(kept)
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "x").touch()
    with pytest.raises(CallError, match="is there already"):
        seal(case, tmp_path / "there")
    with pytest.raises(CallError, match="lies inside the case"):
        seal(case, kept / "bag")
    case.close()
