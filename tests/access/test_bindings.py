"""A critical function works from a bound terminal, and from nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from django.db import connection
from django.test import Client, override_settings

from jtsec.access.api import (
    Function,
    bind_terminal,
    bindings_of,
    decide,
    unbind,
)
from jtsec.access.bindings import fits
from jtsec.access.gate import PolicyRefused
from jtsec.access.models import TerminalBinding
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import InputError
from jtsec.core.source import Source
from jtsec.sessions.models import Session
from tests.access import bound_urls
from tests.access.bound_urls import CRITICAL, PLAIN
from tests.access.declared import acting, declared, given_role
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD, by_sql, loaded, registered
from tests.identity import people

HERE, ELSEWHERE = "192.0.2.10", "192.0.2.77"
PRINT = "ab" * 32
WHY = "窗口终端"
FUNCTIONS = (
    Function(CRITICAL, "查看车主", critical=True, core=True),
    Function(PLAIN, "查看列表"),
    Function("permits.read_log", duty="audit", critical=True),
)


@pytest.fixture
def place(db: None, cheap_passwords: None, settings: Any) -> Iterator[Any]:  # noqa: F811 - a fixture
    """Give a clerk with both rights, and two security administrators."""
    settings.ROOT_URLCONF = bound_urls.__name__
    settings.JTSEC_SOURCE_TRUSTED_PROXIES = ["198.51.100.1"]
    settings.JTSEC_SOURCE_TERMINAL_HEADER = "X-Terminal-Id"
    settings.JTSEC_SOURCE_MAC_HEADER = "X-Terminal-Mac"
    settings.JTSEC_SOURCE_CERTIFICATE_HEADER = "X-Terminal-Certificate"
    with declared(*FUNCTIONS):
        user = registered("zhang", 1)
        given_role(user.jtsec_identity, CRITICAL, PLAIN)
        with acting_as(system_actor("a-test")):
            security = people.person("sec", 9, duty="security")
            second = people.person("second", 8, duty="security")
        yield SimpleNamespace(
            user=user, zhang=user.jtsec_identity, security=security, second=second
        )


def bound(place: Any, **more: Any) -> TerminalBinding:
    """Let the security administrator bind a terminal to the clerk."""
    with acting(place.security):
        return bind_terminal(place.zhang, **{"reason": WHY, **more})


def at(address: str = HERE) -> Client:
    """Return the clerk's browser, logged in at an address."""
    client = Client(REMOTE_ADDR=address)
    form = {"username": "zhang", "password": PASSWORD}
    assert client.post("/accounts/login/", form).status_code == 302
    return client


def refused(reason: str) -> Any:
    """Expect a refusal with a reason."""
    return pytest.raises(PolicyRefused, check=lambda error: error.reason == reason)


@pytest.mark.clause("A4.11")
def test_another_address_is_refused_and_audited(place: Any) -> None:
    """From the bound terminal the function works; elsewhere only what is ordinary."""
    bound(place, networks=[f"{HERE}/32"])
    here = at(HERE)
    assert here.get("/owner/").content == b"owner"
    moved = here.get("/owner/", REMOTE_ADDR=ELSEWHERE)
    assert moved.status_code == 403
    used = AuditRecord.objects.filter(source_address=HERE).latest("id")
    assert (used.code, used.resource) == ("access:function:used", "/owner/")
    there = at(ELSEWHERE)
    assert there.get("/permits/").content == b"list"
    answer = there.get("/owner/")
    assert answer.status_code == 403
    row = AuditRecord.objects.filter(code="access:function:refused").latest("id")
    assert (row.reason, row.source_address) == ("terminal-not-bound", ELSEWHERE)
    assert (row.actor_username, row.resource) == ("zhang", "/owner/")
    assert HERE not in answer.content.decode()
    assert at(HERE).get("/owner/").status_code == 200


