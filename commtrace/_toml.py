"""Reading a TOML table key by key, so that every complaint is one sentence with its line.

A `Table` hands out values of the type asked for and remembers which keys were asked for; whatever
is left at the end is unknown. Knows nothing of what the keys mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, cast

from commtrace.errors import CaseFileError

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+|\"[^\"]+\")\s*=")


def line_numbers(text: str) -> dict[str, int]:
    """Where each table and key of a TOML text begins: `parties.1.label` -> 12 (from line 1).

    Keys inside inline tables and arrays have the line of the key that holds them.
    """
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header and "=" not in header[2]:
            prefix = header[2].replace('"', "")
            if header[1] == "[[":
                counts[prefix] = counts.get(prefix, -1) + 1
                prefix = f"{prefix}.{counts[prefix]}"
            lines.setdefault(prefix, number)
        elif key := _KEY.match(line):
            name = key[1].strip('"')
            lines.setdefault(f"{prefix}.{name}" if prefix else name, number)
    return lines


class Table:
    """One TOML table being read; `where` is its dotted path, `lines` come from `line_numbers`."""

    def __init__(self, values: Mapping[str, Any], where: str, lines: Mapping[str, int]) -> None:
        self._values = values
        self._where = where
        self._lines = lines
        self._asked: set[str] = set()

    def complain(self, key: str, sentence: str) -> CaseFileError:
        """The error for a key: line, dotted name, sentence."""
        path = f"{self._where}.{key}".strip(".")
        return CaseFileError(f"case.toml, line {self._line(path)}: {path} {sentence}")

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._values

    def text(self, key: str, default: str = "") -> str:
        """A string."""
        return cast("str", self._typed(key, str, "must be text in quotation marks", default))

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        return cast("bool", self._typed(key, bool, "must be true or false", default))

    def number(self, key: str) -> int | None:
        """A whole number of at least 0, or None where the key is absent."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.complain(key, "must be a whole number that is not negative.")
        return value

    def day(self, key: str) -> date | None:
        """A calendar day written 2022-02-21, or None where the key is absent."""
        value = self._take(key)
        if value is None:
            return None
        return self._as_day(key, value)

    def forms(self, key: str) -> tuple[str, ...]:
        """Texts with letters, and a `#` where a number stands."""
        found = self.strings(key)
        if all("#" in form and any(map(str.isalpha, form)) for form in found):
            return found
        raise self.complain(key, 'must hold letters, and "#" for a number: "COM/#".')

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of strings."""
        value = self._typed(key, list, "must be a list of texts", [])
        if not all(isinstance(item, str) for item in value):
            raise self.complain(key, "must be a list of texts, each in quotation marks.")
        return tuple(value)

    def days(self, key: str) -> tuple[date, ...]:
        """A list of calendar days."""
        value = self._typed(key, list, "must be a list of days such as 2022-02-21", [])
        return tuple(self._as_day(key, item) for item in value)

    def lists(self, key: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of strings."""
        value = self._typed(key, list, "must be a list of lists of texts", [])
        if not all(isinstance(row, list) and all(isinstance(i, str) for i in row) for row in value):
            raise self.complain(key, "must be a list of lists of texts.")
        return tuple(tuple(row) for row in value)

    def table(self, key: str) -> Table:
        """A table; empty where the key is absent."""
        value = self._typed(key, dict, "must be a table", {})
        return Table(value, f"{self._where}.{key}".strip("."), self._lines)

    def tables(self, key: str) -> Iterator[Table]:
        """A list of tables, each with its own place."""
        value = self._typed(key, list, f"must be a list of tables: write [[{key}]]", [])
        for index, item in enumerate(value):
            if not isinstance(item, dict):
                raise self.complain(key, "must hold tables only.")
            yield Table(item, f"{self._where}.{key}.{index}".strip("."), self._lines)

    def plain(self) -> Iterator[tuple[str, Any]]:
        """Every key that was not asked for yet, with its value; marks them as asked for."""
        for key, value in self._values.items():
            if key not in self._asked:
                self._asked.add(key)
                yield key, value

    def need(self, key: str) -> str:
        """A string that must be there and not be empty."""
        value = self.text(key)
        if not value:
            raise self.complain(key, "is needed and must not be empty.")
        return value

    def finish(self) -> None:
        """Complain of the first key that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                raise self.complain(key, f"is not a key that is known here. Known: {known}.")

    def _take(self, key: str) -> Any:
        self._asked.add(key)
        return self._values.get(key)

    def _typed(self, key: str, kind: type, sentence: str, default: Any) -> Any:
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, kind):
            raise self.complain(key, f"{sentence}.")
        return value

    def _as_day(self, key: str, value: object) -> date:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        raise self.complain(key, "must be a day written like 2022-02-21, without quotation marks.")

    def _line(self, path: str) -> int:
        while path and path not in self._lines:
            path = path.rpartition(".")[0]
        return self._lines.get(path, 1)
