"""Checks of approvals: acts nobody can do, rights nobody knows, what lies forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.access.api import function_of
from jtsec.core.clock import now
from jtsec.core.exceptions import ConfigurationError

from .conf import approvals_settings
from .kinds import known_kinds
from .models import OPEN, ApprovalRequest


def check_acts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E340: what stands under approval can be applied for."""
    try:
        acts = approvals_settings().acts
    except ConfigurationError:
        return []
    possible = sorted({act for kind in known_kinds() for act in kind.acts})
    return [
        Error(
            _("Clause A4.4: nobody can do %(act)s: no kind of application does it.")
            % {"act": act},
            hint=_("JTSEC_APPROVALS_ACTS takes: %(acts)s")
            % {"acts": ", ".join(possible)},
            id="jtsec.E340",
        )
        for act in acts
        if act not in possible
    ]


def check_rights(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E341: the rights that a kind of application names exist."""
    permissions = set(_permissions())
    return [
        Error(
            _("Clause A4.4: %(kind)s names the right %(right)s, which is not known.")
            % {"kind": kind.code, "right": right},
            hint=_("Declare it in functions.py: function(%(right)r, …)")
            % {"right": right},
            id="jtsec.E341",
        )
        for kind in known_kinds()
        for right in dict.fromkeys(kind.rights)
        if function_of(right) is None and right not in permissions
    ]


def check_forgotten(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W212: no application lies open that nobody can decide any more."""
    known = [kind.code for kind in known_kinds()]
    try:
        rows = ApprovalRequest.objects.filter(state__in=OPEN)
        overdue = rows.filter(deadline__lte=now()).count()
        strange = rows.exclude(kind__in=known).count()
    except DatabaseError:
        return []
    if not overdue + strange:
        return []
    text = _(
        "%(overdue)d open applications are past their deadline, %(strange)d are of "
        "a kind that no app registers."
    )
    return [
        Warning(
            text % {"overdue": overdue, "strange": strange},
            hint=_("Close them: manage.py jtsec_approvals --expire"),
            id="jtsec.W212",
        )
    ]


def _permissions() -> Iterator[str]:
    """Yield the names of the permissions that Django makes for models."""
    for model in apps.get_models():
        meta = model._meta
        for operation in meta.default_permissions:
            yield f"{meta.app_label}.{operation}_{meta.model_name}"
        for codename, _name in meta.permissions:
            yield f"{meta.app_label}.{codename}"


ALWAYS = (check_acts, check_rights)
DATABASE = (check_forgotten,)
