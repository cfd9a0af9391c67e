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

from django.utils.translation import gettext_lazy as _

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
        header = plain.headers.get("Authorization", "")
        if caller is None and not is_of_scheme(header):
            return None
        view = (getattr(request, "parser_context", None) or {}).get("view")
        if not _asks_for_right(view):
            # Of a view set, one action may ask for less than the class says.
            raise AuthenticationFailed(_("This interface takes no signature."))
        if caller is not None:
            return caller.user, caller
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
    permissions = getattr(view_class, "permission_classes", ())
    return is_asked and any(
        isinstance(one, type) and issubclass(one, RequiresRight) for one in permissions
    )


def _asks_for_right(view: Any) -> bool:
    """Answer whether this very call of a view is decided by a right."""
    permissions = [] if view is None else view.get_permissions()
    return any(isinstance(one, RequiresRight) for one in permissions)
