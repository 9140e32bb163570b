"""iCalendar as lines (RFC 5545 section 3.1): components with their properties, whatever is wrong.

Lines are unfolded, names and parameters taken apart, escapes undone; a line that is none is
passed over, so that one bad line never costs the rest. vCalendar 1.0 is read too. What the
properties mean is left to others.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MOST_LINES = 2_000_000
_LONGEST = 1_000_000  # characters of one unfolded line
_DEEPEST = 20
_SIBLINGS = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"})
_LINE = re.compile(r"([A-Za-z0-9._\-]{1,100})((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)", re.DOTALL)
_PARAMETER = re.compile(r";([A-Za-z0-9\-]{1,60})(?:=((?:\"[^\"]*\"|[^;\"])*))?")
_ESCAPE = re.compile(r"\\([\\;,nN:\"])")
_FOLD = re.compile(r"\r?\n[ \t]|\r[ \t]")


@dataclass(frozen=True, slots=True)
class Property:
    """A property's value as written, and its parameters by name in capitals."""

    value: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The value as text (RFC 5545 section 3.3.11)."""
        return _ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], self.value)


@dataclass(slots=True)
class Component:
    """A component: its name in capitals, its properties in order, and those inside it."""

    name: str
    properties: list[tuple[str, Property]] = field(default_factory=list)
    inside: list[Component] = field(default_factory=list)
    closed: bool = False

    def first(self, name: str) -> Property | None:
        """The first property of a name."""
        return next((value for key, value in self.properties if key == name), None)

    def every(self, name: str) -> list[Property]:
        """All properties of a name."""
        return [value for key, value in self.properties if key == name]

    def text(self, name: str) -> str:
        """The first property of a name as text; "" where there is none."""
        found = self.first(name)
        return found.text if found else ""


def components(text: str) -> tuple[Component, ...]:
    """The outermost components in a text. Never raises."""
    top = Component("")
    open_ones = [top]
    for name, value in _lines(text):
        if name == "BEGIN":
            made = Component(value.value.strip().upper()[:60])
            if made.name in _SIBLINGS:  # one that was not closed ends where the next begins
                _end_open(open_ones)
            open_ones[-1].inside.append(made)
            if len(open_ones) <= _DEEPEST:
                open_ones.append(made)
        elif name == "END":
            _end(open_ones, value.value.strip().upper()[:60])
        else:
            open_ones[-1].properties.append((name, value))
    return tuple(top.inside)


def _end_open(open_ones: list[Component]) -> None:
    for place, one in enumerate(open_ones):
        if one.name in _SIBLINGS:
            del open_ones[place:]
            return


def _end(open_ones: list[Component], name: str) -> None:
    """Close the nearest open component of a name; those within it end with it, unclosed."""
    for place in range(len(open_ones) - 1, 0, -1):
        if open_ones[place].name == name:
            open_ones[place].closed = True
            del open_ones[place:]
            return


def _lines(text: str) -> Iterator[tuple[str, Property]]:
    count = 0
    pending = ""
    for line in re.split(r"\r\n|\n|\r", _FOLD.sub("", text.lstrip("\ufeff"))):
        count += 1
        if count > MOST_LINES:
            return
        said = pending + line[:_LONGEST]
        pending = ""
        match = _LINE.fullmatch(said.strip())
        if match is None:
            continue
        parameters = _parameters(match[2])
        if parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
            if said.endswith("=") and len(said) < _LONGEST:
                pending = said[:-1]  # a soft break of vCalendar 1.0
                continue
            yield _name(match[1]), Property(_printable(match[3], parameters), parameters)
            continue
        yield _name(match[1]), Property(match[3], parameters)


def _name(said: str) -> str:
    return said.rpartition(".")[2].upper()


def _parameters(said: str) -> dict[str, str]:
    return {
        match[1].upper(): (match[2] or "").replace('"', "").strip()
        for match in _PARAMETER.finditer(said)
    }


def _printable(value: str, parameters: Mapping[str, str]) -> str:
    data = quopri.decodestring(value.encode("utf-8", "replace"))
    charset = "utf-8" if "CHARSET" not in parameters else parameters["CHARSET"].lower()
    text = data.decode("utf-8" if charset != "iso-8859-1" else "latin-1", "replace")
    return text.replace("\r\n", "\\n").replace("\n", "\\n")
