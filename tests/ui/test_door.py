"""Evidence text reaches the screen through one door, escaped, and nothing in it is hidden."""

import ast
from pathlib import Path

import pytest

from commtrace.figures.marks import Table
from commtrace.ui import door

UI = Path(door.__file__).parent
PAGES = sorted(p for p in UI.rglob("*.py") if p.name != "door.py")
READ_AS_MARKDOWN = {
    "markdown", "write", "caption", "title", "header", "subheader", "html", "table", "info",
    "error", "warning", "success", "toast", "metric", "expander", "tabs", "button", "checkbox",
    "toggle", "radio", "pills", "segmented_control", "selectbox", "multiselect", "text_input",
    "text_area", "date_input", "popover", "status", "page_link", "download_button", "image",
    "form_submit_button", "latex", "exception", "badge", "navigation", "Page", "number_input",
    "slider", "select_slider", "file_uploader", "chat_message", "spinner", "link_button",
    "menu_button",
}  # fmt: skip
NEVER = {"write", "markdown", "table", "exception", "latex", "image", "html"}


def calls(path: Path) -> list[tuple[int, str, ast.Call]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        (node.lineno, node.func.attr, node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "st"
    ]


def literal(node: ast.expr | None) -> bool:
    return node is None or isinstance(node, ast.Constant)


def label_of(call: ast.Call) -> ast.expr | None:
    named = {k.arg: k.value for k in call.keywords}
    return call.args[0] if call.args else named.get("label")


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(UI).as_posix())
def test_no_page_hands_text_of_its_own_making_to_streamlit(path: Path) -> None:
    wrong = [
        f"{path.name}:{line} st.{name}"
        for line, name, call in calls(path)
        if name in READ_AS_MARKDOWN - {"Page", "navigation"}
        and (name in NEVER or not literal(label_of(call)))
    ]
    assert wrong == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(UI).as_posix())
def test_help_captions_and_placeholders_are_literals(path: Path) -> None:
    wrong = [
        f"{path.name}:{line} {keyword.arg}"
        for line, _, call in calls(path)
        for keyword in call.keywords
        if keyword.arg in {"help", "captions", "placeholder", "label"}
        and not literal(keyword.value)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(UI).as_posix())
def test_templates_are_literals_and_scripts_are_never_allowed(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    wrong = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "door"
        and node.func.attr in {"put", "html", "Safe"}
        and not (node.args and isinstance(node.args[0], ast.Constant))
    ]
    assert wrong == []
    assert "unsafe_allow" not in source


CHOICES = {"pills", "segmented_control", "radio"}


def of_the_program(options: ast.expr) -> bool:
    """A constant, by its name in capitals."""
    return ast.unparse(options).removeprefix("list(").rstrip("()").split(".")[0].isupper()


def handed(function: ast.FunctionDef, name: str) -> list[ast.expr]:
    """What every call on the screen hands a function for the parameter of that name."""
    at = [argument.arg for argument in function.args.args].index(name)
    found = []
    for path in PAGES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == function.name:
                named = {keyword.arg: keyword.value for keyword in node.keywords}
                found.append(named[name] if name in named else node.args[at])
    return found


def offered(path: Path, call: ast.Call) -> list[ast.expr]:
    """The options of a control; where they are a parameter, what its function is called with."""
    options = call.args[1]
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(function, ast.FunctionDef)
            and function.lineno <= call.lineno <= (function.end_lineno or 0)
            and ast.unparse(options) in [argument.arg for argument in function.args.args]
        ):
            return handed(function, ast.unparse(options))
    return [options]


def test_pills_and_segments_offer_words_of_the_program_only() -> None:
    """Their options are read as Markdown, other than those of a select box."""
    found = {
        f"{path.name}:{line}": offered(path, call)
        for path in PAGES
        for line, name, call in calls(path)
        if name in CHOICES
    }
    assert all(found.values())
    assert {
        at: [*map(ast.unparse, o)] for at, o in found.items() if not all(map(of_the_program, o))
    } == {}


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=http://tracker.example/p.png>",
        "<script>alert(1)</script>",
        '"><svg onload=alert(1)>',
        "&lt;b&gt;",
    ],
)
def test_markup_in_a_value_is_shown_and_not_parsed(hostile: str) -> None:
    made = door.html("<p title='{value}'>{value}</p>", value=hostile)
    assert "<img" not in made
    assert "<script" not in made
    assert "<svg" not in made
    assert made.count("<") == 2


def test_a_value_never_fills_a_second_placeholder() -> None:
    assert door.html("{a}{b}", a="{b}", b="x") == "{b}x"


def test_a_direction_override_is_written_out() -> None:
    assert door.text("invoice\u202efdp.exe") == "invoice[U+202E]fdp.exe"


def test_line_breaks_and_tabs_stay_in_a_letter() -> None:
    assert door.text("Dear Ada,\n\tthank you") == "Dear Ada,\n\tthank you"


def test_a_label_escapes_every_sign_that_markdown_reads() -> None:
    label = door.label("![x](http://tracker.example) :red[now] $x$ **b** `c`")
    for sign in "![](){}:$*`":
        assert all(label[i - 1] == "\\" for i, c in enumerate(label) if c == sign)


def test_what_a_component_gets_is_made_plain_all_the_way_down() -> None:
    assert door.plain({"rows": [{"cells": ("a\u200bb", 3, None)}]}) == {
        "rows": [{"cells": ["a[U+200B]b", 3, None]}]
    }


def test_a_table_for_nothing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(door.st, "html", shown.append)
    door.table(Table(header=("Day",), rows=(), caption="Messages"))
    assert "Nothing in this part of the case." in shown[0]
