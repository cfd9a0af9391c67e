"""Applications for roles, with what stands against each (clauses A4.2, A4.4)."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.decorators import requires

from .applications import waiting_applications
from .page import show

RIGHT: Final = "jtsec.approve_assignment"
FOLDER: Final = "jtsec/console/access"


@require_safe
@requires(RIGHT)
@never_cache
def requests(request: HttpRequest) -> HttpResponse:
    """List the applications about roles that wait for who asks; never their own."""
    context = {"rows": list(waiting_applications(request.user))}
    return show(request, f"{FOLDER}/requests.html", context)
