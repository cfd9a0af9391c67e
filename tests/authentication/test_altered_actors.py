"""Who was given a duty by SQL, in an open session, changes nobody (clause A3.1.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from django.http import HttpRequest

from jtsec.audit.models import AuditRecord
from jtsec.authentication import api as authentication
from jtsec.authentication.exceptions import Locked
from jtsec.authentication.models import Block
from jtsec.core.context import Context, enter, leave
from jtsec.core.exceptions import Refused
from jtsec.core.source import Source
from jtsec.identity import api as identity
from jtsec.identity import people
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import by_sql, loaded, registered

pytestmark = [
    pytest.mark.clause("A3.1.2"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("cheap_passwords"),
]


@pytest.fixture
def zhang() -> Any:
    """Return a person without the duty; another one is li."""
    registered("li", 2)
    return registered("zhang", 1)


@pytest.fixture(params=["system", "security"])
def in_a_session(zhang: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    """Give zhang a duty by SQL, and act in a request of theirs."""
    by_sql("jtsec_identity", "duty", request.param, user_id=zhang.pk)
    made = HttpRequest()
    made.user = loaded("zhang")
    token = enter(Context(made))
    yield request.param
    leave(token)


def changes(duty: str) -> list[Any]:
    """Return what somebody of a duty may do to li."""
    li = loaded("li")
    if duty == "security":
        for one in range(6):
            try:
                authentication.reserve("li", Source(f"10.0.0.{one}")).spend()
            except Locked:
                break
        block = Block.objects.get()
        return [lambda: authentication.lift(block, reason="asked")]
    return [
        lambda: identity.deactivate(li.jtsec_identity, reason="gone"),
        lambda: identity.change(li.jtsec_identity, duty="system"),
        lambda: authentication.set_restrictions(li, reason="asked", networks=[]),
    ]


def test_a_duty_given_by_sql_is_none(in_a_session: str) -> None:
    """Each verb refuses, and the broken seal raises its alarm."""
    for change in changes(in_a_session):
        with pytest.raises(Refused):
            change()
    assert loaded("li").jtsec_identity.is_active
    assert not Block.objects.exclude(lifted_at=None).exists()
    assert AuditRecord.objects.filter(code="identity:seal:broken").exists()


def test_without_the_second_look_it_is_believed(
    in_a_session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection taken away."""
    monkeypatch.setattr(people, "check_seal", lambda one: None)
    changes(in_a_session)[0]()
