"""Registration in two hands: entered by one, reviewed by another (P54.3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from django.contrib.auth import get_user_model
from django.db import connection

from jtsec.accounts import api
from jtsec.approvals.api import ApprovalRefused, approve, reject
from jtsec.approvals.models import ApprovalRequest
from jtsec.audit.models import AuditRecord
from jtsec.authentication.api import standing_of
from jtsec.core.clock import now
from jtsec.core.context import Actor, acting_as, system_actor
from jtsec.core.exceptions import InputError
from jtsec.identity.api import Taken, actor_of, identity_of, verify
from jtsec.identity.models import Identity
from jtsec.testing.people import strangers
from tests.accounts.people import administrator
from tests.authentication.persons import loaded
from tests.identity import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db: None) -> Actor:
    """Return a system administrator; secadmin and zhang are there as well."""
    with acting_as(system_actor("clerk")):
        actor = administrator("ann", 1)
        people.person("secadmin", 2, duty="security")
        people.person("zhang", 3)
    return actor


def by(username: str) -> Actor:
    """Return somebody as an actor."""
    return actor_of(loaded(username))


def filled(**changed: Any) -> dict[str, Any]:
    """Return what an administrator enters for a new person."""
    known = {
        "username": "wang", "name": "王五", "resident_id": people.resident_id(40),
        "is_police": False, "number": "E-0040", "organisation": people.CODE,
        "duty": "business", "reason": "窗口新进人员",
    }  # fmt: skip
    return known | changed


def applied(by_whom: Actor, **changed: Any) -> ApprovalRequest:
    """Return the application for a new person."""
    with acting_as(by_whom):
        return api.apply_for_registration(**filled(**changed))


@pytest.mark.clause("P54.3", "A3.1.4")
def test_one_enters_another_reviews_and_the_account_is_there(ann: Actor) -> None:
    """Sealed, without a password and without a role; both names are in the log."""
    until = now() + timedelta(days=90)
    row = applied(ann, valid_until=until)
    assert not Identity.objects.filter(login_name="wang").exists()
    with strangers(), acting_as(by("secadmin")):
        approve(row.id, revision=row.revision, note="材料齐全")
    wang = loaded("wang")
    identity = identity_of(wang)
    assert identity is not None
    verify(identity)
    assert (identity.name, identity.duty, identity.is_police) == (
        "王五", "business", False,
    )  # fmt: skip
    assert not wang.has_usable_password()
    standing = standing_of(wang, now())
    assert standing.may_enter
    assert standing.must_change_password
    assert wang.jtsec_account.valid_until == until
    registered = AuditRecord.objects.filter(code="identity:person:registered")
    assert registered.latest("id").subject == "wang"
    done = AuditRecord.objects.get(code="approvals:request:executed")
    assert (done.actor_username, done.subject) == ("secadmin", "ann")


@pytest.mark.clause("P54.3")
@pytest.mark.parametrize("reviewer", ["ann", "zhang", "bob", "auditor"])
def test_nobody_else_reviews_a_registration(ann: Actor, reviewer: str) -> None:
    """Neither who entered it, nor another duty; each refusal is recorded."""
    with acting_as(system_actor("clerk")):
        administrator("bob", 4)
        people.person("auditor", 5, duty="audit")
    row = applied(ann)
    with acting_as(by(reviewer)), pytest.raises(ApprovalRefused):
        approve(row.id, revision=row.revision)
    assert not Identity.objects.filter(login_name="wang").exists()
    assert not get_user_model()._base_manager.filter(username="wang").exists()
    assert AuditRecord.objects.filter(outcome="refused").exists()


def test_a_rejected_registration_leaves_nothing(ann: Actor) -> None:
    """No user, no identity, no entry in the ledger: the name is free."""
    row = applied(ann)
    with acting_as(by("secadmin")):
        reject(row.id, revision=row.revision, note="材料不全")
    assert not get_user_model()._base_manager.filter(username="wang").exists()
    assert applied(ann).pk != row.pk


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"resident_id": "110105194912310021"}, "resident_id"),
        ({"resident_id": ""}, "resident_id"),
        ({"name": ""}, "name"),
        ({"username": "zhang", "number": "E-1"}, "username"),
        ({"username": "zh ang"}, "username"),
        ({"username": None}, "username"),
        ({"resident_id": people.resident_id(3)}, "resident_id"),
        ({"is_police": None}, "is_police"),
        ({"is_police": True, "number": "x"}, "number"),
        ({"is_police": True, "number": "000003"}, "number"),
        ({"organisation": "999999999999"}, "organisation"),
        ({"duty": "root"}, "duty"),
        ({"reason": ""}, "reason"),
        ({"is_superuser": True}, "is_superuser"),
        ({"valid_until": "past"}, "valid_until"),
    ],
)
def test_what_is_wrong_is_said_before_anybody_reviews_it(
    ann: Actor, changed: dict[str, Any], field: str
) -> None:
    """By its field; there is no application."""
    if changed.get("valid_until") == "past":
        changed = {"valid_until": now() - timedelta(days=1)}
    with acting_as(ann), pytest.raises(InputError) as wrong:
        api.apply_for_registration(**filled(**changed))
    assert wrong.value.field == field
    assert not ApprovalRequest.objects.exists()


def test_a_particular_left_out_is_named(ann: Actor) -> None:
    """Nobody is registered half."""
    values = filled()
    del values["duty"]
    with acting_as(ann), pytest.raises(InputError) as wrong:
        api.apply_for_registration(**values)
    assert wrong.value.field == "duty"


@pytest.mark.parametrize("who", ["zhang", "secadmin"])
def test_no_other_duty_applies_for_a_registration(ann: Actor, who: str) -> None:
    """The system administrator registers, nobody else."""
    with acting_as(by(who)), pytest.raises(ApprovalRefused):
        api.apply_for_registration(**filled())


def test_a_name_taken_since_stops_the_registration(ann: Actor) -> None:
    """Nothing half done; the application stands and can be rejected."""
    row = applied(ann)
    with acting_as(system_actor("clerk")):
        people.person("other", 41, number="E-0040", is_police=False)
    before = get_user_model()._base_manager.count()
    with strangers(), acting_as(by("secadmin")), pytest.raises(Taken):
        approve(row.id, revision=row.revision)
    assert get_user_model()._base_manager.count() == before
    assert not Identity.objects.filter(login_name="wang").exists()


@pytest.mark.clause("P54.3")
def test_the_id_number_of_an_application_is_not_readable_in_its_row(
    ann: Actor,
) -> None:
    """It is encrypted there, and masked where it is shown."""
    row = applied(ann)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {row._meta.db_table}")
        assert people.resident_id(40) not in str(cursor.fetchall())
