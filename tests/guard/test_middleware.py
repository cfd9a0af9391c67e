"""One middleware guards every view, whichever library it belongs to."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from django.db import connection, connections
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jtsec.access import api as access
from jtsec.audit.models import AuditRecord
from jtsec.authentication.accounts import write_account
from jtsec.core.context import acting_as, system_actor
from jtsec.identity import api as identity

GUARD = "jtsec.middleware.SecurityMiddleware"

pytestmark = pytest.mark.django_db(transaction=True)


def codes() -> list[str]:
    """Return the codes of all events, in order."""
    return list(AuditRecord.objects.order_by("pk").values_list("code", flat=True))


@pytest.mark.clause("A3.1.1")
@pytest.mark.parametrize(
    "address", ["/closed/", "/member/", "/right/", "/django/", "/async/"]
)
def test_a_stranger_is_sent_to_the_login_page(address: str) -> None:
    """Whatever is not declared public is closed."""
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={address}"


@pytest.mark.clause("A3.1.1")
def test_without_the_guard_a_forgotten_view_stands_open(settings: Any) -> None:
    """The protection removed."""
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != GUARD]
    assert Client().get("/closed/").content == b"closed"


def test_a_public_view_answers_a_stranger() -> None:
    """And a streamed answer passes through."""
    assert Client().get("/open/").content == b"open"
    assert Client().get("/streaming/").getvalue() == b"ab"


def test_a_program_is_told_in_json() -> None:
    """It cannot read a login page."""
    answer = Client().get("/member/", headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "not-logged-in"


def test_who_is_logged_in_is_let_in(browser: Client) -> None:
    """Ours, Django's own decorator, and an asynchronous view."""
    assert browser.get("/member/").content == b"zhang"
    assert browser.get("/django/").content == b"django"
    assert browser.get("/async/").content == b"async"


@pytest.mark.clause("A3.1.1")
def test_a_view_that_declares_nothing_refuses_everybody(browser: Client) -> None:
    """And the refusal is recorded."""
    assert browser.get("/closed/").status_code == 403
    assert "access:view:undeclared" in codes()


@pytest.mark.clause("A4.1")
def test_a_right_that_is_missing_is_refused_and_recorded(browser: Client) -> None:
    """The person reads a plain sentence, the audit the right."""
    answer = browser.get("/right/")
    assert answer.status_code == 403
    assert "auth.view_group" not in answer.content.decode()
    row = AuditRecord.objects.get(code="access:function:refused")
    assert row.reason == "right-missing"


def test_a_refusal_inside_of_a_view_is_told_in_its_sentence(browser: Client) -> None:
    """A control below may refuse at any depth."""
    answer = browser.get("/refusing/")
    assert answer.status_code == 403
    assert "今日名额已满" in answer.content.decode()


