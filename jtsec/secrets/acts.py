"""
What a person does with the secrets: by duty, with a reason, and on record.

Whoever may run a command as the service's user could open the store without us; what
counts here is that the ordinary way leaves a name.
"""

from __future__ import annotations

from typing import Final

from django.db import router, transaction
from django.utils.translation import gettext as _

from jtsec.audit.api import boundary, record
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.core.context import current
from jtsec.core.exceptions import InputError, Refused

from . import api
from .events import SecretKept, SecretRead, SecretRefused, SecretRemoved
from .store import require_name

LONGEST_REASON: Final = 200
DUTIES: Final = frozenset({"system"})
"""Who looks after the machines looks after their passwords."""


def show(name: str, *, reason: str) -> str:
    """
    Return a secret to the actor of the context, once that is on record.

    Raises:
        Refused: "secrets-not-allowed".
        InputError: there is no reason.
        UnknownSecret, SecretsUnavailable, SecretsExposed, SecretsCorrupt: as `secret`.
        AuditUnavailable: it could not be recorded; nothing is shown.
    """
    reason = require_allowed(name, reason)
    value = api.secret(name)
    record(SecretRead(resource=resource_of(name), reason=reason))
    return value


def change(name: str, value: str, *, reason: str) -> bool:
    """Keep a secret as `api.keep` does, for the actor of the context; see `show`."""
    reason = require_allowed(name, reason)
    with transaction.atomic(using=router.db_for_write(AuditRecord)):
        # First, so that a log that cannot be written leaves the store as it was.
        record(SecretKept(resource=resource_of(name), reason=reason))
        return api.keep(name, value, at=now())


def remove(name: str, *, reason: str) -> None:
    """Remove a secret as `api.remove` does, for the actor of the context."""
    reason = require_allowed(name, reason)
    with transaction.atomic(using=router.db_for_write(AuditRecord)):
        record(SecretRemoved(resource=resource_of(name), reason=reason))
        api.remove(name)


def require_allowed(name: str, reason: str) -> str:
    """Return the reason in order, or raise `InputError` or `Refused`."""
    require_name(name)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise InputError(_("Give a reason."), field="reason", code="required")
    actor = current().actor
    if actor.kind != "person" or actor.duty not in DUTIES:
        with boundary():
            record(SecretRefused(resource=resource_of(name), reason=reason))
        raise Refused("secrets-not-allowed", _("Your duty does not include this."))
    return reason


def resource_of(name: str) -> str:
    """Return by which name a secret stands in the audit."""
    return f"secret:{name}"
