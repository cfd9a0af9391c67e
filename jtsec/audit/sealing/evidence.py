"""What sealing can prove for the compliance report."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError

from jtsec.audit.conf import audit_settings
from jtsec.core.evidence import Fact
from jtsec.core.exceptions import ConfigurationError
from jtsec.keys import api as keys

from .conf import sealing_settings
from .exceptions import CheckpointAltered
from .lag import lag
from .models import AuditAnchor
from .reading import alias, last_checkpoint
from .signing import predecessor_of


def facts() -> Iterator[Fact]:
    """Yield what was measured just now."""
    yield _signing_key()
    yield _newest_checkpoint()
    yield _waiting()
    yield _anchored()


def _signing_key() -> Fact:
    statement = "Key that signs the checkpoints, by its fingerprint"
    try:
        key_id, private = keys.signing_key()
    except ConfigurationError as error:
        return Fact("A5.8", statement, False, str(error))
    return Fact("A5.8", statement, True, {key_id: private.public.fingerprint()})


def _newest_checkpoint() -> Fact:
    statement = "Newest checkpoint, whose signature was verified"
    try:
        last = last_checkpoint()
        predecessor_of(last)
    except CheckpointAltered as error:
        return Fact("A5.8", statement, False, str(error))
    except (DatabaseError, ConfigurationError) as error:
        return Fact("A5.8", statement, None, str(error))
    return Fact("A5.8", statement, True, last.number if last else 0)


def _waiting() -> Fact:
    statement = "Records that wait for their seal, and for how many seconds"
    try:
        rows, seconds = lag()
    except DatabaseError as error:
        return Fact("A5.8", statement, None, str(error))
    holds = seconds <= sealing_settings().lag_seconds
    return Fact("A5.8", statement, holds, {"rows": rows, "seconds": round(seconds, 1)})


def _anchored() -> Fact:
    statement = "Anchors outside of the database, and the checkpoint they hold"
    names = audit_settings().anchors
    try:
        rows = AuditAnchor.objects.using(alias()).filter(name__in=names)
        known = dict(rows.values_list("name", "number"))
    except DatabaseError as error:
        return Fact("A5.8", statement, None, str(error))
    return Fact("A5.8", statement, bool(names), known or list(names))
