"""Putting an altered identity right: deliberately, from papers, and out of use."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from django.contrib.auth import get_user_model
from django.db import connection

from jtsec.audit.models import AuditRecord
from jtsec.core.context import Actor, acting_as
from jtsec.core.exceptions import InputError
from jtsec.identity import api
from jtsec.identity.models import Identity
from tests.identity import people

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A3.1.2", "A3.1.4")]


def altered(column: str, value: Any) -> Identity:
    """Return somebody as they were before one column was altered by SQL."""
    made = people.person("zhang", 1)
    field: Any = Identity._meta.get_field(column)
    if isinstance(value, UUID):
        value = field.get_db_prep_value(value, connection)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE jtsec_identity SET {column} = %s", [value])
    return made


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("duty", "system"),
        ("uid", UUID(int=7)),
        ("resident_id", b"x"),
        ("login_key", "0" * 64),
        ("number", "999999"),
        ("seal", b""),
    ],
)
def test_an_altered_identity_is_put_right_and_out_of_use(column: str, value: Any):
    """The UID is the one the ledger knows; using it again is a second step."""
    made = altered(column, value)
    user = get_user_model().objects.get()
    api.restore(user, **people.particulars(1), reason="altered by SQL")
    found = Identity.objects.get()
    api.verify(found)
    assert (found.uid, found.duty, found.number) == (made.uid, "business", "000001")
    assert not found.is_active
    api.verify(api.reactivate(found, reason="papers were seen"))
    assert AuditRecord.objects.filter(code="identity:person:restored").count() == 1


def test_a_whole_identity_is_not_said_anew():
    """It would be a change without its record."""
    made = people.person("zhang", 1)
    with pytest.raises(InputError) as refused:
        api.restore(made.user, **people.particulars(1), reason="x")
    assert refused.value.code == "no-change"
    with pytest.raises(InputError) as refused:
        api.restore(people.user("li"), **people.particulars(2), reason="x")
    assert refused.value.code == "not-registered"


def test_nobody_is_said_to_be_somebody_else():
    """Neither a new person, nor another one who is registered."""
    other = people.person("li", 2)
    made = altered("duty", "system")
    for which in (2, 3):
        values = people.particulars(which, number="000001")
        with pytest.raises(InputError):
            api.restore(made.user, **values, reason="x")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jtsec_identity SET duty = 'business' WHERE id = %s", [other.pk]
        )
    api.verify(Identity.objects.get(pk=other.pk))


def test_nobody_restores_themselves():
    """Or whoever altered the row could finish the work."""
    made = altered("duty", "system")
    values = people.particulars(1)
    actor = Actor(kind="person", uid=str(made.uid), username="zhang", duty="system")
    with acting_as(actor), pytest.raises(api.NotAllowed) as refused:
        api.restore(made.user, **values, reason="x")
    assert refused.value.reason == "own-identity"
