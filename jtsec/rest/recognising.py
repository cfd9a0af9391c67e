"""
Who signed a request, found out before the steps of the middleware.

The framework looks at credentials inside of the view. Standing, rights and the audit
would then see a stranger; so the middleware asks here, and the authentication class
of the framework finds the answer on the request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse

from .accepting import accept, settle, signed_caller
from .exceptions import SignatureRefused
from .signature_header import SCHEME, is_of_scheme


def recognise(request: HttpRequest, view: Callable[..., Any]) -> None:
    """
    Put the account of a signed request on it, where the view takes signatures.

    Elsewhere a signature says nothing, and the caller is a stranger.

    Raises:
        SignatureRefused: it is not accepted; recorded.
    """
    header = request.headers.get("Authorization", "")
    if not is_of_scheme(header):
        return
    view_class = getattr(view, "cls", None)
    if view_class is not None:
        from .authentication import takes_signatures  # noqa: PLC0415 - optional

        if takes_signatures(view_class):
            settle(request, accept(request, header))


def is_interface(view: Callable[..., Any]) -> bool:
    """Answer whether a view is one of the REST framework, which programs call."""
    return hasattr(getattr(view, "cls", None), "permission_classes")


def is_signed(request: HttpRequest) -> bool:
    """Answer whether a key called and not somebody with a password."""
    return signed_caller(request) is not None


def signature_answer(refused: SignatureRefused) -> JsonResponse:
    """Return the answer to a signature that is not accepted."""
    return JsonResponse(
        {"detail": refused.sentence, "code": refused.code},
        status=401,
        headers={"WWW-Authenticate": SCHEME, "Cache-Control": "no-store"},
    )
