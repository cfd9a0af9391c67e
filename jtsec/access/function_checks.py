"""Checks of functions: names nobody declared, impossible pairs, idle permissions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.checks import CheckMessage, Error, Info, Warning
from django.utils.translation import gettext as _

from jtsec.core.tables import are_readable
from jtsec.identity.models import Identity

from .checks import known_views
from .django_permissions import count
from .function_list import listed_functions, names_of_models
from .functions import function_of, functions
from .models import Role
from .policy_token import database


def check_undeclared_rights(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W204: a view behind a right that does not exist is closed to everybody."""
    known = names_of_models()
    named: dict[str, set[str]] = {}
    for view in known_views():
        for right in view.rights:
            if function_of(right) is None and right not in known:
                named.setdefault(right, set()).add(view.name)
    return [
        Warning(
            _("Clause A4.1: %(views)s asks for %(right)r, which nobody declared.")
            % {"views": ", ".join(sorted(views)), "right": right},
            hint=_("Declare it in the functions.py of its app, or correct the name:")
            + f'\nfrom jtsec.access.api import function\nfunction("{right}", "…")',
            id="jtsec.W204",
        )
        for right, views in sorted(named.items())
    ]


def check_conflicts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E330: a declared pair with a name that does not exist excludes nothing."""
    known = names_of_models()
    return [
        Error(
            _("Clause A4.4: %(right)s conflicts with %(other)r, which nobody declared.")
            % {"right": one.right, "other": other},
            hint=_("Correct the name in conflicts_with, or declare the function."),
            id="jtsec.E330",
        )
        for one in functions()
        for other in sorted(one.conflicts_with)
        if function_of(other) is None and other not in known
    ]


def check_conflicts_of_duty(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E331: a pair that everybody of a duty holds is refused to all of them."""
    return [
        Error(
            _("Clause A4.4: the whole duty %(duty)s has %(right)s and %(other)s.")
            % {"duty": one.duty, "right": one.right, "other": other.right},
            hint=_("Give at least one of the two by a role: leave out by_duty."),
            id="jtsec.E331",
        )
        for one in functions()
        for other in map(function_of, sorted(one.conflicts_with))
        if other is not None
        and one.right < other.right
        and one.by_duty
        and other.by_duty
        and one.duty == other.duty
    ]


def check_idle_permissions(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W203: permissions in Django's tables, which give nothing any more."""
    if not _is_readable(databases) or count():
        return []
    idle = sum(
        rows._default_manager.using(database()).count() for rows in _permission_tables()
    )
    if not idle:
        return []
    return [
        Warning(
            _("Clause A4.2: %(count)d permissions in Django's own tables give nothing.")
            % {"count": idle},
            hint=_(
                "Make roles of the groups: manage.py jtsec_roles_import --dry-run; "
                "then take the rows away."
            ),
            id="jtsec.W203",
        )
    ]


def list_functions_nobody_has(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """I206: functions that no role gives; a role may have been forgotten."""
    if not _is_readable(databases):
        return []
    rights = [
        one.function.right
        for one in listed_functions()
        if not one.roles and not one.function.by_duty
    ]
    if not rights:
        return []
    return [
        Info(
            _("Clause A4.6: no role gives these functions:")
            + "".join(f"\n    {right}" for right in rights),
            hint=_("All of them, and what asks for them: manage.py jtsec_functions"),
            id="jtsec.I206",
        )
    ]


def _permission_tables() -> tuple[Any, ...]:
    """Return the models whose rows say that somebody, or a group, has a permission."""
    own = getattr(get_user_model(), "user_permissions", None)
    groups = Group.permissions.through
    return (groups,) if own is None else (groups, own.through)


def _is_readable(databases: Sequence[str] | None) -> bool:
    """Answer whether the database is to be checked and has been migrated."""
    models = (Role, Identity, *_permission_tables())
    return are_readable(databases, database(), *models)


ALWAYS = (check_undeclared_rights, check_conflicts, check_conflicts_of_duty)
DATABASE = (check_idle_permissions, list_functions_nobody_has)
