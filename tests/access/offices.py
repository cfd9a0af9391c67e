"""A small office for the tests of roles: who grants, who receives, which functions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from jtsec.access.api import Function, create_role, decide
from jtsec.access.models import Role
from jtsec.audit.models import AuditRecord
from jtsec.core.context import acting_as, system_actor
from jtsec.identity.api import create_organisation
from tests.access.declared import declared
from tests.authentication.persons import loaded
from tests.identity import people

APPLY = Function("permits.apply_permit", conflicts_with=["permits.approve_permit"])
APPROVE = Function("permits.approve_permit")
QUERY = Function("permits.query_permit")
POLICE = Function("permits.query_case", police_only=True)
SYSTEM = Function("permits.set_parameter", duty="system")
KEEP = Function("permits.keep_keys", duty="security")
BY_DUTY = Function("permits.read_trail", duty="audit", by_duty=True)
FUNCTIONS = (APPLY, APPROVE, QUERY, POLICE, SYSTEM, KEEP, BY_DUTY)
WHY = "岗位调整"
TOP, SUB, SUBSUB, FAR = "110000000000", "110100000000", "110101000000", "120000000000"


@contextmanager
def an_office() -> Iterator[Any]:
    """Make four organisations, a security administrator and people who are none."""
    with declared(*FUNCTIONS):
        with acting_as(system_actor("a-test")):
            top = people.organisation(TOP)
            sub = create_organisation(code=SUB, name="支队", parent=top)
            subsub = create_organisation(code=SUBSUB, name="大队", parent=sub)
            far = create_organisation(code=FAR, name="外地")
            made = {
                "sec": people.person("sec", 900, duty="security"),
                "sys": people.person("sys", 901, duty="system"),
                "zhang": people.person("zhang", 1),
                "wang": people.person("wang", 2, is_police=False, number="E00002"),
                "below": people.person("below", 3, organisation=sub),
                "deep": people.person("deep", 4, organisation=subsub),
                "far": people.person("far", 5, organisation=far),
            }
        yield SimpleNamespace(**made, top=top, sub=sub, subsub=subsub)


def role(code: str, *rights: Function, **other: Any) -> Role:
    """Make a role as the system."""
    names = [one.right for one in rights]
    values = {"name": code, "duty": "business", "reason": WHY, **other}
    with acting_as(system_actor("a-test")):
        return create_role(code, rights=names, **values)


def may(identity: Any, function: Function) -> bool:
    """Ask the one decision point, as the next request would."""
    return bool(decide(loaded(identity.login_name), function.right))


def refusals() -> list[tuple[str, str]]:
    """Return what was refused and why, oldest first, as the audit has it."""
    rows = AuditRecord.objects.filter(code="access:policy:refused").order_by("pk")
    return [(row.resource, row.reason) for row in rows]
