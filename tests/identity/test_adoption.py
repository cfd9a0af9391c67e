"""Passwords from before the identity: the one noted at registration, nobody else's."""

from __future__ import annotations

import pytest

from jtsec.audit.models import AuditRecord
from jtsec.core.exceptions import CannotVerify
from jtsec.identity import api
from jtsec.identity.models import Identity
from tests.identity import people

pytestmark = pytest.mark.django_db
LEGACY = "pbkdf2_sha256$1$salt$hash"


def somebody(username: str, which: int, encoded: str) -> Identity:
    """Return somebody registered who had a password before."""
    user = people.user(username)
    user.password = encoded
    user.save()
    return api.register(user, **people.particulars(which))


@pytest.mark.clause("A3.1.2")
def test_the_password_present_at_registration_is_adopted():
    """That very value, and no other."""
    one = somebody("zhang", 1, LEGACY)
    assert api.is_adopted(one, LEGACY)
    assert not api.is_adopted(one, LEGACY + "x")
    assert not api.is_adopted(one, "")


@pytest.mark.clause("A3.1.2")
def test_a_password_copied_to_another_user_is_not_adopted():
    """Neither the value alone nor the value with its note."""
    one, other = somebody("zhang", 1, LEGACY), somebody("li", 2, LEGACY + "x")
    assert not api.is_adopted(other, LEGACY)
    other.adopted_password = one.adopted_password
    assert not api.is_adopted(other, LEGACY)


@pytest.mark.parametrize("encoded", ["", "!unusable"])
def test_no_password_is_no_adoption(encoded: str):
    """An empty or unusable value opens nothing."""
    one = somebody("zhang", 1, encoded)
    assert bytes(one.adopted_password) == b""
    assert not api.is_adopted(one, encoded)


def test_a_note_is_forgotten_without_an_actor_and_made_with_one():
    """Forgetting happens inside a login; noting is an administrator's act."""
    one = somebody("zhang", 1, LEGACY)
    cleared = api.clear_adopted_password(one)
    assert not api.is_adopted(cleared, LEGACY)
    api.verify(Identity.objects.get())
    noted = api.adopt_password(cleared)
    assert api.is_adopted(noted, LEGACY)
    api.verify(Identity.objects.get())
    assert AuditRecord.objects.filter(code="identity:password:adopted").count() == 1


def test_a_note_under_a_missing_key_cannot_be_verified():
    """Which is not the same as a wrong password."""
    one = somebody("zhang", 1, LEGACY)
    one.adopted_password = b"seal-9:" + bytes(32)
    with pytest.raises(CannotVerify):
        api.is_adopted(one, LEGACY)
