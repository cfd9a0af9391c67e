"""
Registered pages: each call is recorded, with what came of it.

    @audit_view("permits.print", resource="permits.permit:{number}")
    def print_permit(request, number): ...

An answer below 400 is a success; 401 and 403 are refusals; anything else failed. A page
that shows one record uses `resource`, so that the log says who looked at it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from asgiref.sync import iscoroutinefunction, sync_to_async

from django.http import HttpRequest

from jtsec.audit.api import AuditUnavailable
from jtsec.audit.policies.api import wants
from jtsec.core.context import current

from .arguments import Call
from .functions import Told, Use, register
from .queries import note_look

V = TypeVar("V", bound=Callable[..., Any])

REFUSED: Final = frozenset({401, 403})


class PageUse(Use):
    """Records what comes of the calls of one page."""

    def is_wanted(self) -> bool:
        """Answer whether a call of whoever acts now is recorded (A5.3)."""
        return self.core or wants(f"view:{self.name}", current().actor)

    def answered(self, told: Told, status: int) -> None:
        """Record what a page answered."""
        if status < 400:
            self.succeeded(told)
        elif status in REFUSED:
            self.refused(told, f"status-{status}")
        else:
            self.failed(told, f"status-{status}")


def audit_view(
    name: str,
    *,
    core: bool = False,
    arguments: tuple[str, ...] | None = None,
    resource: str = "",
) -> Callable[[V], V]:
    """
    Record every call of a page (clauses A5.1, A5.5).

    Works for functions and coroutines; a class is decorated with
    `method_decorator(audit_view(...), name="dispatch")`.

    Args:
        name: what the page is called in the log.
        core: whether it is a core function; see `audit_function`.
        arguments: the names of the address's arguments to tell; None for all.
        resource: what it shows, such as "permits.permit:{number}".

    Raises:
        AuditUnavailable: (of the call) it could not be recorded; no page is shown.
    """

    def decorate(view: V) -> V:
        register(name, core=core)
        use = PageUse(name, core, Call(_arguments_alone, arguments, resource or name))
        if iscoroutinefunction(view):
            return _watch_coroutine(view, use)  # type: ignore[return-value]  # same signature
        return _watch(view, use)  # type: ignore[return-value]  # same signature

    return decorate


class AuditedDetail:
    """
    Mixin for a `DetailView`: records who looked at which record (clause A5.1).

    Stands before the view: `class PermitView(AuditedDetail, DetailView)`.
    """

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        """Return the record, once it is written down that it was looked at."""
        found = super().get_object(*args, **kwargs)  # type: ignore[misc]  # of the view
        note_look(type(found), rows=[found])
        return found


def _arguments_alone(**kwargs: Any) -> None:
    """Has the signature by which an address's arguments are told."""


def _watch(view: Callable[..., Any], use: PageUse) -> Callable[..., Any]:
    @wraps(view)
    def watched(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not use.is_wanted():
            return view(request, *args, **kwargs)
        told = use.call.told((), kwargs)
        try:
            with use.transaction():
                answer = view(request, *args, **kwargs)
                use.answered(told, answer.status_code)
        except AuditUnavailable:
            raise
        except Exception as error:
            use.ended(told, error)
            raise
        return answer

    return watched


def _watch_coroutine(view: Callable[..., Any], use: PageUse) -> Callable[..., Any]:
    @wraps(view)
    async def watched(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not await sync_to_async(use.is_wanted)():
            return await view(request, *args, **kwargs)
        told = use.call.told((), kwargs)
        try:
            answer = await view(request, *args, **kwargs)
        except Exception as error:
            await sync_to_async(use.ended)(told, error)
            raise
        await sync_to_async(use.answered)(told, answer.status_code)
        return answer

    return watched
