"""What a client may call: the functions that were registered for it, no others."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.exceptions import Refused

from .accepting import signed_caller
from .clients import resource_of
from .events import ClientRightMissing


def require_client_right(request: HttpRequest, right: str) -> None:
    """
    Return if a request was not signed, or its client may call this function.

    The account may have the right all the same: a key that a device holds should open
    no more than that device is for.

    Raises:
        Refused: the function was not registered for the client; recorded.
    """
    caller = signed_caller(request)
    if caller is None or right in caller.rights:
        return
    reason = "client-right-missing"
    record(
        ClientRightMissing(
            resource=resource_of(caller.client), right=right, reason=reason
        )
    )
    raise Refused(reason, _("You do not have the right to use this function."))
