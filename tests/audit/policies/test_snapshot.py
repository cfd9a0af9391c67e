"""Which policy holds, and what holds when nobody can say."""

from __future__ import annotations

import pytest

from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from jtsec.audit.policies import api, snapshot
from jtsec.audit.policies.checks import check_policies
from jtsec.audit.policies.evidence import facts
from jtsec.audit.policies.models import AuditPolicy
from jtsec.audit.policies.scopes import _scopes, prefix_of
from jtsec.core.context import Actor, acting_as, system_actor
from tests.audit.policies.conftest import OFFICER

pytestmark = pytest.mark.django_db


def switch(scope, value, is_on, target="tests-query:*"):
    """Set a policy for a recording."""
    with acting_as(system_actor("tests")):
        return api.add(
            scope=scope, scope_value=value, aspect="recording", target=target,
            is_on=is_on, reason="test",
        )  # fmt: skip


@pytest.mark.clause("A5.3")
def test_the_narrower_policy_wins():
    """Everybody, police, duty, organisation, the one below it, the user."""
    steps = [
        ("everyone", ""), ("police", "yes"), ("duty", "business"),
        ("organisation", "330000000000"), ("organisation", "330102000000"),
        ("user", OFFICER.uid),
    ]  # fmt: skip
    for number, (scope, value) in enumerate(steps):
        switch(scope, value, number % 2 == 1)
        assert api.wants("tests-query:list", OFFICER) is (number % 2 == 1), scope


@pytest.mark.clause("A5.3")
@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("330100000000", "3301"),
        ("331000000000", "3310"),
        ("330102000000", "330102"),
        ("330102010203", "330102010203"),
        ("000000000000", "00"),
    ],
)
def test_codes_are_built_of_pairs(code, prefix):
    """3310 is not 331: a city's code may end with a zero."""
    assert prefix_of(code) == prefix


def test_an_organisation_covers_those_below_it_and_nobody_else():
    """Also not people without an organisation."""
    switch("organisation", "331000000000", False)
    inside = Actor(kind="person", uid="1", organisation="331002000000")
    beside = Actor(kind="person", uid="2", organisation="331100000000")
    assert not api.wants("tests-query:list", inside)
    assert api.wants("tests-query:list", beside)
    assert api.wants("tests-query:list", Actor())


def test_what_nobody_declared_is_recorded_without_a_query():
    """Mandatory recordings never depend on the table."""
    switch("everyone", "", False)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert api.wants("login", OFFICER)
    assert not queries


def test_the_policies_are_read_at_most_every_two_seconds(monkeypatch):
    """A request costs no query; a change elsewhere holds two seconds later."""
    time = [1000.0]
    monkeypatch.setattr(snapshot, "elapsed", lambda: time[0])
    api.forget()
    api.wants("tests-query:list", OFFICER)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(50):
            api.wants("tests-query:list", OFFICER)
    assert not queries
    time[0] += 2.1
    with CaptureQueriesContext(connection) as queries:
        api.wants("tests-query:list", OFFICER)
    assert [one["sql"] for one in queries if "SELECT" in one["sql"]]


def test_without_the_table_everything_is_recorded(monkeypatch):
    """Better too much than too little."""

    def fail():
        raise DatabaseError("gone")

    switch("everyone", "", False)
    monkeypatch.setattr(snapshot, "_read", fail)
    api.forget()
    assert api.wants("tests-query:list", OFFICER)


@pytest.mark.clause("A5.3")
def test_a_policy_that_sql_changed_switches_nothing_off():
    """It has no force, everything is recorded, and the checks say so."""
    made = switch("user", "0190a000-0000-7000-8000-00000000000f", False)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jtsec_auditpolicy SET scope = 'everyone', scope_value = ''"
        )
    api.forget()
    assert api.wants("tests-query:list", OFFICER)
    assert api.in_force().altered == (made.pk,)
    assert [one.id for one in check_policies(None, ["default"])] == ["jtsec.E325"]
    assert any(fact.holds is False for fact in facts())


def test_without_the_seal_it_would():
    """The protection removed: a row that is believed as it stands switches off."""
    row = AuditPolicy(
        scope="everyone", aspect="recording", target="tests-query:*", is_on=False
    )
    assert not api.Snapshot([row]).wants("tests-query:list", OFFICER)


def test_without_the_keys_everything_is_recorded(settings, tmp_path):
    """Who cannot verify does not believe."""
    switch("everyone", "", False)
    settings.JTSEC_KEYS_FILE = str(tmp_path / "none")
    api.forget()
    assert api.wants("tests-query:list", OFFICER)


def test_another_kind_of_scope_is_registered_from_above(monkeypatch):
    """Roles, which the audit does not know of."""
    monkeypatch.setattr("jtsec.audit.policies.scopes._scopes", dict(_scopes))
    api.register_scope(
        "tests-role",
        "Role",
        lambda actor, value: actor.username == "zhang",
        lambda _: "",
    )
    switch("tests-role", "clerk", False)
    assert not api.wants("tests-query:list", OFFICER)
    assert api.wants("tests-query:list", Actor(username="li"))


def test_thresholds_of_wider_policies_stay_where_narrower_ones_say_nothing():
    """Each policy sets what it names."""
    with acting_as(system_actor("tests")):
        api.add(
            scope="everyone", aspect="rule", target="tests-rule", reason="a",
            thresholds={"events": 5, "seconds": 60}, severity=40,
        )  # fmt: skip
        api.add(
            scope="duty", scope_value="business", aspect="rule", target="tests-rule",
            reason="a", thresholds={"events": 9},
        )  # fmt: skip
    found = api.in_force().terms("rule", "tests-rule", OFFICER)
    assert found.thresholds == {"events": 9, "seconds": 60}
    assert found.severity == 40
    assert len(found.policies) == 2
    assert api.in_force().terms("rule", "tests-rule", Actor()).thresholds == {
        "events": 5, "seconds": 60,
    }  # fmt: skip
