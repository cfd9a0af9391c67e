"""Requests that a registered key has signed, and those that it has not (A4.13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from django.db import connection, transaction
from django.test import Client, RequestFactory

pytest.importorskip("rest_framework")

from rest_framework.permissions import IsAuthenticated

from jtsec.access.api import Function, bind_terminal
from jtsec.audit.coverage import attacks
from jtsec.audit.models import AuditRecord
from jtsec.authentication.accounts import write_account
from jtsec.core.clock import now
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import InputError
from jtsec.core.source import client_source
from jtsec.crypto import sm2
from jtsec.identity import api as identities
from jtsec.rest import refusing
from jtsec.rest.accepting import accept
from jtsec.rest.api import authorization, end_client
from jtsec.rest.exceptions import SignatureRefused
from jtsec.rest.models import UsedNonce
from tests.access.declared import declared
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import by_sql, loaded, registered
from tests.rest import signers
from tests.rest.declared import READ, WRITE
from tests.rest.signers import PLACE, Things, get, post, signed, terminal

pytestmark = [pytest.mark.clause("A4.13"), pytest.mark.django_db(transaction=True)]

NOBODY = "0198c1f0-7a3e-7c5d-9b1e-2f6a4d8c0b17"


@pytest.fixture(autouse=True)
def site(settings: Any, cheap_passwords: None) -> None:  # noqa: F811 - a fixture
    """Serve the interface; one person is registered."""
    settings.ROOT_URLCONF = signers.__name__
    attacks.forget()
    refusing.forget()
    registered("officer", 1)


def reasons() -> list[str]:
    """Return why signed requests were refused, as recorded."""
    rows = AuditRecord.objects.filter(code__startswith="rest:", outcome="refused")
    return [row.reason for row in rows.order_by("pk")]


def test_a_signed_request_is_that_of_its_account() -> None:
    """The account acts, and the client is the terminal it acts from."""
    client = terminal()
    answer = get(signed(client, url=f"{PLACE}?b=2&a=1"), f"{PLACE}?b=2&a=1")
    assert answer.status_code == 200
    assert answer.json() == {
        "user": "officer",
        "actor": "officer",
        "terminal": "client:gate-3",
        "query": {"a": "1", "b": "2"},
    }
    assert reasons() == []


def test_what_is_sent_is_signed_as_well() -> None:
    """A body in any alphabet; no form token is asked for, no cookie is set."""
    answer = post(terminal(), {"plate": "京A12345"})
    assert answer.json()["got"] == {"plate": "京A12345"}
    assert not answer.cookies


def test_another_spelling_of_the_same_address_is_the_same() -> None:
    """A proxy may spell percent signs in its own way, and sort nothing."""
    client = terminal()
    header = signed(client, url="/东西/?名=京%41&b=x+y")
    assert get(header, "/%E4%B8%9C%e8%a5%bf/?%E5%90%8D=京A&b=x%20y").status_code == 200


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"sent": b'{"plate": "B"}'}, 401),
        ({"content_type": "application/x-www-form-urlencoded"}, 401),
        ({}, 200),
    ],
)
def test_what_was_changed_on_the_way_is_refused(
    changed: dict[str, Any], code: int
) -> None:
    """Body and content type are under the signature."""
    assert post(terminal(), {"plate": "A"}, **changed).status_code == code


@pytest.mark.parametrize(
    ("method", "url"),
    [("POST", PLACE), ("GET", "/thing/"), ("GET", f"{PLACE}?a=1"), ("HEAD", PLACE)],
)
def test_a_signature_is_for_one_request_alone(method: str, url: str) -> None:
    """Method, path and query are under the signature."""
    assert get(signed(terminal(), method, url)).status_code == 401
    assert reasons() == ["signature"]


def test_the_order_of_values_of_one_name_is_signed() -> None:
    """An application takes the last; turned round, it would take another one."""
    client = terminal()
    assert (
        get(signed(client, url=f"{PLACE}?a=1&a=2"), f"{PLACE}?a=2&a=1").status_code
        == 401
    )


def test_a_request_is_accepted_once() -> None:
    """The second time it is an alarm; the client reads why."""
    client = terminal()
    header = signed(client)
    assert get(header).status_code == 200
    answer = get(header)
    assert (answer.status_code, answer.json()["code"]) == (401, "signature-replayed")
    row = AuditRecord.objects.get(code="rest:signature:replayed")
    assert row.resource == "client:gate-3"
    assert AuditRecord.objects.filter(code="audit:attack:interface").exists()


def test_a_nonce_is_used_up_although_the_view_is_rolled_back() -> None:
    """Otherwise whoever makes the view fail could send the request again."""
    client = terminal()
    request = RequestFactory().get(PLACE)
    header = signed(client)
    if connection.vendor == "sqlite":
        pytest.skip("one writer: inside of a transaction nothing is accepted apart")
    with pytest.raises(RuntimeError), transaction.atomic():
        accept(request, header)
        raise RuntimeError
    with pytest.raises(SignatureRefused) as error:
        accept(RequestFactory().get(PLACE), header)
    assert error.value.reason == "replayed"
    assert UsedNonce.objects.count() == 1


def test_without_the_nonce_a_request_would_be_accepted_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The protection taken away."""
    monkeypatch.setattr("jtsec.rest.accepting.use_up", lambda *said: True)
    header = signed(terminal())
    assert [get(header).status_code for _again in range(2)] == [200, 200]


