"""What was passed on is taken back from all who have it, altered or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from django.test import Client

from jtsec.access import hands as chain
from jtsec.access import policy
from jtsec.access.api import (
    revoke_propagation,
    revoke_use,
)
from jtsec.access.gate import Authority, policy_gate
from jtsec.access.models import RightGrant
from jtsec.access.rows import begin, end
from jtsec.audit.models import AuditRecord
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import InputError
from jtsec.identity.api import change
from jtsec.sessions.models import Session
from tests.access.declared import acting
from tests.access.hand_to_hand import (
    PAIR,
    POLICE,
    QUERY,
    WHY,
    given,
    granted,
    may,
    passed,
    refused,
    stored_key,
)
from tests.authentication.passwords_in_force import BACKEND
from tests.authentication.persons import by_sql, loaded


@pytest.mark.clause("A4.8")
def test_taking_it_back_takes_it_from_all_beneath(hands: Any) -> None:
    """Every hand and every user below loses it; what came another way stays."""
    first = given(hands, hands.a)
    second = passed(first, hands.b, depth=1)
    granted(second, hands.c)
    granted(given(hands, hands.b, depth=0), hands.d)
    with acting(hands.security):
        assert revoke_propagation(first, reason="轮岗") == 3
    assert not may(hands.c)
    assert may(hands.d)
    with pytest.raises(InputError):
        granted(second, hands.d)
    told = AuditRecord.objects.filter(code="access:propagation:revoked").get()
    assert told.reason == "轮岗"


@pytest.mark.clause("A4.8")
def test_who_gave_it_takes_it_back(hands: Any) -> None:
    """A giver reaches what came from them, at any depth; nobody else's."""
    first = given(hands, hands.a)
    second = passed(first, hands.b, depth=1)
    grant = granted(second, hands.c)
    with acting(hands.c), refused("not-the-giver"):
        revoke_use(grant, reason=WHY)
    with acting(hands.d), refused("not-the-giver"):
        revoke_propagation(second, reason=WHY)
    with acting(hands.b), refused("not-the-giver"):
        revoke_propagation(second, reason=WHY)
    with acting(hands.a):
        revoke_use(grant, reason=WHY)
    assert not may(hands.c)
    again = granted(second, hands.c)
    with acting(hands.b):
        revoke_use(again, reason=WHY)
    with acting(hands.a):
        assert revoke_propagation(second, reason=WHY) == 1
    with acting(hands.a), pytest.raises(InputError):
        revoke_propagation(second, reason=WHY)


def test_an_altered_hand_passes_nothing_on(hands: Any) -> None:
    """A deeper depth, or another holder, written by SQL: refused, with an alarm."""
    first = given(hands, hands.a, depth=0)
    second = passed(given(hands, hands.b, PAIR, depth=2), hands.c, depth=1)
    by_sql("jtsec_propagation", "depth", 5, id=stored_key(first))
    with refused("seal-broken"):
        passed(first, hands.b, depth=1)
    source = second.source
    assert source is not None
    by_sql("jtsec_propagation", "depth", 7, id=stored_key(source))
    with refused("seal-broken"):
        granted(second, hands.d)
    assert not RightGrant.objects.exists()
    with acting(hands.security):
        assert revoke_propagation(source, reason=WHY) == 2


def test_what_was_altered_ends_with_its_source(hands: Any) -> None:
    """Nobody brings it back to life by writing the old value over the new one."""
    first = given(hands, hands.a)
    grant = granted(first, hands.b)
    by_sql("jtsec_rightgrant", "right", PAIR.right, id=stored_key(grant))
    with acting(hands.security):
        assert revoke_propagation(first, reason=WHY) == 2
    by_sql("jtsec_rightgrant", "right", QUERY.right, id=stored_key(grant))
    assert not may(hands.b)


def test_a_source_that_was_ended_behind_our_back_gives_no_more(hands: Any) -> None:
    """The whole way up is looked at, by seals that were made with the key."""
    first = given(hands, hands.a)
    second = passed(first, hands.b, depth=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jtsec.access.beneath._came_from", lambda model, sources: [])
        with acting(hands.security):
            revoke_propagation(first, reason=WHY)
    with pytest.raises(InputError):
        granted(second, hands.c)
    assert chain.LONGEST > 8


@pytest.mark.clause("A4.8")
def test_a_right_for_use_stands_and_falls_with_its_source(hands: Any) -> None:
    """A source ended alone, or altered, gives nothing, though the grant is whole."""
    ended_alone = granted(given(hands, hands.a), hands.b)
    altered = granted(given(hands, hands.a, PAIR), hands.b)
    assert may(hands.b)
    assert may(hands.b, PAIR)
    with policy_gate_of(hands) as by:
        end(ended_alone.source, by, WHY)
    by_sql("jtsec_propagation", "depth", 1, id=stored_key(altered.source))
    policy.forget()
    assert not may(hands.b)
    assert not may(hands.b, PAIR)


@pytest.mark.clause("A4.8")
def test_a_circle_made_with_the_key_gives_nothing(hands: Any) -> None:
    """A grant to a hand it came through, whole and sealed, is no grant."""
    second = passed(given(hands, hands.a), hands.b)
    with policy_gate_of(hands) as by:
        begin(
            RightGrant(
                identity=hands.a,
                right=QUERY.right,
                organisation=hands.top,
                source=second,
            ),
            by,
            WHY,
        )
    assert not may(hands.a)


@contextmanager
def policy_gate_of(hands: Any) -> Iterator[Authority]:
    """Write rows as the verbs do, without what the verbs ask."""
    with acting(hands.security), policy_gate() as by:
        yield by


def test_a_duty_is_not_changed_while_something_is_held(hands: Any) -> None:
    """A right to pass on, or passed on, of the old duty would stay behind."""
    first = given(hands, hands.a)
    granted(first, hands.b)
    for one in (hands.a, hands.b):
        with acting_as(system_actor("a-test")), pytest.raises(InputError):
            change(one, duty="audit")
    police = given(hands, hands.c, POLICE)
    with acting_as(system_actor("a-test")), pytest.raises(InputError):
        change(hands.c, is_police=False, number="E00777")
    with acting(hands.security):
        for held in (first, police):
            revoke_propagation(held, reason=WHY)
    with acting_as(system_actor("a-test")):
        assert change(hands.a, duty="audit").duty == "audit"


@pytest.mark.clause("A4.8", "A4.10")
def test_the_sessions_of_who_loses_by_it_end(hands: Any) -> None:
    """Of all beneath, each with its reason; of nobody else."""
    first = given(hands, hands.a)
    grant = granted(passed(first, hands.b, depth=1), hands.c)
    for name in ("anna", "bert", "cora", "dora"):
        Client().force_login(loaded(name), backend=BACKEND)
    with acting(hands.b):
        revoke_use(grant, reason=WHY)
    assert ended() == {"cora"}
    with acting(hands.security):
        revoke_propagation(first, reason=WHY)
    assert ended() == {"anna", "bert", "cora"}


def ended() -> set[str]:
    """Return whose sessions ended because their rights changed."""
    rows = Session.objects.filter(ended_why="rights-changed")
    return set(rows.values_list("user__username", flat=True))
