"""What is registered, what the checks say of it, and what can be proved."""

from __future__ import annotations

from typing import Any

import pytest

from django.apps import apps
from django.contrib.auth.models import User
from django.core import checks as framework
from django.db import connection
from django.db.migrations.state import ProjectState
from django.db.models.sql.compiler import SQLUpdateCompiler

from jtsec.audit.coverage import checks, evidence, registry, statements
from jtsec.audit.coverage.api import audit_model, watched_models
from jtsec.audit.models import AuditRecord
from jtsec.core.exceptions import ConfigurationError
from tests.audit.coverage.models import Chief, Guard, Shift, Station, Unwatched

pytestmark = pytest.mark.django_db


@pytest.fixture
def wishes(monkeypatch):
    """Forget afterwards what a test asks for by decorator."""
    monkeypatch.setattr(registry, "_wishes", dict(registry._wishes))
    registry.forget()
    yield
    registry.forget()


def labels():
    """Return the labels of what is watched of the plain app."""
    return [one.label for one in watched_models() if one.label.startswith("plainapp")]


@pytest.mark.clause("A5.1")
def test_a_setting_names_models_or_a_whole_app(settings):
    """app.Model with its parents and relations; app.* for all of them."""
    settings.JTSEC_AUDIT_MODELS = ["plainapp.Chief"]
    assert labels() == ["plainapp.chief", "plainapp.guard", "plainapp.guard_skills"]
    settings.JTSEC_AUDIT_MODELS = ["plainapp.*"]
    assert set(labels()) >= {"plainapp.unwatched", "plainapp.shift", "plainapp.driver"}


def test_nothing_is_watched_in_a_project_that_asks_for_nothing(settings):
    """Django's models report nothing, jtsec's report by themselves."""
    settings.JTSEC_AUDIT_MODELS = []
    assert registry.watched(User) is None
    assert registry.watched(AuditRecord) is None


def test_a_decorator_chooses_fields(told, wishes):
    """Only some, some not, and some encrypted in the event."""
    audit_model(fields=["name", "rank"], sensitive=["name"], core=True)(Guard)
    guard = Guard.objects.create(name="zhang", rank=4)
    guard.password = "x"
    guard.save()
    (event,) = told()
    assert event.data["after"] == {"rank": 4}
    assert event.sealed["sensitive_after"] == {"name": "zhang"}
    assert event.payload["core"] is True


def test_a_model_is_registered_in_any_of_three_ways(told, wishes):
    """Called with it, and as a decorator with and without arguments."""
    assert audit_model(Station) is Station
    assert audit_model()(Unwatched) is Unwatched
    assert audit_model(Station, exclude=["name"]) is Station
    Station.objects.create(name="a")
    Unwatched.objects.create(name="b")
    assert [one.after for one in told()] == [{}, {"name": "b"}]


def test_a_setting_names_sensitive_fields(told, settings):
    """A project that cannot decorate a model says it in its settings."""
    settings.JTSEC_AUDIT_MODELS = ["plainapp.Station"]
    settings.JTSEC_AUDIT_SENSITIVE_FIELDS = ["plainapp.Station.name"]
    Station.objects.create(name="hidden")
    (event,) = told()
    assert "hidden" not in str(event.payload["data"])
    assert event.after == {"name": "hidden"}


def test_a_name_that_names_nothing_is_an_error(settings):
    """A misspelt model would go unrecorded, and so would nobody notice."""
    settings.JTSEC_AUDIT_MODELS = ["plainapp.Gaurd", "nothing.*", "jtsec.Identity"]
    found = checks.check_names(None)
    assert [one.id for one in found] == ["jtsec.E095"] * 3
    settings.JTSEC_AUDIT_MODELS = ["plainapp.Guard"]
    assert checks.check_names(None) == []


def test_a_name_of_another_form_cannot_be_used(settings):
    """What the setting may hold is said where it is declared."""
    settings.JTSEC_AUDIT_MODELS = ["Guard"]
    with pytest.raises(ConfigurationError):
        registry.all_watched().__next__()
    assert registry.may_be_asked()
    assert [check(None) for check in checks.ALL] == [[], [], [], []]
    settings.JTSEC_AUDIT_MODELS = []


