"""What could not be read, grouped by why, with what would help and what to ask the supplier for.

Every group says in a sentence what an auditor can do about it; where the supplier can help, the
request can be copied as it stands. Draws nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from commtrace.figures.box import LOCKED
from commtrace.model import File, Problem, ProblemKind, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a kind of problem is called, what would help, and the request to the supplier.

    `ask` is "" where nothing supplied again would read any better.
    """

    title: str
    help: str
    ask: str = ""


_AGAIN = "Please supply these again, copied afresh from where they were first stored."
_SMALLER = "Please supply what lies in these as separate files."
KINDS: Mapping[ProblemKind, Kind] = {
    ProblemKind.ENCRYPTED: Kind(
        title="Encrypted",
        help="What it says is not known. Ask for a copy without encryption, or for the key.",
        ask="Please supply these without encryption, or with the key that opens them.",
    ),
    ProblemKind.PASSWORD_NEEDED: Kind(
        title="Password needed",
        help="What it says is not known. Ask for the password, or for a copy without one.",
        ask="Please supply the password of each of these, or a copy without one.",
    ),
    ProblemKind.RIGHTS_PROTECTED: Kind(
        title="Rights protected",
        help="Only an account that was granted the rights can open it. Ask for an export.",
        ask="Please export these from an account that may open them, without rights protection.",
    ),
    ProblemKind.CORRUPT: Kind(
        title="Damaged",
        help="Its own structure contradicts itself. A fresh copy from the source may be whole.",
        ask=_AGAIN,
    ),
    ProblemKind.TRUNCATED: Kind(
        title="Cut short",
        help="It ends before it says it does, as after a broken copy. Ask for it again.",
        ask=_AGAIN,
    ),
    ProblemKind.READ_ERROR: Kind(
        title="Bytes could not be read",
        help="The disk or share gave an error. Copy it to a sound disk and add it again.",
        ask=_AGAIN,
    ),
    ProblemKind.CLOUD_PLACEHOLDER: Kind(
        title="Left in the cloud",
        help="Only a placeholder was supplied; the file itself stayed online. Ask for the file.",
        ask="These are placeholders of files kept online. Please download and supply the files.",
    ),
    ProblemKind.CHANGED_DURING_READ: Kind(
        title="Changed while it was read",
        help="Somebody or something was writing to it. Add it again when nobody works on it.",
        ask="These changed while they were read. Please supply a copy that nobody works on.",
    ),
    ProblemKind.EMPTY: Kind(
        title="Empty",
        help="It holds no bytes or no content. Ask whether it was ever filled.",
        ask="These are empty as supplied. Please supply them as they were, or say that they are.",
    ),
    ProblemKind.UNSUPPORTED_TYPE: Kind(
        title="No reader for the format",
        help="Ask for it as PDF, .eml or plain text, or open it with the program that made it.",
        ask="Please supply these in another form, such as PDF, with the originals kept.",
    ),
    ProblemKind.NO_TEXT: Kind(
        title="No text in it",
        help="It is a picture of pages. Install the extra [ocr] and add it again, or ask for text.",
        ask="These are pictures of pages. Please supply the documents that they were made from.",
    ),
    ProblemKind.PARSER_CRASH: Kind(
        title="The reader stopped",
        help="The file ended its reader. The others were not touched. A fresh copy may be sound.",
        ask=_AGAIN,
    ),
    ProblemKind.TIMEOUT: Kind(
        title="Took too long",
        help="Reading went on beyond its time. Ask for it in smaller parts.",
        ask=_SMALLER,
    ),
    ProblemKind.OUT_OF_MEMORY: Kind(
        title="Too large for memory",
        help="Reading needed more memory than one file may have. Ask for it in smaller parts.",
        ask=_SMALLER,
    ),
    ProblemKind.LIMIT_SIZE: Kind(
        title="Larger than is read",
        help="It is over the size that is read. Ask for it in smaller parts.",
        ask=_SMALLER,
    ),
    ProblemKind.LIMIT_COUNT: Kind(
        title="More things than are read",
        help="It holds more than is read of one file. Ask for it in smaller parts.",
        ask=_SMALLER,
    ),
    ProblemKind.LIMIT_DEPTH: Kind(
        title="Nested too deep",
        help="Containers lie in one another deeper than is read. Ask for the inner files.",
        ask=_SMALLER,
    ),
    ProblemKind.LIMIT_RATIO: Kind(
        title="Packed beyond reason",
        help="It unpacks to far more than it is, as a trap does. Ask for what is in it, unpacked.",
        ask=_SMALLER,
    ),
    ProblemKind.NOT_REGULAR_FILE: Kind(
        title="Not a file",
        help="A link or a device, not a file. Supply what it leads to, if that is evidence.",
        ask="These are links or devices. Please supply the files that they lead to.",
    ),
    ProblemKind.LOOP: Kind(
        title="Leads back to itself",
        help="It holds or leads to itself; what it holds was read once. Nothing needs to be done.",
    ),
    ProblemKind.PATH_TOO_LONG: Kind(
        title="Path too long",
        help="The name is longer than the system reads. Supply it under a shorter one.",
        ask="Please supply these under shorter names, with a note of the names they had.",
    ),
    ProblemKind.NAME_UNDECODABLE: Kind(
        title="Name cannot be written",
        help="The name holds bytes that are no characters. It was read; compare the name by hand.",
    ),
    ProblemKind.AMBIGUOUS: Kind(
        title="Can be read two ways",
        help="Both readings are kept. Look at the original and decide which is meant.",
    ),
    ProblemKind.DOUBTFUL: Kind(
        title="Read with a doubt",
        help="It was read, but something in it does not agree. Look at the original.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All problems of a kind, in the order of their places; `locked` ones are gaps in evidence."""

    kind: ProblemKind
    problems: tuple[Problem, ...]

    @property
    def said(self) -> Kind:
        """The words of the kind."""
        return KINDS[self.kind]

    @property
    def locked(self) -> bool:
        """Whether the content is there and closed."""
        return self.kind in LOCKED


def groups(problems: Sequence[Problem]) -> tuple[Group, ...]:
    """Problems by kind: what is closed first, then what the supplier can mend, doubts last."""
    by: dict[ProblemKind, list[Problem]] = defaultdict(list)
    for problem in problems:
        by[problem.kind].append(problem)
    return tuple(Group(kind=kind, problems=tuple(by[kind])) for kind in KINDS if by.get(kind))


def request(chosen: Sequence[Group], files: Sequence[File]) -> str:
    """What to ask the suppliers for, as plain text; "" where nothing needs to be asked."""
    supplied = {f.sha256: f.supplied_by for f in files if f.sha256 and f.supplied_by}
    by: dict[str, dict[ProblemKind, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    for group in chosen:
        for problem in group.problems if group.said.ask else ():
            by[supplied.get(problem.source.sha256) or ""][group.kind].append(problem)
    return "\n\n".join(_letter(name, by[name]) for name in sorted(by))


_OPENING = (
    "Of the material supplied for the audit, the following could not be read. Each is named by the "
    "place where it lies and, where its bytes could be had, by the SHA-256 of the file."
)


def _letter(supplier: str, kinds: Mapping[ProblemKind, Sequence[Problem]]) -> str:
    said = [f"To: {supplier or 'whoever supplied these'}", _OPENING]
    number = 0
    for kind, problems in kinds.items():
        said.append(KINDS[kind].ask)
        for source, parts in _by_file(problems).items():
            number += 1
            lines = [f"{number}. {source.path}"]
            lines.extend([f"   SHA-256 {source.sha256}"] if source.sha256 else [])
            lines.extend(f"   - {part}" for part in parts)
            said.append("\n".join(lines))
    return "\n\n".join(said)


def _by_file(problems: Iterable[Problem]) -> Mapping[Source, list[str]]:
    """The places within each file, in words; none where the whole file is meant."""
    made: dict[Source, list[str]] = {}
    for problem in problems:
        whole = Source(sha256=problem.source.sha256, path=problem.source.path)
        parts = made.setdefault(whole, [])
        part = " › ".join(problem.source.part)
        if part and part not in parts:
            parts.append(part)
    return made
