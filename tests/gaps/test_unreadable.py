from __future__ import annotations

from dataclasses import replace
from functools import partial

from stories import found_by, view_of

from commtrace.model import Observability, Problem, ProblemKind, Severity, Source, Strength, Unread

STORY = """
    party get directorate get.example
    party cype directorate cype.example
    as of 2022-03-31
    #1 2022-01-10 09:30 lead@get.example -> head@cype.example "Routes" : Here are the routes.
"""
findings = partial(found_by, "unreadable")


def unread(kind, number=1, message="message-1", custodian="lead@get.example"):
    place = Source(sha256=f"{number:064x}", path=f"{number}.eml", part=("attachment 1",))
    problem = Problem(source=place, reader="eml", kind=kind, what="It is locked.")
    return Unread(problem=problem, communication=message, custodian=custodian)


def of(*things):
    return findings(replace(view_of(STORY), unread=things))


def test_a_locked_attachment_between_two_parties_is_listed_and_weighs():
    (gap,) = of(unread(ProblemKind.PASSWORD_NEEDED))
    assert "locked with a password: what it says is not known" in gap.sentence
    assert gap.observability is Observability.NOT_TESTABLE
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.DIRECT)
    assert gap.about == ("message-1",)
    assert gap.cites[0].source.path == "1.eml"


def test_what_is_wrong_for_one_reason_in_one_material_is_one_gap():
    (gap,) = of(*(unread(ProblemKind.CORRUPT, n) for n in range(1, 13)))
    assert gap.measure["things"] == 12
    assert len(gap.cites) == 8


def test_materials_and_reasons_are_kept_apart():
    found = of(
        unread(ProblemKind.CORRUPT, 1),
        unread(ProblemKind.ENCRYPTED, 2),
        unread(ProblemKind.CORRUPT, 3, custodian="head@cype.example"),
    )
    assert len({gap.anchor for gap in found}) == 3


def test_a_loose_file_of_nobodys_material_is_listed_without_a_time():
    (gap,) = of(unread(ProblemKind.UNSUPPORTED_TYPE, message=None, custodian=None))
    assert "of material without a custodian" in gap.sentence
    assert gap.severity is Severity.LOW
    assert gap.about == ()
    assert gap.window.said == "undated"


def test_reasons_of_size_and_time_are_one_reason():
    (gap,) = of(unread(ProblemKind.TIMEOUT, 1), unread(ProblemKind.LIMIT_DEPTH, 2))
    assert "beyond the limits of what is read" in gap.sentence


def test_what_was_read_leaves_no_gap():
    assert findings(view_of(STORY)) == ()
