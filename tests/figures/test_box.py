"""The tree of a ledger: what hangs where, sums that add up, filters, what an open line costs."""

from collections import Counter
from dataclasses import replace

import pytest

from commtrace.figures import box, box_lines
from commtrace.figures.box import State
from commtrace.model import (
    Contained,
    Counts,
    Declared,
    File,
    Problem,
    ProblemKind,
    Source,
    Status,
)

ZIP = "a" * 64


def file(path: str, sha256: str | None = None, status: Status = Status.READ) -> File:
    return File(
        sha256=sha256, path=path, size=10, status=status, reason="", reader="zip",
        communications=0, embedded=0, problems=0,
    )  # fmt: skip


def inside(*part: str, status: Status = Status.READ, counts: Counts | None = None) -> Contained:
    return Contained(
        source=Source(sha256=ZIP, path="box/mail.zip", part=part), name="", media_type="",
        size=3, sha256="b" * 64, status=status, reason="", reader="eml",
        inside=counts or Counts(),
    )  # fmt: skip


LOCKED = Problem(
    source=Source(sha256=ZIP, path="box/mail.zip", part=("member 2",)),
    reader="zip", kind=ProblemKind.PASSWORD_NEEDED, what="Ask for the password.",
)  # fmt: skip
ROWS = (
    inside(counts=Counts(read=2, failed=1)),
    inside("member 1", counts=Counts(read=1)),
    inside("member 1", "attachment 1"),
    inside("member 2", status=Status.FAILED),
    inside("member 10"),
)
FILES = (
    file("box/mail.zip", ZIP),
    file("box/copy.zip", ZIP, Status.DUPLICATE),
    file("box/old/a.eml", "c" * 64),
    file("loose.bin", None, Status.FAILED),
)


@pytest.fixture
def tree() -> box.Box:
    return box.box(FILES, ROWS, [LOCKED])


def named(tree: box.Box, name: str) -> box.Node:
    return next(node for node in tree.nodes.values() if node.name == name)


def test_each_thing_hangs_below_the_nearest_container(tree: box.Box) -> None:
    member = named(tree, "member 1")
    assert tree.nodes[member.parent].name == "mail.zip"
    assert [tree.nodes[k].name for k in member.children] == ["attachment 1"]


def test_members_stand_in_the_order_in_which_a_reader_counts(tree: box.Box) -> None:
    names = [tree.nodes[k].name for k in named(tree, "mail.zip").children]
    assert names == ["member 1", "member 2", "member 10"]


def test_a_copy_is_not_opened_again(tree: box.Box) -> None:
    assert named(tree, "copy.zip").children == []


def test_the_sum_tells_what_is_encrypted_apart(tree: box.Box) -> None:
    assert box.inside(named(tree, "mail.zip")) == "3 found = 2 read + 1 encrypted"
    assert named(tree, "member 2").state is State.ENCRYPTED


def test_a_folder_sums_the_files_at_any_depth(tree: box.Box) -> None:
    assert box.inside(named(tree, "box")) == "3 files = 2 read + 1 duplicate"


def test_every_sum_adds_up_to_the_children(tree: box.Box) -> None:
    for node in tree.nodes.values():
        if node.children and not node.folder:
            states = Counter(tree.nodes[k].state for k in node.children)
            assert +node.below == +states


def test_the_total_counts_each_thing_once(tree: box.Box) -> None:
    assert sum(box.totals(tree).values()) == len(FILES) + len(ROWS) - 1


def test_nothing_is_open_at_first(tree: box.Box) -> None:
    assert [line.node.name for line in box_lines.lines(tree)] == ["box", "loose.bin"]


def test_a_toggled_line_shows_its_children_with_their_places(tree: box.Box) -> None:
    lines = box_lines.lines(tree, toggled={named(tree, "box").key})
    assert [(line.level, line.place, line.siblings) for line in lines] == [
        (1, 1, 2), (2, 1, 3), (2, 2, 3), (2, 3, 3), (1, 2, 2),
    ]  # fmt: skip


def test_folders_that_hold_one_folder_only_are_one_line() -> None:
    tree = box.box([file("/srv/cases/one/a.eml", "c" * 64)], [], [])
    assert [tree.nodes[k].name for k in tree.roots] == ["/srv/cases/one"]
    assert tree.nodes[named(tree, "a.eml").parent].name == "/srv/cases/one"


def test_a_filter_opens_the_way_to_what_it_finds(tree: box.Box) -> None:
    passing = box_lines.filtered(tree, [State.ENCRYPTED], "")
    names = [line.node.name for line in box_lines.lines(tree, passing=passing)]
    assert names == ["box", "mail.zip", "member 2"]


def test_words_are_looked_for_in_path_reason_and_hash(tree: box.Box) -> None:
    assert len(box_lines.filtered(tree, [], "old a.eml").found) == 1
    assert len(box_lines.filtered(tree, [], "c" * 20).found) == 1
    assert not box_lines.filtered(tree, [], "nowhere").found


def test_of_many_children_a_hundred_are_shown_and_the_rest_is_counted() -> None:
    rows = [inside(f"member {n}") for n in range(1, 251)]
    tree = box.box([file("mail.zip", ZIP)], [inside(counts=Counts(read=250)), *rows], [])
    lines = box_lines.lines(tree)
    assert len(lines) == 1 + box_lines.CHILDREN + 1
    assert lines[-1].more == 150
    more = box_lines.lines(tree, more={tree.roots[0]: 250})
    assert [line.more for line in more] == [0] * 251


def test_no_more_lines_are_shown_than_a_browser_draws_at_once() -> None:
    rows = [inside(f"member {n}") for n in range(1, 2001)]
    tree = box.box([file("mail.zip", ZIP)], rows, [])
    lines = box_lines.lines(tree, more={tree.roots[0]: 2000})
    assert len(lines) == box_lines.LINES + 1
    assert lines[-1].node is None


def test_what_a_container_declares_stands_beside_what_was_found(tree: box.Box) -> None:
    said = Declared(source=Source(sha256=ZIP, path="box/mail.zip"), what="members", number=4)
    rows = (replace(ROWS[0], declared=(said,)), *ROWS[1:])
    (sentence,) = box.declaration(named(box.box(FILES, rows, []), "mail.zip"))
    assert sentence == "It says that it holds 4 members; 3 things were found in it."
