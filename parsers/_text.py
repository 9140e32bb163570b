"""Bytes to text, and text to text that is safe to store and show.

Knows character sets and control characters; knows nothing of mail or letters. A charset is taken
from an allow-list only, so that a label can never pick a codec that decodes commands or archives.
Whatever had to be assumed comes back as a doubt in words.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

import chardet

# What a label may mean, by the name Python gives the codec. Labels are mapped to the superset that
# senders in fact use (WHATWG Encoding Standard, section 4.2), e.g. iso-8859-1 to windows-1252.
_ALLOWED = {
    "utf-8": "utf-8", "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
    "utf-32": "utf-32", "utf-32-le": "utf-32-le", "utf-32-be": "utf-32-be",
    "ascii": "cp1252", "iso8859-1": "cp1252", "cp1252": "cp1252", "iso8859-9": "cp1254",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "hz": "hz",
    "big5": "big5hkscs", "big5hkscs": "big5hkscs", "cp950": "big5hkscs",
    "euc_kr": "cp949", "cp949": "cp949", "johab": "johab", "iso2022_kr": "iso2022_kr",
    "shift_jis": "cp932", "cp932": "cp932", "euc_jp": "euc_jp",
    "iso2022_jp": "iso2022_jp_ext", "iso2022_jp_1": "iso2022_jp_ext",
    "iso2022_jp_2": "iso2022_jp_2", "iso2022_jp_ext": "iso2022_jp_ext",
    "koi8-r": "koi8-r", "koi8-u": "koi8-u", "mac-roman": "mac-roman",
    "mac-cyrillic": "mac-cyrillic", "tis-620": "cp874", "iso8859-11": "cp874",
    **{f"iso8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{f"cp125{n}": f"cp125{n}" for n in (0, 1, 3, 4, 5, 6, 7, 8)},
    **{f"cp{n}": f"cp{n}" for n in (437, 850, 852, 855, 858, 860, 861, 862, 863, 865, 866, 874)},
}  # fmt: skip
_LABELS = {
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949", "x-sjis": "cp932",
    "x-gbk": "gb18030", "utf8mb4": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "iso-8859-8-i": "iso8859-8",
    "windows-874": "cp874", "x-mac-roman": "mac-roman", "macintosh": "mac-roman",
    "x-windows-1252": "cp1252", "ansi": "cp1252", "cp-850": "cp850", "x-euc-jp": "euc_jp",
}  # fmt: skip
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LATIN = frozenset({"cp1252", "cp1254", "iso8859-15"})
_PROBE = 20_000  # bytes shown to the detector, whose time grows with its input
_UNSURE = frozenset({"unknown-8bit", "x-unknown", "unknown", "8bit", "binary", "default", "none"})


def decode(data: bytes, declared: str | None) -> tuple[str, str | None]:
    """Text of `data`, and in words what had to be assumed (None where nothing was).

    Order: byte order mark, the `declared` charset where it is on the allow-list and fits, UTF-8,
    windows-1252, and detection last. Never raises; what cannot be read becomes U+FFFD.
    """
    marked = _by_mark(data)
    if marked is not None:
        return marked
    label = _label(declared)
    charset = codec_of(label) if label else None
    if data.isascii() and (charset is None or charset in _LATIN or charset == "utf-8"):
        return _plain(data, label=label, charset=charset)
    if charset is not None:
        fitting = _strict(data, charset)
        if fitting is not None:
            return _declared(data, fitting, label=label, charset=charset)
    return _guess(data, label=label)


def codec_of(label: str) -> str | None:
    """The codec a charset label may mean, None where it is not on the allow-list."""
    return _codec_of(label[:64])


@lru_cache(maxsize=512)
def _codec_of(label: str) -> str | None:
    name = label.strip().strip("\"'").lower()
    if name in _LABELS:
        return _LABELS[name]
    try:
        return _ALLOWED.get(codecs.lookup(name).name)
    except (LookupError, ValueError):
        return None


def _label(declared: str | None) -> str:
    name = clean_line(declared)[:64].strip("\"' ") if declared else ""
    return "" if name.lower() in _UNSURE else name


def _by_mark(data: bytes) -> tuple[str, str | None] | None:
    for mark, charset in _BOMS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(charset, "replace")
            lost = "�" in text and charset != "utf-8"
            return text, "Some characters could not be read." if lost else None
    return None


def _plain(data: bytes, *, label: str, charset: str | None) -> tuple[str, str | None]:
    if b"\x00" in data:
        wide = _wide(data)
        if wide is not None:
            return wide
    if b"\x1b" in data and b"\x1b$" in data:
        escaped = _strict(data, "iso2022_jp_ext")
        if escaped is not None:
            return escaped, "Read as ISO-2022-JP: no charset that fits was named."
    text = data.decode("ascii")
    if label and charset is None:
        return text, f'The charset named, "{label}", is unknown; the text is plain ASCII.'
    return text, None


def _declared(data: bytes, text: str, *, label: str, charset: str) -> tuple[str, str | None]:
    """A Latin label on valid multi-byte UTF-8 is wrong: such sequences do not arise by chance."""
    if charset in _LATIN:
        unicode = _strict(data, "utf-8")
        if unicode is not None:
            return unicode, f'Named "{label}", but the bytes are UTF-8 and were read so.'
    if charset == "cp1252" and label.lower() in {"us-ascii", "ascii"}:
        return text, f'Named "{label}", but it has other characters; read as windows-1252.'
    return text, None


def _guess(data: bytes, *, label: str) -> tuple[str, str | None]:
    named = f'The charset named, "{label}", does not fit' if label else "No charset was named"
    for charset, said in (("utf-8", "UTF-8"), ("cp1252", "windows-1252")):
        if charset == "cp1252" and _mostly_high(data):
            continue  # no language written in Latin letters looks like this
        text = _strict(data, charset)
        if text is not None:
            quiet = charset == "utf-8" and not label
            return text, None if quiet else f"{named}; read as {said}."
    return _detect(data, named=named)


def _detect(data: bytes, *, named: str) -> tuple[str, str | None]:
    wide = _wide(data)
    if wide is not None:
        return wide
    guess = chardet.detect(data[:_PROBE])
    charset = codec_of(str(guess.get("encoding") or ""))
    text = _strict(data, charset) if charset else None
    if charset and text is not None:
        share = round(100 * float(guess.get("confidence") or 0))
        return text, f"{named}; detected as {charset} ({share} %)."
    mended = data.decode("utf-8", "replace")
    if mended.count("\ufffd") * 20 < len(mended):
        return mended, f"{named}; read as UTF-8, and some characters could not be read."
    return (
        data.decode("cp1252", "replace"),
        f"{named}; read as windows-1252, and some characters could not be read.",
    )


def _strict(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except (UnicodeError, ValueError):
        return None


def _mostly_high(data: bytes) -> bool:
    probe = data[:_PROBE]
    high = sum(probe.count(bytes((value,))) for value in range(128, 256))
    letters = sum(1 for value in probe if chr(value).isalpha() and value < 128)
    return high > letters


def _wide(data: bytes) -> tuple[str, str | None] | None:
    """UTF-16 without a byte order mark: every second byte is NUL in mostly Latin text."""
    probe = data[:_PROBE]
    half = len(probe) // 2
    odd, even = probe[1::2], probe[::2]
    for charset, empty, full in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        sparse = empty.count(0) * 10 > half * 8 and full.count(0) * 10 < half
        if half > 4 and sparse and len(data) % 2 == 0:
            text = _strict(data, charset)
            if text is not None:
                return text, f"Read as {charset.upper()}: it has no byte order mark."
    return None


_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_REPLACED = {
    **{code: 0x2400 + code for code in range(32) if code not in (9, 10)},  # ␀ ... ␟
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),
    0xFEFF: None,
    0xFFFE: 0xFFFD,
    0xFFFF: 0xFFFD,
}
_LINE = re.compile(r"\s+")
_CONTROLS = bytes(code for code in (*range(32), 127) if code not in (9, 10))


def clean(text: str) -> str:
    """`text` with line feeds only, and every control character but tab made visible.

    NUL becomes U+2400 and its kin likewise, lone surrogates and C1 controls U+FFFD, and the
    Unicode line and paragraph separators line feeds.
    """
    if text.isascii():  # most text is, and bytes are looked through many times faster
        data = text.encode()
        if len(data.translate(None, _CONTROLS)) == len(data):
            return text
    elif _printable(text) or _UNSAFE.search(text) is None:
        return text
    return _BREAKS.sub("\n", text).translate(_REPLACED)


def _printable(text: str) -> bool:
    return text.replace("\n", "").replace("\t", "").replace("\xa0", "").isprintable()


def clean_line(text: str) -> str:
    """`text` on one line: as `clean`, every run of white space one blank, none at the ends."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _LINE.sub(" ", clean(text)).strip()
