"""Roles are made, changed and ended; what would break an assignment is not done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from jtsec.access import role_changes, role_effects, role_endings, roles
from jtsec.access.api import (
    assign,
    change_role,
    create_role,
    end_role,
    preview,
    role_of,
)
from jtsec.access.models import Assignment, Role
from jtsec.core.clock import now
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import InputError, Refused
from jtsec.identity.api import change
from tests.access.declared import acting
from tests.access.offices import (
    APPLY,
    APPROVE,
    BY_DUTY,
    KEEP,
    POLICE,
    QUERY,
    SYSTEM,
    WHY,
    an_office,
    may,
    refusals,
    role,
)
from tests.authentication.persons import by_sql
from tests.authentication.recorded import last

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give people and organisations; approvals have their own tests."""
    for module in (roles, role_changes, role_endings):
        monkeypatch.setattr(module, "require_leave", lambda act, **about: None)
    with an_office() as made:
        yield made


@contextmanager
def refused(reason: str) -> Iterator[None]:
    """Expect a refusal, in the audit with its exact reason, and no change of a role."""
    before = list(Role.objects.values_list("code", "rights", "duty", "seal"))
    with pytest.raises((Refused, InputError)) as caught:
        yield
    error: Any = caught.value
    assert reason in (getattr(error, "reason", ""), getattr(error, "code", ""))
    assert refusals()[-1][1] == reason
    assert list(Role.objects.values_list("code", "rights", "duty", "seal")) == before


def given(to: Any, what: Role) -> Assignment:
    """Give a role as the system."""
    with acting_as(system_actor("a-test")):
        return assign(to, what, reason=WHY)


@pytest.mark.clause("A4.6")
def test_a_role_is_made_by_the_security_administrator(office: Any) -> None:
    """Its rights come sorted and once; the audit knows all of it."""
    with acting(office.sec):
        made = create_role(
            "clerk",
            name="窗口受理",
            duty="business",
            rights=[QUERY.right, APPLY.right, QUERY.right],
            reason=WHY,
        )
    assert made.rights == [APPLY.right, QUERY.right]
    assert role_of("clerk") == made
    told = last("access:role:created")
    assert told["resource"] == "role:clerk"
    assert told["data"]["after"]["rights"] == [APPLY.right, QUERY.right]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"rights": ["permits.quary_permit"]}, "unknown-function"),
        ({"rights": [SYSTEM.right]}, "foreign-duty"),
        ({"rights": [BY_DUTY.right], "duty": "audit"}, "by-duty"),
        ({"rights": [APPLY.right, APPROVE.right]}, "conflict"),
        ({"rights": "permits.query_permit"}, "not-a-list"),
        ({"rights": [7]}, "not-a-list"),
        ({"rights": [QUERY.right] * 501}, "too-many"),
        ({"parents": ["nothing-of-the-kind"]}, "unknown-role"),
        ({"parents": ["sets"]}, "foreign-duty"),
        ({"parents": ["applies", "approves"]}, "conflict"),
        ({"duty": "everything"}, "unknown-duty"),
        ({"code": "Clerk 1"}, "malformed"),
        ({"code": "applies"}, "taken"),
        ({"name": "  "}, "empty"),
        ({"reason": ""}, "empty"),
        ({"valid_from": 2, "valid_until": 1}, "ends-before-it-begins"),
        ({"restrictions": {"colour": ["red"]}}, "unknown-restriction"),
        ({"restrictions": {"networks": ["10.0.0.0/40"]}}, "invalid"),
        ({"restrictions": {"password_days": 0}}, "out-of-range"),
    ],
)
def test_a_role_that_cannot_be_is_refused(values: dict[str, Any], reason: str) -> None:
    """Unknown names, other duties, pairs: each with its reason, and nothing made."""
    role("applies", APPLY)
    role("approves", APPROVE)
    role("sets", SYSTEM, duty="system")
    for name in ("valid_from", "valid_until"):
        if name in values:
            values = {**values, name: now() + timedelta(days=values[name])}
    whole = {"code": "clerk", "name": "clerk", "duty": "business", "reason": WHY}
    wanted = {**whole, **values}
    with acting_as(system_actor("a-test")), refused(reason):
        create_role(wanted.pop("code"), **wanted)


