"""The seal: every edit behind the application's back is found, refused and alarmed."""

from __future__ import annotations

import logging
import uuid
from typing import Any

import pytest

from django.db import connection

from jtsec.audit.events import Severity
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.core.exceptions import CannotVerify
from jtsec.crypto.sm3 import KeyedMac
from jtsec.identity import api, seal
from jtsec.identity.models import Identity
from tests.identity import people

pytestmark = pytest.mark.django_db


def sql(statement: str, *values: Any) -> None:
    """Write to the database as somebody with a database client would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0


def alter(identity: Identity, column: str, value: Any) -> None:
    """Change one column of an identity by SQL."""
    field: Any = Identity._meta.get_field(column)
    if isinstance(value, uuid.UUID):
        value = field.get_db_prep_value(value, connection)
    sql(f"UPDATE jtsec_identity SET {column} = %s WHERE id = %s", value, identity.pk)


def login(text: str = "zhang") -> None:
    """Do what a login does: find, then verify."""
    user = api.user_by_login_name(text)
    assert user is not None
    identity = api.identity_of(user)
    assert identity is not None
    api.verify(identity)


ALTERED = {
    "uid": uuid.UUID(int=7),
    "login_name": "li",
    "name": "李四",
    "is_police": False,
    "number": "999999",
    "duty": "system",
    "is_active": False,
    "deactivated_at": now(),
    "deactivated_why": "x",
    "adopted_password": b"seal-1:0",
    "seal": b"\0" * 32,
}


@pytest.mark.clause("A3.1.2", "A3.1.4")
@pytest.mark.parametrize("column", ALTERED)
def test_a_column_altered_by_sql_breaks_the_seal(column: str):
    """Each sealed column, one by one; the login's look-up finds it."""
    alter(people.person("zhang", 1), column, ALTERED[column])
    with pytest.raises(api.SealBroken):
        login()


@pytest.mark.parametrize("column", sorted(set(ALTERED) - {"seal", "login_name"}))
def test_without_the_seal_nobody_notices(column: str, monkeypatch: pytest.MonkeyPatch):
    """Remove the comparison and the altered identity is taken for good."""
    alter(people.person("zhang", 1), column, ALTERED[column])
    monkeypatch.setattr(KeyedMac, "verify", lambda self, data, mac: None)
    login()


@pytest.mark.clause("A3.1.2")
def test_a_username_altered_by_sql_is_named():
    """The user's row and the identity disagree, which needs no key to see."""
    made = people.person("zhang", 1)
    sql("UPDATE auth_user SET username = %s WHERE id = %s", "root", made.user_id)
    with pytest.raises(api.SealBroken) as broken:
        login("zhang")
    assert broken.value.disagrees == "username"
    assert api.user_by_login_name("root") is None


@pytest.mark.clause("A3.1.2")
def test_a_username_altered_in_case_only_breaks_the_seal():
    """The seal covers the name as it is written."""
    made = people.person("zhang", 1)
    sql("UPDATE auth_user SET username = %s WHERE id = %s", "ZHANG", made.user_id)
    with pytest.raises(api.SealBroken):
        login("zhang")


@pytest.mark.clause("A3.1.2")
def test_an_organisation_altered_by_sql_breaks_the_seal():
    """Both a person moved to another one, and another code for the same."""
    made = people.person("zhang", 1)
    other = people.organisation("220000000000")
    alter(made, "organisation_id", other.pk)
    with pytest.raises(api.SealBroken):
        login()
    alter(made, "organisation_id", made.organisation_id)
    login()
    sql(
        "UPDATE jtsec_organization SET code = %s WHERE id = %s",
        "330000000000",
        made.organisation_id,
    )
    with pytest.raises(api.SealBroken):
        login()


