"""Settings under which the tests of the archive run."""

from __future__ import annotations

import pytest

from jtsec.core.context import acting_as
from tests.audit.archive.made import AUDITOR


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    """Return the folder of the archive of one test."""
    folder = tmp_path / "archive"
    folder.mkdir(mode=0o700)
    settings.JTSEC_AUDIT_ARCHIVE_DIRECTORY = str(folder)
    settings.JTSEC_AUDIT_RETENTION_DAYS = 365
    return folder


@pytest.fixture
def auditor():
    """Let the audit administrator act."""
    with acting_as(AUDITOR):
        yield AUDITOR
