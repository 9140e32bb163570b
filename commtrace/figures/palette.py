"""Which colour an ink is, in light, in dark and on paper; which ink a party and a family wear.

Colour and pattern mean the family of a gap (four) and the role of a party (four); words and letters
mean the rule. Role and family hues were chosen by search for contrast of at least 3:1 against the
page and for the largest distance under simulated deuteranopia, protanopia and tritanopia.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from commtrace.figures.marks import Pattern, Shape
from commtrace.model import Channel, Family, PartyKind

FONT = '"Source Sans", "Source Sans Pro", "Source Sans 3", "Segoe UI", Arial, sans-serif'

LIGHT: Mapping[str, str] = {
    "ink": "#16202E", "muted": "#55606E", "faint": "#8C98A8", "grid": "#E6EBF1",
    "rule": "#9AA6B5", "lane": "#E0E6ED", "page": "#FFFFFF", "panel": "#F6F8FA",
    "veil": "#E4EAF1", "accent": "#1D4F91", "late": "#9B1C31", "hatch": "#B4BECB",
    "edge": "#FFFFFF", "on_bar": "#FFFFFF", "wait": "#D5DDE7", "council": "#2C63C6",
    "families": "#C4528C", "outside": "#7B6440", "members": "#1F3B36", "unplaced": "#6B7683",
    "evidence": "#1F7A73", "response": "#9B1C31", "flow": "#9A6B10", "content": "#5535B0",
    "chosen": "#E6EDF8", "marked": "#FBEFC2",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "ink": "#E8ECF2", "muted": "#A9B4C2", "faint": "#7C899A", "grid": "#242C37",
    "rule": "#5A687B", "lane": "#29323E", "page": "#12161C", "panel": "#181E26",
    "veil": "#1A2029", "accent": "#8AB4F8", "late": "#FF8A9A", "hatch": "#4A5666",
    "edge": "#12161C", "on_bar": "#12161C", "wait": "#313C4A", "council": "#6B9BF7",
    "families": "#F0729F", "outside": "#D1A91B", "members": "#3EE0D8", "unplaced": "#97A3B2",
    "evidence": "#58D0C4", "response": "#FF7F8F", "flow": "#E8B84A", "content": "#A48CFF",
    "chosen": "#1F2C40", "marked": "#4A3F14",
}  # fmt: skip
THEMES: Mapping[str, Mapping[str, str]] = {"light": LIGHT, "dark": DARK, "paper": LIGHT}

_COUNT = {
    "light": ("#F6F8FA", "#DCE7F6", "#B4CAEB", "#7FA3DB", "#3F72C4", "#173F86"),
    "dark": ("#161B22", "#1C2F4F", "#22406E", "#3467AE", "#6FA0F5", "#CFE0FF"),
}
_HOT = {
    "light": ("#F6F8FA", "#F3DCE0", "#E0A6B0", "#C65B6C", "#A32B40", "#7E1024"),
    "dark": ("#161B22", "#38202A", "#5E2B38", "#A34354", "#DB6A7B", "#FF9DAB"),
}
_STOPS = (0.0, 0.001, 0.15, 0.4, 0.7, 1.0)

ROLES: Mapping[str, str] = {
    "council": "Council",
    "members": "Elected members",
    "families": "Families and public",
    "outside": "Schools, providers, partners",
    "unplaced": "Not yet placed",
}
_ROLE = {
    PartyKind.DIRECTORATE: "council",
    PartyKind.DECISION_MAKER: "council",
    PartyKind.MEMBERS: "members",
    PartyKind.FORUM: "families",
    PartyKind.FAMILIES: "families",
    PartyKind.PUBLIC: "families",
}
FAMILIES: Mapping[Family, str] = {
    Family.EVIDENCE: "Evidence",
    Family.RESPONSE: "Response",
    Family.FLOW: "Flow",
    Family.CONTENT: "Content",
}
PATTERNS: Mapping[Family, Pattern] = {
    Family.EVIDENCE: Pattern.DOTTED,
    Family.RESPONSE: Pattern.DIAGONAL,
    Family.FLOW: Pattern.CROSSED,
    Family.CONTENT: Pattern.PLAIN,
}
SHAPES: Mapping[Channel, Shape] = {
    Channel.EMAIL: Shape.CIRCLE,
    Channel.LETTER: Shape.SQUARE,
    Channel.MINUTE: Shape.DIAMOND,
    Channel.MEETING: Shape.DIAMOND,
    Channel.NOTE: Shape.DIAMOND,
    Channel.CALL: Shape.TRIANGLE,
    Channel.CHAT: Shape.TRIANGLE,
    Channel.WEB: Shape.TRIANGLE,
}


def role(kind: PartyKind, *, provisional: bool = False) -> str:
    """The ink of a party: who it is to the council."""
    return "unplaced" if provisional else _ROLE.get(kind, "outside")


def colour(ink: str, theme: str) -> str:
    """The colour `#RRGGBB` of an ink in "light", "dark" or "paper"."""
    return THEMES[theme][ink]


def scale(ink: str, theme: str) -> tuple[tuple[float, str], ...]:
    """The stops of a heat scale ("count" or "hot"), from 0 to 1; exactly 0 is the empty colour."""
    table = _HOT if ink == "hot" else _COUNT
    return tuple(zip(_STOPS, table["dark" if theme == "dark" else "light"], strict=True))


def heat(value: float, ink: str, theme: str) -> str:
    """The colour of a heat value, interpolated between the stops of its scale."""
    stops = scale(ink, theme)
    for (low, from_), (high, to) in pairwise(stops):
        if value <= high:
            return mix(from_, to, (value - low) / (high - low))
    return stops[-1][1]


def mix(from_: str, to: str, share: float) -> str:
    """The colour that lies `share` (0 to 1) of the way between two colours."""
    a, b = _channels(from_), _channels(to)
    return "#" + "".join(f"{round(p + (q - p) * share):02X}" for p, q in zip(a, b, strict=True))


def ink_on(ground: str) -> str:
    """Black or white, whichever is the easier to read on `#RRGGBB`: one always is, at 4.5:1."""
    return max(("#000000", "#FFFFFF"), key=lambda each: contrast(each, ground))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(value: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(value))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(value: str) -> tuple[int, int, int]:
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)
