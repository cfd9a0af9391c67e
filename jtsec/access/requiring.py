"""Lets somebody through to a function, or refuses and writes it down (A3.1.1, A4.1)."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from jtsec.audit.api import record
from jtsec.audit.events import Event
from jtsec.core.context import Actor, current
from jtsec.core.exceptions import Refused
from jtsec.core.exposure import Requirement
from jtsec.core.source import Source, client_source
from jtsec.identity.api import actor_of

from .decision import ALARMING, SENTENCE, Decision, decide
from .events import (
    CoreFunctionUsed,
    ForbiddenFunctionRefused,
    FunctionRefused,
    UndeclaredViewRefused,
)
from .functions import function_of


def require_right(request: HttpRequest, requirement: Requirement) -> None:
    """
    Let a request through to a view, or refuse (clauses A3.1.1, A4.1).

    Args:
        request: a request whose user is logged in and in good standing.
        requirement: what the view demands.

    Raises:
        Refused: the view declares nothing, or the user lacks the right. The refusal
            is recorded.
    """
    if requirement.kind == "undeclared":
        record(UndeclaredViewRefused(resource=request.path, reason="undeclared"))
        raise Refused("view-undeclared", str(SENTENCE))
    if requirement.kind == "right":
        require(request, requirement.right)


def require(who: Any, right: str, obj: Any = None) -> Decision:
    """
    Decide, and record: the refusal, and the use of a core function (A5.5).

    Args:
        who: a request, or a user where there is none.
        right: the function's right.
        obj: the row it is used on, where there is one.

    Returns:
        The decision, which allows it.

    Raises:
        Refused: it is not allowed; the sentence is general, the event exact.
        AuditUnavailable: the event could not be written; nothing may be answered.
    """
    is_request = isinstance(who, HttpRequest)
    user = getattr(who, "user", None) if is_request else who
    source = _source_of(who) if is_request else None
    decision = decide(user, right, obj, source=source)
    place = _resource(who.path if is_request else right, obj)
    told: Event | None = None
    if not decision:
        kind = _refusal(decision)
        told = kind(resource=place, right=right, reason=decision.reason)
    elif _is_core(right):
        told = CoreFunctionUsed(resource=place, right=right)
    if told is not None:
        record(told, actor=_actor(who, user), source=source)
    if not decision:
        raise Refused(decision.reason, str(decision.sentence))
    return decision


def _refusal(
    decision: Decision,
) -> type[FunctionRefused] | type[ForbiddenFunctionRefused]:
    return ForbiddenFunctionRefused if decision.reason in ALARMING else FunctionRefused


def _is_core(right: str) -> bool:
    function = function_of(right)
    return function is not None and function.core


def _actor(who: Any, user: Any) -> Actor | None:
    """Return who asks, where that is not who acts in the context; None for the same."""
    context = current()
    if context.request is who or context.actor.kind != "anonymous":
        return None
    return actor_of(user)


def _source_of(request: HttpRequest) -> Source:
    context = current()
    if context.request is request:
        return context.source
    return client_source(request.META)


def _resource(place: str, obj: Any) -> str:
    if isinstance(obj, Model):
        return f"{obj._meta.label_lower}:{obj.pk}"
    return place