@pytest.mark.clause("A4.11")
def test_without_a_binding_a_critical_function_works_nowhere(place: Any) -> None:
    """Nobody had to forbid anything; the grant alone is not enough."""
    client = at(HERE)
    assert client.get("/owner/").status_code == 403
    assert client.get("/permits/").status_code == 200


@pytest.mark.clause("A4.11")
def test_a_client_does_not_name_its_own_terminal(place: Any) -> None:
    """Headers count from the named proxy; the same ones from a client do nothing."""
    bound(place, terminal="window-07", certificate=PRINT)
    named: dict[str, Any] = {
        "HTTP_X_TERMINAL_ID": "window-07",
        "HTTP_X_TERMINAL_CERTIFICATE": PRINT.upper(),
        "HTTP_X_FORWARDED_FOR": HERE,
    }
    client = at(HERE)
    assert client.get("/owner/", **named).status_code == 403
    by_proxy = {**named, "REMOTE_ADDR": "198.51.100.1"}
    assert client.get("/owner/", **by_proxy).status_code == 200
    for missing in ("HTTP_X_TERMINAL_ID", "HTTP_X_TERMINAL_CERTIFICATE"):
        part = {key: value for key, value in by_proxy.items() if key != missing}
        assert client.get("/owner/", **part).status_code == 403


