"""The pages of locks and blacklist."""

from __future__ import annotations

from typing import Any

import pytest

from django.test import Client

from jtsec.authentication.api import list_blocks
from jtsec.authentication.counters import digest_of
from jtsec.authentication.models import Block
from jtsec.core.clock import now
from tests.authentication.persons import registered
from tests.console.conftest import newest, refused

pytestmark = pytest.mark.django_db

LIST = "/console/security/locks/"


def blocked(subject: str, dimension: str = "user", **other: Any) -> Block:
    """Return a lock in force."""
    return Block.objects.create(
        digest=digest_of(dimension, subject),
        dimension=dimension,
        subject=subject,
        since=now(),
        failures=5,
        last_address="10.1.2.3",
        **other,
    )


@pytest.mark.clause("A3.2.7", "P44.4")
def test_a_lock_is_listed_and_lifted_with_its_reason(security_admin: Client) -> None:
    """It leaves the list, stays in the history, and the event says who and why."""
    registered("zhang", 21)
    lock = blocked("zhang")
    assert "zhang" in security_admin.get(LIST).content.decode()
    page = f"{LIST}{lock.pk}/"
    assert "10.1.2.3" in security_admin.get(page).content.decode()
    answer = security_admin.post(page, {"reason": "本人电话核实"})
    assert answer.status_code == 302
    assert not list_blocks().exists()
    done = newest()
    assert (done.code, done.actor_username, done.resource) == (
        "authentication:block:lifted", "secadmin", "user:zhang",
    )  # fmt: skip
    assert done.reason == "本人电话核实"
    assert "zhang" not in security_admin.get(LIST).content.decode()
    history = security_admin.get(f"{LIST}?history=on").content.decode()
    assert "zhang" in history
    kept = security_admin.get(page).content.decode()
    assert "本人电话核实" in kept
    assert 'name="reason"' not in kept


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_a_lift_without_a_reason_is_malformed(
    security_admin: Client, reason: str
) -> None:
    """The field is named and nothing is lifted."""
    lock = blocked("zhang")
    answer = security_admin.post(f"{LIST}{lock.pk}/", {"reason": reason})
    assert answer.status_code == 400
    assert 'id="id_reason_error"' in answer.content.decode()
    assert list_blocks().count() == 1


@pytest.mark.clause("A3.2.7")
def test_nobody_lifts_their_own_lock(security_admin: Client) -> None:
    """Refused with a general sentence, and recorded with the exact reason."""
    lock = blocked("secadmin")
    answer = security_admin.post(f"{LIST}{lock.pk}/", {"reason": "因为"})
    assert answer.status_code == 403
    assert 'role="alert"' in answer.content.decode()
    assert (newest().code, newest().reason) == (
        "authentication:block:lift-refused", "lift-own-lock",
    )  # fmt: skip
    assert list_blocks().count() == 1


@pytest.mark.clause("A3.2.7", "A4.4")
def test_no_other_duty_sees_or_lifts_a_lock(not_security: Client) -> None:
    """Neither by the page nor by sending its form; each attempt leaves an event."""
    lock = blocked("zhang")
    for page in (LIST, f"{LIST}{lock.pk}/"):
        assert not_security.get(page).status_code == 403
        assert refused() == ("wrong-duty", page)
    form = {"reason": "因为"}
    assert not_security.post(f"{LIST}{lock.pk}/", form).status_code == 403
    assert list_blocks().count() == 1


def test_the_list_is_searched_and_turned(security_admin: Client) -> None:
    """By kind and subject, fifty on a page; nonsense in the address is harmless."""
    for number in range(60):
        blocked(f"user{number:02}")
    blocked("address:10.9.9.9", "terminal", until=None)
    first = security_admin.get(LIST).content.decode()
    assert first.count("<tr>") == 51
    following = first.split('rel="next" href="')[1].split('"')[0]
    second = security_admin.get(LIST + following.replace("&amp;", "&")).content.decode()
    assert second.count("<tr>") == 12
    assert "user00" in second
    found = security_admin.get(f"{LIST}?kind=terminal&subject=10.9").content.decode()
    assert "address:10.9.9.9" in found
    assert "user0" not in found
    for nonsense in ("after=x", f"after={'9' * 60}", "after=%00"):
        assert security_admin.get(f"{LIST}?{nonsense}").status_code == 200
    assert security_admin.get(f"{LIST}?kind=moon").status_code == 400
    assert security_admin.get(f"{LIST}4711/").status_code == 404
