"""The project's own users: renamed through the service, deleted with a trace."""

from __future__ import annotations

import pytest

from django.contrib.auth import get_user_model
from django.core import serializers

from jtsec.audit.models import AuditRecord
from jtsec.identity import api
from jtsec.identity.models import Identity, IdentityLedger
from tests.identity import people

pytestmark = pytest.mark.django_db


@pytest.mark.clause("A3.1.4")
@pytest.mark.parametrize("username", ["li", "ZHANG"])
def test_a_username_is_not_changed_by_saving_the_user(username: str):
    """Whoever makes the mistake sees it, instead of locking the person out."""
    user = people.person("zhang", 1).user
    user.username = username
    with pytest.raises(api.DirectWrite):
        user.save()
    assert get_user_model().objects.get().username == "zhang"


def test_other_saves_of_a_user_go_on():
    """E-mail, last login, and users without an identity."""
    user = people.person("zhang", 1).user
    user.email = "zhang@police.example"
    user.save()
    user.username = "kept out by update_fields"
    user.save(update_fields=["email"])
    other = people.user("li")
    other.username = "wang"
    other.save()
    assert api.user_by_login_name("zhang") == user


def test_a_fixture_is_loaded_and_its_seal_verified():
    """A backup comes back; what somebody altered in the file is found."""
    made = people.person("zhang", 1)
    text = serializers.serialize("json", [made.user, made])
    for item in serializers.deserialize("json", text):
        item.save()
    api.verify(Identity.objects.get())
    for item in serializers.deserialize("json", text.replace("business", "security")):
        item.save()
    with pytest.raises(api.SealBroken):
        api.verify(Identity.objects.get())


@pytest.mark.clause("A3.1.2")
def test_a_deleted_user_leaves_the_ledger_and_an_event():
    """The identity goes with the user; what was given out stays."""
    made = people.person("zhang", 1)
    made.user.delete()
    assert not Identity.objects.exists()
    owners = set(IdentityLedger.objects.values_list("owner", flat=True))
    assert (owners, IdentityLedger.objects.count()) == ({made.uid}, 4)
    row = AuditRecord.objects.get(code="identity:person:deleted")
    payload = bytes(row.payload).decode()
    assert "zhang" in payload
    assert people.resident_id(1) not in payload
