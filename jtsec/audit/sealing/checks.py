"""Checks of sealing: anchors that can be used, tables that refuse changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError, connections
from django.utils.translation import gettext as _

from jtsec.audit import immutability
from jtsec.core.exceptions import ConfigurationError

from .anchor import Anchor
from .anchors import anchors
from .database_anchor import DatabaseAnchor
from .file_anchor import FileAnchor
from .protection import ANCHOR_LINES, CHECKPOINTS
from .reading import alias

REINSTALL = (
    'manage.py shell -c "from django.db import connections; '
    "from jtsec.audit import immutability; "
    "from jtsec.audit.sealing.protection import {name}; "
    "immutability.install(connections['{alias}'], {name})\""
)


def check_anchors(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E092: every anchor that is named can be used."""
    return [message for one in _named() for message in _of_anchor(one)]


def check_anchored(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """
    E093: the checkpoints leave the database (A5.8); asked of a deployment.

    A place that others administer exists where the system is in operation, and seldom
    on a developer's machine.
    """
    if _named():
        return []
    kind = Warning if settings.DEBUG else Error
    return [
        kind(
            _(
                "Clause A5.8: no anchor is named, so nobody can prove that the end of "
                "the audit was not cut."
            ),
            hint='JTSEC_AUDIT_ANCHORS = ["file:/srv/jtsec-anchor/anchor.log"]',
            id="jtsec.E093",
        )
    ]


def check_tables(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E322: the database refuses to change checkpoints, and what anchors hold."""
    wanted = [(alias(), CHECKPOINTS, "CHECKPOINTS")]
    for anchor in _named():
        if isinstance(anchor, DatabaseAnchor):
            wanted.append((anchor.alias, ANCHOR_LINES, "ANCHOR_LINES"))
    messages: list[CheckMessage] = []
    for using, table, name in wanted:
        if using not in (databases or ()) or using not in connections:
            continue
        try:
            connection = connections[using]
            if table.table not in connection.introspection.table_names():
                continue
            missing = immutability.missing(connection, table)
        except DatabaseError:
            # Said by the check E321 of the log itself.
            continue
        if missing:
            messages.append(_unprotected(missing, name, using))
    return messages


def _named() -> list[Anchor]:
    """Return the anchors; an unusable setting is said by the checks of the values."""
    try:
        return anchors()
    except ConfigurationError:
        return []


def _unprotected(missing: list[str], name: str, using: str) -> CheckMessage:
    return Error(
        _("Clause A5.8: the database does not protect the checkpoints: %(what)s.")
        % {"what": ", ".join(missing)},
        hint=_("Find out who removed the triggers, then put them back: %(command)s")
        % {"command": REINSTALL.format(name=name, alias=using)},
        id="jtsec.E322",
    )


def _of_anchor(anchor: Anchor) -> list[CheckMessage]:
    if isinstance(anchor, FileAnchor) and not anchor.path.parent.is_dir():
        return [_unusable(anchor, _("its folder is not there"))]
    if isinstance(anchor, DatabaseAnchor):
        if anchor.alias not in connections:
            return [_unusable(anchor, _("no such database is in DATABASES"))]
        if anchor.alias == alias():
            return [_unusable(anchor, _("it is the database of the audit itself"))]
    return []


def _unusable(anchor: Anchor, why: str) -> CheckMessage:
    return Error(
        _("The anchor %(name)s cannot be used: %(why)s.")
        % {"name": anchor.name, "why": why},
        hint=_(
            "Name a folder that exists and that others administer, or the alias of a "
            "second database."
        ),
        id="jtsec.E092",
    )
