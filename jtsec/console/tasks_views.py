"""Tasks and services: what ran when, what waits, and how to start it (clause A9.4)."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.decorators import requires

from .page import show
from .system_figures import milliseconds_of_the_database, storage
from .tasks import tasks

RIGHT: Final = "jtsec.view_system"
TEMPLATE: Final = "jtsec/console/system/tasks.html"


@require_safe
@requires(RIGHT)
@never_cache
def all_tasks(request: HttpRequest) -> HttpResponse:
    """List the tasks, and lead to where some of them are started."""
    context = {
        "tasks": tasks(),
        "milliseconds": milliseconds_of_the_database(),
        "storage": storage(),
    }
    return show(request, TEMPLATE, context)
