"""
The handler for projects that run django-axes (extra `axes`): our counters answer.

    AXES_HANDLER = "jtsec.authentication.axes_handler.JtsecAxesHandler"

axes looks, lets Django verify, and counts afterwards, which lets through as many
guesses as the server has threads. With this handler it keeps its middleware, its
decorators and its look-and-feel, and asks our engine whether somebody is locked; the
counting is done by `IdentityBackend`, before the password is looked at. axes' own white
lists, limits, cool-off and tables have no say: each of them could be a way round.
"""

from __future__ import annotations

from typing import Any

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from jtsec.core.context import current
from jtsec.core.source import Source, client_source

from .blocks import block_of_terminal, block_of_user
from .exceptions import Locked


class JtsecAxesHandler(AbstractAxesHandler, AxesBaseHandler):  # type: ignore[misc]  # axes has no types
    """Answers axes' questions from the locks and the blacklist."""

    def is_allowed(
        self, request: HttpRequest, credentials: dict[str, Any] | None = None
    ) -> bool:
        """Answer whether a login may be tried; never by a white list."""
        return not self.is_locked(request, credentials)

    def is_locked(
        self, request: HttpRequest, credentials: dict[str, Any] | None = None
    ) -> bool:
        """
        Answer whether the terminal is blacklisted or the user locked.

        A refusal of this very request counts too: the last wrong password ends the
        login, and axes' middleware then shows the lockout page.
        """
        refusal = getattr(request, "jtsec_login_refusal", None)
        if isinstance(refusal, Locked):
            return True
        if block_of_terminal(_source(request).key) is not None:
            return True
        username = _username(credentials)
        return bool(username) and block_of_user(username) is not None

    def get_failures(
        self, request: HttpRequest, credentials: dict[str, Any] | None = None
    ) -> int:
        """Return the failures behind the block in force, 0 without one."""
        found = block_of_terminal(_source(request).key)
        if found is None and (username := _username(credentials)):
            found = block_of_user(username)
        return 0 if found is None else found.failures

    def user_login_failed(
        self,
        sender: Any,
        credentials: dict[str, Any],
        request: HttpRequest | None = None,
        **kwargs: Any,
    ) -> None:
        """Tell axes' middleware of a lock; the failure itself is counted already."""
        if request is not None and self.is_locked(request, credentials):
            request.axes_locked_out = True  # type: ignore[attr-defined]  # axes' mark
            request.axes_credentials = credentials  # type: ignore[attr-defined]  # same

    def user_logged_in(
        self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any
    ) -> None:
        """Do nothing: the failures were forgotten when the password was right."""

    def user_logged_out(
        self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any
    ) -> None:
        """Do nothing: a logout says nothing of passwords."""

    def post_save_access_attempt(self, instance: Any, **kwargs: Any) -> None:
        """Do nothing: axes sends this for rows that it alone keeps."""

    def post_delete_access_attempt(self, instance: Any, **kwargs: Any) -> None:
        """Do nothing: deleting axes' rows lifts no lock of ours."""

    def reset_attempts(
        self,
        *,
        ip_address: str | None = None,
        username: str | None = None,
        ip_or_username: bool = False,
    ) -> int:
        """
        Lift nothing, and say so by the number 0.

        `axes_reset` asks for no duty and no reason; use `jtsec_unlock`.
        """
        return 0


def _username(credentials: dict[str, Any] | None) -> str:
    given = credentials or {}
    name = given.get("username", given.get(get_user_model().USERNAME_FIELD))
    return name if isinstance(name, str) else ""


def _source(request: HttpRequest) -> Source:
    context = current()
    return (
        context.source if context.request is not None else client_source(request.META)
    )
