"""The list of rights as a file: by role and function, and who (A4.2, A4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.api import function_of, functions, list_roles
from jtsec.access.decorators import requires
from jtsec.identity.models import Duty

from .function_marks import marks_of
from .list_export import export_list

RIGHT: Final = "jtsec.change_role"


@require_safe
@requires(RIGHT)
@never_cache
def rights(request: HttpRequest) -> HttpResponseBase:
    """Hand out which role gives what to whom, and what comes with a duty alone."""
    labels = (
        *(_("Duty"), _("Role"), pgettext("jtsec role", "Code"), _("Function")),
        *(_("Right"), _("What it demands"), _("Holders"), _("State")),
    )
    return export_list(request, "rights", _("List of rights"), labels, _rows(), {})


def _rows() -> Iterator[tuple[object, ...]]:
    for role in list_roles():
        holders = "、".join(
            f"{one.username} ({one.organisation})" for one in role.holders
        )
        state = _("In force") if role.is_whole else _("Altered")
        duty = Duty(role.duty).label
        for right in role.rights:
            title, marks = _said(right)
            yield duty, role.name, role.code, title, right, marks, holders, state
        if not role.rights:
            yield duty, role.name, role.code, "", "", "", holders, state
    for one in functions():
        if one.by_duty:
            title, marks = _said(one.right)
            everybody = _("Everybody of the duty")
            duty = Duty(one.duty).label
            yield duty, "", "", title, one.right, marks, everybody, _("In force")


def _said(right: str) -> tuple[str, str]:
    """Return what a function is called, and what it demands."""
    found = function_of(right)
    if found is None:
        return "", ""
    return str(found.title), "、".join(str(mark.word) for mark in marks_of(found))
