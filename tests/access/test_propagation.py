"""Rights passed on: never used by who passes on, never back, never too deep."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from django.test import override_settings

from jtsec.access import policy
from jtsec.access.api import (
    give_propagation,
    grant_use,
    pass_propagation,
    revoke_propagation,
)
from jtsec.access.models import Propagation, RightGrant
from jtsec.core.acts import ApprovalRequired
from jtsec.core.clock import now
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import InputError
from jtsec.identity.api import deactivate
from tests.access.declared import acting, declared
from tests.access.hand_to_hand import (
    AUDITS,
    FIXED,
    OTHER,
    PAIR,
    POLICE,
    QUERY,
    WHY,
    given,
    granted,
    last_refusal,
    may,
    passed,
    refused,
)
from tests.identity import people


@pytest.mark.clause("A4.8")
def test_a_holder_passes_on_and_cannot_use(hands: Any) -> None:
    """Three hands: only who is given the use may use the function."""
    first = given(hands, hands.a)
    second = passed(first, hands.b, depth=1)
    granted(second, hands.c)
    assert [may(one) for one in (hands.a, hands.b, hands.c)] == [False, False, True]
    assert second.chain == [str(one.uid) for one in (hands.security, hands.a, hands.b)]


@pytest.mark.clause("A4.8")
def test_a_holder_may_use_what_somebody_else_gives(hands: Any) -> None:
    """The right to pass on is no bar to the right itself, from another hand."""
    mine, other = given(hands, hands.a), given(hands, hands.b)
    assert not may(hands.a)
    granted(other, hands.a)
    assert may(hands.a)
    assert mine.identity_id == hands.a.pk


@pytest.mark.clause("A4.8")
def test_nobody_gives_to_themselves_in_a_circle_of_three(hands: Any) -> None:
    """Neither the use nor the right to pass on goes back to any hand before."""
    first = given(hands, hands.a)
    second = passed(first, hands.b, depth=1)
    third = passed(second, hands.c)
    for source in (second, third):
        with refused("circle"):
            granted(source, hands.a)
    with refused("circle"):
        granted(third, hands.b)
    with refused("circle"):
        passed(second, hands.a)
    for source in (first, third):
        with refused("oneself"):
            granted(source, source.identity)
    with refused("oneself"):
        passed(first, hands.a)
    assert not RightGrant.objects.exists()
    assert not any(may(one) for one in (hands.a, hands.b, hands.c))
    assert last_refusal() == (QUERY.right, "oneself")


def test_without_the_rule_the_circle_closes(
    hands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the two looks at the chain prevent: a uses what nobody else gave."""
    third = passed(passed(given(hands, hands.a), hands.b, depth=1), hands.c)
    monkeypatch.setattr("jtsec.access.passing.require_another", lambda *ignored: None)
    granted(third, hands.a)
    assert not may(hands.a)
    monkeypatch.setattr("jtsec.access.known_people.is_founded", lambda *ignored: True)
    policy.forget()
    assert may(hands.a)


@pytest.mark.clause("A4.9")
@pytest.mark.parametrize("depth", range(4))
def test_what_is_not_propagatable_goes_nowhere(hands: Any, depth: int) -> None:
    """Refused at every depth, with the exact reason in the audit."""
    with refused("not-propagatable"):
        given(hands, hands.a, FIXED, depth=depth)
    assert last_refusal() == (FIXED.right, "not-propagatable")
    assert not Propagation.objects.exists()


@pytest.mark.clause("A4.9")
def test_a_declaration_that_changes_stops_all_of_it(hands: Any) -> None:
    """Rights passed on before no longer work, and nothing more is passed on."""
    first = given(hands, hands.a)
    second = passed(first, hands.b)
    granted(second, hands.c)
    assert may(hands.c)
    with declared(replace(QUERY, propagatable=False)):
        assert not may(hands.c)
        with refused("not-propagatable"):
            granted(second, hands.d)
        with refused("not-propagatable"):
            passed(first, hands.d)
    assert may(hands.c)


@pytest.mark.clause("A4.9")
def test_a_depth_is_used_up(hands: Any) -> None:
    """Each hand gives less than it has; with none left only the use is given."""
    first = given(hands, hands.a, depth=1)
    with refused("depth-used-up"):
        passed(first, hands.b, depth=1)
    second = passed(first, hands.b)
    with refused("depth-used-up"):
        passed(second, hands.c)
    granted(second, hands.c)
    assert may(hands.c)


@pytest.mark.clause("A4.9")
@pytest.mark.parametrize("depth", [-1, 4, 1.0, True, "1", None])
def test_a_depth_is_a_number_within_the_limit(hands: Any, depth: Any) -> None:
    """The setting is the most there is, for the administrator as well."""
    with pytest.raises(InputError) as caught:
        given(hands, hands.a, depth=depth)
    assert caught.value.field == "depth"
    with override_settings(JTSEC_ACCESS_PROPAGATION_DEPTH=0):
        with pytest.raises(InputError):
            given(hands, hands.a, depth=1)
        assert given(hands, hands.a, depth=0).depth == 0


