"""
Who is acting, from where, in which request: held in a ContextVar.

Set by the middleware for a request and by `acting_as` for commands and background
jobs; read by the audit and by every control that must name an actor. The actor is
worked out only when somebody asks, so a page that records nothing pays nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .source import LOCAL, Source, client_source

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Somebody as the audit writes them down: text, as it was at that moment.

    Args:
        kind: "person", "system" (a command or job) or "anonymous".
        uid: the identity's UUID, "" when there is none.
        username: the login name, or the name of the command.
        name: the person's name.
        is_police: whether the person is a police officer; None when not a person.
        organisation: the 12-digit code of the organisation.
        duty: business, system, security, audit, or "".
    """

    kind: str = "anonymous"
    uid: str = ""
    username: str = ""
    name: str = ""
    is_police: bool | None = None
    organisation: str = ""
    duty: str = ""


ANONYMOUS = Actor()
ActorResolver = Callable[["HttpRequest"], Actor]


def _nobody(request: HttpRequest) -> Actor:
    return ANONYMOUS


_resolve_actor: ActorResolver = _nobody


def set_actor_resolver(resolver: ActorResolver) -> None:
    """Let the identity control say who a request's user is; called once, at start."""
    global _resolve_actor  # noqa: PLW0603 - the one seam between low and high
    _resolve_actor = resolver


class Context:
    """
    One request's, command's or job's surroundings.

    Args:
        request: the request, or None outside of one.
        actor: the actor, when known from the start.
        source: the source, when known from the start.
    """

    __slots__ = ("_actor", "_request_id", "_source", "known_values", "request")

    def __init__(
        self,
        request: HttpRequest | None = None,
        *,
        actor: Actor | None = None,
        source: Source | None = None,
    ) -> None:
        self.request = request
        self._actor = actor
        self._source = source
        self._request_id = ""
        # Personal values it has met and what stands for them; see `scrubbing`.
        self.known_values: dict[str, str] = {}

    @property
    def request_id(self) -> str:
        """Return the id that ties response, events and error code together."""
        if not self._request_id:
            self._request_id = secrets.token_hex(8)
        return self._request_id

    @property
    def source(self) -> Source:
        """Return where this comes from."""
        if self._source is None:
            self._source = client_source(self.request.META) if self.request else LOCAL
        return self._source

    def settle_source(self, source: Source) -> None:
        """
        Put what a control has proved of the source in the place of what was read.

        For who has verified a signature: the key says which terminal it is.
        """
        self._source = source

    @property
    def is_of_a_visitor(self) -> bool:
        """Answer whether a request's visitor acts, and no command or job within it."""
        fixed = self._actor
        return self.request is not None and (fixed is None or fixed.kind != "system")

    @property
    def actor(self) -> Actor:
        """Return who acts now; a login in the middle of a request changes it."""
        if self._actor is not None:
            return self._actor
        return _resolve_actor(self.request) if self.request else ANONYMOUS


_current: ContextVar[Context | None] = ContextVar("jtsec_context", default=None)


def current() -> Context:
    """Return the context in force; outside of any, an anonymous one."""
    return _current.get() or Context()


def has_context() -> bool:
    """Answer whether a request, a command or a job is under way."""
    return _current.get() is not None


def enter(context: Context) -> Token[Context | None]:
    """Put a context in force; give the token back to `leave`."""
    return _current.set(context)


def leave(token: Token[Context | None]) -> None:
    """Put the context before it back in force."""
    _current.reset(token)


@contextmanager
def acting_as(actor: Actor) -> Iterator[Context]:
    """Run a command or a job as a named actor, so that no event is nobody's."""
    outer = current()
    context = Context(outer.request, actor=actor, source=outer.source)
    context.known_values = outer.known_values
    token = enter(context)
    try:
        yield context
    finally:
        leave(token)


def system_actor(name: str) -> Actor:
    """Return the actor of a command or background job."""
    return Actor(kind="system", username=name, name=name)
