"""
Leaves on a request why Django itself refused it.

Django turns a refusal into an answer and forgets the reason; what the project's own
error pages or its CSRF_FAILURE_VIEW make of it says nothing any more. Two functions of
Django, neither of which a request that works comes to, are led through here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import SuspiciousOperation
from django.core.handlers import exception as handling
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

ATTRIBUTE: Final = "jtsec_refusal"
MARK: Final = "_jtsec_noted"


def note() -> None:
    """Begin to leave reasons on requests; once a process."""
    # By name: neither is part of what Django documents.
    answer, reject = "response_for_exception", "_reject"
    _lead(handling, answer, _on_exception)
    _lead(CsrfViewMiddleware, reject, _on_reject)


def of(request: HttpRequest) -> SuspiciousOperation | str | None:
    """Return why Django refused a request: an error, or the reason of a bad token."""
    found: SuspiciousOperation | str | None = getattr(request, ATTRIBUTE, None)
    return found


def is_an_end(refusal: SuspiciousOperation) -> bool:
    """Answer whether only the session ended while its request was under way."""
    return isinstance(refusal, SessionInterrupted)


def _lead(owner: Any, name: str, front: Callable[..., None]) -> None:
    plain = getattr(owner, name)
    if hasattr(plain, MARK):
        return

    @wraps(plain)
    def noted(*args: Any, **kwargs: Any) -> Any:
        front(*args, **kwargs)
        return plain(*args, **kwargs)

    setattr(noted, MARK, True)
    setattr(owner, name, noted)


def _on_exception(request: HttpRequest, exc: Exception) -> None:
    if isinstance(exc, SuspiciousOperation):
        setattr(request, ATTRIBUTE, exc)


def _on_reject(middleware: Any, request: HttpRequest, reason: str) -> None:
    setattr(request, ATTRIBUTE, str(reason))
