"""
The seal over a policy: HMAC-SM3 of all that it says.

Whoever can write to the database could otherwise switch a recording off, or a rule,
and no auditor would see who did it. Format 1: the version, then canonical JSON.
"""

from __future__ import annotations

from typing import Any, Final

from jtsec.audit.payload import canonical, moment
from jtsec.core.exceptions import CannotVerify, ConfigurationError
from jtsec.crypto.exceptions import InvalidSignature
from jtsec.keys import api as keys

from .exceptions import PolicyAltered
from .models import AuditPolicy

VERSION: Final = b"jtsec-audit-policy\x01"
SHOWN: Final = (
    "scope",
    "scope_value",
    "aspect",
    "target",
    "is_on",
    "severity",
    "thresholds",
)
"""What a policy says; also what its events tell of before and after."""


def shown(policy: AuditPolicy) -> dict[str, Any]:
    """Return what a policy says, for the events."""
    return {name: getattr(policy, name) for name in SHOWN}


def sealed_bytes(policy: AuditPolicy) -> bytes:
    """Return the bytes under the seal."""
    retired = policy.retired_at
    said = shown(policy) | {
        "id": policy.pk,
        "version": policy.version,
        "retired_at": "" if retired is None else moment(retired),
    }
    return VERSION + canonical(said)


def apply_seal(policy: AuditPolicy) -> None:
    """Put the seal for the present values on a policy that has its number."""
    policy.seal_key_id, policy.seal = keys.mac(keys.Purpose.SEAL, sealed_bytes(policy))


def check_seal(policy: AuditPolicy) -> None:
    """
    Return if a policy is what an auditor set.

    Raises:
        PolicyAltered: it is not.
        CannotVerify: the key is missing, so nothing is known.
    """
    try:
        if keys.get(policy.seal_key_id).purpose is not keys.Purpose.SEAL:
            raise PolicyAltered(f"audit policy {policy.pk}: a key of another purpose")
        keys.verify_mac(policy.seal_key_id, sealed_bytes(policy), bytes(policy.seal))
    # What no verb stores, such as a number without end, has no canonical form.
    except (InvalidSignature, ValueError, TypeError, RecursionError) as error:
        raise PolicyAltered(f"audit policy {policy.pk} was altered") from error
    except ConfigurationError as error:
        raise CannotVerify(f"audit policy {policy.pk}: {error}") from error
