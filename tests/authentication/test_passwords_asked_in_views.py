"""A page that asks for the password in use is no place to guess it (clause A3.2.6)."""

from __future__ import annotations

from typing import Any

import pytest

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from jtsec.audit.models import AuditRecord
from jtsec.authentication import user_model
from jtsec.authentication.models import Account, Block, Counter
from jtsec.authentication.passwords import matches
from jtsec.core.exposure import public
from jtsec.identity.api import user_by_login_name
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD, registered

pytestmark = [
    pytest.mark.clause("A3.2.6"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("cheap_passwords"),
]


@public
@transaction.non_atomic_requests
def ask(request: HttpRequest) -> HttpResponse:
    """Is a view of a project that compares the password itself."""
    user: Any = user_by_login_name(request.GET["name"])
    return HttpResponse(str(user.check_password(request.GET["word"])))


@public
def ask_in_a_transaction(request: HttpRequest) -> HttpResponse:
    """Does so in a transaction, which a wrong password undoes."""
    with transaction.atomic():
        answer = ask(request)
        transaction.set_rollback(answer.content == b"False")
    return answer


urlpatterns = [path("ask/", ask), path("atomic/", ask_in_a_transaction)]


@pytest.fixture(autouse=True)
def li(settings: Any) -> Any:
    """Serve the views above; one person is registered."""
    settings.ROOT_URLCONF = __name__
    return registered("li", 1)


def answer(word: str, address: str = "/ask/") -> str:
    """Return what the view says, or the status of a refusal."""
    got = Client().get(address, {"name": "li", "word": word})
    return got.content.decode() if got.status_code == 200 else str(got.status_code)


@pytest.mark.parametrize("address", ["/ask/", "/atomic/"])
def test_wrong_passwords_add_up_to_a_lock(address: str) -> None:
    """Then not even the right one is looked at, here or at the login."""
    tries = [answer(f"guess-{one}", address) for one in range(7)]
    assert tries[:4] == ["False"] * 4
    assert tries[5:] == ["403"] * 2
    assert answer(PASSWORD, address) == "403"
    assert Block.objects.filter(dimension="user").count() == 1
    refused = AuditRecord.objects.filter(code="authentication:login:refused")
    assert refused.filter(reason="wrong-in-view", subject="li").count() == 5
    assert refused.filter(reason="user-locked").count() == 3
    assert Account.objects.get().failure_count == 8


@pytest.mark.parametrize("address", ["/ask/", "/atomic/"])
def test_a_right_password_leaves_no_charge(address: str) -> None:
    """Whoever knows it may be asked as often as the project likes."""
    answer("guess", address)
    assert [answer(PASSWORD, address) for _ in range(3)] == ["True"] * 3
    assert not Counter.objects.filter(dimension="user").exclude(failures=0, pending=0)


def test_outside_of_a_request_nothing_is_charged(li: Any) -> None:
    """A command, a shell and a project's tests of its models ask for themselves."""
    assert not any(li.check_password(f"guess-{one}") for one in range(9))
    assert not Counter.objects.exists()


def test_without_the_charge_the_view_is_an_open_door(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The protection taken away."""

    def uncharged(user: Any, password: str) -> bool:
        return matches(user, password).is_right

    monkeypatch.setattr(user_model, "is_password_of", uncharged)
    assert {answer(f"guess-{one}") for one in range(9)} == {"False"}
    assert answer(PASSWORD) == "True"
