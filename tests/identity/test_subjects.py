"""The export is told who people are, and one altered row holds up nobody."""

from __future__ import annotations

import pytest

from django.db import connection

from jtsec.audit.export.subjects import organisations_of, subjects_of
from jtsec.identity.models import Identity
from jtsec.identity.subjects import organisation_names, resident_ids
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import registered

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.clause("A5.11"),
    pytest.mark.usefixtures("cheap_passwords"),
]


@pytest.fixture
def two():
    """Register two people; return their identities."""
    registered("zhang", 21)
    registered("li", 22)
    return list(Identity.objects.order_by("login_name"))


def test_people_are_known_by_resident_id_and_organisations_by_name(two):
    """Those asked about, and no others; nonsense is not asked."""
    uids = frozenset(str(one.uid) for one in two)
    found = resident_ids(uids | {"", "nonsense", "0" * 8})
    assert found == {str(one.uid): one.resident_id for one in two}
    assert resident_ids(frozenset()) == {}
    unit = two[0].organisation
    assert organisation_names(frozenset({unit.code, "x"})) == {unit.code: unit.name}


def test_one_number_that_does_not_decrypt_leaves_the_other(two):
    """Altered in the table: that person is named by the UID."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jtsec_identity SET resident_id = %s WHERE id = %s",
            [b"altered", two[0].pk],
        )
    uids = frozenset(str(one.uid) for one in two)
    assert list(resident_ids(uids)) == [str(two[1].uid)]


def test_the_export_asks_here(two):
    """Wired at the start of the application."""
    uid = str(two[0].uid)
    assert subjects_of(frozenset({uid})) == {uid: two[0].resident_id}
    unit = two[0].organisation
    assert organisations_of(frozenset({unit.code})) == {unit.code: unit.name}
