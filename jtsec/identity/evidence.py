"""What identity can prove to somebody who tests the clauses."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth import get_user_model

from jtsec.core.evidence import Fact
from jtsec.core.exceptions import CannotVerify, ConfigurationError

from . import ledger
from .checks import broken_identities
from .conf import identity_settings
from .models import Identity, IdentityLedger, LedgerKind


def facts() -> Iterable[Fact]:
    """Return what was measured now, about the people in the database."""
    people, users = Identity.objects.count(), get_user_model()._base_manager.count()
    yield Fact(
        "P15.2",
        "Every user has an identity with a real name and an ID number.",
        people == users,
        {"users": users, "identities": people},
    )
    yield _seals()
    yield _ledger(people)
    yield Fact(
        "A3.1.4",
        "Only people of these duties may manage identities.",
        "business" not in identity_settings().manager_duties,
        list(identity_settings().manager_duties),
    )


def _seals() -> Fact:
    statement = "The five identifiers of the latest identities agree with their seals."
    limit = identity_settings().checked_seals
    try:
        broken = list(broken_identities(limit))
    except (CannotVerify, ConfigurationError) as error:
        return Fact("A3.1.2", statement, None, {"reason": str(error)})
    value = {"looked at, at most": limit, "broken": broken}
    return Fact("A3.1.2", statement, not broken, value)


def _ledger(people: int) -> Fact:
    statement = "Everything ever given out is in the ledger and can be compared."
    try:
        ledger.require_readable()
    except (CannotVerify, ConfigurationError) as error:
        return Fact("A3.1.2", statement, None, {"reason": str(error)})
    counts = {
        kind: IdentityLedger.objects.filter(kind=kind).count()
        for kind in LedgerKind.values
    }
    return Fact("A3.1.2", statement, min(counts.values()) >= people, counts)
