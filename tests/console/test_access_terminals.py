"""The pages of the terminals that are bound to people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from django.test import Client

from jtsec.access.api import Function
from jtsec.access.models import TerminalBinding
from tests.access.declared import declared
from tests.authentication.persons import loaded, registered
from tests.console.conftest import newest, refused

pytestmark = pytest.mark.django_db

LIST = "/console/security/terminals/"
UNKNOWN = "0198c1f0-0000-7000-8000-000000000001"


@pytest.fixture(autouse=True)
def functions() -> Iterator[None]:
    """Declare a critical function and one that asks for no terminal."""
    with declared(
        Function("shop.query_permit", "查询通行证"),
        Function("shop.query_owner", "查询所有人", critical=True),
    ):
        yield


def page_of(username: str) -> str:
    """Return the address of somebody's terminals."""
    return f"{LIST}{loaded(username).jtsec_identity.uid}/"


@pytest.mark.clause("A4.11")
def test_a_terminal_is_bound_and_unbound(security_admin: Client) -> None:
    """What it is known by is stored in its normal form; both acts leave an event."""
    registered("zhang", 21, name="张大山")
    page = page_of("zhang")
    form = {
        "right": "shop.query_owner", "networks": "10.1.2.0/24 10.1.3.4",
        "terminal": "AA-BB-CC-DD-EE-FF", "certificate": "ab" * 32, "reason": "窗口电脑",
    }  # fmt: skip
    assert security_admin.post(page, form).status_code == 302
    bound = TerminalBinding.objects.get()
    assert bound.networks == ["10.1.2.0/24", "10.1.3.4/32"]
    assert bound.terminal == "aa:bb:cc:dd:ee:ff"
    assert (newest().code, newest().actor_username) == (
        "access:terminal:bound", "secadmin",
    )  # fmt: skip
    assert "aa:bb:cc:dd:ee:ff" in security_admin.get(page).content.decode()
    assert "张大山" in security_admin.get(LIST).content.decode()
    end = f"{LIST}end/{bound.pk}/"
    assert "10.1.2.0/24" in security_admin.get(end).content.decode()
    assert security_admin.post(end, {"reason": ""}).status_code == 400
    assert security_admin.post(end, {"reason": "换机"}).status_code == 302
    assert newest().code == "access:terminal:unbound"
    assert not TerminalBinding.objects.filter(ended_at=None).exists()
    assert security_admin.post(end, {"reason": "换机"}).status_code == 400


@pytest.mark.clause("A4.11")
def test_what_is_no_terminal_is_not_bound(security_admin: Client) -> None:
    """The field is named; a binding that asks for nothing would fit everywhere."""
    registered("zhang", 21)
    page = page_of("zhang")
    wrong = (
        ("networks", "the office"), ("terminal", "a terminal"), ("certificate", "xyz"),
        ("right", "shop.query_permit"), ("right", "shop.fly"), ("reason", ""),
        ("valid_until", "2000-01-01T00:00"),
    )  # fmt: skip
    for field, typed in wrong:
        form = {"networks": "10.1.2.0/24", "reason": "窗口电脑"} | {field: typed}
        answer = security_admin.post(page, form)
        assert answer.status_code == 400, (field, typed)
        assert f'id="id_{field}_error"' in answer.content.decode(), (field, typed)
    assert security_admin.post(page, {"reason": "窗口电脑"}).status_code == 400
    assert not TerminalBinding.objects.exists()


@pytest.mark.clause("A4.4", "A4.11")
def test_nobody_binds_their_own_terminal(security_admin: Client) -> None:
    """Refused and recorded."""
    form = {"networks": "10.1.2.0/24", "reason": "窗口电脑"}
    assert security_admin.post(page_of("secadmin"), form).status_code == 403
    assert (newest().code, newest().reason) == ("access:policy:refused", "oneself")


@pytest.mark.clause("A4.2", "A4.4")
def test_no_other_duty_sees_or_binds_terminals(not_security: Client) -> None:
    """Neither by the pages nor by sending their forms."""
    registered("zhang", 21)
    form = {"networks": "10.1.2.0/24", "reason": "窗口电脑"}
    for page in (LIST, page_of("zhang"), f"{LIST}end/{UNKNOWN}/"):
        assert not_security.get(page).status_code == 403
        assert not_security.post(page, form).status_code in (403, 405)
    assert refused()[0] == "wrong-duty"
    assert not TerminalBinding.objects.exists()


def test_who_is_not_there_is_not_found(security_admin: Client) -> None:
    """Neither a person nor a binding."""
    assert security_admin.get(f"{LIST}{UNKNOWN}/").status_code == 404
    assert security_admin.get(f"{LIST}end/{UNKNOWN}/").status_code == 404
    assert security_admin.get(f"{LIST}?duty=moon").status_code == 400
    assert security_admin.get(f"{LIST}?text=nobody").status_code == 200
