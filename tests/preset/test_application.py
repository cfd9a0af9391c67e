"""The preset adds what Django must be told, and overwrites nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jtsec.preset import apply
from jtsec.preset.application import unmet
from jtsec.preset.demands import PASSWORD_RULES

GUARD = "jtsec.middleware.SecurityMiddleware"
STARTPROJECT: dict[str, Any] = {
    "DEBUG": False,
    "INSTALLED_APPS": ["django.contrib.auth", "jtsec"],
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    "AUTH_PASSWORD_VALIDATORS": [{"NAME": "shop.validators.Own"}],
    "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "x"}},
}


def applied(**own: Any) -> dict[str, Any]:
    """Return a project's settings after the preset."""
    namespace = {**STARTPROJECT, **own}
    apply(namespace)
    return namespace


@pytest.mark.clause("R18")
def test_the_guard_becomes_the_first_middleware() -> None:
    """Nothing goes round it."""
    settings = applied()
    assert settings["MIDDLEWARE"][0] == GUARD
    assert settings["MIDDLEWARE"][1:] == STARTPROJECT["MIDDLEWARE"]


def test_every_demand_is_met_afterwards() -> None:
    """One line is enough."""
    assert unmet(applied()) == []


def test_an_empty_project_gets_the_middleware_in_order() -> None:
    """Sessions before users."""
    middleware = applied(MIDDLEWARE=[])["MIDDLEWARE"]
    positions = [
        next(place for place, name in enumerate(middleware) if name.endswith(end))
        for end in (
            ".SecurityMiddleware",
            "SessionMiddleware",
            "CsrfViewMiddleware",
            "AuthenticationMiddleware",
        )
    ]
    assert positions == sorted(positions)


def test_what_the_project_set_stays() -> None:
    """The preset adds; a conflict is for the check to name."""
    settings = applied(SESSION_ENGINE="django.contrib.sessions.backends.file")
    assert settings["SESSION_ENGINE"] == "django.contrib.sessions.backends.file"
    assert [one.name for one in unmet(settings)] == ["SESSION_ENGINE"]


def test_the_project_own_validators_and_hashers_stay() -> None:
    """Old passwords must still be readable once."""
    settings = applied(PASSWORD_HASHERS=["shop.Hasher"])
    names = [one["NAME"] for one in settings["AUTH_PASSWORD_VALIDATORS"]]
    assert names == ["shop.validators.Own", *PASSWORD_RULES]
    assert settings["PASSWORD_HASHERS"][1:] == ["shop.Hasher"]


def test_the_lists_of_an_imported_settings_module_are_not_changed() -> None:
    """A base module shared by two projects keeps its own lists."""
    before = list(STARTPROJECT["MIDDLEWARE"])
    applied()
    assert STARTPROJECT["MIDDLEWARE"] == before


def test_applying_twice_changes_nothing_more() -> None:
    """A settings module that imports another applies it twice."""
    settings = applied()
    again = dict(settings)
    apply(again)
    assert again == settings


def test_sqlite_waits_for_its_turn_unless_the_project_says_otherwise() -> None:
    """A deferred transaction would fail at once."""
    options = applied()["DATABASES"]["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    own = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {"timeout": 1}}
    assert (
        applied(DATABASES={"default": own})["DATABASES"]["default"]["OPTIONS"][
            "timeout"
        ]
        == 1
    )


def test_rest_defaults_come_only_with_rest() -> None:
    """And the project's own keys win."""
    assert "REST_FRAMEWORK" not in applied()
    settings = applied(
        INSTALLED_APPS=["rest_framework", "jtsec"],
        REST_FRAMEWORK={"EXCEPTION_HANDLER": "shop.handler"},
    )
    assert settings["REST_FRAMEWORK"]["EXCEPTION_HANDLER"] == "shop.handler"
    assert settings["REST_FRAMEWORK"]["DEFAULT_PERMISSION_CLASSES"]


@pytest.mark.slow
def test_ejected_settings_equal_the_preset(tmp_path: Path) -> None:
    """Pasting the output in place of the line leaves every setting as it was."""
    project = "".join(f"{name} = {value!r}\n" for name, value in STARTPROJECT.items())
    project = project.replace("shop.validators.Own", PASSWORD_RULES[-1])
    project += 'SECRET_KEY = "x" * 60\nJTSEC_PROFILE = "plugin"\nUSE_TZ = True\n'
    project = project.replace("'jtsec']", "'django.contrib.contenttypes', 'jtsec']")
    with_preset = project + "from jtsec.preset import apply\napply(globals())\n"
    (tmp_path / "preset_settings.py").write_text(with_preset)
    ejected = run(tmp_path, "preset_settings", "jtsec_settings", "--eject")
    (tmp_path / "plain_settings.py").write_text(project + ejected)
    one = run(tmp_path, "preset_settings", "diffsettings", "--output", "hash")
    two = run(tmp_path, "plain_settings", "diffsettings", "--output", "hash")
    assert differing(one) == differing(two)


def differing(text: str) -> list[str]:
    """Return the lines that say what a project sets, less its module's own name."""
    return [
        line
        for line in text.splitlines()
        if "SETTINGS_MODULE" not in line and not line.startswith("apply =")
    ]


def run(directory: Path, settings: str, *arguments: str) -> str:
    """Run a management command in its own process."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "django",
            *arguments,
            "--settings",
            settings,
            "--pythonpath",
            str(directory),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