@pytest.mark.clause("A4.6")
def test_inheritance_has_no_cycles(office: Any) -> None:
    """Not of one, and not of three."""
    first = role("first", QUERY)
    role("second", parents=["first"])
    role("third", parents=["second"])
    with acting(office.sec):
        with refused("cycle"):
            change_role(first, parents=["third"], reason=WHY)
        with refused("cycle"):
            change_role(first, parents=["first"], reason=WHY)


@pytest.mark.clause("A4.2")
@pytest.mark.parametrize("who", ["sys", "zhang"])
def test_roles_are_not_everybodys_to_change(office: Any, who: str) -> None:
    """The duty that owns authorisation makes, changes and ends them."""
    asks = role("asks", QUERY)
    with acting(getattr(office, who)):
        with refused("actor-duty"):
            create_role("mine", name="mine", duty="business", reason=WHY)
        with refused("actor-duty"):
            change_role(asks, rights=[], reason=WHY)
        with refused("actor-duty"):
            end_role(asks, reason=WHY)


@pytest.mark.clause("A4.4", "A4.7")
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"rights": [QUERY.right, POLICE.right]}, "police-only"),
        ({"rights": [QUERY.right, APPROVE.right]}, "conflict"),
        ({"duty": "system", "rights": []}, "foreign-duty"),
        ({"parents": ["cases"]}, "police-only"),
    ],
)
def test_a_change_that_would_break_an_assignment_is_refused(
    office: Any, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], why: str
) -> None:
    """Says how many, and in the audit whom; without the question it would be done."""
    role("cases", POLICE)
    asks = role("asks", QUERY)
    given(office.wang, asks)
    given(office.wang, role("applies", APPLY))
    with acting(office.sec):
        with refused("would-break-assignment"):
            change_role(asks, reason=WHY, **changes)
        detail = last("access:policy:refused")
        assert "wang" in str(detail)
        assert why in str(detail)
        monkeypatch.setattr(role_changes, "require_harmless", lambda effects: None)
        change_role(asks, reason=WHY, **changes)
    assert not may(office.wang, POLICE)


@pytest.mark.clause("A4.7")
def test_a_change_is_refused_for_who_holds_an_heir(office: Any) -> None:
    """What a parent gets, its heirs' holders get."""
    parent = role("parent", QUERY)
    given(office.wang, role("heir", parents=["parent"]))
    with acting(office.sec), refused("would-break-assignment"):
        change_role(parent, rights=[POLICE.right], reason=WHY)


def test_a_parent_does_not_leave_its_heirs_behind(office: Any) -> None:
    """Neither into another duty, nor out of the world, nor into a conflict."""
    parent = role("parent", QUERY)
    role("heir", APPLY, parents=["parent"])
    with acting(office.sec):
        with refused("foreign-duty"):
            change_role(parent, duty="system", rights=[], reason=WHY)
        with refused("built-on"):
            end_role(parent, reason=WHY)
        with refused("conflict"):
            change_role(parent, rights=[APPROVE.right], reason=WHY)


