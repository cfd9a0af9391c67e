"""Functions that exist for one test, and somebody who acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from jtsec.access import functions, policy
from jtsec.access.api import Function
from jtsec.core.context import Context, acting_as
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
