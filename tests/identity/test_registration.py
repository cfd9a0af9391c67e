"""Registration: complete, unique against everybody who ever existed, one way only."""

from __future__ import annotations

from typing import Any

import pytest

from django.contrib.auth import get_user_model
from django.db import connection

from jtsec.audit.models import AuditRecord
from jtsec.core.context import ANONYMOUS, Actor, acting_as
from jtsec.core.exceptions import CannotVerify, ConfigurationError, InputError
from jtsec.identity import api, ledger
from jtsec.identity.models import Identity, IdentityLedger, Organization
from tests.identity import people

pytestmark = pytest.mark.django_db


def events(code: str) -> int:
    """Return how many events of a code are in the audit."""
    return AuditRecord.objects.filter(code=code).count()


@pytest.mark.clause("A3.1.2", "P15.2")
def test_a_registered_person_carries_the_five_identifiers_and_the_flag():
    """UID, username, ID number, police number and name, sealed."""
    made = people.person("Zhang", 1, resident_id="11010519491231002x")
    found = Identity.objects.get()
    assert found.uid == made.uid
    assert found.uid.version == 7
    assert (found.login_name, found.name) == ("zhang", "张三")
    assert (found.resident_id, found.is_police) == ("11010519491231002X", True)
    assert (found.number, found.duty) == ("000001", "business")
    api.verify(found)


@pytest.mark.clause("A3.1.2")
def test_somebody_who_is_no_police_officer_has_an_employee_number():
    """The flag decides which form the number has."""
    made = people.person("wang", 2, is_police=False, number="fj-0012")
    assert (made.is_police, made.number) == (False, "FJ-0012")
    with pytest.raises(InputError) as refused:
        people.person("li", 3, is_police=True, number="fj-0012")
    assert refused.value.field == "number"


@pytest.mark.clause("P15.2", "A8.1")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "张\x00三"),
        ("resident_id", ""),
        ("resident_id", "110105194912310021"),
        ("number", ""),
        ("is_police", "no"),
        ("is_police", None),
        ("organisation", "999999999999"),
        ("organisation", "1"),
        ("duty", "superuser"),
    ],
)
def test_a_person_without_a_real_name_and_number_is_refused(field: str, value: object):
    """Nothing is optional, and nothing is written."""
    with pytest.raises(InputError) as refused:
        people.person("zhang", 1, **{field: value})
    assert refused.value.field == field
    assert not Identity.objects.exists()
    assert not IdentityLedger.objects.exists()


UNIQUE = ["username", "resident_id", "number"]


def twin(field: str, first: Identity) -> dict[str, Any]:
    """Return somebody who differs from the first in all but one identifier."""
    same = {"resident_id": first.resident_id, "number": first.number}
    return {field: same[field]} if field in same else {}


@pytest.mark.clause("A3.1.2")
@pytest.mark.parametrize("field", UNIQUE)
def test_nobody_gets_an_identifier_of_another_person(field: str):
    """Username (in any case), ID number and police number are each unique."""
    first = people.person("zhang", 1)
    name = "ＺＨＡＮＧ" if field == "username" else "li"
    with pytest.raises(api.Taken) as refused:
        people.person(name, 2, **twin(field, first))
    assert refused.value.field == field
    assert Identity.objects.count() == 1
    assert events("identity:person:refused") == 1


@pytest.mark.clause("A3.1.2")
@pytest.mark.parametrize("field", UNIQUE)
def test_nobody_gets_an_identifier_of_somebody_who_was_deleted(field: str):
    """The ledger outlives the account."""
    first = people.person("zhang", 1)
    first.user.delete()
    assert not Identity.objects.exists()
    name = "Zhang" if field == "username" else "li"
    with pytest.raises(api.Taken) as refused:
        people.person(name, 2, **twin(field, first))
    assert refused.value.field == field


@pytest.mark.parametrize("field", UNIQUE)
def test_without_the_ledger_a_deleted_persons_identifier_is_given_away(
    field: str, monkeypatch: pytest.MonkeyPatch
):
    """Remove it and the same registration succeeds."""
    first = people.person("zhang", 1)
    first.user.delete()
    monkeypatch.setattr(ledger, "owners_of", lambda entries: {})
    monkeypatch.setattr(ledger, "enter", lambda entries, owner: None)
    name = "Zhang" if field == "username" else "li"
    assert people.person(name, 2, **twin(field, first)).pk


@pytest.mark.clause("A3.1.2")
def test_an_identifier_given_up_in_a_change_stays_the_persons_own():
    """Nobody else gets a former number, and its owner may have it back."""
    first = people.person("zhang", 1)
    api.change(first, number="000009")
    with pytest.raises(api.Taken):
        people.person("li", 2, number="000001")
    assert api.change(first, number="000001").number == "000001"


