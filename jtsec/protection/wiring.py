"""Connects the protection of data: statements, checks and evidence."""

from __future__ import annotations


def wire() -> None:
    """Lead the ORM's statements past the seals; models may be made later than this."""
    from . import statements

    statements.seal_statements()
