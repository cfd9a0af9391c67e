"""
Rights for the people of tests, given as in operation: by a role and an assignment.

    clerk = person(rights=("permits.query_permit",))
    grant(clerk, "permits.file_permit", organisation="110000000101")
"""

from __future__ import annotations

from typing import Any

from jtsec.access.api import assign, create_role
from jtsec.access.models import Assignment, Role
from jtsec.core.context import acting_as, system_actor
from jtsec.crypto import sm3
from jtsec.identity.api import identity_of
from jtsec.identity.models import Organization

from .identities import ACTOR, ensure_identity
from .run import OutsideTestRun, is_running

REASON = "for a test"


def grant(
    user: Any,
    *rights: str,
    organisation: Organization | str | None = None,
    with_below: bool = True,
) -> Assignment:
    """
    Give somebody rights, as the system and not as whoever acts in the test.

    Everything a grant is held to holds here too: a right of another duty, or a
    police-only one for somebody who is no police officer, is refused.

    Args:
        user: who; needs no identity yet.
        rights: names of functions, declared or Django's.
        organisation: whose data they reach, or its code; the person's own by default.
        with_below: whether also that of the organisations under it.

    Raises:
        OutsideTestRun: there is no test run.
        PolicyRefused: nobody may have these rights together, or not this person.
        InputError: a right or the organisation is unknown.
    """
    if not is_running():
        raise OutsideTestRun("rights are given so in a test run and nowhere else")
    ensure_identity(user)
    identity = identity_of(user)
    if identity is None:
        raise ValueError(f"{user.get_username()} has no identity to give rights to")
    with acting_as(system_actor(ACTOR)):
        return assign(
            identity,
            _role(identity.duty, rights),
            organisation=organisation,
            with_below=with_below,
            reason=REASON,
        )


def _role(duty: str, rights: tuple[str, ...]) -> Role:
    """Return the role of just these rights, made when it is first wanted."""
    wanted = sorted(set(rights))
    code = "test-" + sm3.hexdigest("\n".join((duty, *wanted)).encode())[:24]
    known = Role.objects.filter(code=code, ended_at__isnull=True).first()
    return known or create_role(
        code, name="测试角色", duty=duty, rights=wanted, reason=REASON
    )
