"""Who decides types their password again; what that is worth, and that it is asked."""

from __future__ import annotations

from typing import Any

import pytest

from django.test import Client
from django.urls import reverse

from jtsec.approvals import api, forms
from jtsec.approvals.models import ApprovalRequest, Delegation, State
from jtsec.authentication.api import PasswordAgain
from jtsec.authentication.conf import authentication_settings
from tests.authentication.persons import PASSWORD
from tests.authentication.recorded import codes

from . import desk
from .test_pages import browser, filed, li, pages  # noqa: F401 - fixtures

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("cheap_passwords", "li"),
    pytest.mark.clause("A4.4"),
]
WRONG = "Falsch-Falsch-1!"
WAITING = "/accounts/approvals/waiting/"


def send(client: Client, row: ApprovalRequest, verdict: str, password: str) -> Any:
    """Decide over an application on its page."""
    form = {"verdict": verdict, "revision": row.revision, "note": "核对一致"}
    address = reverse("jtsec:approval", args=[row.pk])
    return client.post(address, form | {"password": password})


@pytest.mark.parametrize("password", ["", WRONG])
@pytest.mark.parametrize("verdict", ["approve", "reject", "execute"])
def test_without_the_password_nothing_is_decided(
    filed: ApprovalRequest,  # noqa: F811 - a fixture
    verdict: str,
    password: str,
) -> None:
    """400, and no word of what was typed; a session left open is nobody's verdict."""
    client = browser("li")
    answer = send(client, filed, verdict, password)
    assert answer.status_code == 400
    assert WRONG not in answer.content.decode()
    many = {"chosen": f"{filed.pk}:{filed.revision}", "password": password}
    assert client.post(WAITING, many).status_code == 400
    assert api.find(filed.pk).state == State.PENDING


def test_with_the_question_removed_a_session_alone_would_approve(
    filed: ApprovalRequest,  # noqa: F811 - a fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is the form's comparison that stops it, nothing else."""
    monkeypatch.setattr(PasswordAgain, "clean", lambda form: form.cleaned_data)
    assert send(browser("li"), filed, "approve", WRONG).status_code == 302
    assert api.find(filed.pk).state == State.EXECUTED


def test_withdrawing_ones_own_asks_for_no_password(filed: ApprovalRequest) -> None:  # noqa: F811 - a fixture
    """It sets nothing loose."""
    assert send(browser("zhang"), filed, forms.WITHDRAW, "").status_code == 302
    assert api.find(filed.pk).state == State.WITHDRAWN


def test_nobody_stands_in_without_the_password() -> None:
    """Or an open session would lend a right to whoever sits down at it."""
    desk.somebody("wang")
    client, url = browser("li"), reverse("jtsec:approvals-delegations")
    form = {"to": "wang", "kinds": ["plainapp.rename"], "until": "2099-01-01"}
    form |= {"reason": "出差", "password": WRONG}
    assert client.post(url, form).status_code == 400
    assert not Delegation.objects.exists()
    assert "authentication:login:refused" in codes()


@pytest.mark.clause("A3.2.6")
def test_it_is_no_place_to_guess_a_password(filed: ApprovalRequest) -> None:  # noqa: F811 - a fixture
    """Wrong ones are charged like logins, and lock; then no right one helps."""
    client = browser("li")
    for _try in range(authentication_settings().user_limit):
        assert send(client, filed, "approve", WRONG).status_code == 400
    assert "authentication:user:locked" in codes()
    assert send(client, filed, "approve", PASSWORD).status_code != 302
    assert api.find(filed.pk).state == State.PENDING


def test_what_is_refused_anyway_charges_nothing(filed: ApprovalRequest) -> None:  # noqa: F811 - a fixture
    """Nothing chosen, no verdict: no password is compared."""
    client = browser("li")
    for _try in range(authentication_settings().user_limit + 1):
        assert client.post(WAITING, {"password": WRONG}).status_code == 400
        assert send(client, filed, "rule", WRONG).status_code == 400
    assert "authentication:user:locked" not in codes()


def test_the_page_says_what_will_be_recorded(filed: ApprovalRequest) -> None:  # noqa: F811 - a fixture
    """Who decides and from where, before they do."""
    address = reverse("jtsec:approval", args=[filed.pk])
    note = browser("li").get(address).content.decode().partition("jtsec-recorded")[2]
    assert "(li)" in note
    assert "127.0.0.1" in note
