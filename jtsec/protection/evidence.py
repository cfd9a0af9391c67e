"""What the protection of data can prove for the compliance report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db import DatabaseError

from jtsec.audit.query.api import Filter, page_of
from jtsec.core.clock import now, shown
from jtsec.core.evidence import Fact
from jtsec.core.exceptions import ConfigurationError

from . import statements
from .declaration import plan_of, sealed_models

ALL_ENDS: Final = "protection:table:*"
HOLDS: Final = {
    "protection:table:sound": True,
    "protection:table:altered": False,
    "protection:table:unverifiable": None,
}
LONGEST: Final = timedelta(days=31)
"""Since a verification; one that is older says nothing of today."""


def facts() -> Iterator[Fact]:
    """Yield what is sealed, that no write passes by, and the newest verification."""
    try:
        plans = [plan for one in sealed_models() if (plan := plan_of(one)) is not None]
    except ConfigurationError as error:
        yield Fact("A6.1", "Sealed models are declared", False, str(error))
        return
    yield Fact(
        "A6.1",
        "Models whose fields are under an HMAC-SM3 with the row's key",
        bool(plans) or None,
        {plan.label: list(plan.newest.names) for plan in plans},
    )
    yield Fact(
        "A6.2",
        "Statements of the ORM are led past the seals",
        statements.is_sealing(),
    )
    yield _newest()


def _newest() -> Fact:
    statement = "Sealed tables are what their roots tell"
    try:
        found = page_of(Filter().with_conditions(code=ALL_ENDS)).rows
    except DatabaseError as error:
        return Fact("A6.2", statement, None, str(error))
    ends = [one for one in found if one.code in HOLDS]
    if not ends:
        return Fact("A6.2", statement, None, "never verified: jtsec_data_verify")
    newest = ends[0]
    holds = HOLDS[newest.code]
    if holds and newest.at < now() - LONGEST:
        holds = None
    value = f"{newest.code} {newest.resource} {shown(newest.at)}"
    return Fact("A6.2", statement, holds, value)
