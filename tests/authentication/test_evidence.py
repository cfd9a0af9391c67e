"""What the report says of passwords and lockout follows from what is there."""

from __future__ import annotations

import pytest

from django.contrib.auth.hashers import make_password

from jtsec.authentication import evidence
from jtsec.core.evidence import Fact
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD, adopted, registered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_passwords")]


def by_statement() -> dict[str, Fact]:
    """Return the facts by what they state."""
    return {one.statement: one for one in evidence.facts()}


def test_passwords_that_are_not_yet_bound_are_counted() -> None:
    """A legacy value is a gap until its first good login."""
    registered("li", 1)
    statement = (
        "Every stored password is bound; others wait for their first good login."
    )
    assert by_statement()[statement].holds
    adopted("old", 2, make_password(PASSWORD, hasher="pbkdf2_sha256"))
    found = by_statement()[statement]
    assert (found.holds, found.value) == (False, {"stored": 2, "not yet bound": 1})


@pytest.mark.parametrize(
    "clause", ["A3.2.3", "A3.2.5", "A3.2.6", "A3.2.7", "P37", "P44.4"]
)
def test_every_clause_has_its_fact(clause: str) -> None:
    """None of them is left to be believed."""
    assert clause in {one.clause for one in evidence.facts()}
