"""Django's admin shows and does what the one decision allows."""

from __future__ import annotations

from typing import Any

import pytest

from django.contrib.auth.models import Group
from django.test import Client

from jtsec.access.api import assign, create_role
from jtsec.core.context import acting_as, system_actor
from tests.authentication.passwords_in_force import cheap_passwords
from tests.authentication.persons import PASSWORD, registered

__all__ = ["cheap_passwords"]

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A4.3")]


@pytest.fixture
def clerk(settings: Any, cheap_passwords: None) -> Client:
    """Give the browser of somebody on the staff who may look at groups, and add."""
    settings.SESSION_COOKIE_SECURE = False
    user = registered("zhang", 1)
    user.is_staff = True
    user.save()
    rights = ["auth.view_group", "auth.add_group"]
    with acting_as(system_actor("a-test")):
        create_role("keeper", name="k", duty="business", rights=rights, reason="a test")
        assign(user.jtsec_identity, "keeper", reason="a test")
    client = Client()
    client.post("/accounts/login/", {"username": "zhang", "password": PASSWORD})
    return client


def test_the_admin_shows_what_the_roles_give(clerk: Client) -> None:
    """The index, the list, and adding; nothing of what was not given."""
    index = clerk.get("/admin/")
    assert b"/admin/auth/group/add/" in index.content
    assert b"/admin/auth/user/" not in index.content
    group = Group.objects.create(name="one")
    assert clerk.get("/admin/auth/group/").status_code == 200
    assert clerk.get(f"/admin/auth/group/{group.pk}/delete/").status_code == 403
    assert clerk.get("/admin/auth/user/").status_code == 403


def test_the_admin_does_what_the_roles_give(clerk: Client) -> None:
    """A change that was not given is not made, whatever is sent."""
    clerk.post("/admin/auth/group/add/", {"name": "new"})
    made = Group.objects.get(name="new")
    answer = clerk.post(f"/admin/auth/group/{made.pk}/change/", {"name": "other"})
    assert answer.status_code == 403
    assert Group.objects.filter(name="new").exists()
