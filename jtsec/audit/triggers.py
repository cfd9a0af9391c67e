"""What the triggers of one table on one kind of database consist of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TABLE: Final = "jtsec_auditrecord"
MESSAGE: Final = (
    "jtsec: the audit is append-only, it cannot be changed or removed (A5.8)"
)


@dataclass(frozen=True)
class Protected:
    """
    A table whose rows are added and never touched again.

    Args:
        table: its name.
        key: its primary key.
        key_type: the type of that column on MySQL, which a foreign key repeats.
        unique: the columns over which SQLite would replace a row.
        ranges: the table with the ids (`first_id` to `last_id`) of rows that may be
            deleted once they are `DAYS` old by the database's clock; "" for none.
    """

    table: str
    key: str = "id"
    key_type: str = "bigint"
    unique: tuple[str, ...] = ("id",)
    ranges: str = ""


DAYS: Final = 365
"""No setting reaches into the database: this is the floor of the clause (A5.9)."""

RECORDS: Final = Protected(
    TABLE, unique=("id", "event_id"), ranges="jtsec_auditsegmentrange"
)


@dataclass(frozen=True)
class Triggers:
    """
    Statements for one table on one kind of database; none takes a parameter.

    Args:
        names: the triggers that must be there and in force.
        create: creates them; in order, none is there yet.
        drop: removes them whether they are there or not.
        list_query: gives the names of those that are there and in force.
    """

    names: tuple[str, ...]
    create: tuple[str, ...]
    drop: tuple[str, ...]
    list_query: str
