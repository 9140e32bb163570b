"""Formats that are known and not read in this version, and what embedded things need no reading.

Only names and first bytes; which formats *are* read is asked of the parsers themselves.
"""

from __future__ import annotations

from commtrace.model import Mark, Record
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


_READ_WITH_IT = frozenset({  # the parts of a message that are read into it, or say how it travelled
    "application/pkcs7-mime", "application/x-pkcs7-mime", "application/ms-tnef",
    "application/vnd.ms-tnef", "text/calendar", "application/ics", "application/pgp-encrypted",
    "application/pgp-keys", "application/pgp-signature", "application/pkcs7-signature",
    "application/x-pkcs7-signature", "message/delivery-status", "message/global-delivery-status",
    "message/disposition-notification", "message/global-disposition-notification",
    "message/feedback-report", "text/rfc822-headers", "message/global-headers",
})  # fmt: skip
_SMALL_PICTURE = 16_384  # bytes: logos and rules in signatures
SYSTEM_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".localized"})
OF_THE_SYSTEM = "A file that the operating system keeps for itself."
_APPLE_DOUBLE = b"\x00\x05\x16\x07"  # what macOS keeps beside each file of an archive


def what_it_is(item: Item) -> str:
    """A known format in words and what would help, by name or first bytes; else general advice."""
    starts = next((said for start, said in _BY_START if item.head.startswith(start)), None)
    named = _BY_SUFFIX.get(item.suffix)
    if named is not None and item.head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return named
    return starts or named or "a format that is not known; save it as PDF or text and supply that"


def handed_on(record: Record) -> int:
    """How many of a record's attachments must be found below it as evidence of their own.

    Not those that hold nothing, are read into the message itself (an envelope, an invitation, a
    report's fields), or are small pictures; of an encrypted message none can be.
    """
    if Mark.ENCRYPTED in record.marks:
        return 0
    return sum(
        one.size > 0
        and one.media_type not in _READ_WITH_IT
        and not one.name.lower().endswith((".p7m", "winmail.dat"))
        and not (one.media_type.startswith("image/") and one.size < _SMALL_PICTURE)
        for one in record.attachments
    )


def of_the_system(item: Item) -> str | None:
    """Why an embedded item is left out that a system keeps for itself; None for any other."""
    name = item.name.replace("\\", "/").rpartition("/")[2].casefold()
    own = name in SYSTEM_FILES or item.head.startswith(_APPLE_DOUBLE)
    return OF_THE_SYSTEM if own else None


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
