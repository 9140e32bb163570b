"""Formats that are known and not read in this version, and what embedded things need no reading.

Only names and first bytes; which formats *are* read is asked of the parsers themselves.
"""

from __future__ import annotations

from commtrace.plugins import Item

_NO_STORE = "named as an Outlook store, which its first bytes are not; ask for another copy"
_ARCHIVE = "an archive of a kind that is not unpacked; unpack it into a folder and supply that"
_BOX = "a mailbox of another program; export it as PST, .mbox or .eml files and supply those"
_BOOK = "an electronic book or a program's own package, which is no correspondence"
_ENVELOPE = "a message in a secure envelope; open it with its key and supply what it shows"
_OLD_OFFICE = "an old Office file; save it as .docx or PDF and supply that as well"
_SHEET = "named as a spreadsheet, which its content is not; ask for another copy"
_SLIDES = "a presentation; print it to PDF and supply that as well if it tells who knew what"
_PICTURE = "a picture; save it as PNG, JPEG or TIFF and supply that if it shows a letter"
_KEY = "a key or a signature, which holds no correspondence"
_SOUND = "a recording; supply a transcript as text if it matters"

_BY_SUFFIX = {
    **dict.fromkeys((".pst", ".ost"), _NO_STORE),
    **dict.fromkeys((".7z", ".rar", ".cab", ".iso", ".dmg", ".lzh", ".zst"), _ARCHIVE),
    **dict.fromkeys((".olm", ".nsf", ".dbx", ".edb", ".msf"), _BOX),
    **dict.fromkeys((".epub", ".jar", ".apk", ".xpi", ".exe", ".dll"), _BOOK),
    **dict.fromkeys((".switch", ".rpmsg", ".ptk"), _ENVELOPE),
    **dict.fromkeys((".doc", ".dot", ".wpd"), _OLD_OFFICE),
    **dict.fromkeys((".xls", ".xlsx", ".xlsm", ".ods", ".csv"), _SHEET),
    **dict.fromkeys((".ppt", ".pptx", ".odp"), _SLIDES),
    **dict.fromkeys(
        (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".webp", ".svg",
         ".ico", ".emf", ".wmf"), _PICTURE),
    **dict.fromkeys((".wav", ".mp3", ".m4a", ".ogg", ".mp4", ".mov", ".avi", ".wmv"), _SOUND),
    ".rtf": "named as rich text, which its first bytes are not; ask for another copy",
    ".odt": "named as an OpenDocument text, which its content is not; ask for another copy",
    ".vcf": "a contact card",
    ".eml.enc": "an encrypted message",
    **dict.fromkeys((".p7s", ".p7c", ".p7b", ".cer", ".crt", ".pem", ".sig"), _KEY),
    ".one": "a OneNote section; print it to PDF and supply that",
    ".tnef": "named as an Outlook winmail.dat, which its first bytes are not; ask for another copy",
}  # fmt: skip
_BY_START = (
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"Rar!\x1a\x07", _ARCHIVE),
    (b"MSCF", _ARCHIVE),
    (b"\x28\xb5\x2f\xfd", _ARCHIVE),
    (b"PK\x03\x04", "a package of a program's own; save what it shows as PDF and supply that"),
    (b"-----BEGIN PGP PUBLIC KEY", _KEY),
    (b"-----BEGIN PGP SIGNATURE-----", _KEY),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an OLE file, such as an old Office file; save it as PDF",
    ),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"BM", _PICTURE),
    (b"II*\x00", _PICTURE),
    (b"MM\x00*", _PICTURE),
    (b"ID3", _SOUND),
    (b"MZ", "a program, which is no correspondence"),
    (b"\x7fELF", "a program, which is no correspondence"),
)
_DECORATION = frozenset({
    "text/css", "text/vcard", "text/x-vcard", "application/pgp-signature",
    "application/pkcs7-signature", "application/x-pkcs7-signature", "application/ms-tnef-rights",
})  # fmt: skip


_SYSTEM_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".localized"})
_APPLE_DOUBLE = b"\x00\x05\x16\x07"  # what macOS keeps beside each file of an archive


def what_it_is(item: Item) -> str:
    """A known format in words and what would help, by name or first bytes; else general advice."""
    starts = next((said for start, said in _BY_START if item.head.startswith(start)), None)
    named = _BY_SUFFIX.get(item.suffix)
    if named is not None and item.head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return named
    return starts or named or "a format that is not known; save it as PDF or text and supply that"


def decoration(media_type: str, item: Item) -> str | None:
    """Why an embedded item that no format claims is of no interest; None for one that may be.

    Pictures, styles and signatures go with the message that holds them and are listed, not read.
    """
    media_type = media_type.lower()
    what = what_it_is(item)
    if media_type.startswith("image/") or what == _PICTURE:
        return "A picture inside another item: listed and kept with it, not read."
    if media_type.startswith(("audio/", "video/")) or what == _SOUND:
        return "A recording inside another item: listed and kept with it, not read."
    if media_type in _DECORATION or media_type.startswith("font/"):
        return "Goes with the item that holds it (a style, a card, a signature): listed, not read."
    return None
