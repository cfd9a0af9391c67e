"""My logins: every login, refused try and logout under one's own name (A3.2.12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.audit.events import label_of
from jtsec.audit.models import AuditRecord
from jtsec.audit.query.api import FilterError, Position, logins_of
from jtsec.core.clock import shown
from jtsec.core.exposure import signed_in
from jtsec.identity.api import identity_of

TEMPLATE: Final = "jtsec/own/logins.html"
WHY: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "": "",
        "wrong": _("Wrong password"),
        "wrong-at-change": _("Wrong present password"),
        "wrong-in-view": _("Wrong password"),
        "user-locked": _("The user was locked"),
        "terminal-blocked": _("The terminal was blacklisted"),
        "inactive": pgettext_lazy("jtsec account", "Out of use"),
        "account-expired": pgettext_lazy("jtsec account", "Expired"),
        "account-dormant": _("Unused for too long"),
        "not-yet-valid": _("Not valid yet"),
    }
)
"""What the owner is told of a refusal; the others are the administrators' matter."""


@dataclass(frozen=True)
class Line:
    """One row of the list; `tone` is "", "good", "warn" or "bad"."""

    at: str
    action: str
    tone: str
    address: str
    terminal: str
    why: str | Promise


@require_safe
@signed_in
@never_cache
def logins(request: HttpRequest) -> HttpResponse:
    """List the user's own logins, the newest first; nobody else's are reachable."""
    found = identity_of(request.user)
    text = request.GET.get("after", "")
    try:
        after = Position.parse("after", text) if text else None
    except FilterError as error:
        wrong = {"here": "logins", "error": error.sentence, "lines": []}
        return render(request, TEMPLATE, wrong, status=400)
    if found is None:
        return render(request, TEMPLATE, {"here": "logins", "lines": []})
    page = logins_of(str(found.uid), found.login_name, after=after)
    context: dict[str, Any] = {
        "here": "logins",
        "lines": [_line(row) for row in page.rows],
        "older": page.older.as_text() if page.older else "",
        "is_later": after is not None,
    }
    return render(request, TEMPLATE, context)


def _line(row: AuditRecord) -> Line:
    is_refused = row.outcome != "done"
    return Line(
        at=shown(row.at),
        action=label_of(row.code),
        tone="warn" if is_refused else "good",
        address=row.source_address,
        terminal=row.source_terminal,
        why=WHY.get(row.reason, _("Not permitted at this time or place"))
        if is_refused
        else "",
    )
