"""
The place that cannot be forgotten: where the ORM carries out its statements.

Whatever way a write takes, a `save()`, a queryset of the project's own class, a manager
that hides rows, a cascade, an admin action, a fixture, an asynchronous twin, it ends in
one of three compilers of Django. Signals are not sent for many of these ways, and a
base class or a manager of ours can be left out or overridden. So the three methods
that execute are led through here, once a process and only where a model is registered;
for any other model they ask one dictionary and go on.

SQL that the project writes itself passes by: nobody can tell its rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db import connections, router
from django.db.models.sql import compiler as compilers

from jtsec.audit.models import AuditRecord
from jtsec.core.leading import Execute, lead

from . import deletes, inserts, updates
from .registry import watched

MARK: Final = "_jtsec_watched"


def watch() -> None:
    """Lead what executes INSERT, UPDATE and DELETE through the audit; once."""
    if is_watching():
        return
    _lead(compilers.SQLInsertCompiler, "execute_sql", _insert)
    _lead(compilers.SQLUpdateCompiler, "execute_sql", _update)
    _lead(compilers.SQLDeleteCompiler, "execute_sql", _delete)
    # From Django 6.0 a save that wants computed values back goes this way.
    if hasattr(compilers.SQLUpdateCompiler, "execute_returning_sql"):
        _lead(compilers.SQLUpdateCompiler, "execute_returning_sql", _update_returning)


def is_watching() -> bool:
    """Answer whether statements are led through the audit."""
    return hasattr(compilers.SQLInsertCompiler.execute_sql, MARK)


def passes_through(compiler_class: type) -> bool:
    """Answer whether the compiler of a database's backend comes through here."""
    return hasattr(getattr(compiler_class, "execute_sql", None), MARK)


def _lead(owner: Any, name: str, front: Callable[..., Any]) -> None:
    def before(plain: Execute) -> Execute:
        def execute(self: Any, *args: Any, **kwargs: Any) -> Any:
            model = self.query.model
            found = watched(model)
            if found is None or _is_before_the_audit(model):
                return plain(self, *args, **kwargs)
            return front(found, self, plain, *args, **kwargs)

        return execute

    lead(owner, name, before, MARK)


def _is_before_the_audit(model: Any) -> bool:
    """
    Answer whether a migration writes before the table of the audit is there.

    On a new database the order of the migrations may put it so.
    """
    if model.__module__ != "__fake__":
        return False
    connection = connections[router.db_for_write(AuditRecord)]
    return AuditRecord._meta.db_table not in connection.introspection.table_names()


def _insert(found: Any, compiler: Any, plain: Any, returning_fields: Any = None) -> Any:
    return inserts.execute(
        found, compiler, returning_fields, lambda one: plain(one, returning_fields)
    )


def _update(found: Any, compiler: Any, plain: Any, *args: Any, **kwargs: Any) -> Any:
    return updates.execute(found, compiler, lambda one: plain(one, *args, **kwargs))


def _update_returning(
    found: Any, compiler: Any, plain: Any, returning_fields: Any
) -> Any:
    if not _returns(compiler, returning_fields):
        return plain(compiler, returning_fields)
    return updates.execute_returning(
        found, compiler, returning_fields, lambda one: plain(one, returning_fields)
    )


def _returns(compiler: Any, returning_fields: Any) -> bool:
    """Answer whether Django executes here itself, and does not ask `execute_sql`."""
    features = compiler.connection.features
    return bool(returning_fields and features.can_return_rows_from_update)


def _delete(found: Any, compiler: Any, plain: Any, *args: Any, **kwargs: Any) -> Any:
    return deletes.execute(found, compiler, lambda one: plain(one, *args, **kwargs))
