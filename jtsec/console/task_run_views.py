"""The page on which a task of the background is started by hand (clause A9.4)."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from jtsec.access.decorators import requires

from .ending import Ending, show_ending
from .task_running import run_after
from .tasks import tasks

RIGHT: Final = "jtsec.run_task"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def run(request: HttpRequest, code: str) -> HttpResponse:
    """Ask why a task is to run now, and have it run when the answer has gone out."""
    found = [one for one in tasks() if one.code == code]
    if not found:
        raise Http404
    task = found[0]
    asking = Ending(
        title=_("Run now: %(task)s") % {"task": task.name},
        button=_("Run now"),
        facts=(
            (_("Task"), task.name),
            (_("How it stands"), task.result),
            (_("The same on the server"), task.command),
        ),
        warning="",
        done=_("The task is started. What comes of it is recorded in the log."),
        back=reverse("jtsec-console:tasks"),
        clause="A9.4",
        code="console:task:started",
    )
    reasons: list[str] = []
    response = show_ending(request, asking, reasons.append)
    for reason in reasons:
        run_after(response, code, reason)
    return response
