"""What a caller did that cannot be done. A wrong *file* is never one of these: it is a `Problem`.

CommtraceError          every message says what to do about it
|-- CaseError           the case folder: absent, already there, damaged, in use
|   `-- CaseFileError   `case.toml` says something that cannot be meant
|-- CallError           a wrong argument: an unknown rule, a path that is not there
`-- UnsafeSettingError  the screen was asked to start with a weakened setting
"""


class CommtraceError(Exception):
    """The work could not be done; the message is one sentence for the user."""


class CaseError(CommtraceError):
    """The case folder cannot be used as asked."""


class CaseFileError(CaseError):
    """`case.toml` cannot be meant as it stands; the message names the line."""


class CallError(CommtraceError):
    """The call itself is wrong; nothing was done."""


class UnsafeSettingError(CommtraceError):
    """A setting that protects the evidence was weakened; the screen does not start."""
