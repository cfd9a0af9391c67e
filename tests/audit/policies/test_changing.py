"""Policies are set by auditors, told with before and after, and never deleted."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from django.db import connection, connections

from jtsec.audit.exceptions import AppendOnly
from jtsec.audit.models import AuditRecord
from jtsec.audit.policies import api
from jtsec.audit.policies.exceptions import PolicyAltered, PolicyRefused
from jtsec.audit.policies.models import AuditPolicy
from jtsec.audit.policies.seal import check_seal
from jtsec.core.context import Actor, acting_as, system_actor
from jtsec.core.exceptions import InputError
from tests.audit.policies.conftest import AUDITOR, OFFICER

pytestmark = pytest.mark.django_db


def set_one(**changed):
    """Set an ordinary policy, with some values changed."""
    wanted: dict[str, Any] = {
        "scope": "user", "scope_value": OFFICER.uid, "aspect": "recording",
        "target": "tests-query:*", "is_on": False, "reason": "too many",
    }  # fmt: skip
    with acting_as(AUDITOR):
        return api.add(**(wanted | changed))


def told(code):
    """Return what the newest event of a code says."""
    row = AuditRecord.objects.filter(code=code).order_by("-id").first()
    return None if row is None else json.loads(bytes(row.payload))


@pytest.mark.clause("A5.3")
def test_an_auditor_sets_a_policy_and_the_audit_tells_of_it():
    """The setting itself is audited, with reason, actor and what it says."""
    policy = set_one()
    check_seal(policy)
    said = told("audit:policy:added")
    assert said["actor"]["username"] == "auditor"
    assert said["reason"] == "too many"
    assert said["data"]["after"]["target"] == "tests-query:*"
    assert not api.wants("tests-query:list", OFFICER)
    assert api.wants("tests-query:list", Actor(kind="person", uid="another"))


@pytest.mark.clause("A5.3")
def test_a_change_tells_what_was_before():
    """Before and after stand in one event; the version counts up."""
    policy = set_one()
    with acting_as(AUDITOR):
        changed = api.change(
            policy.pk, reason="asked for", is_on=True, severity=None, thresholds={}
        )
    said = told("audit:policy:changed")
    assert said["data"]["before"]["is_on"] is False
    assert said["data"]["after"]["is_on"] is True
    assert changed.version == 2
    check_seal(AuditPolicy.objects.get(pk=policy.pk))
    assert api.wants("tests-query:list", OFFICER)


def test_a_retired_policy_stays_and_has_no_force():
    """Nothing is deleted; what held when stays known."""
    policy = set_one()
    with acting_as(AUDITOR):
        api.retire(policy.pk, reason="no longer needed")
        with pytest.raises(InputError):
            api.retire(policy.pk, reason="again")
    assert told("audit:policy:retired")["data"]["before"]["is_on"] is False
    assert [one.pk for one in api.listed(with_retired=True)] == [policy.pk]
    assert not list(api.listed())
    assert api.wants("tests-query:list", OFFICER)


@pytest.mark.clause("A5.3")
@pytest.mark.parametrize("duty", ["business", "system", "security", ""])
def test_only_an_auditor_sets_policies(duty):
    """Another duty is refused, and the refusal recorded."""
    somebody = Actor(kind="person", uid="x", username="x", duty=duty)
    with acting_as(somebody), pytest.raises(PolicyRefused) as refused:
        api.add(scope="everyone", aspect="rule", target="tests-rule", reason="why not")
    assert refused.value.reason == "actor-duty"
    assert told("audit:policy:refused")["reason"] == "actor-duty"
    assert not AuditPolicy.objects.exists()


def test_nobody_in_particular_sets_nothing_and_a_command_may():
    """A system actor has a name; an anonymous one has not."""
    with pytest.raises(PolicyRefused, match=r"auditor|审计"):
        api.add(scope="everyone", aspect="rule", target="tests-rule", reason="x")
    with acting_as(system_actor("setup")):
        api.add(scope="everyone", aspect="rule", target="tests-rule", reason="x")


def test_an_auditor_does_not_set_their_own():
    """Who watches the others is not taken out of sight by their own hand."""
    with pytest.raises(PolicyRefused) as refused:
        set_one(scope_value=AUDITOR.uid)
    assert refused.value.reason == "own-user"
    set_one(scope="everyone", scope_value="")
    assert api.wants("tests-query:list", AUDITOR)
    assert not api.wants("tests-query:list", OFFICER)


@pytest.mark.clause("A5.3")
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"target": "tests-login:*"}, "mandatory-recording"),
        ({"target": "*"}, "mandatory-recording"),
        ({"aspect": "event", "target": "identity:seal:broken"}, "mandatory-alarm"),
        ({"aspect": "event", "target": "*"}, "mandatory-alarm"),
        ({"aspect": "rule", "target": "tests-strict"}, "mandatory-rule"),
        (
            {"aspect": "rule", "target": "tests-rule", "scope": "everyone",
             "scope_value": ""}, "rule-for-everybody",
        ),
    ],
)  # fmt: skip
def test_what_is_mandatory_is_not_switched_off(changed, reason):
    """A sentence says why not; the refusal is recorded, nothing is set."""
    with pytest.raises(PolicyRefused) as refused:
        set_one(**changed)
    assert refused.value.reason == reason
    assert refused.value.sentence
    assert told("audit:policy:refused")["reason"] == reason
    assert not AuditPolicy.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "a\nb"}, "reason"),
        ({"scope": "planet"}, "scope"),
        ({"scope": "organisation", "scope_value": "3301"}, "scope_value"),
        ({"scope": "duty", "scope_value": "king"}, "scope_value"),
        ({"scope": "police", "scope_value": "maybe"}, "scope_value"),
        ({"scope": "user", "scope_value": "zhang"}, "scope_value"),
        ({"scope": "everyone"}, "scope_value"),
        ({"severity": 35}, "severity"),
        ({"aspect": "event", "target": "no:such:event"}, "target"),
        ({"aspect": "rule", "target": "no-such-rule"}, "target"),
        ({"aspect": "wish"}, "aspect"),
    ],
)
def test_a_malformed_policy_names_its_field(changed, field):
    """Bad input is told to the auditor, and nothing is set."""
    with pytest.raises(InputError) as error:
        set_one(**changed)
    assert error.value.field == field
    assert not AuditPolicy.objects.exists()


def test_one_aim_has_one_policy():
    """Two policies for the same would leave it open which one holds."""
    set_one()
    with pytest.raises(InputError):
        set_one(is_on=True)


@pytest.mark.parametrize("verb", ["delete", "update", "bulk_update", "raw"])
def test_rows_are_not_written_round_the_verbs(verb):
    """The ORM refuses what the audit would not tell of."""
    policy = set_one()
    rows = AuditPolicy.objects.filter(pk=policy.pk)
    with pytest.raises(AppendOnly):
        match verb:
            case "delete":
                policy.delete()
            case "update":
                rows.update(is_on=True)
            case "bulk_update":
                rows.bulk_update([policy], ["is_on"])
            case "raw":
                rows.delete()


def test_a_policy_that_sql_changed_is_not_changed_further():
    """Nobody seals unknowingly what an intruder wrote."""
    policy = set_one()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jtsec_auditpolicy SET target = 'tests-view:*'")
    with acting_as(AUDITOR), pytest.raises(PolicyAltered):
        api.retire(policy.pk, reason="x")


@pytest.mark.django_db(transaction=True)
def test_auditors_at_once_set_one_policy_of_one_aim():
    """Two in force would go on when one of them is retired."""
    set_for_officers("the first there is", target="tests-view:*")
    start = Barrier(4)

    def one_more(_: int) -> bool:
        try:
            start.wait()
            set_for_officers("at once")
        except InputError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(one_more, range(4))) == 1
    assert AuditPolicy.objects.in_force().filter(reason="at once").count() == 1


def set_for_officers(reason, target="tests-query:*"):
    """Set a policy as a command does."""
    with acting_as(system_actor("tests")):
        api.add(
            scope="police", scope_value="yes", aspect="recording", target=target,
            is_on=False, reason=reason,
        )  # fmt: skip