@pytest.mark.clause("A3.1.2", "A6.3")
@pytest.mark.parametrize("value", [b"", b"\x01garbage", "from another row"])
def test_an_id_number_altered_by_sql_breaks_the_seal(value: Any):
    """Ciphertext that does not open, and ciphertext moved here from somebody else."""
    made, other = people.person("zhang", 1), people.person("li", 2)
    if isinstance(value, str):
        with connection.cursor() as cursor:
            query = "SELECT resident_id FROM jtsec_identity WHERE id = %s"
            cursor.execute(query, [other.pk])
            value = bytes(cursor.fetchone()[0])
    alter(made, "resident_id", value)
    with pytest.raises(api.SealBroken):
        login()
    with pytest.raises(api.SealBroken):
        found = api.user_by_pk(made.user_id)
        api.verify(found.jtsec_identity)  # type: ignore[union-attr]  # seen by raising


@pytest.mark.clause("A3.1.2")
def test_a_seal_copied_from_another_row_is_broken():
    """Also when everything that may be equal is."""
    made, other = people.person("zhang", 1), people.person("li", 2)
    alter(made, "seal", bytes(other.seal))
    with pytest.raises(api.SealBroken):
        login()


@pytest.mark.clause("A3.1.2")
def test_whole_rows_exchanged_between_users_are_broken():
    """Identities given to each other's users, and the usernames exchanged to fit."""
    made, other = people.person("zhang", 1), people.person("li", 2)
    sql("UPDATE auth_user SET username = 'x' WHERE id = %s", made.user_id)
    sql("UPDATE auth_user SET username = 'zhang' WHERE id = %s", other.user_id)
    sql("UPDATE auth_user SET username = 'li' WHERE id = %s", made.user_id)
    swap = "UPDATE jtsec_identity SET user_id = %s WHERE id = %s"
    spare = people.user("spare")
    sql(swap, spare.pk, made.pk)
    sql(swap, made.user_id, other.pk)
    sql(swap, other.user_id, made.pk)
    for name in ("zhang", "li"):
        with pytest.raises(api.SealBroken):
            login(name)


@pytest.mark.clause("A3.1.2", "A5.1")
def test_a_broken_seal_is_recorded_and_alarmed(caplog: pytest.LogCaptureFixture):
    """One event of the highest severity, and an error in the log."""
    made = people.person("zhang", 1)
    alter(made, "duty", "system")
    with caplog.at_level(logging.ERROR, "jtsec.audit"), pytest.raises(api.SealBroken):
        login()
    row = AuditRecord.objects.get(code="identity:seal:broken")
    assert row.severity == Severity.ALARM
    assert "identity:seal:broken" in caplog.text


@pytest.mark.clause("A3.1.2")
@pytest.mark.parametrize("key_id", ["seal-9", "", "\0"])
def test_a_missing_key_is_not_taken_for_an_alteration(key_id: str):
    """Nothing is known then; it refuses all the same, and is recorded."""
    if "\0" in key_id and connection.vendor == "postgresql":
        pytest.skip("PostgreSQL keeps no null byte in text")
    made = people.person("zhang", 1)
    alter(made, "seal_key_id", key_id)
    with pytest.raises(CannotVerify):
        login()
    assert AuditRecord.objects.filter(code="identity:seal:unverifiable").exists()


@pytest.mark.parametrize("key_id", ["ledger-1", "audit-mac-1", "field-1"])
def test_a_key_of_another_purpose_makes_no_seal(key_id: str):
    """Or a digest from elsewhere could be passed off as one."""
    made = people.person("zhang", 1)
    alter(made, "seal_key_id", key_id)
    with pytest.raises(api.SealBroken):
        login()


@pytest.mark.clause("A3.1.2")
@pytest.mark.parametrize(
    "verb",
    [
        lambda one: api.change(one, name="李四"),
        lambda one: api.deactivate(one, reason="left"),
        api.clear_adopted_password,
        api.adopt_password,
    ],
)
def test_no_verb_seals_an_altered_row_anew(verb: Any):
    """An alteration would otherwise be made good by the next change."""
    made = people.person("zhang", 1)
    alter(made, "duty", "system")
    with pytest.raises(api.SealBroken):
        verb(made)
    assert bytes(Identity.objects.get().seal) == bytes(made.seal)


def test_a_field_cannot_run_over_into_the_next():
    """Lengths are part of the bytes."""
    one = people.person("zhang", 1)
    before = seal.sealed_bytes(one)
    one.name, one.number = "张三0", one.number[1:]
    assert seal.sealed_bytes(one) != before
