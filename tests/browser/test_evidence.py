"""An auditor at the Evidence page of a real case: a bundle, a mapping, an entry, the register."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import typst
from playwright.sync_api import Locator, Page, expect

from commtrace.case import Case

pytestmark = pytest.mark.browser
Settle = Callable[[], None]
HOSTILE = "![p](http://tracker.example/p.png) <img src=http://tracker.example/q.gif> \u202ecod.exe"
LETTERS = ("7 February 2022", "3 March 2022", "14 March 2022")


def bundle() -> bytes:
    """Three letters of two pages each, bound into one PDF."""
    pages = []
    for number, day in enumerate(LETTERS, 1):
        pages.append(
            f"Mr A Archer\\ {number} High Street\\ Anytown\n\n{day}\n\nDear Sir or Madam,\n\n"
            f"*Bus pass of family {number}*\n\nThe pass for route {number} did not come. Could you "
            "say when it will?\n\nThank you for your help in this matter."
        )
        pages.append(f"We have asked for the pass {number} times.\n\nYours faithfully,\n\nA Archer")
    text = "\n#pagebreak()\n".join(pages)
    return typst.compile(f"#set page(width: 16cm, height: 12cm)\n{text}".encode())


def log() -> bytes:
    """A letter log with headings that act, and a date that is none."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["Date sent", "From", "Addressee", "Subject", HOSTILE])
    rows.writerow(["07/02/2022", "Ada Archer", "Ben Boyd", "Route 12 is late", "R1"])
    rows.writerow(["31/02/2022", "Ada Archer", "Ben Boyd", "Route 13 is late", "R2"])
    rows.writerow(["09/02/2022", "Cleo Clark", "Ben Boyd", "Route 14 is late", HOSTILE])
    return out.getvalue().encode()


