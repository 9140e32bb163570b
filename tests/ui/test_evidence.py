"""What the Evidence page says and does, without a browser."""

import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from commtrace.figures.custody import said as said_of
from commtrace.model import RulingKind
from commtrace.ui.pages import evidence_decide, evidence_rows

Page = Callable[..., AppTest]


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in app.get("html"))


def sent(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return app.run()


def deciding(visit: Page, case: object, kind: RulingKind) -> AppTest:
    """The section "To decide" with the place of a kind open."""
    (key,) = (m.key for m in evidence_decide.matters(case) if m.kind is kind)
    return visit("evidence", section="To decide", place=key)


def signed(app: AppTest, *, who: str = "R. Ambrose", because: str = "Read page by page.") -> None:
    next(w for w in app.text_area if w.label == "Reason").set_value(because)
    for field in app.text_input:
        if field.label == "Your name":
            field.set_value(who)


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("The box", "lines in the tree ="),
        ("Not read", "A gap in the evidence."),
        ("To decide", "3 to decide"),
        ("Entered by hand", "No entry yet."),
        ("Custody", "Everything done to this case"),
        ("To be placed", "These were put into a party made from their mail domain."),
    ],
)
def test_every_section_says_what_it_is_for(visit: Page, section: str, words: str) -> None:
    assert words in said(visit("evidence", section=section))


def test_what_is_encrypted_is_called_a_gap(visit: Page, case: object) -> None:
    locked = [p for p in case.problems() if p.kind in {"encrypted", "password_needed"}]
    text = said(visit("evidence", section="Not read"))
    assert f"{len(locked):,} things are encrypted or closed by a password." in text
    assert "no finding of silence can rest on it" in text


def test_the_page_opens_what_its_address_names(visit: Page, case: object) -> None:
    text = said(deciding(visit, case, RulingKind.BUNDLE))
    assert "Bundle: Complaints bundle.pdf" in text


def test_a_table_that_is_text_waits_for_nobody(case: object) -> None:
    from dataclasses import replace

    first, *rest = evidence_decide.matters(case)
    assert first.kind is RulingKind.TABLE
    text = replace(first.proposal, value='{"as": "text"}')
    case.proposals = lambda: (text, *(m.proposal for m in rest))
    assert [m.state for m in evidence_decide.matters(case)] == [
        "To decide", "To decide", "Read as text",
    ]  # fmt: skip


def test_a_bundle_is_confirmed_with_name_and_reason(visit: Page, case: object) -> None:
    app = deciding(visit, case, RulingKind.BUNDLE)
    signed(app)
    app = sent(app, "Confirm these items")
    (ruling,) = case.rulings()
    assert (ruling.who, ruling.because) == ("R. Ambrose", "Read page by page.")
    assert [item["first"] for item in json.loads(ruling.value)["items"]] == [1, 4, 7]
    assert "The bundle is read as 3 items. Kept with your name and reason." in said(app)
    assert "Decided</b> by R. Ambrose" in said(app)
    assert "2 to decide, 1 decided" in said(app)


def test_without_a_name_nothing_is_kept_and_that_is_said(visit: Page, case: object) -> None:
    app = deciding(visit, case, RulingKind.BUNDLE)
    signed(app, who=" ")
    app = sent(app, "Confirm these items")
    assert case.rulings() == ()
    assert "Not saved: say your name" in said(app)


def test_without_a_reason_nothing_is_kept_and_that_is_said(visit: Page, case: object) -> None:
    app = deciding(visit, case, RulingKind.BUNDLE)
    signed(app, because="")
    app = sent(app, "Confirm these items")
    assert case.rulings() == ()
    assert "Not saved: A ruling needs a reason" in said(app)


def test_one_document_is_one_item(visit: Page, case: object) -> None:
    app = deciding(visit, case, RulingKind.BUNDLE)
    signed(app)
    sent(app, "It is one document")
    (ruling,) = case.rulings()
    assert [(i["first"], i["last"]) for i in json.loads(ruling.value)["items"]] == [(1, 8)]


def test_an_unsigned_ruling_that_it_is_one_document_leaves_the_items_as_they_are_set(
    visit: Page, case: object
) -> None:
    app = deciding(visit, case, RulingKind.BUNDLE)
    signed(app, because="")
    app = sent(app, "It is one document")
    assert case.rulings() == ()
    signed(app)
    sent(app, "Confirm these items")
    assert len(json.loads(case.rulings()[0].value)["items"]) == 3


def test_an_items_date_is_corrected_as_it_is_written_here(visit: Page, case: object) -> None:
    app = deciding(visit, case, RulingKind.BUNDLE)
    next(w for w in app.text_input if w.label == "Date").set_value("03/04/2022")
    app = sent(app, "Change item")
    signed(app)
    sent(app, "Confirm these items")
    (ruling,) = case.rulings()
    assert json.loads(ruling.value)["items"][0]["date"] == "2022-04-03"


