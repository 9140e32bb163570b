"""The sample read once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from commtrace.case import Case
from commtrace.sample_mailboxes import make


@pytest.fixture(scope="session")
def case(tmp_path_factory):
    sample = Path(make.__file__).parent
    text = (sample / "case.toml").read_text(encoding="utf-8")
    case = Case.create(tmp_path_factory.mktemp("planted") / "case", text=text)
    case.ingest([sample / "mailboxes"], supplied_by="the sample")
    yield case
    case.close()


@pytest.fixture(scope="session")
def told():
    return make.story()[0]


@pytest.fixture(scope="session")
def mails(told):
    return make.mails(told)


@pytest.fixture(scope="session")
def by_key(mails):
    return {mail.key: mail for mail in mails}
