"""A log record names an exception by its kind and place; its text may hold evidence."""

import io
import logging
import threading
from collections.abc import Iterator

import pytest

from commtrace.ui import mishap

CANARY = "Tilda-Canary-Wren"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    before, hook = logging.getLogRecordFactory(), threading.excepthook
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logger = logging.getLogger("uvicorn.error.test")
    logger.addHandler(handler)
    mishap.hush()
    yield written
    logger.removeHandler(handler)
    logging.setLogRecordFactory(before)
    threading.excepthook = hook


def fail() -> None:
    raise ValueError(CANARY)


def raised() -> ValueError:
    with pytest.raises(ValueError, match=CANARY) as caught:
        fail()
    return caught.value


def test_a_logged_exception_leaves_its_kind_and_place(log: io.StringIO) -> None:
    logging.getLogger("uvicorn.error.test").error("Exception in app\n", exc_info=raised())
    assert log.getvalue().startswith("Something went wrong inside commtrace (ValueError at test_")
    assert CANARY not in log.getvalue()
    assert "Traceback" not in log.getvalue()


def test_an_exception_among_the_words_of_a_record_is_named_too(log: io.StringIO) -> None:
    logging.getLogger("uvicorn.error.test").error("closed: %s", raised())
    assert log.getvalue().startswith("closed: ValueError at test_mishap.py:")
    assert CANARY not in log.getvalue()


def test_a_record_without_an_exception_is_left_as_it_is(log: io.StringIO) -> None:
    logging.getLogger("uvicorn.error.test").error("port %d", 8501)
    assert log.getvalue() == "port 8501\n"


def test_a_thread_that_ends_with_an_error_says_no_more(
    log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert "(ValueError at test_mishap.py:" in capsys.readouterr().err


def test_hushing_twice_is_hushing_once(log: io.StringIO) -> None:
    once = logging.getLogRecordFactory()
    mishap.hush()
    assert logging.getLogRecordFactory() is once