@pytest.mark.parametrize("seconds", [-330, 330])
def test_a_time_too_far_from_the_server_is_refused(seconds: int) -> None:
    """The client reads that it is the time, which any answer tells anyway."""
    at = int(now().timestamp()) + seconds
    answer = get(signed(terminal(), time=at))
    assert answer.json()["code"] == "signature-out-of-time"
    assert reasons() == ["out-of-time"]


def test_the_window_is_a_setting(settings: Any) -> None:
    """Narrower where the clocks are good."""
    settings.JTSEC_REST_SIGNATURE_SECONDS = 10
    assert get(signed(terminal(), time=int(now().timestamp()) - 12)).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "JTSEC-SM2",
        'JTSEC-SM2 client="x"',
        'jtsec-sm2 client="0198c1f0-7a3e-7c5d-9b1e-2f6a4d8c0b17"',
        "JTSEC-SM2 " + "a" * 10_000,
    ],
)
def test_a_header_of_another_form_is_refused(header: str) -> None:
    """There is one form, and no second reading of it."""
    assert get(header).json()["code"] == "signature-refused"
    assert reasons() == ["malformed"]


def test_a_stranger_learns_nothing() -> None:
    """Unknown, ended, from elsewhere or badly signed: one answer for all."""
    client = terminal()
    other = sm2.generate()
    told = {
        get(authorization(other, client.pk, "GET", PLACE)).content,
        get(
            authorization(other, "0198c1f0-7a3e-7c5d-9b1e-2f6a4d8c0b17", "GET", PLACE)
        ).content,
        get(signed(client), REMOTE_ADDR="10.9.9.9").content,
    }
    with acting_as(system_actor("a-test")):
        end_client(client.code, reason="停用")
    told.add(get(signed(client)).content)
    assert len(told) == 1
    assert reasons() == ["signature", "unknown-client", "network", "ended"]


def test_a_key_that_has_expired_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its end was said when it was registered."""
    client = terminal(valid_until=now() + timedelta(days=1))
    later = now() + timedelta(days=2)
    header = signed(client, time=int(later.timestamp()))
    monkeypatch.setattr("jtsec.rest.accepting.now", lambda: later)
    assert get(header).status_code == 401
    assert reasons() == ["expired"]


@pytest.mark.parametrize(
    ("column", "value"),
    [("rights", '["a.b"]'), ("networks", '["10.0.0.0/8"]'), ("code", "x")],
)
def test_a_client_that_sql_has_changed_is_refused(column: str, value: str) -> None:
    """With an alarm; its seal is broken."""
    client = terminal()
    key_of_row: Any = client.pk if connection.vendor == "postgresql" else client.pk.hex
    by_sql("jtsec_signedclient", column, value, id=key_of_row)
    assert get(signed(client)).status_code == 401
    row = AuditRecord.objects.get(code="rest:client:altered")
    assert row.reason == "seal-broken"


def test_without_the_seal_sql_would_open_the_networks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The protection taken away."""
    client = terminal(networks=["10.0.0.0/8"])
    key_of_row: Any = client.pk if connection.vendor == "postgresql" else client.pk.hex
    by_sql("jtsec_signedclient", "networks", '["127.0.0.1"]', id=key_of_row)
    assert get(signed(client)).status_code == 401
    monkeypatch.setattr("jtsec.rest.accepting.check_seal", lambda row: None)
    assert get(signed(client)).status_code == 200


