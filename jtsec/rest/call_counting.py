"""
Calls are counted: a warning comes before the block (clause A4.12).

Counted before the view and its transaction, by the middleware, so that a view that
fails and is rolled back is counted like any other; and without a second connection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest

from jtsec.audit.api import record
from jtsec.core.context import current
from jtsec.identity.api import uid_of

from .accepting import signed_caller
from .call_counter import count_one, tidy_when_due
from .conf import rest_settings
from .events import CallsBlocked, CallsWarned

ALL: Final = "calls"
MARK: Final = "counts_calls"
"""What our throttle has; asking for its class would need the framework."""


@dataclass(frozen=True)
class Count:
    """Which call of the minute this is, and how many there may be."""

    calls: int
    limit: int

    @property
    def is_within(self) -> bool:
        """Answer whether it may go on."""
        return self.calls <= self.limit


def count_call(request: HttpRequest, view: Callable[..., Any]) -> None:
    """Count a call of a view of the framework whose throttle is ours."""
    view_class = getattr(view, "cls", None)
    if view_class is not None and is_counted(view_class):
        request.jtsec_calls = counted(request, view_class)  # type: ignore[attr-defined]  # ours


def is_counted(view_class: Any) -> bool:
    """Answer whether a throttle of a view asks for this count."""
    throttles = getattr(view_class, "throttle_classes", ())
    return any(getattr(one, MARK, False) for one in throttles)


def counted(request: HttpRequest, view: Any) -> Count:
    """
    Count a call and return which it is.

    Args:
        request: the call.
        view: the view, or its class; `calls` on it is its own limit a minute, and
            `throttle_scope` what it is counted together with.

    Raises:
        django.db.Error: it could not be counted.
    """
    chosen = rest_settings()
    own: int | None = getattr(view, "calls", None)
    # A limit of its own is for this view; the common one is for all of them together.
    scope = getattr(view, "throttle_scope", None) or (_name(view) if own else ALL)
    limit = own or chosen.calls
    caller = _caller(request)
    count = Count(count_one(str(scope), caller), limit)
    _tell(count, str(scope), caller, -(-limit * chosen.warn_percent // 100))
    tidy_when_due()
    return count


def _tell(count: Count, scope: str, caller: str, warn_at: int) -> None:
    """Record the warning and the block, each by the one call that reaches it."""
    if count.calls == warn_at:
        record(
            CallsWarned(
                resource=caller, scope=scope, calls=count.calls, limit=count.limit
            )
        )
    if count.calls == count.limit + 1:
        record(
            CallsBlocked(
                resource=caller, scope=scope, reason="too-many", limit=count.limit
            )
        )


def _caller(request: HttpRequest) -> str:
    signed = signed_caller(request)
    if signed is not None:
        return f"client:{signed.client.code}"
    uid = uid_of(getattr(request, "user", None))
    return f"identity:{uid}" if uid else current().source.key


def _name(view: Any) -> str:
    kind = view if isinstance(view, type) else type(view)
    return f"{kind.__module__}.{kind.__qualname__}"
