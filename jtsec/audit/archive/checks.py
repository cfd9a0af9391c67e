"""Checks of the archive: where it is, and that its tables are protected."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import DatabaseError, connections
from django.utils.translation import gettext as _

from jtsec.audit import immutability
from jtsec.core.exceptions import ConfigurationError

from .conf import archive_settings
from .protection import TABLES
from .segments import alias


def check_folder(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E327: the archive lies where others can reach it, or is not there (A5.9)."""
    try:
        named = archive_settings().directory
    except ConfigurationError:
        return []
    fault = _fault(named) if named else ""
    if not fault:
        return []
    return [
        Error(
            _("Clause A5.9: JTSEC_AUDIT_ARCHIVE_DIRECTORY %(what)s.") % {"what": fault},
            hint=_("Make it for the service alone: install -d -m 0700 %(folder)s")
            % {"folder": named},
            id="jtsec.E327",
        )
    ]


def check_append_only(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E326: the database refuses to change what is recorded of segments (A5.8)."""
    using = alias()
    if using not in (databases or ()):
        return []
    connection = connections[using]
    try:
        there = set(connection.introspection.table_names())
        missing = [
            name
            for one in TABLES
            if one.table in there
            for name in immutability.missing(connection, one)
        ]
    except DatabaseError:
        return []  # E321 says that the database cannot be used
    if not missing:
        return []
    return [
        Error(
            _("Clause A5.8: the database does not protect the archive: %(what)s.")
            % {"what": ", ".join(missing)},
            hint=_("Find out who removed the triggers, then put them back: %(command)s")
            % {"command": REINSTALL},
            id="jtsec.E326",
        )
    ]


REINSTALL = (
    'manage.py shell -c "from django.db import connection; '
    "from jtsec.audit import immutability; "
    "from jtsec.audit.archive.protection import TABLES; "
    '[immutability.install(connection, one) for one in TABLES]"'
)


def _fault(named: str) -> str:
    path = Path(named)
    if not path.is_dir():
        return _("is no folder")
    public = [settings.MEDIA_ROOT, settings.STATIC_ROOT]
    for one in filter(None, public):
        if path.resolve().is_relative_to(Path(one).resolve()):
            return _("lies where files are served to browsers")
    return ""
