"""Functions that exist for one test, who has them, and somebody who acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from jtsec.access import functions, policy
from jtsec.access.api import Function, assign, create_role
from jtsec.core.context import Context, acting_as, system_actor
from jtsec.identity.api import actor_of
from jtsec.identity.models import Identity


@contextmanager
def declared(*wanted: Function) -> Iterator[None]:
    """Add functions to the registry for the length of the block."""
    with pytest.MonkeyPatch.context() as patch:
        known = dict(functions._declared)
        patch.setattr(functions, "_declared", known)
        patch.setattr(functions, "_completed", {})
        for one in wanted:
            known[one.right] = one
        policy.forget()
        yield
    policy.forget()


def acting(identity: Identity) -> AbstractContextManager[Context]:
    """Act as a person in the block."""
    return acting_as(actor_of(identity.user))


def given_role(identity: Identity, *rights: str) -> None:
    """Give a person a role of just these rights."""
    with acting_as(system_actor("a-test")):
        role = create_role(
            f"role-{identity.pk}",
            name="测试",
            duty=identity.duty,
            rights=list(rights),
            reason="测试",
        )
        assign(identity, role, reason="测试")