def test_another_database_is_a_warning(settings):
    """Two databases share no transaction."""
    settings.JTSEC_AUDIT_MODELS = ["plainapp.Station"]
    assert checks.check_databases(None) == []
    settings.DATABASE_ROUTERS = ["tests.audit.coverage.test_registration.Elsewhere"]
    assert [one.id for one in checks.check_databases(None)] == ["jtsec.W220"]


class Elsewhere:
    """A router that sends stations to a database of their own."""

    def db_for_write(self, model, **hints):
        """Say where."""
        return "other" if model is Station else None


def test_a_backend_with_its_own_way_to_write_is_a_warning(settings, monkeypatch):
    """Whose compilers do not come through the watch."""
    settings.JTSEC_AUDIT_MODELS = ["plainapp.Station"]
    assert checks.check_backends(None) == []

    class Own(SQLUpdateCompiler):
        def execute_sql(self, result_type: Any) -> Any:  # type: ignore[override]  # as a backend may
            return 0

    plain = connection.ops.compiler
    monkeypatch.setattr(
        type(connection.ops),
        "compiler",
        lambda self, name: Own if name == "SQLUpdateCompiler" else plain(name),
    )
    assert [one.id for one in checks.check_backends(None)] == ["jtsec.W222"]


def test_what_the_database_deletes_by_itself_is_a_warning(settings, monkeypatch):
    """Django 6.1 can leave a cascade to the database."""
    settings.JTSEC_AUDIT_MODELS = ["plainapp.Shift"]
    assert checks.check_cascades(None) == []

    def by_database():
        """Stand for DB_CASCADE."""

    by_database.__name__ = "DB_CASCADE"
    remote = Shift._meta.get_field("guard").remote_field
    monkeypatch.setattr(remote, "on_delete", by_database)
    assert [one.id for one in checks.check_cascades(None)] == ["jtsec.W221"]


def test_the_checks_run_with_the_others():
    """Registered behind the gates, under the tag of jtsec."""
    known: Any = framework.registry.registry.get_checks()
    names = {one.__name__ for one in known}
    assert {one.__name__ for one in checks.ALL} <= names


@pytest.mark.clause("A5.1", "A5.5")
def test_what_is_recorded_can_be_proved(settings):
    """Models, functions and core functions, by name."""
    settings.JTSEC_AUDIT_MODELS = ["plainapp.Station"]
    facts = list(evidence.facts())
    assert facts[0].holds is True
    assert "plainapp.station" in str(facts[0].value)
    settings.JTSEC_AUDIT_MODELS = []
    assert [one.clause for one in facts] == ["A5.1", "A5.1", "A5.5"]


def test_a_migration_that_changes_data_is_told(told, settings):
    """The models that migrations put together are others, over the same table."""
    settings.JTSEC_AUDIT_MODELS = ["plainapp.Station"]
    state = ProjectState.from_apps(apps)
    historical = state.apps.get_model("plainapp", "Station")
    assert historical is not Station
    historical._default_manager.create(name="by migration")
    assert [one.after for one in told()] == [{"name": "by migration"}]


def test_a_migration_before_the_table_of_the_audit_goes_on(told, settings, monkeypatch):
    """On a new database the order of migrations may put it so."""
    settings.JTSEC_AUDIT_MODELS = ["plainapp.Station"]
    state = ProjectState.from_apps(apps)
    historical = state.apps.get_model("plainapp", "Station")
    monkeypatch.setattr(AuditRecord._meta, "db_table", "not_there_yet")
    historical._default_manager.create(name="early")
    monkeypatch.undo()
    assert told() == []


def test_the_watch_is_put_once():
    """Wiring twice leads through once."""
    statements.watch()
    before = SQLUpdateCompiler.execute_sql
    statements.watch()
    assert SQLUpdateCompiler.execute_sql is before
    assert statements.passes_through(connection.ops.compiler("SQLInsertCompiler"))


def test_a_model_that_is_not_registered_is_known_as_such(registered):
    """A dictionary answers; parents and children are kept apart."""
    assert registry.watched(Unwatched) is None
    assert registry.watched(Chief) is not registry.watched(Guard)
