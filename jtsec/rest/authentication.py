"""
Authentication of the REST framework by a terminal's or service's signature (A4.13).

    REST_FRAMEWORK = {
        "DEFAULT_AUTHENTICATION_CLASSES": [
            "jtsec.rest.authentication.SignedRequests",
            "rest_framework.authentication.SessionAuthentication",
        ],
    }

The preset sets this. A signature counts where a view demands a right (`requires`), and
nowhere else: a key is registered for functions, and a view that asks for no function
is for people.
"""

from __future__ import annotations

from typing import Any

from .accepting import SignedCaller, accept, settle, signed_caller
from .exceptions import SignatureRefused
from .permissions import RequiresRight
from .signature_header import SCHEME, is_of_scheme

try:
    from rest_framework.authentication import BaseAuthentication
    from rest_framework.exceptions import AuthenticationFailed
    from rest_framework.request import Request
except ImportError as missing:
    raise ImportError(
        "jtsec.rest needs Django REST framework: pip install 'jtsec[rest]'"
    ) from missing


class SignedRequests(BaseAuthentication):
    """Recognises who signed a request with a registered SM2 key."""

    def authenticate(self, request: Request) -> tuple[Any, SignedCaller] | None:
        """
        Return the account behind the signature, and the caller; None without one.

        The middleware has looked already, except at views that are open to everybody.

        Raises:
            AuthenticationFailed: the signature is not accepted; recorded.
        """
        plain = request._request
        caller = signed_caller(plain)
        if caller is not None:
            return caller.user, caller
        header = plain.headers.get("Authorization", "")
        view = (getattr(request, "parser_context", None) or {}).get("view")
        if not is_of_scheme(header) or not _demands_right(view):
            return None
        try:
            caller = accept(plain, header)
        except SignatureRefused as refused:
            told = AuthenticationFailed(refused.sentence, refused.code)
            raise told from refused
        settle(plain, caller)
        return caller.user, caller

    def authenticate_header(self, request: Request) -> str:
        """Return what a refused client should try."""
        return SCHEME


def takes_signatures(view_class: type) -> bool:
    """Answer whether a view of the framework takes signatures."""
    classes = getattr(view_class, "authentication_classes", ())
    is_asked = any(
        isinstance(one, type) and issubclass(one, SignedRequests) for one in classes
    )
    return is_asked and _demands_right(view_class)


def _demands_right(view: Any) -> bool:
    permissions = getattr(view, "permission_classes", ())
    return any(
        isinstance(one, type) and issubclass(one, RequiresRight) for one in permissions
    )
