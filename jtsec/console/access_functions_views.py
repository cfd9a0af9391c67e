"""Every function there is, what it demands, and which roles give it (A4.1, A4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.api import ListedFunction, listed_functions
from jtsec.access.decorators import requires
from jtsec.access.models import Role
from jtsec.identity.models import Duty

from .access_function_search import FunctionSearch, Line
from .function_marks import marks_of
from .page import show

RIGHT: Final = "jtsec.view_function"
FOLDER: Final = "jtsec/console/access"


@require_safe
@requires(RIGHT)
@never_cache
def all_functions(request: HttpRequest) -> HttpResponse:
    """List the functions: what each demands, which views ask for it, which roles."""
    form = FunctionSearch(request.GET)
    is_sound = form.is_valid()
    lines = list(_lines())
    context = {
        "form": form,
        "lines": [one for one in lines if form.keeps(one)] if is_sound else lines,
        "total": len(lines),
    }
    status = 200 if is_sound else 400
    return show(request, f"{FOLDER}/functions.html", context, status=status)


def _lines() -> Iterator[Line]:
    """Yield every function, first those that roles give."""
    roles = {one.code: one for one in Role.objects.filter(ended_at=None)}
    for one in sorted(listed_functions(), key=_place):
        yield Line(
            listed=one,
            duty=str(Duty(one.function.duty).label),
            marks=tuple(marks_of(one.function)),
            roles=tuple(roles[code] for code in one.roles if code in roles),
        )


def _place(one: ListedFunction) -> tuple[bool, str]:
    return one.function.by_duty, one.function.right
