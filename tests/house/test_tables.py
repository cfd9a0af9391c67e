"""One app label, one migration history."""

from __future__ import annotations

from importlib import import_module
from io import StringIO

import pytest

from django.apps import apps
from django.core.management import call_command
from django.db.models import Model

import jtsec.models
from tests.house.sources import PACKAGE


def declared_models() -> list[type[Model]]:
    """Return the models of every control, found in the controls themselves."""
    for path in sorted(PACKAGE.glob("*/**/models.py")):
        package = ".".join(path.parent.relative_to(PACKAGE).parts)
        import_module(f"jtsec.{package}.models")
    return list(apps.get_app_config("jtsec").get_models())


def test_every_table_is_told_in_one_place() -> None:
    """A model that is not re-exported would be dropped by the next migration."""
    declared = {model.__name__ for model in declared_models()}
    assert declared == set(jtsec.models.__all__)
    for name in declared:
        assert getattr(jtsec.models, name) in declared_models()


@pytest.mark.django_db
def test_the_migrations_say_what_the_models_say() -> None:
    """Nobody who adds jtsec is asked to make a migration for it."""
    said = StringIO()
    try:
        call_command("makemigrations", "jtsec", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_migrations_stay_source_files() -> None:
    """A build may compile the package, but Django reads migrations as Python files."""
    kept = {"__init__.py", "__pycache__"}
    names = {path.name for path in (PACKAGE / "migrations").iterdir()} - kept
    assert {name for name in names if not name.endswith(".py")} == set()
    assert "0001_initial.py" in names