def test_whose_account_is_out_of_use_calls_no_more() -> None:
    """On the same day; the account stands as at a login."""
    client = terminal()
    chief = registered("chief", 7, duty="system")
    with acting_as(identities.actor_of(chief)):
        identities.deactivate(client.identity, reason="离职")
    assert get(signed(client)).status_code == 401


def test_an_account_that_became_an_administrators_is_no_clients() -> None:
    """Nobody holds the duty of an administrator by a key."""
    client = terminal()
    with acting_as(system_actor("a-test")):
        identities.change(client.identity, duty="security")
    assert get(signed(client)).status_code == 401
    assert reasons() == ["account-duty"]


def test_a_client_calls_the_functions_that_were_registered_for_it() -> None:
    """Although the account itself has others."""
    more = Function("resttest.other_thing", by_duty=True)
    with declared(Function(READ, by_duty=True), more):
        client = terminal(rights=[more.right])
        answer = get(signed(client))
    assert answer.status_code == 403
    assert "client-right-missing" in reasons()


@pytest.mark.clause("A4.11")
def test_a_critical_function_is_bound_to_the_client(settings: Any) -> None:
    """Its name comes from the key alone; no header of a proxy says it."""
    with declared(Function(READ, by_duty=True, critical=True)):
        client = terminal()
        assert get(signed(client)).status_code == 403
        with acting_as(system_actor("a-test")):
            bind_terminal(client.identity, terminal="client:gate-3", reason="绑定")
        assert get(signed(client)).status_code == 200
        settings.JTSEC_SOURCE_TRUSTED_PROXIES = ["127.0.0.1"]
        settings.JTSEC_SOURCE_TERMINAL_HEADER = "X-Terminal"
        claimed = RequestFactory().get(PLACE, headers={"x-terminal": "client:gate-3"})
        assert client_source(claimed.META).terminal == ""


def test_a_client_has_no_more_than_its_account() -> None:
    """What was registered gives nothing that the account has not."""
    client = terminal()
    with declared(Function(READ)):  # given to nobody
        assert get(signed(client)).status_code == 403


def test_a_view_that_asks_for_no_right_takes_no_signature(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is for people: a key is registered for functions."""
    client = terminal()
    monkeypatch.setattr(Things, "permission_classes", (IsAuthenticated,))
    answer = get(signed(client), HTTP_ACCEPT="application/json")
    assert answer.status_code == 401
    assert not UsedNonce.objects.exists()


def test_an_action_that_asks_for_less_takes_no_signature_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What counts is what is asked for in this very call, not in the class."""
    client = terminal()
    monkeypatch.setattr(Things, "get_permissions", lambda view: [IsAuthenticated()])
    assert get(signed(client)).status_code == 401
    with_less = RequestFactory().get(PLACE, headers={"authorization": signed(client)})
    assert Things.as_view()(with_less).status_code == 401


def test_without_the_middleware_a_signature_is_looked_at_all_the_same() -> None:
    """By the framework's own way; and it is used up there too."""
    header = signed(terminal())
    statuses = [
        Things.as_view()(
            RequestFactory().get(PLACE, headers={"authorization": header})
        ).status_code
        for _again in range(2)
    ]
    assert statuses == [200, 401]


def test_pages_take_no_signature() -> None:
    """A key opens interfaces, and no page of the person behind the account."""
    header = signed(terminal(), url="/accounts/sessions/")
    assert get(header, "/accounts/sessions/").status_code == 302


def test_a_password_that_is_due_does_not_stop_a_key() -> None:
    """Nobody is there to change it; the account itself must be in use."""
    client = terminal()
    write_account(
        loaded("officer"), must_change_password=True, must_change_why="required"
    )
    assert get(signed(client)).status_code == 200


def test_what_is_refused_again_and_again_is_told_once_a_minute() -> None:
    """Anybody can send bad signatures; they must not fill the log."""
    client = terminal()
    bad = sm2.generate()
    for _again in range(5):
        get(authorization(bad, client.pk, "GET", PLACE))
        get(authorization(bad, uuid4(), "GET", PLACE))
    assert sorted(reasons()) == ["signature", "unknown-client"]


def test_a_function_of_another_duty_cannot_be_registered() -> None:
    """A key never acts as an administrator."""
    with pytest.raises(InputError) as error:
        terminal(rights=[WRITE])
    assert error.value.field == "rights"


def test_a_visitor_without_a_signature_is_told_to_log_in() -> None:
    """Nothing changes for everybody else."""
    assert (
        Client().get(PLACE, headers={"accept": "application/json"}).status_code == 401
    )
