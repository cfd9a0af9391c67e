"""Checks of what is registered: does it exist, and does every write come past us."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.db import connections, router
from django.utils.translation import gettext as _

from jtsec.audit.models import AuditRecord

from . import registry, statements

WRITERS = ("SQLInsertCompiler", "SQLUpdateCompiler", "SQLDeleteCompiler")


def check_names(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E095: what JTSEC_AUDIT_MODELS names is there, and is not jtsec's own."""
    # A value that cannot be used at all is told where every setting is.
    if not registry.is_asked():
        return []
    return [
        Error(
            _("JTSEC_AUDIT_MODELS: there is no model %(name)s to be recorded.")
            % {"name": name},
            hint=_(
                'Write "app.Model", or "app.*" for all models of an app. The tables '
                "of jtsec report by themselves."
            ),
            id="jtsec.E095",
        )
        for name in registry.unknown_names()
    ]


def check_databases(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W220: a change and its event can share a transaction only in one database."""
    if not registry.is_asked():
        return []
    alias = router.db_for_write(AuditRecord)
    return [
        Warning(
            _(
                "Clause A5.1: %(model)s is written to another database than the "
                "audit; an event of a change that is rolled back will stay."
            )
            % {"model": found.label},
            hint=_("Keep both in one database, or accept events of attempts."),
            id="jtsec.W220",
        )
        for found in registry.all_watched()
        if router.db_for_write(found.model) != alias
    ]


def check_cascades(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W221: what the database deletes or changes by itself cannot be recorded."""
    if not registry.is_asked():
        return []
    return [
        Warning(
            _(
                "Clause A5.1: %(field)s lets the database delete or change rows of a "
                "registered model by itself; no event tells of them."
            )
            % {"field": field},
            hint=_("Write on_delete=models.CASCADE or SET_NULL there."),
            id="jtsec.W221",
        )
        for field in _left_to_the_database()
    ]


def check_backends(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W222: the backend of every database writes by the methods that are watched."""
    if not registry.is_asked():
        return []
    return [
        Warning(
            _(
                "Clause A5.1: the backend of the database %(alias)s has its own way "
                "to write (%(name)s); changes of registered models are not recorded."
            )
            % {"alias": alias, "name": name},
            hint=_("Use a backend built on Django's compilers."),
            id="jtsec.W222",
        )
        for alias in connections
        for name in WRITERS
        if not statements.passes_through(connections[alias].ops.compiler(name))
    ]


def _left_to_the_database() -> Iterator[str]:
    for found in registry.all_watched():
        fields: list[Any] = list(found.model._meta.local_concrete_fields)
        for field in fields:
            rule = getattr(field.remote_field, "on_delete", None)
            # Django 6.1: DB_CASCADE and its kin.
            if str(getattr(rule, "__name__", "")).startswith("DB_"):
                yield str(field)


ALL = (check_names, check_databases, check_cascades, check_backends)
