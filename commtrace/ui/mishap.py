"""What is said of an unforeseen error: its kind and its place, never its text.

The text of an exception may hold evidence, and a terminal or a file that it is piped into is no
place for that. `hush` rewrites every log record of the process before any handler sees it;
`tell` puts one sentence on the page instead of Streamlit's box.
"""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from commtrace.errors import CommtraceError
from commtrace.ui import door

_UNFORESEEN = (
    "This page could not be drawn ({}). Nothing in the case was changed; please report this line, "
    "it holds no evidence."
)


def hush() -> None:
    """From now on log records and threads name an exception by kind and place alone."""
    before = logging.getLogRecordFactory()
    if getattr(before, "hushed", False):
        return

    def record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        return _hushed(before(*args, **kwargs))

    record.hushed = True  # type: ignore[attr-defined]  # so that a second call adds nothing
    logging.setLogRecordFactory(record)
    threading.excepthook = _thread_ended


def _hushed(record: logging.LogRecord) -> logging.LogRecord:
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(record.args, tuple):
        record.args = tuple(_hushed_value(value) for value in record.args)
    record.exc_info = record.exc_text = record.stack_info = None
    if error is not None:
        record.msg, record.args = f"Something went wrong inside commtrace ({named(error)}).", ()
    return record


def _hushed_value(value: object) -> object:
    return named(value) if isinstance(value, BaseException) else value


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
        sys.stderr.write(f"Something went wrong inside commtrace ({named(ended.exc_value)}).\n")


def named(error: BaseException) -> str:
    """An exception's kind, and the last line of commtrace that it came through."""
    return f"{type(error).__name__} at {_place(error.__traceback__)}"


def _place(trace: TracebackType | None) -> str:
    place = "start"
    while trace is not None:
        name = Path(trace.tb_frame.f_code.co_filename)
        if "site-packages" not in name.parts or "commtrace" in name.parts:
            place = f"{name.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def tell(error: Exception) -> bool:
    """Say on the page that it could not be drawn; true, so that Streamlit adds nothing."""
    why = str(error) if isinstance(error, CommtraceError) else _UNFORESEEN.format(named(error))
    door.put('<div class="ct-notice ct-warn" role="alert">{why}</div>', why=why)
    return True
