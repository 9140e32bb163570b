"""Writes `commtrace/data/calendars/*.toml` from the `holidays` package (a development dependency).

Run `python tests/make_calendars.py` after a bank holiday is proclaimed or moved. Bank holidays that
fall on a Saturday or Sunday are left out: their substitute days are the ones that count.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import holidays

FOLDER = Path(__file__).parents[1] / "commtrace" / "data" / "calendars"
NATIONS = {"england": "ENG", "scotland": "SCT", "wales": "WLS", "northern-ireland": "NIR"}
YEARS = range(2010, 2036)


def bank_holidays(nation: str) -> dict[str, str]:
    """Weekday bank holidays of a nation: ISO date to name."""
    found = holidays.country_holidays("GB", subdiv=NATIONS[nation], years=YEARS)
    return {day.isoformat(): name for day, name in sorted(found.items()) if day.weekday() < 5}


def toml(nation: str) -> str:
    """The text of one calendar file."""
    head = [
        f"# Bank holidays, {nation}, {YEARS[0]} to {YEARS[-1]}: weekdays only, substitute days in",
        "# place of Saturdays and Sundays. Written by tests/make_calendars.py; years not yet",
        "# proclaimed follow the Banking and Financial Dealings Act 1971.",
        "",
        f'nation = "{nation}"',
        "",
        "[days]",
    ]
    lines = [f'{day} = "{name}"' for day, name in bank_holidays(nation).items()]
    return "\n".join([*head, *lines, ""])


def main() -> None:
    """Write the four files."""
    for nation in NATIONS:
        text = toml(nation)
        tomllib.loads(text)
        (FOLDER / f"{nation}.toml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
