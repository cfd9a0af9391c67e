"""What is stored and should not be is named by the checks, with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from jtsec.access import evidence
from jtsec.access.api import Function, bind_terminal, give_propagation
from jtsec.access.stored_checks import check_address_alone, check_propagations
from jtsec.core.context import acting_as, system_actor
from tests.access.declared import declared
from tests.identity import people

pytestmark = pytest.mark.django_db
QUERY = Function("permits.query_owner", propagatable=True)
WHY = "值班"


@pytest.fixture(autouse=True)
def _as_a_system() -> Iterator[None]:
    """Act as a command, with one function declared."""
    with declared(QUERY), acting_as(system_actor("a-test")):
        yield


@pytest.mark.clause("A4.9")
def test_what_was_passed_on_before_is_named() -> None:
    """Once the function is declared otherwise; and only with the database asked."""
    zhang = people.person("zhang", 1)
    give_propagation(zhang, QUERY.right, depth=0, organisation=people.CODE, reason=WHY)
    assert check_propagations(None, ["default"]) == []
    with declared(replace(QUERY, propagatable=False)):
        (message,) = check_propagations(None, ["default"])
        assert message.id == "jtsec.W210"
        assert QUERY.right in str(message.msg)
        assert check_propagations(None, None) == []
        facts = {fact.clause: fact for fact in evidence.facts()}
        assert facts["A4.9"].holds is False
    facts = {fact.clause: fact for fact in evidence.facts()}
    assert facts["A4.9"].holds is True
    assert facts["A4.8"].holds is True


@pytest.mark.clause("A4.11")
def test_an_address_alone_is_named_where_gateways_name_terminals(
    settings: Any,
) -> None:
    """Elsewhere nothing better is to be had, and nothing is said."""
    bind_terminal(people.person("zhang", 1), networks=["10.0.0.7"], reason=WHY)
    bind_terminal(people.person("li", 2), terminal="window-07", reason=WHY)
    assert check_address_alone(None, ["default"]) == []
    settings.JTSEC_SOURCE_TRUSTED_PROXIES = ["10.0.0.1"]
    settings.JTSEC_SOURCE_CERTIFICATE_HEADER = "X-Certificate"
    (message,) = check_address_alone(None, ["default"])
    assert message.id == "jtsec.W211"
    assert "zhang" in str(message.msg)
    assert "li" not in str(message.msg).split()
