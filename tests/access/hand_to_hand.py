"""A right that goes from hand to hand: who has it, who gives it, who asks."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from django.db import connection

from jtsec.access.api import (
    Function,
    decide,
    give_propagation,
    grant_use,
    pass_propagation,
)
from jtsec.access.gate import PolicyRefused
from jtsec.access.models import Propagation, RightGrant
from jtsec.audit.models import AuditRecord
from jtsec.core.context import acting_as, system_actor
from jtsec.identity.api import create_organisation
from jtsec.identity.models import Identity
from tests.access.declared import acting, declared
from tests.authentication.persons import loaded
from tests.identity import people

QUERY = Function("permits.query_owner", "查询车主", propagatable=True)
POLICE = Function("permits.query_case", police_only=True, propagatable=True)
FIXED = Function("permits.approve_permit")
PAIR = Function("permits.file_x", propagatable=True, conflicts_with=["permits.pass_x"])
OTHER = Function("permits.pass_x", propagatable=True)
AUDITS = Function("permits.read_log", duty="audit", propagatable=True)
WHY = "节假日值班"


@pytest.fixture
def hands(db: None) -> Iterator[Any]:
    """Give a security administrator and four hands; one is no police officer."""
    with declared(QUERY, POLICE, FIXED, PAIR, OTHER, AUDITS):
        with acting_as(system_actor("a-test")):
            top = people.organisation()
            below = create_organisation(code="110100000000", name="大队", parent=top)
            create_organisation(code="120000000000", name="外地")
            made = {
                "security": people.person("sec", 9, duty="security"),
                "a": people.person("anna", 1),
                "b": people.person("bert", 2),
                "c": people.person("cora", 3, organisation=below),
                "d": people.person("dora", 4, is_police=False, number="E00004"),
                "auditor": people.person("gina", 6, duty="audit"),
                "far": people.person("faye", 5, organisation="120000000000"),
            }
        yield SimpleNamespace(**made, below=below, top=top)


def given(hands: Any, to: Identity, function: Function = QUERY, **more: Any) -> Any:
    """Let the security administrator give a right to pass on."""
    options = {"depth": 2, "organisation": people.CODE, "reason": WHY, **more}
    with acting(hands.security):
        return give_propagation(to, function.right, **options)


def passed(source: Propagation, to: Identity, depth: int = 0, **more: Any) -> Any:
    """Let the holder pass on."""
    with acting(source.identity):
        return pass_propagation(source, to, depth=depth, reason=WHY, **more)


def granted(source: Propagation, to: Identity, **more: Any) -> RightGrant:
    """Let the holder give the use."""
    with acting(source.identity):
        return grant_use(source, to, reason=WHY, **more)


def may(identity: Identity, function: Function = QUERY) -> bool:
    """Ask the one decision point, as a request would."""
    return bool(decide(loaded(identity.login_name), function.right))


def refused(reason: str) -> Any:
    """Expect a refusal with a reason."""
    return pytest.raises(PolicyRefused, check=lambda error: error.reason == reason)


def last_refusal() -> tuple[str, str]:
    """Return action and reason of the newest refusal in the audit."""
    row = AuditRecord.objects.filter(code="access:policy:refused").latest("id")
    return row.resource, row.reason


def stored_key(row: Propagation | RightGrant) -> Any:
    """Return a row's primary key as the database keeps it."""
    return type(row)._meta.pk.get_db_prep_value(row.pk, connection)
