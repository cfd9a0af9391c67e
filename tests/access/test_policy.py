"""What a process knows of the policy: whole rows, as they are now, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from jtsec.access import believing, given_rights, policy, policy_token, throttled
from jtsec.access.api import Function, assign, decide, grants_of, revoke
from jtsec.access.models import AccessRow, Assignment, PolicyState, Role
from jtsec.audit.models import AuditRecord
from jtsec.core.context import acting_as, system_actor
from jtsec.fields.api import apply_seal
from jtsec.identity.api import user_by_pk
from jtsec.identity.models import Identity
from tests.access.declared import declared
from tests.access.offices import APPLY, APPROVE, POLICE, QUERY, WHY, an_office, role
from tests.authentication.persons import by_sql, loaded
from tests.identity import people

pytestmark = pytest.mark.django_db
LATE = Function("permits.query_late", propagatable=True)


@pytest.fixture(autouse=True)
def office() -> Iterator[Any]:
    """Give people of an office; nothing was told before."""
    throttled.forget()
    policy.forget()
    with an_office() as made:
        yield made


def given(identity: Any, *rights: Function) -> Assignment:
    """Give somebody a role of some functions."""
    made = role(f"role-{identity.login_name}", *rights)
    with acting_as(system_actor("a-test")):
        return assign(identity, made, reason=WHY)


def why(who: str, function: Function) -> str:
    """Return the reason of a decision about somebody, loaded anew."""
    return decide(loaded(who), function.right).reason


def forced(row: AccessRow, column: str, value: Any, *, seal: bool = False) -> None:
    """Change a row as somebody with SQL would; with `seal`, with the key as well."""
    table = row._meta.db_table
    field: Any = row._meta.get_field(column)
    stored = field.get_db_prep_save(value, connection)
    key = row._meta.pk.get_db_prep_value(row.pk, connection)
    by_sql(table, field.column, stored, id=key)
    if seal:
        row.refresh_from_db()
        apply_seal(row)
        by_sql(table, "seal", bytes(row.seal), id=key)
    policy.forget()


def told(code: str) -> int:
    """Return how many events of a code there are."""
    return AuditRecord.objects.filter(code=code).count()


@pytest.mark.clause("A4.2")
def test_a_role_altered_by_sql_gives_nothing(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And leaves one alarm a minute; without the seal it would give what SQL says."""
    given(office.zhang, QUERY)
    assert why("zhang", QUERY) == "granted"
    forced(Role.objects.get(), "rights", [QUERY.right, APPROVE.right])
    assert why("zhang", APPROVE) == why("zhang", QUERY) == "right-missing"
    policy.forget()
    why("zhang", APPROVE)
    assert told("access:policy:altered") == 1
    monkeypatch.setattr(believing, "check_seal", lambda row: None)
    policy.forget()
    assert why("zhang", APPROVE) == "granted"


@pytest.mark.clause("A4.2")
def test_an_assignment_written_by_sql_gives_nothing(office: Any) -> None:
    """Somebody else's, led over to oneself."""
    held = given(office.zhang, QUERY)
    forced(held, "identity", office.wang.pk)
    assert why("wang", QUERY) == "right-missing"
    assert why("zhang", QUERY) == "right-missing"
    assert told("access:policy:altered") == 1


@pytest.mark.clause("A4.2")
def test_an_ended_assignment_does_not_come_back_by_sql(office: Any) -> None:
    """When it ended is under the seal."""
    held = given(office.zhang, QUERY)
    with acting_as(system_actor("a-test")):
        revoke(held, reason=WHY)
    assert why("zhang", QUERY) == "right-missing"
    forced(held, "ended_at", None)
    assert why("zhang", QUERY) == "right-missing"
    assert told("access:policy:altered") == 1