def archive() -> bytes:
    """A zip with a letter, a name that acts, and a member that is cut short."""
    out = io.BytesIO()
    mail = (
        "From: Ada <ada@one.example>\nTo: Ben <ben@two.example>\nSubject: Bus\n"
        "Date: Mon, 7 Feb 2022 09:00:00 +0000\nMessage-ID: <b@one.example>\n\nIs it running?\n"
    )
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("inbox/a.eml", mail)
        made.writestr(f"{HOSTILE.replace('/', '-')}.eml", mail.replace("Bus", HOSTILE))
        made.writestr("broken.docx", b"PK\x03\x04 cut short")
        made.writestr("noise.bin", bytes(range(256)))
    return out.getvalue()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case whose box holds a bundle, a table and an archive, from two suppliers."""
    root = tmp_path_factory.mktemp("evidence")
    box = root / "box"
    (box / "paper").mkdir(parents=True)
    (box / "paper" / "bundle.pdf").write_bytes(bundle())
    (box / "letter log.csv").write_bytes(log())
    (box / "mail.zip").write_bytes(archive())
    case = Case.create(root / "case")
    case.ingest([box], supplied_by="Records team")
    case.close()
    return root / "case"


@pytest.fixture
def open_section(
    serve_case: Callable, open_at: Callable[..., Page], folder: Path, request: pytest.FixtureRequest
) -> Callable[[str], Page]:
    """Open a section of the Evidence page of that case."""
    server = _server(request.config, serve_case, folder)
    return lambda query: open_at(server, f"evidence?{query}")


def _server(config: pytest.Config, serve_case: Callable, folder: Path) -> object:
    """One screen for all tests of this file."""
    if _SERVER not in config.stash:
        config.stash[_SERVER] = serve_case(folder=folder)
    return config.stash[_SERVER]


_SERVER: pytest.StashKey = pytest.StashKey()


def lines(page: Page) -> Locator:
    return page.locator(".ct-tree tbody tr")


def test_the_tree_is_unfolded_by_keyboard_and_its_sums_add_up(
    open_section: Callable[[str], Page], settle: Settle
) -> None:
    page = open_section("section=The+box")
    archive_ = lines(page).filter(has_text="mail.zip")
    expect(archive_).to_have_attribute("aria-expanded", "false")
    lines(page).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(archive_).to_have_attribute("aria-expanded", "true")
    settle()
    expect(lines(page).filter(has_text="member inbox/a.eml")).to_be_visible()
    found = re.search(r"(\d+) found = (.+)", archive_.inner_text())
    assert found is not None
    assert int(found[1]) == sum(int(term.split()[0]) for term in found[2].split(" + ")) == 4
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".ct-box-panel")).to_contain_text("damaged or cut off")
    settle()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(archive_).to_have_attribute("aria-expanded", "false")
    settle()


def test_the_original_of_a_member_is_saved_under_a_name_that_cannot_act(
    open_section: Callable[[str], Page], settle: Settle
) -> None:
    page = open_section("section=The+box&path=cod.exe")
    lines(page).last.click()
    page.locator(".ct-box-panel").wait_for()
    settle()
    with page.expect_download() as waited:
        page.get_by_role("button", name="Save the original").click()
    assert re.fullmatch(r"[0-9a-f]{12}-[\w.\-]+\.eml", waited.value.suggested_filename)
    assert waited.value.path().read_bytes().startswith(b"From: Ada <ada@one.example>")


def test_a_boundary_is_moved_and_the_new_items_stand_in_the_timeline(
    open_section: Callable[[str], Page], settle: Settle, folder: Path
) -> None:
    page = open_section("section=To+decide")
    page.locator(".ct-card", has_text="bundle.pdf").click()
    begins = page.locator(".ct-cut")
    expect(begins).to_have_count(6)
    settle()
    page.locator(".ct-cut", has_text="Page 3").click()
    page.locator("li.ct-begins").nth(1).filter(has_text="Page 5").wait_for()
    settle()
    page.locator(".ct-cut", has_text="Page 4").click()
    page.locator("li.ct-begins").nth(1).filter(has_text="Page 4").wait_for()
    settle()
    page.get_by_role("textbox", name="Date").fill("4 March 2022")
    page.get_by_role("textbox", name="Title").fill("Second letter about the pass")
    page.get_by_role("button", name="Change item").click()
    expect(page.locator(".st-key-bundle_items")).to_contain_text("4 Mar 2022")
    settle()
    page.get_by_role("textbox", name="Reason").fill("The second letter begins on page 4.")
    if page.get_by_role("textbox", name="Your name").count():
        page.get_by_role("textbox", name="Your name").fill("R. Ambrose")
    page.get_by_role("button", name="Confirm these items").click()
    page.get_by_text("The bundle is read as 3 items.").wait_for()
    settle()
    expect(page.get_by_text("3 communications stand for this place now.")).to_be_visible()
    card = page.locator(".st-key-decide_landed .ct-card", has_text="Second letter")
    expect(card).to_contain_text("4 Mar 2022")
    expect(card).to_contain_text("page 4")
    card.click()
    page.wait_for_url(re.compile("/timeline"))
    page.get_by_text("Thread of").wait_for()
    settle()
    assert "Second letter about the pass" in page.locator(".ct-panel h3").first.inner_text()
    (ruling,) = (r for r in Case.open(folder).rulings() if r.source.path.endswith("bundle.pdf"))
    assert (ruling.who, ruling.because) == ("R. Ambrose", "The second letter begins on page 4.")


def test_a_mapping_is_confirmed_and_its_rows_become_communications(
    open_section: Callable[[str], Page], settle: Settle, folder: Path
) -> None:
    page = open_section("section=To+decide")
    page.locator(".ct-card", has_text="letter log.csv").click()
    preview = page.locator(".ct-static", has_text="as they would be read")
    expect(preview).to_contain_text("“31/02/2022” cannot be read as a date")
    settle()
    page.get_by_role("combobox", name="Reference").click()
    page.get_by_role("option", name="![p](http://tracker.example").click()
    expect(preview).to_contain_text("R1")
    settle()
    page.get_by_role("textbox", name="Reason").fill("It is the log of letters sent.")
    if page.get_by_role("textbox", name="Your name").count():
        page.get_by_role("textbox", name="Your name").fill("R. Ambrose")
    page.get_by_role("button", name="Confirm this mapping").click()
    page.get_by_text("Its rows are read as communications.").wait_for()
    settle()
    expect(page.locator(".st-key-decide_landed")).to_contain_text("Route 12 is late")
    expect(page.locator(".st-key-decide_landed .ct-card")).to_have_count(3)
    case = Case.open(folder)
    assert len(case.search("Route 14 is late")) == 1
    case.close()


def test_a_call_is_entered_and_a_line_put_into_the_register(
    open_section: Callable[[str], Page], settle: Settle, folder: Path
) -> None:
    page = open_section("section=Entered+by+hand")
    page.get_by_role("textbox", name="When, or from").fill("8 February 2022, 10:15")
    page.get_by_role("textbox", name="From whom").fill("Ada Archer <ada@one.example>")
    page.get_by_role("textbox", name="To or with whom").fill("Ben Boyd <ben@two.example>")
    page.get_by_role("textbox", name="What was said").fill("He said the pass was in the post.")
    page.get_by_role("textbox", name="How this is known").fill("Own note of the same day")
    if page.get_by_role("textbox", name="Your name").count():
        page.get_by_role("textbox", name="Your name").fill("R. Ambrose")
    page.get_by_role("button", name="Enter it").click()
    page.get_by_text("Entered: 8 Feb 2022").wait_for()
    settle()
    expect(page.locator(".st-key-entered_list")).to_contain_text("the pass was in the post")
    page.get_by_text("Known to exist, not supplied").click()
    page.get_by_role("textbox", name="What exists").fill("Notebook of the route planner")
    page.get_by_role("textbox", name="Who says so").fill("Minutes of 3 March 2022")
    page.get_by_role("textbox", name="Asked for on").fill("14/03/2022")
    settle()
    page.get_by_role("button", name="Add to the register").click()
    page.get_by_text("Added to the register").wait_for()
    settle()
    expect(page.locator(".st-key-register_list")).to_contain_text("14 Mar 2022")
    case = Case.open(folder)
    assert [entry.text for entry in case.entries()] == ["He said the pass was in the post."]
    assert [one.what for one in case.register()] == ["Notebook of the route planner"]
    case.close()


def test_a_case_is_verified_on_the_page(
    open_section: Callable[[str], Page], settle: Settle
) -> None:
    page = open_section("section=Custody")
    page.get_by_role("button", name="Verify now").click()
    page.get_by_text("No fault was found.").wait_for()
    settle()
    expect(page.locator(".st-key-custody_chain")).to_contain_text("Records team")


def test_what_could_not_be_read_can_be_asked_for_again(
    open_section: Callable[[str], Page], settle: Settle
) -> None:
    page = open_section("section=Not+read")
    page.locator(".ct-card", has_text="Damaged").click()
    request = page.get_by_role("region", name="Request to the supplier")
    expect(request).to_contain_text("To: Records team")
    expect(request).to_contain_text("mail.zip")
    settle()


@pytest.mark.parametrize("section", ["The+box&path=cod", "Not+read", "To+decide", "Custody"])
def test_names_that_act_stay_words(open_section: Callable[[str], Page], section: str) -> None:
    page = open_section(f"section={section}")
    main = page.locator('[data-testid="stMain"]')
    assert main.locator("img, iframe, script, object").count() == 0
    assert "\u202e" not in main.inner_text()


def test_workers_draw_no_page_in_the_terminal(
    open_section: Callable[[str], Page], pytestconfig: pytest.Config
) -> None:
    open_section("section=Custody")
    printed = pytestconfig.stash[_SERVER].log.read_text()
    assert "ScriptRunContext" not in printed
    assert "streamlit run" not in printed
