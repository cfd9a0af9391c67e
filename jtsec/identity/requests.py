"""Who acts in a request: its user, looked at only when there is a reason to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.functional import LazyObject, empty

from jtsec.core.context import ANONYMOUS, Actor

from .people import actor_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def actor_of_request(request: HttpRequest) -> Actor:
    """
    Return the actor of a request.

    A request without a session cookie has nobody to load; asking would cost a
    session and, for a refusal on the login page, say nothing new.
    """
    user = getattr(request, "user", None)
    if user is None or (_is_not_loaded(user) and not _has_session_cookie(request)):
        return ANONYMOUS
    return actor_of(user)


def _is_not_loaded(user: object) -> bool:
    return isinstance(user, LazyObject) and user.__dict__.get("_wrapped") is empty


def _has_session_cookie(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES
