"""
Registered functions: each call is recorded, with what came of it.

    @audit_function("permits.grant", resource="permits.permit:{permit}", core=True)
    def grant(permit: Permit, by: User) -> None: ...

A core function is carried out in one transaction with its event (A5.5): what was done
and could not be recorded is undone, and the caller gets the error. For a coroutine no
such transaction exists; there the error alone remains. Other functions keep the
transactions they have.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any, TypeVar

from asgiref.sync import iscoroutinefunction, sync_to_async

from django.core.exceptions import PermissionDenied
from django.db import router, transaction

from jtsec.audit.api import AuditUnavailable, record
from jtsec.audit.events import Event
from jtsec.audit.models import AuditRecord
from jtsec.audit.policies.api import wants
from jtsec.core.context import current
from jtsec.core.exceptions import Refused

from .arguments import Call
from .events import (
    CoreFunctionCalled,
    CoreFunctionFailed,
    CoreFunctionRefused,
    FunctionCalled,
    FunctionFailed,
    FunctionRefused,
)

F = TypeVar("F", bound=Callable[..., Any])

Told = tuple[str, dict[str, Any]]
"""What an event tells of a call: the resource, and the chosen arguments."""

Unsuccessful = (
    FunctionRefused | FunctionFailed | CoreFunctionRefused | CoreFunctionFailed
)

_registered: dict[str, bool] = {}


def registered() -> dict[str, bool]:
    """Return the names of what is registered, each with whether it is core."""
    return dict(_registered)


def register(name: str, *, core: bool) -> None:
    """Take a name into the list that the evidence shows."""
    _registered[name] = core


def audit_function(
    name: str,
    *,
    core: bool = False,
    arguments: tuple[str, ...] | None = (),
    resource: str = "",
) -> Callable[[F], F]:
    """
    Record every call of a function (clauses A5.1, A5.5).

    Args:
        name: what the function is called in the log, such as "permits.grant".
        core: whether it is a core function: always recorded, one transaction with
            its event, and no success without it.
        arguments: the names of the arguments to tell; None for all. They are
            encrypted in the event.
        resource: what it touches, such as "permits.permit:{permit}", with names of
            arguments in braces; the name of the function where it is left out.

    Raises:
        TypeError: the function has no such argument.
        AuditUnavailable: (of the call) it could not be recorded.
    """

    def decorate(function: F) -> F:
        register(name, core=core)
        use = Use(name, core, Call(function, arguments, resource or name))
        if iscoroutinefunction(function):
            return _watch_coroutine(function, use)  # type: ignore[return-value]  # same signature
        return _watch(function, use)  # type: ignore[return-value]  # same signature

    return decorate


class Use:
    """
    Records what comes of the calls of one function.

    Args:
        name: of the function.
        core: whether it is a core function.
        call: tells a call's arguments.
    """

    def __init__(self, name: str, core: bool, call: Call) -> None:
        self.name = name
        self.core = core
        self.call = call

    def is_wanted(self) -> bool:
        """Answer whether a call of whoever acts now is recorded (A5.3)."""
        return self.core or wants(f"function:{self.name}", current().actor)

    def transaction(self) -> AbstractContextManager[Any]:
        """Return what ties a core function to its event."""
        if not self.core:
            return nullcontext()
        return transaction.atomic(using=router.db_for_write(AuditRecord))

    def succeeded(self, told: Told) -> None:
        """Record that it did its work."""
        cls = CoreFunctionCalled if self.core else FunctionCalled
        resource, arguments = told
        event: Event = cls(
            resource=resource, function=self.name, arguments=arguments or None
        )
        record(event)

    def refused(self, told: Told, reason: str) -> None:
        """Record that it was refused."""
        self._record(
            CoreFunctionRefused if self.core else FunctionRefused, told, reason
        )

    def failed(self, told: Told, reason: str) -> None:
        """Record that it did not work."""
        self._record(CoreFunctionFailed if self.core else FunctionFailed, told, reason)

    def ended(self, told: Told, error: Exception) -> None:
        """Record that an error ended it."""
        # Not what the error says: it may quote what is to stay encrypted.
        if isinstance(error, Refused):
            self.refused(told, error.reason)
        elif isinstance(error, PermissionDenied):
            self.refused(told, type(error).__name__)
        else:
            self.failed(told, type(error).__name__)

    def _record(self, cls: type[Unsuccessful], told: Told, reason: str) -> None:
        resource, arguments = told
        event: Event = cls(
            resource=resource,
            function=self.name,
            reason=reason,
            arguments=arguments or None,
        )
        record(event)


def _watch(function: Callable[..., Any], use: Use) -> Callable[..., Any]:
    @wraps(function)
    def watched(*args: Any, **kwargs: Any) -> Any:
        if not use.is_wanted():
            return function(*args, **kwargs)
        told = use.call.told(args, kwargs)
        try:
            with use.transaction():
                result = function(*args, **kwargs)
                use.succeeded(told)
        except AuditUnavailable:
            raise
        except Exception as error:
            use.ended(told, error)
            raise
        return result

    return watched


def _watch_coroutine(function: Callable[..., Any], use: Use) -> Callable[..., Any]:
    @wraps(function)
    async def watched(*args: Any, **kwargs: Any) -> Any:
        if not await sync_to_async(use.is_wanted)():
            return await function(*args, **kwargs)
        told = use.call.told(args, kwargs)
        try:
            result = await function(*args, **kwargs)
        except Exception as error:
            await sync_to_async(use.ended)(told, error)
            raise
        await sync_to_async(use.succeeded)(told)
        return result

    return watched
