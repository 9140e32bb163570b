"""Windows code pages as Python calls them: by number (MS-OXCDATA 2.11.1), by locale (MS-LCID)."""

from __future__ import annotations

# Those that Python does not call cp<number>.
_CODE_PAGES = {
    65001: "utf-8", 1200: "utf-16-le", 20127: "ascii", 20866: "koi8-r", 21866: "koi8-u",
    28591: "cp1252", 51932: "euc_jp", 51949: "euc_kr", 54936: "gb18030", 936: "gb18030",
    950: "big5hkscs", 50220: "iso2022_jp", 50221: "iso2022_jp", 50222: "iso2022_jp",
    10000: "mac-roman", 10007: "mac-cyrillic", 52936: "hz",
    **{28590 + n: f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 13, 15)},
}  # fmt: skip
# The Windows code page of a locale, by its primary language (LCID & 0x3FF); MS-LCID.
_LANGUAGES = {
    0x01: 1256, 0x02: 1251, 0x04: 936, 0x05: 1250, 0x08: 1253, 0x0D: 1255, 0x0E: 1250, 0x11: 932,
    0x12: 949, 0x15: 1250, 0x18: 1250, 0x19: 1251, 0x1A: 1250, 0x1B: 1250, 0x1E: 874, 0x1F: 1254,
    0x22: 1251, 0x23: 1251, 0x24: 1250, 0x25: 1257, 0x26: 1257, 0x27: 1257, 0x29: 1256, 0x2A: 1258,
}  # fmt: skip
_TRADITIONAL = frozenset({0x0404, 0x0C04, 0x1404})


def code_page(number: int) -> str:
    """Python's name of a Windows code page."""
    return _CODE_PAGES.get(number, f"cp{number}")


def of_locale(locale: int) -> str:
    """Python's name of the Windows code page of a locale; that of western Europe by default."""
    return code_page(950 if locale in _TRADITIONAL else _LANGUAGES.get(locale & 0x3FF, 1252))
