"""One decision for every question of access; each refusal has its reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from jtsec.access import decision, policy
from jtsec.access.api import (
    Function,
    assign,
    bind_terminal,
    decide,
    require,
    set_clearance,
)
from jtsec.audit.exceptions import AuditUnavailable
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import Refused
from jtsec.core.source import Source
from jtsec.identity.api import change, deactivate
from tests.access.declared import declared
from tests.access.offices import APPLY, BY_DUTY, POLICE, QUERY, WHY, an_office, role
from tests.authentication.persons import loaded
from tests.identity import people

pytestmark = pytest.mark.django_db
CRITICAL = Function("permits.show_owner", critical=True)
CORE = Function("permits.grant_permit", core=True)
SECRET = Function("permits.read_secret", sensitivity=2)
HERE, THERE = Source("10.1.2.3"), Source("10.9.9.9")


@pytest.fixture(autouse=True)
def office() -> Iterator[Any]:
    """Give people of an office, and three functions more."""
    with an_office() as made, declared(CRITICAL, CORE, SECRET):
        yield made


def given(identity: Any, *rights: Function, **dates: Any) -> Any:
    """Give somebody a role of some functions, and return them as loaded anew."""
    made = role(f"role-{identity.login_name}", *rights)
    with acting_as(system_actor("a-test")):
        assign(identity, made, reason=WHY, **dates)
    return loaded(identity.login_name)


def why(user: Any, function: Function, **options: Any) -> str:
    """Return the reason of a decision."""
    return decide(user, function.right, **options).reason


@pytest.mark.clause("A4.1", "A4.3")
def test_who_was_given_a_right_may_use_it(office: Any) -> None:
    """And nobody else, and nothing else."""
    zhang = given(office.zhang, QUERY)
    assert decide(zhang, QUERY.right)
    assert why(zhang, QUERY) == "granted"
    assert why(zhang, APPLY) == "right-missing"
    assert why(loaded("wang"), QUERY) == "right-missing"


@pytest.mark.clause("A4.1")
def test_who_is_nobody_is_told_apart_in_the_reason(office: Any) -> None:
    """The audit wants to know; the person reads the same."""
    stranger = people.user("stranger")
    zhang = given(office.zhang, QUERY)
    with acting_as(system_actor("a-test")):
        deactivate(office.zhang, reason=WHY)
    assert why(None, QUERY) == "anonymous"
    assert why(AnonymousUser(), QUERY) == "anonymous"
    assert why(stranger, QUERY) == "no-identity"
    assert why(loaded("zhang"), QUERY) == "out-of-use"
    zhang.is_active = False
    assert why(zhang, QUERY) == "out-of-use"
    sentences = {str(decide(one, QUERY.right).sentence) for one in (stranger, zhang)}
    assert len(sentences) == 1


def test_a_right_nobody_declared_is_refused(office: Any) -> None:
    """A misspelt name opens nothing; a permission row of Django's is business."""
    assert decide(loaded("zhang"), "permits.qery_permit").reason == "unknown-function"
    assert decide(loaded("zhang"), "auth.view_group").reason == "right-missing"
    assert decide(loaded("sec"), "auth.view_group").reason == "wrong-duty"


@pytest.mark.clause("A4.4")
def test_a_function_is_for_its_duty_alone(office: Any) -> None:
    """Whatever roles say: duty stands in the sealed identity."""
    assert why(loaded("sec"), QUERY) == "wrong-duty"