@pytest.mark.clause("A4.8")
def test_who_could_never_use_it_does_not_get_it(hands: Any) -> None:
    """Another duty, no police officer, outside, out of use, both sides of a pair."""
    police = given(hands, hands.a, POLICE)
    query = given(hands, hands.a)
    for work in (granted, passed):
        with refused("police-only"):
            work(police, hands.d)
        with refused("foreign-duty"):
            work(query, hands.auditor)
        with refused("other-organisation"):
            work(query, hands.far)
    with refused("police-only"):
        given(hands, hands.d, POLICE)
    with refused("foreign-duty"):
        given(hands, hands.a, AUDITS)
    granted(given(hands, hands.a, PAIR), hands.b)
    with refused("conflict"):
        granted(given(hands, hands.a, OTHER), hands.b)
    with acting_as(system_actor("a-test")):
        deactivate(hands.b, reason="调离")
    with refused("inactive"):
        granted(query, hands.b)


@pytest.mark.clause("A4.8", "P39")
def test_it_stays_within_its_organisation_and_its_time(hands: Any) -> None:
    """What is passed on reaches no further and lasts no longer than its source."""
    until = now() + timedelta(days=2)
    source = given(hands, hands.a, organisation=hands.below, valid_until=until)
    with refused("other-organisation"):
        granted(source, hands.b)
    with refused("other-organisation"):
        granted(source, hands.c, organisation=people.CODE)
    with pytest.raises(InputError):
        granted(source, hands.c, valid_until=until + timedelta(seconds=1))
    with pytest.raises(InputError):
        granted(source, hands.c, organisation="000000000000")
    assert granted(source, hands.c).valid_until == until
    with pytest.raises(InputError):
        given(hands, hands.b, valid_until=now() - timedelta(seconds=1))


def test_only_the_holder_passes_on(hands: Any) -> None:
    """Not the administrator who gave it, not another hand, not a command."""
    source = given(hands, hands.a)
    for actor in (hands.security, hands.b):
        with acting(actor), refused("not-the-holder"):
            grant_use(source, hands.c, reason=WHY)
    with acting_as(system_actor("job")), refused("not-the-holder"):
        pass_propagation(source, hands.c, reason=WHY)


def test_only_the_security_administrator_begins_it(hands: Any) -> None:
    """No other duty, nobody unnamed, and not for oneself."""
    options: dict[str, Any] = {"depth": 0, "organisation": "110000000000"}
    options["reason"] = WHY
    with acting(hands.a), refused("actor-duty"):
        give_propagation(hands.b, QUERY.right, **options)
    with refused("actor-anonymous"):
        give_propagation(hands.b, QUERY.right, **options)
    with acting(hands.security), refused("oneself"):
        give_propagation(hands.security, QUERY.right, **options)
    with acting(hands.security), pytest.raises(InputError):
        give_propagation(hands.b, "permits.unheard_of", **options)


@pytest.mark.parametrize("reason", ["", "  ", "a\u200bb", "x" * 201])
def test_a_reason_is_given(hands: Any, reason: str) -> None:
    """Every step says why, in plain words."""
    source = given(hands, hands.a)
    with pytest.raises(InputError):
        given(hands, hands.b, reason=reason)
    with acting(hands.a), pytest.raises(InputError):
        grant_use(source, hands.b, reason=reason)
    with acting(hands.a), pytest.raises(InputError):
        pass_propagation(source, hands.b, depth=0, reason=reason)
    with acting(hands.security), pytest.raises(InputError):
        revoke_propagation(source, reason=reason)
    assert Propagation.objects.count() == 1


def test_the_same_is_not_given_twice(hands: Any) -> None:
    """Taking one back would leave the other."""
    source = given(hands, hands.a)
    granted(source, hands.b)
    with pytest.raises(InputError):
        granted(source, hands.b)
    with pytest.raises(InputError):
        given(hands, hands.a)


@override_settings(JTSEC_APPROVALS_ACTS=("access.propagate",))
def test_giving_can_be_put_under_approval(hands: Any) -> None:
    """The first step waits for a second person; the holder's own steps do not."""
    with acting(hands.security), pytest.raises(ApprovalRequired):
        give_propagation(
            hands.a, QUERY.right, depth=0, organisation=people.CODE, reason=WHY
        )
    with acting_as(system_actor("a-test")):
        source = give_propagation(
            hands.a, QUERY.right, depth=0, organisation=people.CODE, reason=WHY
        )
    granted(source, hands.b)
