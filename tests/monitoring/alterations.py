"""What somebody might do to a database past the migrations, and how it is undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

from jtsec.audit import immutability

AUDIT = "jtsec_auditrecord"
TABLE = "plainapp_plain"


@dataclass(frozen=True)
class Alteration:
    """
    One alteration, and the difference that must be named for it.

    Args:
        named: change, kind, table and name, as the difference has them.
        sql: the statements, by vendor; one that has none cannot be altered so.
        undo: what takes it back where the database commits a definition at once.
    """

    named: tuple[str, str, str, str]
    sql: dict[str, tuple[str, ...]]
    undo: tuple[str, ...] = field(default=())


def everywhere(*statements: str) -> dict[str, tuple[str, ...]]:
    """Return the same statements for every vendor."""
    return dict.fromkeys(("sqlite", "postgresql", "mysql"), statements)


NO_DELETE = f"{AUDIT}_no_delete"
ALTERATIONS = {
    "column added": Alteration(
        ("added", "column", TABLE, "hidden"),
        everywhere(f"ALTER TABLE {TABLE} ADD COLUMN hidden varchar(9)"),
        (f"ALTER TABLE {TABLE} DROP COLUMN hidden",),
    ),
    "column dropped": Alteration(
        ("missing", "column", TABLE, "phone"),
        everywhere(f"ALTER TABLE {TABLE} DROP COLUMN phone"),
        (f"ALTER TABLE {TABLE} ADD COLUMN phone varchar(40) NULL",),
    ),
    "type changed": Alteration(
        ("changed", "column", TABLE, "phone"),
        {
            "sqlite": (
                f"ALTER TABLE {TABLE} DROP COLUMN phone",
                f"ALTER TABLE {TABLE} ADD COLUMN phone integer",
            ),
            "postgresql": (f"ALTER TABLE {TABLE} ALTER phone TYPE varchar(200)",),
            "mysql": (f"ALTER TABLE {TABLE} MODIFY phone varchar(200)",),
        },
        (f"ALTER TABLE {TABLE} MODIFY phone varchar(40) NULL",),
    ),
    "null allowed": Alteration(
        ("changed", "column", TABLE, "name"),
        {
            "sqlite": (
                f"ALTER TABLE {TABLE} DROP COLUMN name",
                f"ALTER TABLE {TABLE} ADD COLUMN name varchar(40)",
            ),
            "postgresql": (f"ALTER TABLE {TABLE} ALTER name DROP NOT NULL",),
            "mysql": (f"ALTER TABLE {TABLE} MODIFY name varchar(40) NULL",),
        },
        (f"ALTER TABLE {TABLE} MODIFY name varchar(40) NOT NULL",),
    ),
    "default given": Alteration(
        ("changed", "column", TABLE, "phone"),
        {
            "sqlite": (
                f"ALTER TABLE {TABLE} DROP COLUMN phone",
                f"ALTER TABLE {TABLE} ADD COLUMN phone varchar(40) DEFAULT '1'",
            ),
            "postgresql": (f"ALTER TABLE {TABLE} ALTER phone SET DEFAULT '1'",),
            "mysql": (f"ALTER TABLE {TABLE} ALTER phone SET DEFAULT '1'",),
        },
        (f"ALTER TABLE {TABLE} MODIFY phone varchar(40) NULL",),
    ),
    "index dropped": Alteration(
        ("missing", "index", AUDIT, "jtsec_audit_severity"),
        {
            "sqlite": ("DROP INDEX jtsec_audit_severity",),
            "postgresql": ("DROP INDEX jtsec_audit_severity",),
        },
    ),
    "index added": Alteration(
        ("added", "index", TABLE, "quick"),
        everywhere(f"CREATE INDEX quick ON {TABLE} (phone)"),
        (f"DROP INDEX quick ON {TABLE}",),
    ),
    "constraint dropped": Alteration(
        ("missing", "unique constraint", "auth_group", "auth_group_name_key"),
        {"postgresql": ("ALTER TABLE auth_group DROP CONSTRAINT auth_group_name_key",)},
    ),
    "check added": Alteration(
        ("added", "check constraint", TABLE, "odd"),
        {
            "postgresql": (
                f"ALTER TABLE {TABLE} ADD CONSTRAINT odd CHECK (phone <> '1')",
            ),
            "mysql": (f"ALTER TABLE {TABLE} ADD CONSTRAINT odd CHECK (phone <> '1')",),
        },
        (f"ALTER TABLE {TABLE} DROP CONSTRAINT odd",),
    ),
    "trigger added": Alteration(
        ("added", "trigger", TABLE, "spy"),
        {
            "sqlite": (
                f"CREATE TRIGGER spy AFTER INSERT ON {TABLE} BEGIN SELECT 1; END",
            ),
            "postgresql": (
                f"CREATE TRIGGER spy BEFORE UPDATE ON {TABLE} FOR EACH ROW "
                "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            ),
            "mysql": (
                f"CREATE TRIGGER spy AFTER INSERT ON {TABLE} FOR EACH ROW SET @a = 1",
            ),
        },
        ("DROP TRIGGER spy",),
    ),
    "trigger dropped": Alteration(
        ("missing", "trigger", AUDIT, NO_DELETE),
        {
            "sqlite": (f"DROP TRIGGER {NO_DELETE}",),
            "postgresql": (f"DROP TRIGGER {NO_DELETE} ON {AUDIT}",),
            "mysql": (f"DROP TRIGGER {NO_DELETE}",),
        },
    ),
    "trigger disabled": Alteration(
        ("changed", "trigger", AUDIT, NO_DELETE),
        {"postgresql": (f"ALTER TABLE {AUDIT} DISABLE TRIGGER {NO_DELETE}",)},
    ),
    "trigger's body changed": Alteration(
        ("changed", "trigger", AUDIT, NO_DELETE),
        {
            "sqlite": (
                f"DROP TRIGGER {NO_DELETE}",
                f"CREATE TRIGGER {NO_DELETE} BEFORE DELETE ON {AUDIT} "
                "BEGIN SELECT 1; END",
            ),
            "mysql": (
                f"DROP TRIGGER {NO_DELETE}",
                f"CREATE TRIGGER {NO_DELETE} BEFORE DELETE ON {AUDIT} "
                "FOR EACH ROW SET @a = 1",
            ),
        },
    ),
    "function's body changed": Alteration(
        ("changed", "routine", "", f"{AUDIT}_refuse()"),
        {
            "postgresql": (
                f"CREATE OR REPLACE FUNCTION {AUDIT}_refuse() RETURNS trigger "
                "LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
            ),
        },
    ),
    "function added": Alteration(
        ("added", "routine", "", "open_all(n integer)"),
        {
            "postgresql": (
                "CREATE FUNCTION open_all(n int) RETURNS int "
                "LANGUAGE sql AS 'SELECT n'",
            ),
        },
    ),
    "routine added": Alteration(
        ("added", "routine", "", "FUNCTION open_all"),
        {"mysql": ("CREATE FUNCTION open_all(n int) RETURNS int RETURN n",)},
        ("DROP FUNCTION open_all",),
    ),
    "view added": Alteration(
        ("added", "view", "", "everybody"),
        everywhere(f"CREATE VIEW everybody AS SELECT name FROM {TABLE}"),
        ("DROP VIEW everybody",),
    ),
    "rule added": Alteration(
        ("added", "rule", TABLE, "nothing"),
        {"postgresql": (f"CREATE RULE nothing AS ON DELETE TO {TABLE} DO INSTEAD "
                        "NOTHING",)},
    ),
    "rows hidden": Alteration(
        ("added", "row policy", TABLE, "few"),
        {"postgresql": (f"CREATE POLICY few ON {TABLE} USING (false)",)},
    ),
    "row security on": Alteration(
        ("changed", "table", TABLE, TABLE),
        {"postgresql": (f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY",)},
    ),
    "foreign keys not enforced": Alteration(
        ("added", "trigger", "plainapp_vehicle", "RI_ConstraintTrigger"),
        {"postgresql": ("ALTER TABLE plainapp_vehicle DISABLE TRIGGER ALL",)},
    ),
    "event added": Alteration(
        ("added", "event", "", "nightly"),
        {"mysql": ("CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO SET @a = 1",)},
        ("DROP EVENT nightly",),
    ),
}  # fmt: skip


@contextmanager
def altered(alteration: Alteration) -> Iterator[None]:
    """Carry an alteration out for a block; a test's rollback or `undo` ends it."""
    execute(*alteration.sql[connection.vendor])
    try:
        yield
    finally:
        if connection.vendor == "mysql" or not connection.in_atomic_block:
            execute(*alteration.undo)
        if connection.vendor == "mysql":
            immutability.install(connection)


def execute(*statements: str) -> None:
    """Run statements as somebody would who has the rights of the owner."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
