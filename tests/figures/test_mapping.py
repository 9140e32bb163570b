"""A table's mapping: what the preview shows is what the rows would become."""

import json
from dataclasses import replace

import pytest

from commtrace.figures import mapping
from commtrace.figures.mapping import AUDIENCE, COMMUNICATIONS, TEXT, Mapped

PROPOSED = json.dumps({
    "sheet": "Log", "header": 2, "as": "communications", "channel": "letter",
    "columns": {"date": "Sent", "to": "Addressee"},
    "headings": ["Sent", "Addressee", "Notes"],
    "sample": [["07/03/2022", "Ada", "x"], ["31/02/2022", "Ben", ""], ["", "Cleo", ""],
               ["March 2022", "Dev", ""]],
    "dates": {"07/03/2022": "7 Mar 2022 (Read day first.)",
              "March 2022": "1 Mar 2022 to 31 Mar 2022"},
})  # fmt: skip


@pytest.fixture
def made() -> Mapped:
    return mapping.mapped(PROPOSED)


def test_dates_are_read_day_first_and_what_cannot_be_read_is_said(made: Mapped) -> None:
    dates = [row[0] for row in mapping.preview(made).rows]
    assert dates == [
        "7 Mar 2022 (Read day first.)",
        "“31/02/2022” cannot be read as a date",
        "no date there",
        "1 Mar 2022 to 31 Mar 2022",
    ]


def test_only_the_columns_that_are_named_are_previewed(made: Mapped) -> None:
    assert mapping.preview(made).header == ("Date", "To")


def test_text_only_shows_the_table_as_it_is(made: Mapped) -> None:
    assert mapping.preview(replace(made, as_=TEXT)).header == ("Sent", "Addressee", "Notes")


def test_the_value_of_a_ruling_has_the_fields_of_its_kind_only(made: Mapped) -> None:
    members = replace(made, as_=AUDIENCE, columns={"name": "Addressee", "date": "Sent"})
    value = json.loads(mapping.value(members))
    assert value == {
        "sheet": "Log", "header": 2, "as": "audience", "channel": "letter",
        "columns": {"name": "Addressee"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("as_", "columns", "word"),
    [
        (COMMUNICATIONS, {"to": "Addressee"}, ""),
        (COMMUNICATIONS, {"date": "Sent"}, "who wrote"),
        (COMMUNICATIONS, {"date": "Sent", "to": "Addressee"}, ""),
        (AUDIENCE, {}, "the names"),
        (TEXT, {}, ""),
    ],
)
def test_what_a_mapping_still_needs_is_said(
    made: Mapped, as_: str, columns: dict[str, str], word: str
) -> None:
    said = mapping.missing(replace(made, as_=as_, columns=columns))
    assert (word in said) if word else said == ""


def test_rows_without_a_date_are_warned_of(made: Mapped) -> None:
    assert mapping.warning(made) == ""
    assert "the date" in mapping.warning(replace(made, columns={"to": "Addressee"}))


def test_headings_further_down_leave_out_what_lies_above(made: Mapped) -> None:
    lower = mapping.headed(made, 3)
    assert lower.headings == ("07/03/2022", "Ada", "x")
    assert lower.columns == {}
    assert lower.sample[0] == ("31/02/2022", "Ben", "")


def test_without_headings_columns_are_numbered_and_their_row_is_data(made: Mapped) -> None:
    none = mapping.headed(made, 0)
    assert none.headings == ("column 1", "column 2", "column 3")
    assert none.sample[0] == ("Sent", "Addressee", "Notes")


def test_a_ruling_is_shown_with_the_rows_of_the_proposal(made: Mapped) -> None:
    assert mapping.mapped(mapping.value(made), PROPOSED) == made


def test_the_lines_for_an_audience_are_read_by_the_case_file() -> None:
    from commtrace import casefile

    text = mapping.audience('Lists/Families "on roll".csv')
    (audience,) = casefile.parse(f'title = "T"\n{text}\n').audiences
    assert audience.table == 'Lists/Families "on roll".csv'
    assert audience.id == "families-on-roll"


def test_the_members_of_an_audience_are_counted() -> None:
    assert mapping.members(json.dumps({"members": [["Ada", "a@b.example"], ["Ben", ""]]})) == 2
    assert mapping.members(PROPOSED) == mapping.members("") == 0
