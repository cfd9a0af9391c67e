"""The migrations run beside the live database and never in it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from django.contrib.auth.models import Group
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from jtsec.core.exceptions import CannotVerify
from jtsec.monitoring import api, migrating, scratch
from jtsec.monitoring.api import Exit, check_schema, expected_schema
from jtsec.monitoring.schema import Change, Kind, Thing

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P46")]


@pytest.fixture(autouse=True)
def own_names(monkeypatch: Any) -> None:
    """Tell this process's scratch databases from those of others on the server."""
    monkeypatch.setattr(scratch, "PREFIX", f"jtsec_schema_{os.getpid()}_")


def databases() -> list[str]:
    """Return the scratch databases that this process left on the server."""
    query = {
        "postgresql": "SELECT datname FROM pg_database",
        "mysql": "SELECT schema_name FROM information_schema.schemata",
    }.get(connection.vendor)
    if query is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = [name for (name,) in cursor.fetchall()]
    return [name for name in names if name.startswith(scratch.PREFIX)]


def test_a_migration_that_adds_rows_adds_them_to_the_empty_database(
    monkeypatch: Any,
) -> None:
    """It asks for no alias, as most do, and would have written into the live one."""
    live, before = connections["default"], Group.objects.count()
    plain, seen = migrating._make_unmigrated, []

    def add_rows(empty: BaseDatabaseWrapper, migrated: set[str]) -> None:
        plain(empty, migrated)
        Group.objects.create(name="made by a migration")
        seen.append(Group.objects.count())

    monkeypatch.setattr(migrating, "_make_unmigrated", add_rows)
    expected_schema()
    assert seen == [1]
    assert Group.objects.count() == before
    assert connections["default"] is live


def test_other_threads_keep_the_live_database() -> None:
    """A server that compares goes on to answer."""
    seen: list[str] = []

    def look() -> None:
        seen.append(str(connections["default"].settings_dict["NAME"]))

    live = str(connection.settings_dict["NAME"])
    with scratch.in_place_of(connections["default"]) as empty:
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        assert str(empty.settings_dict["NAME"]) != live
    assert seen == [live]


def test_another_database_refuses_while_migrations_run() -> None:
    """A migration may reach for an alias of its own; nothing of it is run."""
    connections["other"] = connection.copy("other")
    connections["other"].ensure_connection()
    connections.settings["other"] = connection.settings_dict
    try:
        with (
            scratch.in_place_of(connections["default"]),
            pytest.raises(CannotVerify, match="other"),
            connections["other"].cursor() as cursor,
        ):
            cursor.execute("SELECT 1")
        # Afterwards it answers again.
        with connections["other"].cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connections["other"].close()
        del connections.settings["other"], connections["other"]


def test_a_failing_migration_is_no_verdict_and_leaves_nothing(
    monkeypatch: Any,
) -> None:
    """The scratch database goes, and the fault of the migration is said."""

    def fail(empty: BaseDatabaseWrapper, migrated: set[str]) -> None:
        raise ZeroDivisionError("in a migration")

    monkeypatch.setattr(migrating, "_make_unmigrated", fail)
    live = connections["default"]
    report = check_schema()
    assert report.exit_code is Exit.UNKNOWN
    assert "ZeroDivisionError: in a migration" in report.partial
    assert connections["default"] is live
    assert databases() == []


@pytest.mark.skipif(
    os.environ.get("JTSEC_TEST_DATABASE", "sqlite") != "sqlite",
    reason="the way to mislead this driver",
)
def test_options_that_lead_back_to_the_live_database_are_refused(
    tmp_path: Path,
) -> None:
    """The name says memory, the options say a file: nothing is migrated."""
    path = tmp_path / "live.sqlite3"
    live = connections["default"].copy()
    live.settings_dict["OPTIONS"] = {"database": str(path)}
    with (
        pytest.raises(CannotVerify, match="connected to"),
        scratch.in_place_of(live),
    ):
        pytest.fail("it must not come to this")


def test_without_a_scratch_database_the_migrations_are_read() -> None:
    """What is missing is found all the same, of what was added nothing is said."""
    live = connections["default"]
    found = dict(api.live_schema())
    assert list(migrating.differences_from_state(live, found)) == []
    del found[Thing(Kind.TABLE, "auth_group", "auth_group")]
    del found[Thing(Kind.COLUMN, "auth_user", "email")]
    name = Thing(Kind.COLUMN, "auth_user", "username")
    found[name] = found[name].replace("NOT NULL", "NULL")
    assert {
        (one.change, one.table, one.name)
        for one in migrating.differences_from_state(live, found)
    } == {
        (Change.MISSING, "auth_group", "auth_group"),
        (Change.MISSING, "auth_user", "email"),
        (Change.CHANGED, "auth_user", "username"),
    }


@pytest.fixture
def separate(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """Return a connection to the run's PostgreSQL that the test's rollback spares."""
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only: its roles and its schemas")
    server = {key.lower(): connection.settings_dict[key] for key in ("HOST", "USER")}
    name = connection.settings_dict["NAME"]
    with psycopg.connect(dbname=name, autocommit=True, **server) as opened:
        yield opened


@contextmanager
def alias(name: str, **settings: Any) -> Iterator[BaseDatabaseWrapper]:
    """Give the database of the run a second alias, with settings of its own."""
    connections[name] = connection.copy(name)
    connections[name].settings_dict.update(settings)
    try:
        yield connections[name]
    finally:
        connections[name].close()
        del connections[name]


@pytest.fixture
def weak(separate: psycopg.Connection[Any]) -> Iterator[str]:
    """Return an alias whose user may read and not make a database."""
    separate.execute("CREATE ROLE weak LOGIN")
    separate.execute("GRANT SELECT ON django_migrations TO weak")
    with alias("weak", USER="weak"):
        yield "weak"
    separate.execute("DROP OWNED BY weak")
    separate.execute("DROP ROLE weak")


@pytest.mark.postgres
def test_a_user_who_may_not_make_a_database_is_told_so(weak: str) -> None:
    """The verdict is "cannot compare", and never "the same"."""
    report = check_schema(weak)
    assert report.exit_code is Exit.UNKNOWN
    assert "permission denied" in report.partial
    assert (report.differences, report.unknown) == ((), ())


@pytest.mark.postgres
def test_a_project_may_live_in_a_schema_of_its_own(
    separate: psycopg.Connection[Any],
) -> None:
    """The scratch database has the same schema; functions name it in their text."""
    separate.execute("CREATE SCHEMA office")
    options = {"options": "-c search_path=office"}
    with alias("office", OPTIONS=options) as live:
        migrating.migrate(live)
        report = check_schema("office")
        separate.execute("ALTER TABLE office.auth_group ADD hidden int")
        altered = check_schema("office")
    separate.execute("DROP SCHEMA office CASCADE")
    assert (report.exit_code, report.unknown) == (Exit.SAME, ())
    assert [one.place for one in altered.differences] == ["auth_group.hidden"]
