"""What the project's migrations make: run on an empty database, or read as they are."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from jtsec.core.exceptions import CannotVerify

from .schema import Change, Difference, Kind, Schema, Thing


def migrate(empty: BaseDatabaseWrapper) -> None:
    """
    Run all migrations, and make the tables of apps that have none.

    The signals of `migrate` are not sent: what listens to them adds rows.

    Raises:
        CannotVerify: a migration failed.
    """
    try:
        executor = MigrationExecutor(empty)
        executor.migrate(executor.loader.graph.leaf_nodes())
        _make_unmigrated(empty, executor.loader.migrated_apps)
    except CannotVerify:
        raise
    # A migration is anybody's code and may raise anything; no word on the schema then.
    except Exception as error:
        said = f"{type(error).__name__}: {error}".strip()
        raise CannotVerify(f"the migrations fail on an empty database: {said}") from (
            error
        )


def _make_unmigrated(empty: BaseDatabaseWrapper, migrated: set[str]) -> None:
    there = set(empty.introspection.table_names())
    with empty.schema_editor() as editor:
        for app in apps.get_app_configs():
            if app.models_module is None or app.label in migrated:
                continue
            for model in router.get_migratable_models(app, empty.alias):
                if model._meta.can_migrate(empty) and model._meta.db_table not in there:
                    editor.create_model(model)


def not_applied(live: BaseDatabaseWrapper) -> list[Difference]:
    """Return the migrations that the database does not have yet."""
    loader = MigrationLoader(live)
    names = [
        f"{app}.{name}"
        for app, name in loader.graph.nodes
        if (app, name) not in loader.applied_migrations
    ]
    return [
        Difference(Change.MISSING, Kind.MIGRATION, "", name, expected="applied")
        for name in sorted(names)
    ]


def differences_from_state(
    live: BaseDatabaseWrapper, found: Schema
) -> Iterator[Difference]:
    """
    Yield missing tables, missing columns, and columns that may be null and must not.

    That is what the migrations say of themselves without being run. Of what they do
    with SQL it tells nothing, so nothing that was added can be named.
    """
    for model in (
        MigrationLoader(live).project_state().apps.get_models(include_auto_created=True)
    ):
        options = model._meta
        table = options.db_table
        if not options.can_migrate(live) or not router.allow_migrate_model(
            live.alias, model
        ):
            continue
        if Thing(Kind.TABLE, table, table) not in found:
            yield Difference(Change.MISSING, Kind.TABLE, table, table)
            continue
        for field in options.local_concrete_fields:
            place = Thing(Kind.COLUMN, table, str(field.column))
            text = found.get(place)
            wanted = "NULL" if field.null else "NOT NULL"
            if text is None:
                yield Difference(Change.MISSING, *place, expected=wanted)
            elif ("NOT NULL" in text) is field.null:
                yield Difference(Change.CHANGED, *place, expected=wanted, found=text)
