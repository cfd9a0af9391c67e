"""The pages of who may pass rights on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from django.test import Client

from jtsec.access.api import Function, decide, give_propagation
from jtsec.access.models import Propagation, RightGrant
from jtsec.core.context import acting_as, system_actor
from tests.access.declared import declared
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import loaded, registered
from tests.console.conftest import logged_in, newest

pytestmark = pytest.mark.django_db

LIST = "/accounts/passing/"
CODE = "110000000000"


@pytest.fixture
def zhang(cheap_passwords: None) -> Iterator[Client]:  # noqa: F811 - a fixture
    """Return the browser of somebody who may pass a right on through one more hand."""
    with declared(Function("shop.query_permit", "查询通行证", propagatable=True)):
        holder = registered("zhang", 21).jtsec_identity
        registered("li", 22, name="李小水")
        registered("wang", 23)
        with acting_as(system_actor("a-test")):
            give_propagation(
                holder, "shop.query_permit", depth=1, organisation=CODE, reason="测试"
            )
        yield logged_in("zhang")


def page_of(username: str) -> str:
    """Return the address of what somebody may pass on."""
    row = Propagation.objects.get(identity__login_name=username, ended_at=None)
    return f"{LIST}{row.pk}/"


def filled(**changed: Any) -> dict[str, Any]:
    """Return a form as it is filled in."""
    form = {"to": "li", "what": "use", "depth": "0", "organisation": CODE}
    return form | {"reason": "今晚值班"} | changed


@pytest.mark.clause("A4.8")
def test_a_holder_passes_on_what_they_cannot_use(zhang: Client) -> None:
    """For use, and to pass on; and takes back one with all beneath it."""
    assert "查询通行证" in zhang.get(LIST).content.decode()
    page = page_of("zhang")
    assert zhang.post(page, filled(what="on")).status_code == 302
    assert not decide(loaded("zhang"), "shop.query_permit")
    assert not decide(loaded("li"), "shop.query_permit")
    li = logged_in("li")
    assert li.post(page_of("li"), filled(to="wang")).status_code == 302
    assert decide(loaded("wang"), "shop.query_permit")
    assert newest().code == "access:propagation:used"
    passed = Propagation.objects.get(identity__login_name="li")
    shown = zhang.get(page).content.decode()
    assert "李小水" in shown
    end = f"{page}{passed.pk}/end/"
    assert zhang.get(end).status_code == 200
    assert zhang.post(end, {"reason": ""}).status_code == 400
    assert zhang.post(end, {"reason": "值班结束"}).status_code == 302
    assert not decide(loaded("wang"), "shop.query_permit")
    assert zhang.get(end).status_code == 404


@pytest.mark.clause("A4.8", "A4.9")
def test_a_circle_and_oneself_are_refused(zhang: Client) -> None:
    """Each with its event, and nothing given."""
    page = page_of("zhang")
    assert zhang.post(page, filled(to="zhang")).status_code == 403
    assert zhang.post(page, filled(what="on")).status_code == 302
    li = logged_in("li")
    circle = li.post(page_of("li"), filled(to="zhang"))
    assert circle.status_code == 403
    assert (newest().code, newest().reason) == ("access:policy:refused", "circle")
    deeper = li.post(page_of("li"), filled(to="wang", what="on"))
    assert deeper.status_code == 400
    assert not RightGrant.objects.exists()


def test_what_is_wrong_stands_beside_its_field(zhang: Client) -> None:
    """And nothing is given."""
    wrong = (
        ("to", "nobody"), ("to", ""), ("what", "everything"), ("depth", "many"),
        ("organisation", "999999999999"), ("reason", ""),
        ("valid_until", "2000-01-01T00:00"),
    )  # fmt: skip
    for field, typed in wrong:
        answer = zhang.post(page_of("zhang"), filled(**{field: typed}))
        assert answer.status_code == 400, (field, typed)
        assert f'id="id_{field}_error"' in answer.content.decode(), (field, typed)
    assert not RightGrant.objects.exists()


@pytest.mark.clause("A4.8")
def test_nobody_sees_or_uses_what_another_holds(zhang: Client) -> None:
    """Not found, for who has nothing to pass on, and a stranger is sent to log in."""
    page = page_of("zhang")
    li = logged_in("li")
    assert "jtsec-empty" in li.get(LIST).content.decode()
    assert li.get(page).status_code == 404
    assert li.post(page, filled(to="wang")).status_code == 404
    assert Client().get(LIST).status_code == 302
    assert not RightGrant.objects.exists()
