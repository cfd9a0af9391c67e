"""Whether the seal of an event holds right now: from its row up to the signature."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.audit.models import AuditRecord
from jtsec.audit.proof import ProofRefused, ProofUnreadable, verify_proof
from jtsec.audit.sealing.api import checkpoint_of
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.audit.verifying.api import prove
from jtsec.core.exceptions import CannotVerify, ConfigurationError, VerifiedFalse
from jtsec.crypto.exceptions import CryptoError
from jtsec.keys import api as keys

from .states import State


@dataclass(frozen=True)
class Sealed:
    """
    What can be said of an event's seal.

    Args:
        state: whole, altered, or unknown.
        sentence: the same in words.
        checkpoint: what seals it, None while it waits.
    """

    state: State
    sentence: str | Promise
    checkpoint: AuditCheckpoint | None = None


WAITING = _("Not sealed yet; new events are sealed within seconds.")
HOLDS = _(
    "Its place in the sealed log and the signature over it were verified just now."
)
BROKEN = _("The log is not what was sealed. Have its integrity verified at once.")
NO_KEY = _("The key that signed it is not at hand, so nothing can be said.")


def sealed_of(row: AuditRecord) -> Sealed:
    """Verify the seal of one event, with the keys of the ring."""
    checkpoint = checkpoint_of(row.pk)
    if checkpoint is None:
        return Sealed(State.UNKNOWN, WAITING)
    try:
        proof = json.dumps(prove(row.event_id)).encode()
        verify_proof(proof, keys.signing_key_of(checkpoint.key_id).public)
    except (VerifiedFalse, ProofRefused):
        return Sealed(State.ALTERED, BROKEN, checkpoint)
    except (CannotVerify, ProofUnreadable, ConfigurationError, CryptoError):
        return Sealed(State.UNKNOWN, NO_KEY, checkpoint)
    return Sealed(State.WHOLE, HOLDS, checkpoint)
