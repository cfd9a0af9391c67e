"""The door of the console: it leads everybody to the first page of their duty."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.api import require_right
from jtsec.access.decorators import signed_in
from jtsec.core.exposure import Requirement

from .menu import MENU, address_of, entries_for


@require_safe
@signed_in
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the first page somebody may open; refuse who has none, with an event."""
    for entry in entries_for(request.user):
        return redirect(address_of(entry))
    require_right(request, Requirement.for_right(MENU[0].entries[0].right))
    return redirect("/")  # a right that came in between two lines
