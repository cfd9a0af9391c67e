"""The checks find each way in which a visitor could see too much."""

from __future__ import annotations

import pytest

from jtsec.errors import checks
from jtsec.errors.evidence import facts


def ids(messages):
    """Return the ids of messages."""
    return [message.id for message in messages]


def test_an_ordinary_project_is_clean():
    """The wiring made our pages Django's defaults."""
    assert checks.check_error_key(None) == []
    assert checks.check_handlers(None) == []
    assert checks.check_debug(None) == []


def test_a_missing_error_key_is_an_error(settings, tmp_path):
    """Errors could never be opened again."""
    settings.JTSEC_KEYS_FILE = str(tmp_path / "none")
    assert ids(checks.check_error_key(None)) == ["jtsec.E100"]


def test_a_projects_own_handler_is_named(settings, monkeypatch):
    """It may show anything."""
    from tests import urls

    monkeypatch.setattr(
        urls, "handler500", "django.views.defaults.server_error", raising=False
    )
    (message,) = checks.check_handlers(None)
    assert message.id == "jtsec.E101"
    assert message.hint == 'handler500 = "jtsec.errors.handlers.server_error"'


def test_debug_in_operation_is_an_error(settings):
    """Django's own page shows code, SQL and settings."""
    settings.DEBUG = True
    assert ids(checks.check_debug(None)) == ["jtsec.E102"]


def test_a_foreign_rest_handler_is_named(settings, monkeypatch):
    """Where the framework is installed at all."""
    pytest.importorskip("rest_framework")
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "rest_framework"]
    settings.REST_FRAMEWORK = {
        "EXCEPTION_HANDLER": "rest_framework.views.exception_handler"
    }
    assert ids(checks.check_rest_handler(None)) == ["jtsec.E103"]
    settings.REST_FRAMEWORK = {
        "EXCEPTION_HANDLER": "jtsec.errors.rest.exception_handler"
    }
    assert checks.check_rest_handler(None) == []


@pytest.mark.django_db
def test_the_report_says_what_is_so(settings, tmp_path):
    """A sound project holds; without the key it does not."""
    assert all(fact.holds for fact in facts())
    settings.JTSEC_KEYS_FILE = str(tmp_path / "none")
    assert not all(fact.holds for fact in facts())
