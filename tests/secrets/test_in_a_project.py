"""A project whose settings ask for secrets: kept first, then read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.secrets.conftest import Places

pytestmark = pytest.mark.clause("A10.3")

ROOT = Path(__file__).parents[2]
SETTINGS = """
from pathlib import Path

from jtsec.secrets import secret

BASE_DIR = Path(__file__).resolve().parents[1]
SECRET_KEY = secret("django.secret-key")
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:",
                         "PASSWORD": secret("db.password")}}
"""
SHOW = """
import django
from django.conf import settings
django.setup()
print(settings.SECRET_KEY, settings.DATABASES["default"]["PASSWORD"])
"""


@pytest.fixture
def project(tmp_path: Path, places: Places) -> Path:
    """Return the folder of a project with two secrets in its settings."""
    folder = tmp_path / "project"
    (folder / "site1").mkdir(parents=True)
    (folder / "site1" / "__init__.py").touch()
    (folder / "site1" / "settings.py").write_text(SETTINGS)
    return folder


def run(
    project: Path, *arguments: str, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run Python in the project, as its service would."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "site1.settings",
        "PYTHONPATH": os.pathsep.join((str(project), str(ROOT))),
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=project, env=environment, input=given,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def keep(project: Path, name: str, value: str) -> subprocess.CompletedProcess[str]:
    """Keep a secret before the settings can be read."""
    return run(project, "-m", "jtsec.secrets", "set", name, given=value)


def test_settings_are_made_with_what_was_kept_before(
    project: Path, places: Places
) -> None:
    """Without: an error that says what to type. With: the values, and no setup."""
    refused = run(project, "-c", SHOW)
    assert refused.returncode == 1
    assert "SecretsUnavailable" in refused.stderr
    assert keep(project, "django.secret-key", "first value\n").returncode == 0
    refused = run(project, "-c", SHOW)
    assert "python -m jtsec.secrets set db.password" in refused.stderr
    assert keep(project, "db.password", "second").returncode == 0
    shown = run(project, "-c", SHOW)
    assert (shown.stdout, shown.returncode) == ("first value second\n", 0)


def test_the_way_in_before_settings_only_adds(project: Path, places: Places) -> None:
    """What is there is not changed and not shown without a name on record."""
    assert keep(project, "db.password", "first").returncode == 0
    before = places.store.read_bytes()
    again = keep(project, "db.password", "another")
    assert again.returncode == 2
    assert "already" in again.stderr
    assert places.store.read_bytes() == before
    assert run(project, "-m", "jtsec.secrets", "get", "db.password").returncode == 2
    on_the_line = run(project, "-m", "jtsec.secrets", "set", "x", "a-value")
    assert on_the_line.returncode == 2
    assert keep(project, "x", "").returncode == 2


def test_a_store_in_the_project_is_refused_while_settings_are_read(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BASE_DIR counts as soon as the settings have said it, not only afterwards."""
    inside = project / "store" / "s.secrets"
    inside.parent.mkdir(mode=0o700)
    assert keep(project, "db.password", "x").returncode == 0
    outside = Path(os.environ["JTSEC_SECRETS_FILE"])
    outside.rename(inside)
    monkeypatch.setenv("JTSEC_SECRETS_FILE", str(inside))
    refused = run(project, "-c", SHOW)
    assert "SecretsExposed" in refused.stderr
    assert "lies in the project" in refused.stderr


def test_credentials_of_the_service_manager_are_found(
    project: Path, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the names jtsec.secrets and jtsec-secrets.key, when no path is named."""
    keep(project, "django.secret-key", "one")
    keep(project, "db.password", "two")
    folder = tmp_path / "credentials"
    folder.mkdir(mode=0o700)
    places.store.rename(folder / "jtsec.secrets")
    places.key.rename(folder / "jtsec-secrets.key")
    monkeypatch.delenv("JTSEC_SECRETS_FILE")
    monkeypatch.delenv("JTSEC_SECRETS_KEY_FILE")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    assert run(project, "-c", SHOW).stdout == "one two\n"
