"""A password change that is due: nothing else is permitted until it is done."""

from __future__ import annotations

import pytest

from tests.example.demonstration import Demonstration
from tests.example.visitor import PASSWORD, Visitor

CHANGE = "/accounts/password/"
NEW = "Sunny#Harbour88"


def fields(new: str) -> dict[str, str]:
    """Return the form of a change from the demonstration's password."""
    return {"old_password": PASSWORD, "new_password": new, "new_password_again": new}


@pytest.mark.clause("A3.2.3", "A3.2.9", "P37")
def test_a_change_that_is_due_comes_before_everything_else(
    served: tuple[Demonstration, str],
) -> None:
    """Also in a session already open; a weak or former password does not do."""
    demonstration, address = served
    visitor = Visitor(address)
    visitor.log_in("wang")
    assert visitor.get("/permits/").status == 200

    assert demonstration.manage("demo_password_due", "wang").returncode == 0
    assert visitor.get("/permits/").target == CHANGE
    assert visitor.get("/permits/new/").target == CHANGE
    for weak in ("short1!", "nodigits!here", "NoSymbol2026", PASSWORD):
        refused = visitor.post(CHANGE, fields(weak))
        assert refused.status == 200
        assert "jtsec-errors" in refused.text
        assert visitor.get("/permits/").target == CHANGE

    assert visitor.post(CHANGE, fields(NEW)).status == 302
    assert visitor.get("/permits/").status == 200
    assert Visitor(address).log_in("wang", PASSWORD).status == 200
    assert Visitor(address).log_in("wang", NEW).status == 302


def test_nobody_is_asked_who_does_not_exist(
    served: tuple[Demonstration, str],
) -> None:
    """A mistyped name is said, without a trace."""
    refused = served[0].manage("demo_password_due", "wong")
    assert refused.returncode == 1
    assert "wong" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.slow
def test_a_second_demo_keeps_the_password_somebody_chose(
    demonstration: Demonstration,
) -> None:
    """Preparing again resets nobody, nor what an administrator demanded."""
    assert demonstration.manage("demo_password_due", "wang").returncode == 0
    assert demonstration.prepare().returncode == 0
    with demonstration.served() as address:
        assert Visitor(address).log_in("wang").target.startswith(CHANGE)
