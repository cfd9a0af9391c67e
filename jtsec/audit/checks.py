"""Checks of the audit table as the database has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DatabaseError, connections, router
from django.utils.translation import gettext as _

from . import immutability
from .models import AuditRecord
from .probe import accepted_changes

REINSTALL = (
    'manage.py shell -c "from django.db import connection; '
    'from jtsec.audit import immutability; immutability.install(connection)"'
)


def check_append_only(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E320 and E321: the database takes events, and refuses to change them (A5.8)."""
    alias = router.db_for_write(AuditRecord)
    if alias not in (databases or ()) or not _has_table(alias):
        return []
    missing = immutability.missing(connections[alias])
    try:
        accepted = accepted_changes(alias)
    except DatabaseError as error:
        return [_not_writable(error)]
    if not missing and not accepted:
        return []
    return [
        Error(
            _("Clause A5.8: the database does not protect the audit: %(what)s.")
            % {"what": ", ".join([*missing, *accepted])},
            hint=_("Find out who removed the triggers, then put them back: %(command)s")
            % {"command": REINSTALL},
            id="jtsec.E320",
        )
    ]


def _not_writable(error: DatabaseError) -> CheckMessage:
    return Error(
        _("Clause A5.1: no event can be written, so every guarded action will fail."),
        hint=_("The database says: %(error)s") % {"error": error},
        id="jtsec.E321",
    )


def _has_table(alias: str) -> bool:
    """Answer whether the table is there; before the first `migrate` it is not."""
    try:
        tables = connections[alias].introspection.table_names()
    except DatabaseError:
        return False
    return AuditRecord._meta.db_table in tables
