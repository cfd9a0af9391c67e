"""Settings under which the tests of the export run."""

from __future__ import annotations

import pytest

from jtsec.audit.export import subjects
from tests.audit.export.made import SECRET, SYSTEM


@pytest.fixture(autouse=True)
def registered(settings, tmp_path, monkeypatch):
    """Give the application what a platform gives out; nobody is known by default."""
    secret = tmp_path / "platform.secret"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o400)
    settings.JTSEC_AUDIT_EXPORT_SYSTEM_ID = SYSTEM
    settings.JTSEC_AUDIT_EXPORT_SECRET_FILE = str(secret)
    monkeypatch.setattr(subjects, "_subjects", lambda uids: {})
    monkeypatch.setattr(subjects, "_organisations", lambda codes: {})
    return settings