@pytest.mark.clause("A10.1")
def test_an_error_shows_a_reference_and_nothing_else(browser: Client) -> None:
    """No trace, no SQL, no path."""
    answer = browser.get("/failing/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "JT-" in page
    for secret in ("SELECT", "vault", "Traceback", "urls.py", "RuntimeError"):
        assert secret not in page


@pytest.mark.clause("A5.1")
def test_a_refusal_survives_the_rollback_of_its_request(
    browser: Client, settings: Any
) -> None:
    """What was done is undone with the transaction; what was refused stays."""
    settings.DATABASES["default"]["ATOMIC_REQUESTS"] = True
    connection.settings_dict["ATOMIC_REQUESTS"] = True
    try:
        assert browser.get("/stopping/").status_code == 403
    finally:
        connection.settings_dict["ATOMIC_REQUESTS"] = False
        settings.DATABASES["default"]["ATOMIC_REQUESTS"] = False
    assert "guard:page:stopped" in codes()
    assert "guard:page:looked" not in codes()


@pytest.mark.clause("A3.2.8")
def test_a_session_that_is_open_ends_with_the_validity(
    browser: Client, zhang: Any
) -> None:
    """A page left open is no way round the limits."""
    with acting_as(system_actor("clerk")):
        write_account(zhang, valid_until=timezone.now() - timedelta(minutes=1))
    assert browser.get("/member/").status_code == 302
    assert "_auth_user_id" not in browser.session


@pytest.mark.clause("A3.2.9")
def test_nothing_but_a_new_password_is_permitted_while_one_is_due(
    browser: Client, zhang: Any
) -> None:
    """Every page leads to the change; the change itself opens."""
    with acting_as(system_actor("clerk")):
        write_account(zhang, must_change_password=True, must_change_why="first-login")
    assert browser.get("/member/")["Location"] == "/accounts/password/"
    assert browser.get("/accounts/password/").status_code == 200
    program = browser.get("/member/", headers={"accept": "application/json"})
    assert (program.status_code, program.json()["code"]) == (403, "password-due")


@pytest.mark.clause("A3.1.2")
def test_who_is_put_out_of_use_is_out_at_once(browser: Client, zhang: Any) -> None:
    """Not at the next login."""
    with acting_as(system_actor("clerk")):
        identity.deactivate(zhang.jtsec_identity, reason="left")
    assert browser.get("/member/").status_code == 302


def test_a_guarded_request_costs_no_query_of_its_own(browser: Client) -> None:
    """Session and user are loaded, as bare Django does; nothing is written."""
    browser.get("/member/")
    with CaptureQueriesContext(connection) as queries:
        browser.get("/member/")
    statements = [one["sql"] for one in queries]
    assert len(statements) == 2, statements
    assert all(one.startswith("SELECT") for one in statements)


@pytest.mark.clause("A4.10")
def test_a_right_costs_no_query_of_its_own(browser: Client, zhang: Any) -> None:
    """What somebody may do is known from the question before."""
    with acting_as(system_actor("clerk")):
        role = access.create_role(
            "clerk",
            name="clerk",
            duty="business",
            rights=["auth.view_group"],
            reason="a test",
        )
        access.assign(zhang.jtsec_identity, role, reason="a test")
    assert browser.get("/right/").content == b"right"
    with CaptureQueriesContext(connection) as queries:
        assert browser.get("/right/").status_code == 200
    assert len(queries) == 2, [one["sql"] for one in queries]


def test_a_public_page_asks_the_database_nothing(browser: Client) -> None:
    """It does not even load the session."""
    with CaptureQueriesContext(connection) as queries:
        browser.get("/open/")
    assert len(queries) == 0


def test_every_answer_carries_the_headers(browser: Client) -> None:
    """And no cache keeps a page of somebody who is logged in."""
    page = browser.get("/member/")
    assert page["Content-Security-Policy"].startswith("default-src 'self'")
    assert page["X-Frame-Options"] == "DENY"
    assert page["Cache-Control"] == "no-store"
    assert "no-store" in browser.get("/nowhere/")["Cache-Control"]
    assert not browser.get("/open/").has_header("Cache-Control")


def test_the_way_is_the_same_in_an_asynchronous_stack(zhang: Any) -> None:
    """Closed, logged in, refused, failed: as in a synchronous one."""

    async def walk() -> list[int]:
        client = AsyncClient(raise_request_exception=False)
        stranger = await client.get("/member/")
        await client.aforce_login(
            zhang, backend="jtsec.authentication.backend.IdentityBackend"
        )
        answers = [
            await client.get(f"/{name}/")
            for name in ("member", "async", "closed", "stopping", "failing")
        ]
        # The views ran in a thread of their own, with its own connection.
        await sync_to_async(connections.close_all)()
        return [stranger.status_code, *(one.status_code for one in answers)]

    assert asyncio.run(walk()) == [302, 200, 200, 403, 403, 500]
    assert "guard:page:stopped" in codes()
    assert "access:view:undeclared" in codes()
