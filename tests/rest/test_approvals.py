"""Programs approve by the same rules as people at pages (clause A4.4)."""

from __future__ import annotations

from typing import Any

import pytest

from django.test import Client
from django.urls import include, path

pytest.importorskip("rest_framework")

from jtsec.approvals import api
from jtsec.approvals.listing import LIMIT
from jtsec.approvals.models import ApprovalRequest
from jtsec.audit.coverage import attacks
from jtsec.audit.models import AuditRecord
from jtsec.core.context import Actor, acting_as
from jtsec.identity.api import actor_of, user_by_login_name
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD
from tests.rest.callers import caller
from tests.rest.declared import done

pytestmark = [pytest.mark.clause("A4.4"), pytest.mark.django_db(transaction=True)]
PLACE = "/api/approvals/"

urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("api/", include("jtsec.rest.urls")),
]


@pytest.fixture(autouse=True)
def site(settings: Any, cheap_passwords: None) -> None:  # noqa: F811 - a fixture
    """Serve the interfaces, answered as the preset has it."""
    settings.ROOT_URLCONF = __name__
    settings.SESSION_COOKIE_SECURE = False
    settings.REST_FRAMEWORK = {
        "EXCEPTION_HANDLER": "jtsec.errors.rest.exception_handler"
    }
    done.clear()
    attacks.forget()


def acting(client: Client) -> Actor:
    """Return who is logged in with a client."""
    name = client.get("/accounts/sessions/").wsgi_request.user.get_username()
    user = user_by_login_name(name)
    assert user is not None
    return actor_of(user)


def submitted(by: Client, thing: str = "pen") -> ApprovalRequest:
    """Return an application that somebody submitted."""
    with acting_as(acting(by)):
        return api.submit(
            "resttest.thing",
            resource="resttest.thing:1",
            payload={"thing": thing},
            after={"thing": thing},
            reason="needed",
        )


def verdict(by: Client, one: ApprovalRequest, verb: str, **said: Any) -> Any:
    """Give a verdict."""
    body = {"revision": one.revision, "note": "seen", "password": PASSWORD} | said
    return by.post(f"{PLACE}{one.pk}/{verb}/", body, content_type="application/json")


def test_one_applies_and_another_approves() -> None:
    """What waits for one is not shown to the other, and is carried out once."""
    maker, checker = caller(), caller("security")
    one = submitted(maker)
    assert [row["id"] for row in maker.get(PLACE).json()] == [str(one.pk)]
    assert maker.get(f"{PLACE}waiting/").json() == []
    assert [row["id"] for row in checker.get(f"{PLACE}waiting/").json()] == [
        str(one.pk)
    ]
    shown = checker.get(f"{PLACE}{one.pk}/").json()
    assert (shown["after"], shown["reason"]) == ({"thing": "pen"}, "needed")
    assert [step["kind"] for step in shown["steps"]] == ["submitted"]
    approved = verdict(checker, one, "approve")
    assert (approved.status_code, approved.json()["state"]) == (200, "executed")
    assert verdict(checker, one, "approve").status_code == 409
    assert done == ["pen"]


def test_nobody_approves_their_own() -> None:
    """Refused with its event; the maker withdraws it, and nobody else does."""
    maker, other = caller(), caller(which=1)
    one = submitted(maker)
    assert verdict(maker, one, "approve").status_code == 403
    assert AuditRecord.objects.filter(reason="self-approval").exists()
    assert verdict(other, one, "withdraw").status_code == 403
    assert verdict(maker, one, "withdraw").json()["state"] == "withdrawn"
    assert done == []


def test_what_is_ones_business_is_told_however_much_there_is() -> None:
    """To who made it, who checks it and who looks on; a list holds the newest alone."""
    maker, checker, auditor = caller(), caller("security"), caller("audit")
    first = submitted(maker)
    with acting_as(acting(maker)):
        for number in range(LIMIT):
            api.submit(
                "resttest.thing",
                resource=f"resttest.thing:{number}",
                payload={"thing": "pen"},
                reason="needed",
            )
    assert str(first.pk) not in {row["id"] for row in maker.get(PLACE).json()}
    for client in (maker, checker, auditor):
        assert client.get(f"{PLACE}{first.pk}/").json()["id"] == str(first.pk)


def test_what_is_no_business_of_somebody_is_not_there() -> None:
    """The same answer as for a number that nobody gave out."""
    one = submitted(caller())
    assert caller(which=1).get(f"{PLACE}{one.pk}/").status_code == 404


@pytest.mark.parametrize(("verb", "ahead"), [("approve", 1), ("execute", 0)])
def test_a_verdict_of_a_stranger_tells_nothing_of_it(verb: str, ahead: int) -> None:
    """Neither that it moved on, nor in which state it is; an attack (A4.13)."""
    one = submitted(caller())
    told = verdict(caller(which=1), one, verb, revision=one.revision + ahead)
    assert (told.status_code, told.json()["code"]) == (403, "refused")
    assert AuditRecord.objects.filter(reason="not-concerned").exists()


def test_what_was_read_before_a_change_is_not_approved() -> None:
    """The revision that is sent is the one that was read."""
    one = submitted(caller())
    checker = caller("security")
    stale = verdict(checker, one, "approve", revision=one.revision + 1)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale-revision")
    assert AuditRecord.objects.filter(reason="stale-revision").exists()
    # Whoever was overtaken attacks nobody.
    assert not AuditRecord.objects.filter(code="audit:attack:interface").exists()


@pytest.mark.clause("A8.1")
@pytest.mark.parametrize(
    "said",
    [
        {"revision": "x"},
        {"revision": None},
        {"revision": 0},
        {"revision": 10**30},
        {"note": "n" * 1001},
        {"note": "a\u0000b"},
        {"note": ["a"]},
    ],
)
def test_a_malformed_verdict_is_none(said: dict[str, Any]) -> None:
    """Status 400, or 409 for a revision that never was; nothing is done."""
    one = submitted(caller())
    answer = verdict(caller("security"), one, "approve", **said)
    assert answer.status_code in (400, 409)
    assert done == []


def test_a_rejection_gives_its_reason() -> None:
    """Without one it is refused."""
    one = submitted(caller())
    checker = caller("security")
    assert verdict(checker, one, "reject", note="").status_code == 400
    assert verdict(checker, one, "reject").json()["state"] == "rejected"


def test_what_cannot_be_carried_out_is_told_and_stays_open() -> None:
    """Status 409, and nothing of what went wrong is shown."""
    one = submitted(caller(), "broken")
    answer = verdict(caller("security"), one, "approve")
    assert answer.status_code == 409
    assert "secret" not in answer.content.decode()
    assert ApprovalRequest.objects.get(pk=one.pk).state == "pending"


@pytest.mark.parametrize("typed", [{"password": "Falsch-1!"}, {"password": ""}])
def test_no_verdict_without_the_password(typed: dict[str, str]) -> None:
    """What a page asks for is not had without it at the interface behind it."""
    one = submitted(caller())
    checker = caller("security")
    for verb in ("approve", "reject", "execute"):
        assert verdict(checker, one, verb, **typed).status_code == 400
    assert done == []
    assert ApprovalRequest.objects.get(pk=one.pk).state == "pending"


def test_with_the_question_removed_a_session_alone_would_approve(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is the comparison that stops it, nothing else."""
    monkeypatch.setattr("jtsec.rest.approvals.require_password", lambda *_args: None)
    answer = verdict(caller("security"), submitted(caller()), "approve", password="x")
    assert answer.status_code == 200