@pytest.mark.clause("A4.7")
@pytest.mark.parametrize("seal", [False, True])
def test_a_police_function_forced_on_who_is_none_gives_nothing(
    office: Any, seal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even to who has the key of the seals; the inconsistency is an alarm."""
    given(office.wang, QUERY)
    forced(Role.objects.get(), "rights", [QUERY.right, POLICE.right], seal=seal)
    assert why("wang", POLICE) == "police-only"
    assert POLICE.right not in grants_of(loaded("wang").jtsec_identity).rights
    assert told("access:policy:inconsistent") == int(seal)
    if seal:
        assert why("wang", QUERY) == "granted"
        monkeypatch.setattr(given_rights, "_what_forbids", lambda *args: "")
        policy.forget()
        assert POLICE.right in grants_of(loaded("wang").jtsec_identity).rights


@pytest.mark.clause("A4.4")
def test_both_sides_of_a_pair_are_refused_where_they_meet(office: Any) -> None:
    """Who came by both cannot choose the one to use."""
    given(office.zhang, APPLY)
    assert why("zhang", APPLY) == "granted"
    forced(Role.objects.get(), "rights", [APPLY.right, APPROVE.right], seal=True)
    assert why("zhang", APPLY) == why("zhang", APPROVE) == "conflict"
    assert told("access:policy:inconsistent") == 1


@pytest.mark.clause("A4.6")
def test_roles_in_a_circle_give_nothing(office: Any) -> None:
    """Which was meant to be above nobody can know."""
    role("lower", QUERY)
    upper = role("upper", APPLY, parents=["lower"])
    with acting_as(system_actor("a-test")):
        assign(office.zhang, upper, reason=WHY)
    assert why("zhang", QUERY) == "granted"
    forced(Role.objects.get(code="lower"), "parents", ["upper"], seal=True)
    assert why("zhang", QUERY) == why("zhang", APPLY) == "right-missing"
    assert told("access:role:cycle") >= 1


@pytest.mark.clause("A3.1.2", "A4.4")
def test_a_duty_changed_by_sql_opens_nothing_to_who_is_logged_in(office: Any) -> None:
    """The seal is checked at login, and again by the first question after a change."""
    zhang = loaded("zhang")
    given(office.zhang, QUERY)
    assert decide(zhang, QUERY.right)
    by_sql("jtsec_identity", "duty", "audit", id=office.zhang.pk)
    assert why("zhang", Function("permits.read_trail")) == "altered"
    assert why("zhang", QUERY) == "altered"
    assert told("identity:seal:broken") >= 1


@pytest.mark.clause("A3.1.2", "A4.1")
def test_an_identity_led_over_to_another_user_opens_nothing(office: Any) -> None:
    """The session of one is open; SQL gives their user the identity of the other."""
    given(office.zhang, QUERY)
    assert why("zhang", QUERY) == "granted"
    wang, zhang = office.wang.user_id, office.zhang.user_id
    by_sql("jtsec_identity", "user_id", people.user("nobody").pk, id=office.wang.pk)
    by_sql("jtsec_identity", "user_id", wang, id=office.zhang.pk)
    session = user_by_pk(wang)
    assert session is not None
    assert session.pk != zhang
    assert decide(session, QUERY.right).reason == "altered"


@pytest.mark.clause("A4.4")
def test_a_role_of_another_duty_gives_nothing(office: Any) -> None:
    """Not even what would be of the person's own duty; it is an alarm."""
    held = given(office.zhang, QUERY)
    forced(Role.objects.get(), "duty", "system", seal=True)
    assert why("zhang", QUERY) == "right-missing"
    assert told("access:policy:inconsistent") == 1
    assert Assignment.objects.get(pk=held.pk).ended_at is None


def test_without_the_key_nothing_is_given(office: Any) -> None:
    """Not to be verified is another thing than altered."""
    forced(given(office.zhang, QUERY), "seal_key_id", "gone")
    assert why("zhang", QUERY) == "cannot-verify"
    assert told("access:policy:unverified") == 1


@pytest.mark.clause("A4.10")
def test_what_was_rolled_back_was_never_known(office: Any) -> None:
    """Inside of the transaction it holds; after it nobody was given anything."""
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        given(office.zhang, QUERY)
        assert why("zhang", QUERY) == "granted"
        raise ZeroDivisionError
    assert why("zhang", QUERY) == "right-missing"
    given(office.zhang, QUERY)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        with acting_as(system_actor("a-test")):
            revoke(Assignment.objects.get(), reason=WHY)
        assert why("zhang", QUERY) == "right-missing"
        raise ZeroDivisionError
    assert why("zhang", QUERY) == "granted"


@pytest.mark.clause("A4.10")
def test_a_savepoint_that_is_rolled_back_hides_no_change_before_it(office: Any) -> None:
    """What is left of the transaction's changes is still nobody else's."""
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        given(office.zhang, QUERY)
        with pytest.raises(KeyError), transaction.atomic():
            given(office.wang, APPLY)
            raise KeyError
        assert why("zhang", QUERY) == "granted"
        assert why("wang", APPLY) == "right-missing"
        raise ZeroDivisionError
    with transaction.atomic():
        assert why("zhang", QUERY) == "right-missing"


@pytest.mark.clause("A4.10")
def test_without_the_mark_a_rolled_back_grant_would_stay_known(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection removed: what the transaction read is kept for everybody."""
    monkeypatch.setattr(policy_token, "has_own_changes", lambda used: False)
    monkeypatch.setattr(policy_token, "is_in_transaction", lambda used: False)
    monkeypatch.setattr(policy_token, "_listeners", [])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        given(office.zhang, QUERY)
        assert why("zhang", QUERY) == "granted"
        raise ZeroDivisionError
    assert why("zhang", QUERY) == "granted"


@pytest.mark.clause("A4.10")
def test_a_change_by_another_process_is_seen_within_a_second(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its token; in between nothing is asked."""
    held = given(office.zhang, QUERY)
    moment = [1000.0]
    monkeypatch.setattr(policy, "elapsed", lambda: moment[0])
    assert why("zhang", QUERY) == "granted"
    row = Assignment.objects.get(pk=held.pk)
    row.ended_at = row.made_at
    apply_seal(row)
    stored = connection.ops.adapt_datetimefield_value(row.ended_at)
    key = row._meta.pk.get_db_prep_value(row.pk, connection)
    by_sql("jtsec_assignment", "ended_at", stored, id=key)
    by_sql("jtsec_assignment", "seal", bytes(row.seal), id=key)
    by_sql("jtsec_policystate", "token", "anew", name=PolicyState.objects.get().pk)
    zhang = loaded("zhang")
    with CaptureQueriesContext(connection) as queries:
        assert decide(zhang, QUERY.right)
        moment[0] += 0.9
        assert decide(zhang, QUERY.right)
    assert len(queries) == 0
    moment[0] += 0.2
    assert not decide(zhang, QUERY.right)


@pytest.mark.clause("A4.2")
def test_what_changed_behind_our_back_is_found_within_a_minute(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQL changes no token; what is a minute old is read again."""
    given(office.zhang, QUERY)
    moment = [1000.0]
    monkeypatch.setattr(policy, "elapsed", lambda: moment[0])
    assert why("zhang", QUERY) == "granted"
    key = Role._meta.pk.get_db_prep_value(Role.objects.get().pk, connection)
    by_sql("jtsec_role", "rights", json.dumps([]), id=key)
    moment[0] += 30
    assert why("zhang", QUERY) == "granted"
    moment[0] += 31
    assert why("zhang", QUERY) == "right-missing"


@pytest.mark.django_db(transaction=True)
def test_a_transaction_shares_nothing_with_the_process(office: Any) -> None:
    """Where it sees an old picture, nobody else is shown it."""
    given(office.zhang, QUERY)
    policy.forget()
    with transaction.atomic():
        assert why("zhang", QUERY) == "granted"
        inside = policy.current()
        assert policy.current() is inside
    assert policy.current() is not inside


@pytest.mark.clause("A4.9")
def test_identities_keep_what_they_are(office: Any) -> None:
    """The memory is by who somebody is now, not by their number alone."""
    identity = Identity.objects.select_related("user").get(pk=office.zhang.pk)
    given(office.zhang, QUERY)
    assert QUERY.right in grants_of(identity).rights
    identity.is_police = False
    with declared(LATE):
        assert grants_of(identity).fault == "altered"
