"""Every ink can be told from the page, and text on it can be read."""

import pytest

from commtrace.figures import palette
from commtrace.model import Channel, Family, PartyKind

ROLES = ("council", "members", "families", "outside", "unplaced")


@pytest.mark.parametrize("theme", ["light", "dark", "paper"])
@pytest.mark.parametrize("ink", [*ROLES, *(f.value for f in Family), "late", "accent"])
def test_a_mark_stands_out_from_the_page(ink: str, theme: str) -> None:
    """WCAG 2.2, 1.4.11: 3:1 for graphical objects."""
    ground = palette.colour("page", theme)
    assert palette.contrast(palette.colour(ink, theme), ground) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "muted", "late", "accent"])
def test_words_can_be_read_on_page_and_panel(ink: str, theme: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5:1 for text."""
    for ground in ("page", "panel", "chosen"):
        assert palette.contrast(palette.colour(ink, theme), palette.colour(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("family", list(Family))
def test_a_label_can_be_read_on_its_bar(family: Family, theme: str) -> None:
    bar = palette.colour(family.value, theme)
    assert palette.contrast(palette.colour("on_bar", theme), bar) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("value", [n / 20 for n in range(21)])
def test_a_number_can_be_read_on_its_heat_cell(value: float, theme: str) -> None:
    ground = palette.heat(value, "count", theme)
    assert palette.contrast(palette.ink_on(ground), ground) >= 4.5


def test_light_and_dark_name_the_same_inks() -> None:
    assert set(palette.LIGHT) == set(palette.DARK)


def test_an_empty_cell_is_told_from_one_with_a_message() -> None:
    assert palette.heat(0.0, "count", "light") != palette.heat(0.01, "count", "light")


def test_every_family_has_a_pattern_of_its_own() -> None:
    assert len({palette.PATTERNS[family] for family in Family}) == len(Family)


def test_every_channel_has_a_shape_and_every_kind_of_party_a_role() -> None:
    assert all(channel in palette.SHAPES for channel in Channel)
    assert all(palette.role(kind) in palette.ROLES for kind in PartyKind)


def test_a_provisional_party_is_shown_as_not_placed() -> None:
    assert palette.role(PartyKind.DIRECTORATE, provisional=True) == "unplaced"
