"""The page of the terminals and services that sign their requests."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from django.test import Client

from jtsec.access.api import Function
from jtsec.console import access_clients_views
from jtsec.crypto import sm2
from jtsec.rest.models import SignedClient
from tests.access.declared import declared
from tests.authentication.persons import by_sql, registered
from tests.console.conftest import newest, refused

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A4.13", "A4.4")]

LIST = "/console/security/clients/"
NEW = f"{LIST}new/"
END = f"{LIST}of/gate-3/end/"
PEM = sm2.generate().public.to_pem()


@pytest.fixture(autouse=True)
def functions() -> Any:
    """Declare what a client may call."""
    with declared(Function("shop.query_permit", "查询通行证")):
        yield


@pytest.fixture(autouse=True)
def officer(functions: None) -> Any:
    """Return who answers for the client."""
    return registered("officer", 31, name="值班员")


def form(**other: Any) -> dict[str, Any]:
    """Return what registers a terminal."""
    return {
        "code": "gate-3", "name": "三号门", "kind": "terminal", "account": "officer",
        "public_key": PEM, "rights": ["shop.query_permit"],
        "networks": "10.1.0.0/16", "valid_until": "", "reason": "窗口上线",
    } | other  # fmt: skip


def test_a_client_is_registered_and_taken_out_of_use(security_admin: Client) -> None:
    """Each with its event; what ended stays in the list, and is not ended again."""
    assert "jtsec-nothing" in security_admin.get(LIST).content.decode()
    assert "jtsec-recorded" in security_admin.get(NEW).content.decode()
    assert security_admin.post(NEW, form()).status_code == 302
    row = SignedClient.objects.get()
    assert (newest().code, newest().reason) == ("rest:client:registered", "窗口上线")
    shown = security_admin.get(LIST).content.decode()
    for word in ("三号门", "值班员", "10.1.0.0/16", "查询通行证", str(row.pk)):
        assert word in shown
    assert row.fingerprint in security_admin.get(END).content.decode()
    assert security_admin.post(END, {"reason": "停用"}).status_code == 302
    assert (newest().code, newest().actor_username) == ("rest:client:ended", "secadmin")
    assert "停用" in security_admin.get(LIST).content.decode()
    assert security_admin.post(END, {"reason": "停用"}).status_code == 400


def test_what_is_malformed_or_unconfirmed_is_not_registered(
    security_admin: Client,
) -> None:
    """400, and nothing is stored; an open session alone gives no key a door."""
    wrong: tuple[dict[str, Any], ...] = (
        {"public_key": "-----BEGIN PUBLIC KEY-----"}, {"code": "Gate 3"},
        {"account": "nobody"}, {"rights": ["shop.nothing"]}, {"rights": []},
        {"networks": "0.0.0.0/0"}, {"kind": "robot"}, {"reason": ""},
        {"valid_until": "2099-01-01T00:00"}, {"password": "x"}, {"password": ""},
    )  # fmt: skip
    for one in wrong:
        assert security_admin.post(NEW, form(**one)).status_code == 400, one
        assert not SignedClient.objects.exists()


def test_it_is_not_taken_out_of_use_without_the_password(
    security_admin: Client,
) -> None:
    """A reason alone is not enough."""
    security_admin.post(NEW, form())
    for password in ("", "Falsch-1!"):
        answer = security_admin.post(END, {"reason": "停用", "password": password})
        assert answer.status_code == 400
    assert SignedClient.objects.filter(ended_at=None).exists()


def test_a_client_that_sql_changed_says_so_and_is_left_alone(
    security_admin: Client,
) -> None:
    """The others are listed; nothing is sealed anew over it."""
    security_admin.post(NEW, form())
    by_sql("jtsec_signedclient", "name", "forged", code="gate-3")
    shown = security_admin.get(LIST).content.decode()
    assert "jtsec-mark-bad" in shown
    assert security_admin.post(END, {"reason": "停用"}).status_code == 403
    assert SignedClient.objects.filter(ended_at=None).exists()


def test_other_duties_are_refused(not_security: Client) -> None:
    """403 with its event; nothing is registered for them."""
    for address in (LIST, NEW, END):
        assert not_security.get(address).status_code == 403
        assert refused() == ("wrong-duty", address)
    assert not_security.post(NEW, form()).status_code == 403
    assert not SignedClient.objects.exists()


@pytest.mark.parametrize(
    ("view", "address"),
    [
        (access_clients_views.clients, LIST),
        (access_clients_views.register, NEW),
    ],
)
def test_nothing_keeps_the_pages(
    security_admin: Client, view: Any, address: str
) -> None:
    """Neither a cache on the way nor the browser; without the decorator both would."""
    answer = security_admin.get(address)
    assert "no-store" in answer.headers["Cache-Control"]
    bare = inspect.unwrap(view)(answer.wsgi_request)
    assert "Cache-Control" not in bare.headers