def test_a_date_that_cannot_be_read_changes_nothing_and_is_said(visit: Page, case: object) -> None:
    app = deciding(visit, case, RulingKind.BUNDLE)
    next(w for w in app.text_input if w.label == "Date").set_value("31/02/2022")
    app = sent(app, "Change item")
    assert "“31/02/2022” cannot be read as a date." in said(app)
    signed(app)
    sent(app, "Confirm these items")
    assert json.loads(case.rulings()[0].value)["items"][0]["date"] == "2022-02-07"


def test_a_mapping_is_confirmed_by_its_headings(visit: Page, case: object) -> None:
    app = deciding(visit, case, RulingKind.TABLE)
    assert "“31/02/2022” cannot be read as a date" in said(app)
    next(w for w in app.selectbox if w.label == "Reference").set_value("Reference")
    app.run()
    signed(app)
    app = sent(app, "Confirm this mapping")
    (ruling,) = case.rulings()
    value = json.loads(ruling.value)
    assert value["columns"] == {
        "date": "Date sent", "from": "From", "to": "Addressee", "reference": "Reference",
    }  # fmt: skip
    assert (value["as"], value["sheet"], value["header"]) == ("communications", "Log", 2)


def test_deleted_items_are_read_only_once_somebody_says_so(visit: Page, case: object) -> None:
    app = deciding(visit, case, RulingKind.DELETED_ITEMS)
    assert "41 items lie in the store outside every folder" in said(app)
    (switch,) = app.toggle
    assert switch.value is False
    switch.set_value(True)
    signed(app)
    app = sent(app, "Save ruling")
    assert case.rulings()[0].value == "true"
    assert "What lies outside every folder is read." in said(app)


def test_an_entry_needs_to_say_how_it_is_known(visit: Page, case: object) -> None:
    app = visit("evidence", section="Entered by hand")
    fields = {w.label: w for w in app.text_input}
    fields["When, or from"].set_value("7 Feb 2022")
    fields["Your name"].set_value("R. Ambrose")
    app = sent(app, "Enter it")
    assert case.entries() == ()
    assert "Not saved: Say how this is known" in said(app)


def test_an_entry_is_kept_and_the_form_is_empty_again(visit: Page, case: object) -> None:
    app = visit("evidence", section="Entered by hand")
    fields = {w.label: w for w in app.text_input}
    fields["When, or from"].set_value("7 Feb 2022")
    fields["To, if not exact"].set_value("9 Feb 2022")
    fields["From whom"].set_value("Ada Archer <ada@one.example>")
    fields["How this is known"].set_value("Own diary")
    fields["Your name"].set_value("R. Ambrose")
    app = sent(app, "Enter it")
    (entry,) = case.entries()
    assert (entry.said, entry.basis) == ("7 Feb 2022 to 9 Feb 2022", "Own diary")
    assert (entry.sender.name, entry.sender.address) == ("Ada Archer", "ada@one.example")
    assert "It counts as evidence, marked as entered by hand." in said(app)
    assert all(w.value == "" for w in app.text_input)


def test_a_line_of_the_register_says_who_should_have_it_and_of_which_days(
    visit: Page, case: object
) -> None:
    app = visit("evidence", section="Entered by hand", entered_view="Known to exist, not supplied")
    next(w for w in app.text_area if w.label == "What exists").set_value("Route planner's notebook")
    fields = {w.label: w for w in app.text_input}
    fields["Who should have it"].set_value("Growth and Transport")
    fields["About the days from"].set_value("1 Feb 2022")
    fields["To"].set_value("31 March 2022")
    fields["Your name"].set_value("R. Ambrose")
    next(w for w in app.selectbox if w.label == "What kind of record it is").set_value("Email")
    app = sent(app, "Add to the register")
    (line,) = case.register()
    assert (line.holder, str(line.since), str(line.until), line.channel) == (
        "Growth and Transport", "2022-02-01", "2022-03-31", "email",
    )  # fmt: skip
    assert "Added to the register in case.toml." in said(app)


def test_a_row_that_was_purged_says_so(case: object) -> None:
    from dataclasses import replace

    row = case.custody()[-1]
    assert "supplied by: Records team" in said_of(row)
    assert said_of(replace(row, words=None)) == "removed by a purge; the chain still holds"


@pytest.mark.parametrize(
    ("number", "what", "words"),
    [
        (1, "addresses", "1 address"),
        (1, "entries", "1 entry"),
        (1, "places", "1 place"),
        (2, "places", "2 places"),
        (1, "acts, latest first", "1 act, latest first"),
    ],
)
def test_one_thing_is_counted_as_one(number: int, what: str, words: str) -> None:
    assert evidence_rows.counted(number, what) == words