def test_without_the_question_every_address_would_do(
    place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `fits` prevents."""
    monkeypatch.setattr("jtsec.access.decision.fits", lambda *ignored: True)
    assert at(ELSEWHERE).get("/owner/").status_code == 200


@pytest.mark.clause("A4.11")
def test_unbinding_ends_the_session_that_depended_on_it(place: Any) -> None:
    """The page still open does not outlive the binding; the next says why."""
    binding = bound(place, networks=[HERE])
    client = at(HERE)
    assert client.get("/owner/").status_code == 200
    with acting(place.security):
        unbind(binding, reason="终端更换")
    assert client.get("/owner/").status_code == 302
    assert Session.objects.get().ended_why == "rights-changed"
    told = AuditRecord.objects.filter(code="access:terminal:unbound").get()
    assert (told.reason, told.resource) == ("终端更换", f"identity:{place.zhang.uid}")
    assert at(HERE).get("/owner/").status_code == 403
    assert not bindings_of(place.zhang).exists()
    with acting(place.security), pytest.raises(InputError):
        unbind(binding, reason=WHY)


@pytest.mark.clause("A4.11")
def test_a_binding_is_for_one_person_and_may_be_for_one_function(place: Any) -> None:
    """Somebody else's terminal is none of mine; another function's neither."""
    with acting(place.security), refused("foreign-duty"):
        bind_terminal(
            place.zhang, right="permits.read_log", networks=[HERE], reason=WHY
        )
    other = registered("li", 2)
    given_role(other.jtsec_identity, CRITICAL)
    bound(place, right=CRITICAL, networks=[HERE])
    here = Source(HERE)
    assert decide(loaded("zhang"), CRITICAL, source=here)
    assert decide(loaded("li"), CRITICAL, source=here).reason == "terminal-not-bound"


@pytest.mark.clause("A4.11")
def test_a_binding_changed_by_sql_binds_nothing(place: Any) -> None:
    """The seal covers networks and person; the change leaves an alarm."""
    row = bound(place, networks=[HERE])
    key = TerminalBinding._meta.pk.get_db_prep_value(row.pk, connection)
    by_sql("jtsec_terminalbinding", "networks", '["192.0.2.0/24"]', id=key)
    client = at(ELSEWHERE)
    assert client.get("/owner/").status_code == 403
    assert AuditRecord.objects.filter(code="access:policy:altered").exists()
    with acting(place.security):
        unbind(row, reason=WHY)
    by_sql("jtsec_terminalbinding", "networks", f'["{HERE}/32"]', id=key)
    assert at(HERE).get("/owner/").status_code == 403


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({}, ""),
        ({"networks": ["0.0.0.0/0"]}, "networks"),
        ({"networks": ["::/0"]}, "networks"),
        ({"networks": ["192.0.2.1/24"]}, "networks"),
        ({"networks": "192.0.2.1"}, "networks"),
        ({"terminal": "a b"}, "terminals"),
        ({"certificate": "ab" * 20}, "certificate"),
        ({"certificate": "x"}, "certificate"),
        ({"networks": [HERE], "right": "permits.unheard_of"}, "right"),
        ({"networks": [HERE], "right": PLAIN}, "right"),
        ({"networks": [HERE], "valid_until": "yesterday"}, "valid_until"),
        ({"networks": [HERE], "reason": " "}, "reason"),
    ],
    ids=str,
)
def test_what_binds_nothing_or_everything_is_refused(
    place: Any, wrong: dict[str, Any], field: str
) -> None:
    """With the field named, an event, and nothing stored; SHA-1 is no fingerprint."""
    with pytest.raises(InputError) as caught:
        bound(place, **wrong)
    assert caught.value.field == field
    assert not TerminalBinding.objects.exists()
    assert AuditRecord.objects.filter(code="access:policy:refused").exists()


def test_only_the_security_administrator_binds_and_never_for_themselves(
    place: Any,
) -> None:
    """Nor does anybody bind what is bound already."""
    row = bound(place, networks=[HERE])
    with pytest.raises(InputError):
        bound(place, networks=[HERE])
    for actor, reason in ((place.zhang, "actor-duty"), (place.security, "oneself")):
        whom = place.security if actor is place.security else place.zhang
        with acting(actor), refused(reason):
            bind_terminal(whom, networks=[HERE], reason=WHY)
    with acting(place.zhang), refused("actor-duty"):
        unbind(row, reason=WHY)
    with refused("actor-anonymous"):
        unbind(row, reason=WHY)


def test_an_address_alone_can_be_ruled_out(place: Any) -> None:
    """Where gateways name terminals, a setting asks for more than an address."""
    with override_settings(JTSEC_ACCESS_BINDING_ADDRESS_ALONE=False):
        with pytest.raises(InputError) as caught:
            bound(place, networks=[HERE])
        assert caught.value.code == "address-alone"
        bound(place, networks=[HERE], terminal="00-1A-2B-3C-4D-5E")
    assert bindings_of(place.zhang).get().terminal == "00:1a:2b:3c:4d:5e"


@pytest.mark.parametrize(
    ("wanted", "source", "answer"),
    [
        ({"networks": ["192.0.2.0/28"]}, Source(HERE), True),
        ({"networks": ["192.0.2.0/28"]}, Source(ELSEWHERE), False),
        ({"networks": ["192.0.2.0/28"]}, Source(), False),
        ({"terminal": "w1"}, Source(HERE, terminal="w1"), True),
        ({"terminal": "w1"}, Source(HERE, terminal="w2"), False),
        ({"terminal": "w1"}, Source(HERE), False),
        ({"terminal": "00:1a:2b:3c:4d:5e"}, Source(mac="00:1a:2b:3c:4d:5e"), True),
        ({"certificate": PRINT}, Source(certificate=PRINT), True),
        ({"certificate": PRINT}, Source(), False),
        ({"networks": [HERE], "terminal": "w1"}, Source(HERE), False),
        ({"networks": [HERE], "right": PLAIN}, Source(HERE), False),
        ({}, Source(), False),
        ({}, Source(HERE), False),
    ],
    ids=str,
)
def test_all_that_is_given_must_fit(
    wanted: dict[str, Any], source: Source, answer: bool
) -> None:
    """And what gives nothing fits nowhere."""
    assert fits([TerminalBinding(**wanted)], CRITICAL, source) is answer


def test_a_binding_ends_by_itself() -> None:
    """At its very moment."""
    row = TerminalBinding(networks=[HERE], valid_until=now() + timedelta(minutes=1))
    assert fits([row], CRITICAL, Source(HERE))
    row.valid_until = now() - timedelta(microseconds=1)
    assert not fits([row], CRITICAL, Source(HERE))
    assert not fits([], CRITICAL, Source(HERE))
