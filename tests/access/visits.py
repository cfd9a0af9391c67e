"""People with rights of some reach, and the requests they make."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test import RequestFactory

from jtsec.access import policy
from jtsec.access.gate import policy_gate
from jtsec.access.models import AccessProfile, Assignment, Role
from jtsec.access.rows import begin
from jtsec.audit.api import boundary
from jtsec.core.context import Context, acting_as, enter, leave, system_actor
from jtsec.identity import api
from jtsec.identity.models import Identity, Organization
from tests.identity import people

RIGHT = "plainapp.view_folder"
PROVINCE, CITY, DISTRICT = "110000000000", "110100000000", "110101000000"
OTHER = "120000000000"


def organisations() -> dict[str, Organization]:
    """Make a province with a city and a district, and another province."""
    with acting_as(system_actor("a-test")):
        found = {PROVINCE: people.organisation(PROVINCE)}
        for code, above in ((CITY, PROVINCE), (DISTRICT, CITY)):
            found[code] = api.create_organisation(
                code=code, name=f"支队 {code}", parent=found[above]
            )
        found[OTHER] = people.organisation(OTHER)
    return found


def reader(
    which: int,
    organisation: Organization,
    *,
    rights: tuple[str, ...] = (RIGHT,),
    clearance: int = 1,
    with_below: bool = True,
) -> Identity:
    """Return somebody who has rights for the data of one organisation."""
    with acting_as(system_actor("a-test")):
        person = people.person(f"reader{which}", which, organisation=organisation)
        with policy_gate() as by:
            role = begin(
                Role(
                    code=f"role{which}",
                    name="读者",
                    duty="business",
                    rights=list(rights),
                ),
                by,
                "test",
            )
            begin(
                Assignment(
                    identity=person,
                    role=role,
                    organisation=organisation,
                    with_below=with_below,
                ),
                by,
                "test",
            )
            begin(AccessProfile(identity=person, clearance=clearance), by, "test")
    policy.forget()
    return person


@contextmanager
def visit(user: Any) -> Iterator[Any]:
    """Be in the middle of a request of somebody, as the middleware puts it."""
    request = RequestFactory().get("/")
    request.user = user
    token = enter(Context(request))
    try:
        with boundary():
            yield request
    finally:
        leave(token)
