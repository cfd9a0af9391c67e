"""Who holds what nobody may hold, looked for on demand (clauses A4.4, A4.7, P15.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.api import Inconsistency, find_inconsistencies
from jtsec.access.decorators import requires
from jtsec.core.clock import now
from jtsec.identity.models import Identity

from .page import show

RIGHT: Final = "jtsec.check_conflict"
FOLDER: Final = "jtsec/console/access"
MOST_SHOWN: Final = 200


@require_safe
@requires(RIGHT)
@never_cache
def conflicts(request: HttpRequest) -> HttpResponse:
    """Look over everybody when asked to, and say where to put it right."""
    is_asked = request.GET.get("look") == "1"
    found = find_inconsistencies() if is_asked else ()
    shown = found[:MOST_SHOWN]
    people = _people(shown)
    context = {
        "is_asked": is_asked,
        "at": now(),
        "count": len(found),
        "rows": [(one, *_whose(one, people)) for one in shown],
        "is_cut": len(found) > MOST_SHOWN,
    }
    return show(request, f"{FOLDER}/conflicts.html", context)


def _people(found: Iterable[Inconsistency]) -> dict[str, Identity]:
    """Return the people some findings are about, by login name."""
    names = {one.username for one in found if one.username}
    rows = Identity.objects.filter(login_name__in=names).select_related("organisation")
    return {one.login_name: one for one in rows.defer("resident_id")}


def _whose(
    one: Inconsistency, people: dict[str, Identity]
) -> tuple[Identity | None, str]:
    """Return whom a finding is about, and where it can be put right."""
    person = people.get(one.username)
    if person is not None:
        is_post = one.detail.startswith("post:")
        view = "posts-of" if is_post else "assignments-of"
        return person, reverse(f"jtsec-console:{view}", args=(person.uid,))
    kind, _colon, code = one.resource.partition(":")
    if kind == "role":
        return None, reverse("jtsec-console:role", args=(code,))
    return None, ""
