"""The state of the keys: which there are, since when, and what for; never a key."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.decorators import requires
from jtsec.core.exceptions import ConfigurationError
from jtsec.keys.api import KeyStatus, Purpose, State, key_status, missing_purposes
from jtsec.keys.usage.api import totals

from .page import show

RIGHT: Final = "jtsec.view_key"
TEMPLATE: Final = "jtsec/console/system/keys.html"
PURPOSES: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "field": _("Encrypted fields"),
        "index": _("Search in encrypted fields"),
        "seal": _("Seals of rows"),
        "pepper": pgettext_lazy("jtsec policy", "Passwords"),
        "audit-mac": _("Check values of the audit"),
        "audit-detail": _("Encrypted details of the audit"),
        "audit-signature": _("Signatures of the audit"),
        "error": _("Sealed errors"),
        "session": _("Data of sessions"),
        "ledger": _("Register of what was given out"),
    }
)
"""What people call a purpose; one without words here is shown as it is named."""

STATES: Final[Mapping[State, tuple[str | Promise, str]]] = MappingProxyType(
    {
        State.COMING: (_("Made known, not used yet"), "warn"),
        State.ACTIVE: (_("Protects new data"), "good"),
        State.REPLACED: (_("Reads old data only"), ""),
        State.RETIRED: (_("No data found under it"), ""),
    }
)
"""What a state of a key means, and its tone."""

ALGORITHMS: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {"SM2-public": _("SM2, the public half")}
)


@require_safe
@requires(RIGHT)
@never_cache
def keys(request: HttpRequest) -> HttpResponse:
    """List every key by purpose, the active one first (clause A10.3)."""
    try:
        found = key_status()
        missing = missing_purposes()
    except ConfigurationError:
        # Why is for who has the server: a page says nothing of paths.
        return show(request, TEMPLATE, {"is_unreadable": True}, status=503)
    used = totals()
    context = {
        "rows": [
            (
                one,
                word_for(one.purpose),
                ALGORITHMS.get(one.algorithm, one.algorithm),
                used.get(one.id),
                *STATES[one.state],
            )
            for one in sorted(found, key=_place)
        ],
        "missing": [word_for(one) for one in missing],
    }
    return show(request, TEMPLATE, context)


def word_for(purpose: Purpose) -> str | Promise:
    """Return what people call a purpose."""
    return PURPOSES.get(purpose.value, purpose.value)


def _place(one: KeyStatus) -> tuple[str, bool, float]:
    return one.purpose.value, one.state is not State.ACTIVE, -one.created.timestamp()
