"""What could not be read: every kind has words; the request names what the supplier can mend."""

from commtrace.figures import unread
from commtrace.model import File, Problem, ProblemKind, Source, Status


def problem(kind: ProblemKind, path: str, *part: str) -> Problem:
    source = Source(sha256=path[0] * 64, path=path, part=part)
    return Problem(source=source, reader="zip", kind=kind, what="It says what would help.")


def file(path: str, supplied_by: str | None) -> File:
    return File(
        sha256=path[0] * 64, path=path, size=1, status=Status.FAILED, reason="", reader=None,
        communications=0, embedded=0, problems=1, supplied_by=supplied_by,
    )  # fmt: skip


FOUND = (
    problem(ProblemKind.DOUBTFUL, "d.eml"),
    problem(ProblemKind.TRUNCATED, "c.pst"),
    problem(ProblemKind.PASSWORD_NEEDED, "a.zip", "member 2"),
    problem(ProblemKind.PASSWORD_NEEDED, "a.zip", "member 3"),
    problem(ProblemKind.ENCRYPTED, "b.eml", "attachment 1"),
)


def test_every_kind_of_problem_has_a_title_and_says_what_would_help() -> None:
    assert set(unread.KINDS) == set(ProblemKind)
    assert all(kind.title and kind.help.endswith(".") for kind in unread.KINDS.values())


def test_what_is_closed_comes_first_and_doubts_last() -> None:
    groups = unread.groups(FOUND)
    assert [g.kind for g in groups] == [
        ProblemKind.ENCRYPTED, ProblemKind.PASSWORD_NEEDED, ProblemKind.TRUNCATED,
        ProblemKind.DOUBTFUL,
    ]  # fmt: skip
    assert [g.locked for g in groups] == [True, True, False, False]


def test_the_request_names_each_file_once_with_its_hash_and_places() -> None:
    text = unread.request(unread.groups(FOUND), [file("a.zip", "Records team")])
    assert text.count("a.zip") == 1
    assert f"SHA-256 {'a' * 64}" in text
    assert "   - member 2\n   - member 3" in text


def test_each_supplier_gets_a_request_of_their_own() -> None:
    text = unread.request(unread.groups(FOUND), [file("a.zip", "Records team")])
    own = text.partition("To: Records team")[2]
    assert "a.zip" in own
    assert "c.pst" not in own
    assert "To: whoever supplied these" in text


def test_nothing_is_asked_where_nothing_would_help() -> None:
    assert unread.request(unread.groups(FOUND[:1]), []) == ""