@pytest.mark.clause("A3.1.2")
def test_a_deleted_person_returns_under_the_former_uid():
    """Only with the ID number that the ledger knows as that UID's."""
    first = people.person("zhang", 1)
    other = people.person("li", 2)
    first.user.delete()
    with pytest.raises(api.Taken):
        people.person("wang", 3, returning=first.uid)
    with pytest.raises(api.Taken):
        people.person("zhang2", 1, returning=other.uid)
    assert people.person("zhang", 1, returning=first.uid).uid == first.uid


def test_a_user_is_registered_once_and_must_be_saved():
    """Both mistakes are named."""
    first = people.person("zhang", 1)
    with pytest.raises(InputError) as refused:
        api.register(first.user, **people.particulars(2))
    assert refused.value.code == "registered"
    with pytest.raises(InputError) as refused:
        api.register(get_user_model()(username="new"), **people.particulars(2))
    assert refused.value.code == "not-saved"


@pytest.mark.clause("A3.1.4")
@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        (ANONYMOUS, "actor-anonymous"),
        (Actor(kind="person", username="li", duty="business"), "actor-duty"),
        (Actor(kind="person", username="li", duty="audit"), "actor-duty"),
        (Actor(kind="person", username="li"), "actor-duty"),
    ],
)
def test_only_an_authorised_actor_registers(actor: Actor, reason: str):
    """Nobody, and nobody of another duty; the attempt is recorded."""
    user, values = people.user("zhang"), people.particulars(1)
    with acting_as(actor), pytest.raises(api.NotAllowed) as refused:
        api.register(user, **values)
    assert refused.value.reason == reason
    assert not Identity.objects.exists()
    assert events("identity:person:refused") == 1


@pytest.mark.clause("A3.1.4")
def test_a_system_administrator_registers():
    """A person with the duty may."""
    user, values = people.user("zhang"), people.particulars(1)
    with acting_as(Actor(kind="person", uid="x", username="adm", duty="system")):
        assert api.register(user, **values).pk


@pytest.mark.clause("A3.1.4")
def test_a_registration_is_recorded_without_the_id_number_in_clear():
    """The event carries what was registered; the ID number masked and encrypted."""
    people.person("zhang", 1)
    row = AuditRecord.objects.get(code="identity:person:registered")
    payload = bytes(row.payload).decode()
    assert "zhang" in payload
    assert people.resident_id(1) not in payload
    assert "110***********" in payload


@pytest.mark.clause("A6.3")
def test_the_tables_hold_no_id_number_in_clear():
    """Neither the identity nor the ledger."""
    people.person("zhang", 1)
    for table in ("jtsec_identity", "jtsec_identityledger"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            for column in (value for row in cursor.fetchall() for value in row):
                raw = bytes(column) if isinstance(column, memoryview) else column
                assert people.resident_id(1) not in str(raw)


DIRECT = {
    "save": lambda one: one.save(),
    "delete": lambda one: one.delete(),
    "create": lambda one: Identity.objects.create(user=one.user, name="x"),
    "get_or_create": lambda one: Identity.objects.get_or_create(name="somebody"),
    "update": lambda one: Identity.objects.filter(pk=one.pk).update(duty="system"),
    "base update": lambda one: Identity._base_manager.update(duty="system"),
    "query delete": lambda one: Identity.objects.all().delete(),
    "bulk_create": lambda one: Identity.objects.bulk_create([one]),
    "bulk_update": lambda one: Identity.objects.bulk_update([one], ["duty"]),
    "ledger delete": lambda one: IdentityLedger.objects.all().delete(),
    "ledger update": lambda one: IdentityLedger.objects.update(owner=one.uid),
    "organisation": lambda one: Organization.objects.update(name="x"),
    "reverse manager": lambda one: one.organisation.identities.update(duty="audit"),
}


@pytest.mark.clause("A3.1.4")
@pytest.mark.parametrize("way", DIRECT)
def test_a_write_around_the_service_is_refused(way: str):
    """Every way of the ORM to write an identity is closed outside of the api."""
    one = people.person("zhang", 1)
    before = list(Identity.objects.values()), list(IdentityLedger.objects.values())
    with pytest.raises(api.DirectWrite):
        DIRECT[way](one)
    after = list(Identity.objects.values()), list(IdentityLedger.objects.values())
    assert after == before


def test_a_ledger_that_cannot_be_compared_stops_registration(
    monkeypatch: pytest.MonkeyPatch,
):
    """Without its key a number could be given out twice unseen; so nothing is."""
    people.person("zhang", 1)
    monkeypatch.setattr(ledger, "known_key_ids", lambda: ["ledger-9"])
    user = people.user("li")
    values = people.particulars(2)
    with pytest.raises((CannotVerify, ConfigurationError)):
        api.register(user, **values)
    assert Identity.objects.count() == 1


@pytest.mark.clause("P15.2")
@pytest.mark.parametrize("field", ["name", "resident_id", "number", "duty"])
def test_a_call_that_leaves_a_particular_out_registers_nobody(field: str):
    """There is no default for who somebody is."""
    values = people.particulars(1)
    del values[field]
    with pytest.raises(TypeError):
        api.register(people.user("zhang"), **values)
    assert not Identity.objects.exists()
