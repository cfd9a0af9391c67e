"""What the triggers of one kind of database consist of."""

from __future__ import annotations

from dataclasses import dataclass

TABLE = "jtsec_auditrecord"
MESSAGE = "jtsec: the audit is append-only, it cannot be changed or removed (A5.8)"


@dataclass(frozen=True)
class Triggers:
    """
    Statements for one kind of database; none takes a parameter.

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
