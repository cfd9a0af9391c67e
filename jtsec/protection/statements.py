"""
The place that cannot be forgotten: where the ORM carries out its statements.

A `save()`, a queryset of the project's own class, a related manager, a cascade, an
admin action, a fixture, each ends in one of three compilers of Django. A manager of
ours could be left out of a model, and signals are not sent for many of these ways. So
the methods that execute are led through here, once a process and only where a model
is sealed; for any other model they ask one dictionary and go on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db.models.sql import compiler as compilers

from jtsec.core.leading import Execute, lead_first

from . import deletes, inserts, updates
from .alarms import alarmed
from .declaration import plan_of
from .exceptions import SealedWriteRefused
from .passing import is_passing

MARK: Final = "_jtsec_sealing"


def seal_statements() -> None:
    """Lead what executes INSERT, UPDATE and DELETE through the seals; once."""
    if is_sealing():
        return
    _lead(compilers.SQLInsertCompiler, "execute_sql", inserts.execute, "insert")
    _lead(compilers.SQLUpdateCompiler, "execute_sql", updates.execute, "update")
    _lead(compilers.SQLDeleteCompiler, "execute_sql", deletes.execute, "delete")
    # From Django 6.0 a save that wants computed values back goes this way.
    if hasattr(compilers.SQLUpdateCompiler, "execute_returning_sql"):
        _lead(compilers.SQLUpdateCompiler, "execute_returning_sql", _refuse, "update")


def is_sealing() -> bool:
    """Answer whether statements are led through the seals."""
    return hasattr(compilers.SQLInsertCompiler.execute_sql, MARK)


def passes_through(compiler_class: type) -> bool:
    """Answer whether the compiler of a database's backend comes through here."""
    return hasattr(getattr(compiler_class, "execute_sql", None), MARK)


def _lead(owner: Any, name: str, front: Callable[..., Any], act: str) -> None:
    def before(plain: Execute) -> Execute:
        def execute(self: Any, *args: Any, **kwargs: Any) -> Any:
            plan = plan_of(self.query.model)
            if plan is None or is_passing():
                return plain(self, *args, **kwargs)

            def run(compiler: Any) -> Any:
                return plain(compiler, *args, **kwargs)

            with alarmed(act):
                return front(plan, self, run)

        return execute

    lead_first(owner, name, before, MARK)


def _refuse(plan: Any, compiler: Any, run: Any) -> Any:
    why = "its instances are saved by SealedModel's own way alone"
    raise SealedWriteRefused("own-update", plan.label, why)