@pytest.mark.clause("A4.4")
def test_nobody_changes_a_role_they_hold(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More rights, or longer hours, for oneself by way of the role; also of an heir."""
    keeps = role("keeps", duty="security", restrictions={"hours": ["08:00-18:00"]})
    given(office.sec, role("heir", duty="security", parents=["keeps"]))
    with acting(office.sec):
        with refused("oneself"):
            change_role(keeps, rights=[KEEP.right], reason=WHY)
        with refused("oneself"):
            change_role(keeps, restrictions={}, reason=WHY)
        monkeypatch.setattr(role_changes, "require_others", lambda by, people: None)
        change_role(keeps, rights=[KEEP.right], reason=WHY)
    assert may(office.sec, KEEP)


@pytest.mark.clause("P39")
def test_a_role_held_above_is_not_a_branchs_to_change(office: Any) -> None:
    """Below it is; across and above it is not."""
    asks = role("asks", QUERY)
    given(office.deep, asks)
    with acting_as(system_actor("a-test")):
        branch = change(office.below, duty="security")
    with acting(branch):
        change_role(asks, name="查询", reason=WHY)
        given(office.zhang, asks)
        with refused("other-organisation"):
            change_role(asks, rights=[], reason=WHY)
        with refused("other-organisation"):
            end_role(asks, reason=WHY)


@pytest.mark.clause("A4.6")
def test_an_ended_role_is_taken_from_all_who_hold_it(office: Any) -> None:
    """Its code is never another role's."""
    asks = role("asks", QUERY)
    given(office.zhang, asks)
    with acting(office.sec):
        end_role(asks, reason=WHY)
        assert not may(office.zhang, QUERY)
        assert not Assignment.objects.filter(ended_at__isnull=True).exists()
        assert last("access:role:ended")["data"]["losers"] == ["zhang"]
        with refused("taken"):
            create_role("asks", name="again", duty="business", reason=WHY)
        with refused("ended"):
            change_role(asks, rights=[], reason=WHY)


@pytest.mark.clause("A4.4")
def test_nobody_ends_a_role_that_they_hold(office: Any) -> None:
    """Its hours and networks would no longer hold for them; a colleague ends it."""
    night = role(
        "night", KEEP, duty="security", restrictions={"hours": ["08:00-18:00"]}
    )
    given(office.sec, night)
    with acting(office.sec), refused("oneself"):
        end_role(night, reason=WHY)
    with acting_as(system_actor("a-test")):
        end_role(night, reason=WHY)


def test_a_preview_says_who_gains_and_who_loses(office: Any) -> None:
    """And who could not hold the role any more; it changes nothing."""
    asks = role("asks", QUERY)
    given(office.zhang, asks)
    given(office.wang, asks)
    effects = preview(asks, rights=[POLICE.right])
    assert [one.identity.login_name for one in effects.each] == ["wang", "zhang"]
    assert {one.gained for one in effects.each} == {frozenset({POLICE.right})}
    assert {one.lost for one in effects.each} == {frozenset({QUERY.right})}
    assert [one.identity.login_name for one in effects.broken] == ["wang"]
    assert may(office.zhang, QUERY)
    assert not preview(asks, name="another").losers


def test_what_sql_broke_before_stands_in_no_changes_way(office: Any) -> None:
    """Somebody has to be able to make a role smaller again."""
    asks = role("asks", QUERY)
    given(office.zhang, asks)
    given(office.zhang, role("cases", POLICE))
    by_sql("jtsec_identity", "is_police", False, login_name="zhang")
    with acting(office.sec):
        change_role(asks, rights=[], reason=WHY)


def test_an_altered_role_is_ended_and_not_changed(office: Any) -> None:
    """To seal it anew would make the alteration good."""
    asks = role("asks", QUERY)
    by_sql("jtsec_role", "rights", '["permits.query_case"]', code="asks")
    with acting(office.sec):
        with refused("seal-broken"):
            change_role(asks, name="another", reason=WHY)
        with refused("seal-broken"):
            create_role(
                "heir", name="heir", duty="business", parents=[asks], reason=WHY
            )
        end_role(asks, reason=WHY)
    assert role_of("asks") is None


def test_an_unknown_field_of_a_role_is_refused(office: Any) -> None:
    """A misspelt one would look as if it had been set."""
    asks = role("asks", QUERY)
    with acting(office.sec), refused("unknown-field"):
        misspelt: dict[str, Any] = {"right": []}
        change_role(asks, reason=WHY, **misspelt)


def test_a_refusal_names_so_many_people_and_no_more() -> None:
    """The detail has an end, however many hold the role."""
    assert role_effects.DETAILED == 20
