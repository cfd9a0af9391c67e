"""Every way of setting a password ends with a bound one, and is written down."""

from __future__ import annotations

import asyncio
from io import StringIO
from typing import Any

import pytest

from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    PasswordChangeForm,
    SetPasswordForm,
)
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import RequestFactory

from jtsec.audit.models import AuditRecord
from jtsec.authentication import passwords
from jtsec.authentication.passwords import Finding, examine, matches, set_password
from jtsec.authentication.user_model import bind_user_model
from jtsec.core.context import Context, acting_as, enter, leave, system_actor
from jtsec.identity import api
from jtsec.identity.api import actor_of
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import (
    OTHER,
    PASSWORD,
    adopted,
    by_sql,
    loaded,
    registered,
    stored_password,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_passwords")]


def is_bound(user: Any) -> bool:
    """Answer whether what the database holds is bound to this user."""
    fresh = loaded(user.get_username())
    return examine(fresh.jtsec_identity, fresh.password) is Finding.OWN


def by_form(user: Any) -> None:
    """Use the form of a reset link."""
    form = SetPasswordForm(user, {"new_password1": OTHER, "new_password2": OTHER})
    assert form.is_valid(), form.errors
    form.save()


def by_own_change(user: Any) -> None:
    """Use the form of the owner."""
    data = {
        "old_password": PASSWORD,
        "new_password1": OTHER,
        "new_password2": OTHER,
    }
    form = PasswordChangeForm(user, data)
    assert form.is_valid(), form.errors
    form.save()


def by_admin(user: Any) -> None:
    """Use the admin's form."""
    data = {"password1": OTHER, "password2": OTHER, "usable_password": "true"}
    form = AdminPasswordChangeForm(user, data)
    assert form.is_valid(), form.errors
    form.save()


def by_command(user: Any) -> None:
    """Use `manage.py changepassword`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("getpass.getpass", lambda prompt: OTHER)
        call_command("changepassword", user.get_username(), stdout=StringIO())


def by_plain_code(user: Any) -> None:
    """Call Django's methods."""
    user.set_password(OTHER)
    user.save()


def by_verb(user: Any) -> None:
    """Call ours."""
    set_password(user, OTHER, by_owner=True)


def by_model_that_hashes_itself(user: Any) -> None:
    """Do as a user model does that overrides `set_password`."""
    user.password = make_password(OTHER)
    user._password = OTHER
    user.save(update_fields=["password"])


@pytest.mark.clause("A3.2.5")
@pytest.mark.parametrize(
    "way",
    [
        by_form,
        by_own_change,
        by_admin,
        by_command,
        by_plain_code,
        by_verb,
        by_model_that_hashes_itself,
    ],
)
def test_every_way_ends_with_a_bound_password(way: Any) -> None:
    """And the person can log in with it, and with nothing older."""
    user = registered("li", 1)
    way(user)
    assert is_bound(user)
    assert authenticate(None, username="li", password=OTHER)
    assert authenticate(None, username="li", password=PASSWORD) is None


def test_without_the_net_a_model_that_hashes_itself_stores_an_unbound_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The protection taken away: the password would not even let its owner in."""
    user = registered("li", 1)
    monkeypatch.setattr(passwords, "_just_set", lambda user, raw: ("", None))
    by_model_that_hashes_itself(user)
    assert not is_bound(user)
    assert authenticate(None, username="li", password=OTHER) is None


def test_setting_a_password_voids_the_one_from_before() -> None:
    """A legacy value, put back by SQL after a change, is nobody's."""
    legacy = make_password(PASSWORD, hasher="pbkdf2_sha256")
    user = adopted("li", 1, legacy)
    set_password(user, OTHER, by_owner=True)
    by_sql("auth_user", "password", legacy, id=user.pk)
    assert authenticate(None, username="li", password=PASSWORD) is None


def test_a_password_set_for_somebody_has_to_be_changed() -> None:
    """Two people know it."""
    user, admin = registered("li", 1), registered("sec", 2, duty="security")
    with acting_as(actor_of(admin)):
        by_plain_code(user)
    assert loaded("li").jtsec_account.must_change_password
    with acting_as(actor_of(user)):
        user.set_password("Third-Passw0rd-3!")
        user.save()
    assert not loaded("li").jtsec_account.must_change_password


@pytest.mark.parametrize(
    ("context", "by_owner"),
    [
        (Context(RequestFactory().post("/reset/")), True),
        (Context(actor=system_actor("changepassword")), False),
        (Context(), False),
    ],
)
def test_a_reset_link_is_the_owners_and_a_command_is_not(
    context: Context, by_owner: bool
) -> None:
    """Nobody is logged in on either way."""
    user = registered("li", 1)
    token = enter(context)
    try:
        by_plain_code(user)
    finally:
        leave(token)
    assert loaded("li").jtsec_account.must_change_password is not by_owner


def test_a_new_password_is_recorded_without_itself() -> None:
    """Who and by whom, never what."""
    user = registered("li", 1)
    set_password(user, OTHER, by_owner=True)
    last = AuditRecord.objects.order_by("pk").last()
    assert last is not None
    assert last.code == "authentication:password:changed"
    assert OTHER.encode() not in bytes(last.payload)


def test_a_refused_password_changes_nothing() -> None:
    """Neither the row nor the history nor the audit."""
    user = registered("li", 1)
    before, records = stored_password(user), AuditRecord.objects.count()
    with pytest.raises(ValidationError):
        set_password(user, "short", by_owner=True)
    assert (stored_password(user), AuditRecord.objects.count()) == (before, records)


def test_an_upgrade_does_not_overwrite_a_password_set_in_the_meantime(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between the comparison and the upgrade an administrator may reset it."""
    user = adopted("li", 1, make_password(PASSWORD, hasher="pbkdf2_sha256"))
    plain = passwords._verify

    def verified_slowly(*args: Any) -> bool:
        monkeypatch.undo()
        is_right = plain(*args)
        by_plain_code(loaded("li"))
        return is_right

    monkeypatch.setattr(passwords, "_verify", verified_slowly)
    assert matches(user, PASSWORD).is_right
    assert authenticate(None, username="li", password=OTHER)


def test_users_without_an_identity_are_left_to_django() -> None:
    """Nothing changes for a project before it has registered its people."""
    model = get_user_model()
    user = model._default_manager.create_user("ghost", password="x")
    assert user.check_password("x")
    user.set_password("y")
    assert user.check_password("y")
    user.save()
    assert not model().check_password("x")


def test_a_password_set_before_the_registration_is_adopted() -> None:
    """Created in the admin, registered, logged in: the usual order."""
    model = get_user_model()
    user = model._default_manager.create_user("li", password=PASSWORD)
    from tests.identity import people

    with acting_as(system_actor("clerk")):
        api.register(user, **people.particulars(1))
    assert authenticate(None, username="li", password=PASSWORD)
    assert is_bound(user)


def test_the_asynchronous_comparison_is_the_same(db: None) -> None:
    """`acheck_password` of Django would know no owner."""
    method = get_user_model().acheck_password
    assert method.__module__ == "jtsec.authentication.user_model"
    assert asyncio.iscoroutinefunction(method)


def test_binding_the_user_model_twice_wraps_it_once() -> None:
    """Start-up code may run twice in tests."""
    model = get_user_model()
    before = model.check_password
    bind_user_model(model)
    assert model.check_password is before
