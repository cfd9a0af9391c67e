"""Two installations in the same instant: one administrator is the first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from django.db import connections

from jtsec.access.api import make_initial
from jtsec.access.models import AccessProfile
from jtsec.core.context import acting_as, system_actor
from jtsec.identity.models import Identity
from tests.identity import people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AT_ONCE = 4


@pytest.mark.clause("P38")
def test_of_many_who_are_made_at_once_one_is_initial() -> None:
    """Whoever passes the lock second sees the first."""
    with acting_as(system_actor("a-test")):
        made = [
            people.person(f"admin{which}", which, duty="system")
            for which in range(AT_ONCE)
        ]
    # As if each had been registered by an installation of its own.
    barrier = Barrier(AT_ONCE)

    def begin(identity: Identity) -> Any:
        try:
            with acting_as(system_actor("jtsec_init")):
                barrier.wait(timeout=30)
                return make_initial(identity)
        finally:
            connections.close_all()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "jtsec.access.initial.technical_administrators", Identity.objects.none
        )
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(begin, made))
    assert sum(one is not None for one in answers) == 1
    assert AccessProfile.objects.filter(is_initial=True).count() == 1
