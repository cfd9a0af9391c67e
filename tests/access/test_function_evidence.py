"""What the registry proves is what is so."""

from __future__ import annotations

from typing import Any

import pytest

from jtsec.access import function_evidence
from jtsec.core.evidence import Fact
from tests.access.declared import declared
from tests.access.offices import POLICE

pytestmark = pytest.mark.django_db


def facts() -> dict[str, Fact]:
    """Return the facts by clause."""
    return {one.clause: one for one in function_evidence.facts()}


@pytest.mark.clause("A4.1", "A4.2", "A4.3", "A4.7", "A4.10")
def test_facts_say_what_holds_and_what_does_not(settings: Any) -> None:
    """A gap is one when Django's own tables give rights."""
    settings.ROOT_URLCONF = "tests.guard.urls"
    with declared(POLICE):
        found = facts()
    assert found["A4.1"].holds
    assert found["A4.2"].holds
    assert found["A4.3"].value["audit"] > 0  # type: ignore[index]  # a mapping
    assert found["A4.7"].value == {"functions": [POLICE.right]}
    assert found["A4.10"].holds
    settings.DEBUG = True
    settings.JTSEC_ACCESS_DJANGO_PERMISSIONS = True
    assert facts()["A4.2"].holds is False


def test_what_is_not_there_is_not_claimed(settings: Any) -> None:
    """Without a police-only function nothing is proved about them."""
    settings.ROOT_URLCONF = "tests.access.test_function_list"
    found = facts()
    assert found["A4.7"].holds is None
    assert found["A4.1"].holds is False