@pytest.mark.clause("A4.6")
def test_a_role_holds_from_its_first_moment_to_its_last(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a query or a change of policy at either."""
    begin = now() + timedelta(hours=1)
    end = begin + timedelta(hours=1)
    zhang = given(office.zhang, QUERY, valid_from=begin, valid_until=end)
    assert why(zhang, QUERY) == "expired"
    monkeypatch.setattr(decision, "now", lambda: begin)
    assert why(zhang, QUERY) == "granted"
    monkeypatch.setattr(decision, "now", lambda: end)
    assert why(zhang, QUERY) == "expired"


@pytest.mark.clause("A4.7")
def test_no_police_officer_no_police_function(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The flag is sealed; taken back, the right is gone with it."""
    zhang = given(office.zhang, POLICE)
    assert why(zhang, POLICE) == "granted"
    wang = loaded("wang")
    assert why(wang, POLICE) == "police-only"
    monkeypatch.setattr(decision, "_what_forbids", lambda *args: "")
    assert why(wang, POLICE) == "right-missing"


@pytest.mark.clause("A4.11")
def test_a_critical_function_asks_for_a_bound_terminal(office: Any) -> None:
    """By where the request comes from, told or found out from the context."""
    zhang = given(office.zhang, CRITICAL)
    assert why(zhang, CRITICAL, source=HERE) == "terminal-not-bound"
    with acting_as(system_actor("a-test")):
        bind_terminal(office.zhang, networks=["10.1.2.0/24"], reason=WHY)
    assert why(zhang, CRITICAL, source=HERE) == "granted"
    assert why(zhang, CRITICAL, source=THERE) == "terminal-not-bound"
    assert why(zhang, CRITICAL) == "terminal-not-bound"


@pytest.mark.clause("A4.14")
def test_a_sensitive_function_asks_for_clearance(office: Any) -> None:
    """The function's sensitivity against the person's clearance."""
    zhang = given(office.zhang, SECRET)
    assert why(zhang, SECRET) == "clearance"
    with acting_as(system_actor("a-test")):
        set_clearance(office.zhang, 2, reason=WHY)
    assert why(zhang, SECRET) == "granted"


@pytest.mark.clause("A4.4")
def test_a_changed_duty_takes_all_with_it_at_once(office: Any) -> None:
    """What is remembered of somebody is of who they were."""
    with acting_as(system_actor("a-test")):
        auditor = people.person("gina", 71, duty="security")
        assert why(loaded("gina"), BY_DUTY) == "wrong-duty"
        change(auditor, duty="audit")
    assert why(loaded("gina"), BY_DUTY) == "granted"


@pytest.mark.django_db(transaction=True)
def test_fifty_questions_of_a_page_cost_no_query(office: Any) -> None:
    """What is known is asked for once."""
    zhang = given(office.zhang, QUERY, POLICE)
    policy.forget()
    with CaptureQueriesContext(connection) as first:
        decide(zhang, QUERY.right)
    with CaptureQueriesContext(connection) as others:
        answers = [decide(zhang, QUERY.right) for _ in range(50)]
    assert all(answers)
    assert 0 < len(first) <= 8
    assert len(others) == 0


@pytest.mark.clause("A4.1", "A5.1")
def test_a_refusal_is_recorded_with_its_exact_reason(office: Any) -> None:
    """The person reads a general sentence; deciding alone records nothing."""
    request = RequestFactory().get("/permits/7/")
    request.user = loaded("zhang")
    before = AuditRecord.objects.count()
    decide(request.user, APPLY.right)
    assert AuditRecord.objects.count() == before
    with pytest.raises(Refused) as refused:
        require(request, APPLY.right)
    row = AuditRecord.objects.latest("id")
    assert (row.code, row.reason) == ("access:function:refused", "right-missing")
    assert (row.resource, row.actor_username) == ("/permits/7/", "zhang")
    assert APPLY.right.encode() in bytes(row.payload)
    assert "permit" not in refused.value.sentence
    assert row.severity < 40


@pytest.mark.clause("A4.7")
def test_a_police_function_called_by_who_is_none_is_an_alarm(office: Any) -> None:
    """No menu leads there."""
    with pytest.raises(Refused):
        require(loaded("wang"), POLICE.right)
    row = AuditRecord.objects.latest("id")
    assert (row.code, row.reason) == ("access:function:inconsistent", "police-only")
    assert row.severity == 40


@pytest.mark.clause("A5.5")
def test_the_use_of_a_core_function_is_written_before_it_answers(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And where it cannot be written, nothing is answered."""
    zhang = given(office.zhang, CORE, QUERY)
    require(zhang, QUERY.right)
    assert not AuditRecord.objects.filter(code="access:function:used").exists()
    require(zhang, CORE.right)
    assert AuditRecord.objects.get(code="access:function:used").resource == CORE.right

    def unavailable(*args: Any) -> None:
        raise AuditUnavailable("the disk is full")

    monkeypatch.setattr("jtsec.audit.writer.write_here", unavailable)
    with pytest.raises(AuditUnavailable):
        require(zhang, CORE.right)
