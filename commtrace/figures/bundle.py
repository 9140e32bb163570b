"""A bundle while an auditor decides where its items begin: a draft, and the steps that change it.

The items of a draft cover every page once and in order, whatever is done to it; its value is the
JSON that a ruling holds. Draws nothing and keeps nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from commtrace.moments import written_dates

LONGEST_TITLE = 200  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a bundle: its pages, the day it is of where that is known, its title."""

    first: int
    last: int
    day: date | None
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The items as they stand now, and the first words of each page."""

    items: tuple[Item, ...]
    outline: Mapping[int, str]
    unit: str = "page"

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return self.items[-1].last

    @property
    def shown(self) -> list[int]:
        """The pages at which an item can begin: every one, or those that the outline names."""
        if not self.outline:
            return list(range(1, self.pages + 1))
        known = {page for page in self.outline if 1 <= page <= self.pages}
        return sorted(known | {item.first for item in self.items})

    def at(self, page: int) -> int:
        """The number of the item, from 0, that holds a page."""
        return next(n for n, item in enumerate(self.items) if item.first <= page <= item.last)


def draft(value: str, outline: str = "") -> Draft:
    """A draft from a ruling's or a proposal's value; `outline` is the proposal that knows pages.

    Raises ValueError if the items do not cover every page once and in order.
    """
    said = json.loads(value)
    words = said.get("outline") or (json.loads(outline).get("outline") if outline else None) or []
    items = tuple(_item(one) for one in said["items"])
    _check(items)
    return Draft(
        items=items,
        outline={int(page): str(text) for page, text in words},
        unit=str(said.get("unit") or "page"),
    )


def _item(one: Mapping[str, Any]) -> Item:
    day = one.get("date")
    return Item(
        first=int(one["first"]),
        last=int(one["last"]),
        day=date.fromisoformat(day) if day else None,
        title=str(one.get("title") or ""),
    )


def _check(items: tuple[Item, ...]) -> None:
    expected = 1
    for item in items:
        if item.first != expected or item.last < item.first:
            raise ValueError("The items do not cover every page once and in order.")
        expected = item.last + 1
    if not items:
        raise ValueError("A bundle has at least one item.")


def value(made: Draft) -> str:
    """The draft in the grammar of a ruling."""
    items = [
        {
            "first": item.first,
            "last": item.last,
            "date": item.day.isoformat() if item.day else None,
            "title": item.title,
        }
        for item in made.items
    ]
    return json.dumps({"items": items, "unit": made.unit}, ensure_ascii=False)


def cut(made: Draft, page: int) -> Draft:
    """Begin an item at a page, or where one begins there, join it to the one before."""
    number = made.at(page)
    if made.items[number].first == page:
        return merge(made, number)
    item = made.items[number]
    words = made.outline.get(page, "")
    found = written_dates(words)
    new = Item(
        first=page, last=item.last, day=found[0].day if found else None, title=words[:LONGEST_TITLE]
    )
    before = replace(item, last=page - 1)
    return replace(made, items=(*made.items[:number], before, new, *made.items[number + 1 :]))


def merge(made: Draft, number: int) -> Draft:
    """Join an item to the one before it, whose date and title stay."""
    if not 0 < number < len(made.items):
        return made
    before, item = made.items[number - 1 : number + 1]
    joined = replace(before, last=item.last)
    return replace(made, items=(*made.items[: number - 1], joined, *made.items[number + 1 :]))


def begin(made: Draft, number: int, page: int) -> Draft:
    """Move the first page of an item; it keeps at least one page, and so does the one before."""
    if not 0 < number < len(made.items):
        return made
    before, item = made.items[number - 1 : number + 1]
    page = min(max(page, before.first + 1), item.last)
    moved = (replace(before, last=page - 1), replace(item, first=page))
    return replace(made, items=(*made.items[: number - 1], *moved, *made.items[number + 1 :]))


def said(made: Draft, number: int, *, day: date | None, title: str) -> Draft:
    """Give an item another date or title."""
    item = replace(made.items[number], day=day, title=title.strip()[:LONGEST_TITLE])
    return replace(made, items=(*made.items[:number], item, *made.items[number + 1 :]))


def whole(made: Draft) -> Draft:
    """One document: a single item with all pages, the first one's date and title."""
    first = made.items[0]
    return replace(made, items=(replace(first, last=made.pages),))
