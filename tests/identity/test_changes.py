"""Changes: one way, by somebody else, sealed, recorded with before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from django.contrib.auth import get_user_model

from jtsec.audit.models import AuditRecord
from jtsec.core.context import ANONYMOUS, Actor, acting_as
from jtsec.core.exceptions import InputError
from jtsec.identity import announcements, api
from jtsec.identity.models import Identity
from tests.identity import people

pytestmark = pytest.mark.django_db


def payload(code: str) -> str:
    """Return the text of the only event of a code."""
    return bytes(AuditRecord.objects.get(code=code).payload).decode()


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave what other controls registered out of a test."""
    monkeypatch.setattr(announcements, "_renamed", {})
    monkeypatch.setattr(announcements, "_deactivated", {})


@pytest.mark.clause("A3.1.4")
def test_a_change_is_sealed_anew_and_recorded_with_before_and_after():
    """Only what changed is named; ID numbers are masked."""
    one = people.person("zhang", 1)
    api.change(one, duty="audit", resident_id=people.resident_id(2))
    found = Identity.objects.get()
    api.verify(found)
    assert (found.duty, found.resident_id) == ("audit", people.resident_id(2))
    text = payload("identity:person:changed")
    assert '"business"' in text
    assert '"audit"' in text
    assert people.resident_id(1) not in text
    assert people.resident_id(2) not in text


@pytest.mark.clause("A3.1.4")
@pytest.mark.usefixtures("quiet")
def test_a_new_username_reaches_the_user_and_whoever_must_know():
    """The password is bound to the name, so authentication is told."""
    told: list[tuple[str, Mapping[str, str]]] = []
    api.on_rename(lambda one, before: told.append((one.login_name, before)))
    one = people.person("zhang", 1)
    api.change(one, username="Li")
    assert get_user_model().objects.get().username == "Li"
    assert told == [("li", {"username": "zhang", "name": "张三"})]
    user = api.user_by_login_name("LI")
    assert user is not None
    api.verify(Identity.objects.get())
    assert api.user_by_login_name("zhang") is None


@pytest.mark.usefixtures("quiet")
def test_a_change_that_is_no_renaming_tells_nobody():
    """A new duty leaves the password alone."""
    told: list[object] = []
    api.on_rename(lambda one, before: told.append(one))
    api.change(people.person("zhang", 1), duty="audit")
    assert told == []


@pytest.mark.usefixtures("quiet")
def test_what_a_control_cannot_do_undoes_the_change():
    """A renamed person with the old password, or live sessions, must not remain."""

    def fail(*args: object) -> None:
        raise RuntimeError("sessions cannot be ended")

    api.on_rename(fail)
    api.on_deactivated(fail)
    one = people.person("zhang", 1)
    with pytest.raises(RuntimeError):
        api.change(one, username="li")
    with pytest.raises(RuntimeError):
        api.deactivate(one, reason="left")
    found = Identity.objects.get()
    assert (found.login_name, found.is_active) == ("zhang", True)
    api.verify(found)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"colour": "blue"}, "colour"),
        ({"uid": "x"}, "uid"),
        ({"seal": b""}, "seal"),
        ({"is_active": False}, "is_active"),
        ({"name": "张\u202e三"}, "name"),
        ({"username": "ad min"}, "username"),
        ({"username": None}, "username"),
        ({"is_police": False}, "number"),
        ({"organisation": "999999999999"}, "organisation"),
    ],
)
def test_a_malformed_change_is_refused_whole(fields: dict[str, Any], field: str):
    """The field is named and nothing is changed."""
    one = people.person("zhang", 1, number="000001")
    if field == "number":
        fields = fields | {"number": "?"}
    with pytest.raises(InputError) as refused:
        api.change(one, duty="audit", **fields)
    assert refused.value.field == field
    assert Identity.objects.get().duty == "business"


@pytest.mark.clause("A3.1.2")
@pytest.mark.parametrize("field", ["username", "resident_id", "number"])
def test_nobody_is_changed_into_somebody_else(field: str):
    """Uniqueness holds for changes as for registration."""
    one, other = people.person("zhang", 1), people.person("li", 2)
    taken = {
        "username": "ＬＩ",
        "resident_id": other.resident_id,
        "number": other.number,
    }
    with pytest.raises(api.Taken) as refused:
        api.change(one, **{field: taken[field]})
    assert refused.value.field == field


@pytest.mark.clause("A3.1.4")
@pytest.mark.parametrize(
    "verb",
    [
        lambda one: api.change(one, duty="system"),
        lambda one: api.deactivate(one, reason="x"),
        lambda one: api.reactivate(one, reason="x"),
        api.adopt_password,
    ],
)
def test_nobody_changes_their_own_identity_and_nobody_anonymous_any(verb: Any):
    """An administrator is somebody else's business too."""
    one = people.person("zhang", 1, duty="system")
    with acting_as(api.actor_of(one.user)), pytest.raises(api.NotAllowed) as refused:
        verb(one)
    assert refused.value.reason == "own-identity"
    with acting_as(ANONYMOUS), pytest.raises(api.NotAllowed):
        verb(one)
    with (
        acting_as(Actor(kind="person", duty="security")),
        pytest.raises(api.NotAllowed),
    ):
        verb(one)


@pytest.mark.clause("A3.1.4")
@pytest.mark.usefixtures("quiet")
def test_somebody_is_put_out_of_use_and_into_use_again_with_reasons():
    """Both are sealed and recorded; sessions are told."""
    told: list[str] = []
    api.on_deactivated(lambda one: told.append(one.login_name))
    one = people.person("zhang", 1)
    gone = api.deactivate(one, reason="left the force")
    assert (gone.is_active, gone.deactivated_why) == (False, "left the force")
    assert told == ["zhang"]
    found = Identity.objects.get()
    assert found.deactivated_at is not None
    api.verify(found)
    back = api.reactivate(gone, reason="came back")
    assert (back.is_active, back.deactivated_at) == (True, None)
    api.verify(Identity.objects.get())
    assert "left the force" in payload("identity:person:deactivated")
    assert "came back" in payload("identity:person:reactivated")


@pytest.mark.parametrize("reason", ["", "   ", "x\0", "x" * 201])
def test_a_reason_is_needed_and_plain(reason: str):
    """Nothing happens without one."""
    one = people.person("zhang", 1)
    with pytest.raises(InputError) as refused:
        api.deactivate(one, reason=reason)
    assert refused.value.field == "reason"
    assert Identity.objects.get().is_active


def test_out_of_use_twice_is_said():
    """A second deactivation would overwrite the first reason."""
    one = people.person("zhang", 1)
    with pytest.raises(InputError):
        api.reactivate(one, reason="x")
    api.deactivate(one, reason="first")
    with pytest.raises(InputError):
        api.deactivate(one, reason="second")
    assert Identity.objects.get().deactivated_why == "first"


def test_a_change_starts_from_what_the_database_holds():
    """An object read long ago does not bring old values back."""
    one = people.person("zhang", 1)
    api.change(one, duty="audit")
    api.change(one, name="李四")
    found = Identity.objects.get()
    assert (found.duty, found.name) == ("audit", "李四")


def test_somebody_deleted_meanwhile_is_not_changed():
    """The caller's object is no proof that the person is still there."""
    one = people.person("zhang", 1)
    get_user_model().objects.all().delete()
    with pytest.raises(InputError) as refused:
        api.change(one, duty="audit")
    assert refused.value.code == "not-registered"
