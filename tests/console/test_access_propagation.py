"""The pages of the rights that may be passed on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from django.test import Client

from jtsec.access.api import Function, decide, grant_use
from jtsec.access.models import Propagation, RightGrant
from tests.access.declared import acting, declared
from tests.authentication.persons import loaded, registered
from tests.console.conftest import newest, refused

pytestmark = pytest.mark.django_db

LIST = "/console/security/propagation/"
CODE = "110000000000"
UNKNOWN = "0198c1f0-0000-7000-8000-000000000001"


@pytest.fixture(autouse=True)
def functions() -> Iterator[None]:
    """Declare a function that may be passed on, and one that never may."""
    with declared(
        Function("shop.query_permit", "查询通行证", propagatable=True),
        Function("shop.approve_permit", "审批通行证"),
    ):
        yield


def page_of(username: str) -> str:
    """Return the address of what somebody may pass on."""
    return f"{LIST}{loaded(username).jtsec_identity.uid}/"


def filled(**changed: str) -> dict[str, str]:
    """Return a form as it is filled in."""
    form = {"right": "shop.query_permit", "organisation": CODE, "depth": "1"}
    return {**form, "reason": "中队长分派", **changed}


@pytest.mark.clause("A4.8", "A4.9")
def test_a_right_to_pass_on_is_given_and_taken_back_with_all_beneath(
    security_admin: Client,
) -> None:
    """Who may pass it on cannot use it; who received it can, until it is taken back."""
    registered("zhang", 21, name="张大山")
    registered("li", 22, name="李小水")
    page = page_of("zhang")
    assert "shop.approve_permit" not in security_admin.get(page).content.decode()
    assert security_admin.post(page, filled()).status_code == 302
    source = Propagation.objects.get()
    assert (newest().code, newest().actor_username) == (
        "access:propagation:given", "secadmin",
    )  # fmt: skip
    assert not decide(loaded("zhang"), "shop.query_permit")
    with acting(loaded("zhang").jtsec_identity):
        grant_use(source, loaded("li").jtsec_identity, reason="值班")
    assert decide(loaded("li"), "shop.query_permit")
    assert "张大山" in security_admin.get(LIST).content.decode()
    assert "张大山 (zhang)" in security_admin.get(page).content.decode()
    assert "值班" in security_admin.get(page_of("li")).content.decode()
    end = f"{LIST}end/{source.pk}/"
    assert security_admin.get(end).status_code == 200
    assert security_admin.post(end, {"reason": ""}).status_code == 400
    assert security_admin.post(end, {"reason": "调离"}).status_code == 302
    assert newest().code.startswith(("access:propagation:", "sessions:"))
    assert not decide(loaded("li"), "shop.query_permit")
    assert not RightGrant.objects.filter(ended_at=None).exists()


@pytest.mark.clause("A4.8")
def test_a_received_right_is_taken_back_alone(security_admin: Client) -> None:
    """The right to pass on stays with who gave it."""
    registered("zhang", 21)
    registered("li", 22)
    assert security_admin.post(page_of("zhang"), filled()).status_code == 302
    with acting(loaded("zhang").jtsec_identity):
        given = grant_use(
            Propagation.objects.get(), loaded("li").jtsec_identity, reason="值班"
        )
    end = f"{LIST}received/end/{given.pk}/"
    assert security_admin.get(end).status_code == 200
    assert security_admin.post(end, {"reason": "下班"}).status_code == 302
    assert not decide(loaded("li"), "shop.query_permit")
    assert Propagation.objects.filter(ended_at=None).count() == 1


@pytest.mark.clause("A4.9")
def test_what_may_not_be_passed_on_is_refused(security_admin: Client) -> None:
    """A right that is not declared so, a depth too great, an unknown organisation."""
    registered("zhang", 21)
    wrong = (
        ("right", "shop.approve_permit"), ("right", ""), ("depth", "99"),
        ("depth", "-1"), ("organisation", "999999999999"), ("reason", ""),
        ("valid_until", "2000-01-01T00:00"),
    )  # fmt: skip
    for field, typed in wrong:
        answer = security_admin.post(page_of("zhang"), filled(**{field: typed}))
        assert answer.status_code in (400, 403), (field, typed)
        assert 'role="alert"' in answer.content.decode() or (
            f'id="id_{field}_error"' in answer.content.decode()
        ), (field, typed)
    assert not Propagation.objects.exists()
    own = security_admin.post(page_of("secadmin"), filled())
    assert own.status_code in (400, 403)
    assert not Propagation.objects.exists()


@pytest.mark.clause("A4.2", "A4.4")
def test_no_other_duty_sees_or_gives_rights_to_pass_on(not_security: Client) -> None:
    """Neither by the pages nor by sending their forms."""
    registered("zhang", 21)
    ends = (f"{LIST}end/{UNKNOWN}/", f"{LIST}received/end/{UNKNOWN}/")
    for page in (LIST, page_of("zhang"), *ends):
        assert not_security.get(page).status_code == 403
        assert not_security.post(page, filled()).status_code in (403, 405)
    assert refused()[0] == "wrong-duty"
    assert not Propagation.objects.exists()


def test_what_is_not_there_is_not_found(security_admin: Client) -> None:
    """Neither a person nor a row."""
    for page in (f"{UNKNOWN}/", f"end/{UNKNOWN}/", f"received/end/{UNKNOWN}/"):
        assert security_admin.get(f"{LIST}{page}").status_code == 404
    assert security_admin.get(f"{LIST}?duty=moon").status_code == 400
