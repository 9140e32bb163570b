"""Writes the sample mailboxes from story.toml: the same bytes every time, on every machine.

`python sample_mailboxes/make.py [--out DIR]`. Everything in them is invented.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

if not __package__:  # started as a file, `python sample_mailboxes/make.py` (PEP 366)
    __package__ = "commtrace.sample_mailboxes"


from . import _mailboxes, _papers, _wire
from ._compose import compose, written_day
from ._mail import Draft, Enclosure, Mail
from ._story import Story, load
from ._traffic import traffic

HERE = Path(__file__).parent
_MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def letters(raw: Mapping[str, Any]) -> dict[str, Enclosure]:
    """The letters and other files of the story, by name."""
    found = {}
    for row in raw["letters"]:
        name, day = row["file"], row["date"]
        ending = name.rpartition(".")[2]
        letter = {**row, "date": written_day(day)}
        data = _papers.pdf(letter) if ending == "pdf" else _papers.docx(letter, day)
        found[name] = Enclosure(name=name, media_type=_MEDIA[ending], data=data)
    for row in raw["files"]:
        data = row["text"].lstrip("\n").encode()
        found[row["file"]] = Enclosure(name=row["file"], media_type=row["media_type"], data=data)
    return found


def story() -> tuple[Story, dict[str, Enclosure]]:
    """The story and the files that its mails enclose."""
    path = HERE / "story.toml"
    enclosures = letters(_raw(path))
    return load(path, enclosures), enclosures


def mails(told: Story) -> list[Mail]:
    """Every mail of the story in order of time, those that nobody holds included."""
    drafts = sorted((*told.scripted, *traffic(told)), key=lambda draft: (draft.at, draft.key))
    notice = told.raw["notice"]["council"].strip("\n")
    sent: dict[str, Mail] = {}
    for draft in drafts:
        sent[draft.key] = compose(_reported(draft, sent), cast=told.cast, sent=sent, notice=notice)
    return list(sent.values())


def files() -> Iterator[tuple[str, bytes]]:
    """Every file under mailboxes/, by its path there."""
    told, enclosures = story()
    every = mails(told)
    for box in told.mailboxes:
        yield from _mailboxes.files(box, every)
    for row in told.raw["letters"]:
        yield f"letters/{row['file']}", enclosures[row["file"]].data
    yield "letters/log of letters.csv", letter_log(told.raw["letters"])


def letter_log(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The log that the Cabinet Office keeps of letters, as a spreadsheet saves it for Excel."""
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(["Log of letters, home to school transport (SYNTHETIC)"])
    writer.writerow(["Date of letter", "From", "To", "Subject", "Reference"])
    for row in sorted(rows, key=lambda row: (row["date"], row["file"])):
        reference = row["references"][0].partition(": ")[2] if row.get("references") else ""
        sender = row["letterhead"][0] if row.get("letterhead") else ""
        day, subject = f"{row['date']:%d/%m/%Y}", row.get("subject", "")
        writer.writerow([day, sender, row["address"][0], subject, reference])
    return b"\xef\xbb\xbf" + made.getvalue().encode()


def main(arguments: list[str] | None = None) -> None:
    """Write the mailboxes and print what was written."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=HERE / "mailboxes", help="folder to write")
    out: Path = parser.parse_args(arguments).out
    count = size = 0
    for name, data in files():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        count, size = count + 1, size + len(data)
    print(f"{count} files, {size:,} bytes in {out}")


def _raw(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _reported(draft: Draft, sent: Mapping[str, Mail]) -> Draft:
    """A delivery report with the header of the mail that it is about, named in braces."""
    for key in re.findall(r"^\{(.+)\}$", draft.body, re.MULTILINE):
        fields = _wire.headers(sent[key], custodian=sent[key].sender, is_sender=True)
        text = _wire.header_text(fields, newline="\n").rstrip("\n")
        draft = replace(draft, body=draft.body.replace(f"{{{key}}}", text))
    return draft


if __name__ == "__main__":
    main()
