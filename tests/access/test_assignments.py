"""Roles are given by somebody else, of the duty, to whom they fit, and not else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from django.utils import timezone

from jtsec.access import assignments, exclusions, person_in_hand
from jtsec.access.api import (
    PolicyRefused,
    assign,
    change_role,
    end_role,
    make_initial,
    revoke,
)
from jtsec.access.models import AccessProfile, Assignment, Role
from jtsec.core.clock import now
from jtsec.core.context import ANONYMOUS, acting_as, system_actor
from jtsec.core.exceptions import InputError, Refused
from jtsec.core.guarding import DirectWrite
from jtsec.identity.api import Objected, change, deactivate, restore
from jtsec.sessions.api import EndReason
from jtsec.sessions.models import Session
from jtsec.testing.people import log_in
from tests.access.declared import acting
from tests.access.offices import (
    APPLY,
    APPROVE,
    FAR,
    POLICE,
    QUERY,
    SUB,
    SYSTEM,
    WHY,
    an_office,
    may,
    refusals,
    role,
)
from tests.authentication.persons import PASSWORD, by_sql, loaded
from tests.authentication.recorded import last
from tests.identity import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office() -> Iterator[Any]:
    """Give people and organisations."""
    with an_office() as made:
        yield made


@pytest.fixture(autouse=True)
def no_approvals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a person grant without a second one; approvals have their own tests."""
    monkeypatch.setattr(assignments, "require_leave", lambda act, **about: None)


@contextmanager
def refused(reason: str) -> Iterator[None]:
    """Expect a refusal, in the audit with its exact reason, and nothing written."""
    before = Assignment.objects.filter(ended_at__isnull=True).count()
    with pytest.raises((Refused, InputError)) as caught:
        yield
    error: Any = caught.value
    assert (
        getattr(error, "reason", "") == reason or getattr(error, "code", "") == reason
    )
    assert refusals()[-1][1] == reason
    assert Assignment.objects.filter(ended_at__isnull=True).count() == before


def give(by: Any, to: Any, what: Any, **other: Any) -> Assignment:
    """Assign as a person."""
    with acting(by):
        return assign(to, what, reason=WHY, **other)


@pytest.mark.clause("A4.6")
def test_a_role_that_is_given_works_until_it_is_taken_back(office: Any) -> None:
    """The right is there at once, and gone at once."""
    asks = role("asks", QUERY)
    assert not may(office.zhang, QUERY)
    made = give(office.sec, office.zhang, asks)
    assert may(office.zhang, QUERY)
    told = last("access:role:assigned")
    assert told["actor"]["username"] == "sec"
    assert told["subject"] == "zhang"
    with acting(office.sec):
        revoke(made, reason=WHY)
    assert not may(office.zhang, QUERY)
    assert last("access:role:revoked")["reason"] == WHY


@pytest.mark.clause("A4.6")
def test_a_role_gives_what_it_builds_on(office: Any) -> None:
    """Also through two steps; the right ends with the one that gives it."""
    first = role("first", QUERY)
    role("second", parents=["first"])
    give(office.sec, office.zhang, role("third", parents=["second"]))
    assert may(office.zhang, QUERY)
    with acting(office.sec):
        change_role(first, rights=[], reason=WHY)
    assert not may(office.zhang, QUERY)


@pytest.mark.clause("A4.2")
@pytest.mark.parametrize("who", ["sys", "zhang", "wang"])
def test_only_the_duty_that_owns_authorisation_grants(office: Any, who: str) -> None:
    """Neither the system administrator nor the business sets the policy."""
    asks = role("asks", QUERY)
    with refused("actor-duty"):
        give(getattr(office, who), office.far, asks)


@pytest.mark.clause("A4.2")
def test_nobody_grants_nothing(office: Any) -> None:
    """Nobody's grant would be nobody's doing."""
    asks = role("asks", QUERY)
    with acting_as(ANONYMOUS), refused("actor-anonymous"):
        assign(office.zhang, asks, reason=WHY)


@pytest.mark.clause("A4.4")
def test_nobody_grants_to_themselves(office: Any) -> None:
    """Not even the administrator whose duty it is."""
    keeps = role("keeps", duty="security")
    with refused("oneself"):
        give(office.sec, office.sec, keeps)


@pytest.mark.clause("A4.4", "P39")
def test_without_the_two_questions_it_would_be_granted(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who it is for, and how far the actor's word goes, are asked and decide."""
    with acting_as(system_actor("a-test")):
        branch = change(office.below, duty="security")
    keeps, asks = role("keeps", duty="security"), role("asks", QUERY)
    monkeypatch.setattr(person_in_hand, "require_somebody_else", lambda by, one: None)
    give(office.sec, office.sec, keeps)
    with refused("other-organisation"):
        give(branch, office.zhang, asks, organisation=SUB)
    monkeypatch.setattr(person_in_hand, "require_person_in_reach", lambda by, one: None)
    give(branch, office.zhang, asks, organisation=SUB)
    with refused("other-organisation"):
        give(branch, office.far, asks)


@pytest.mark.clause("A4.4")
def test_a_role_of_another_duty_is_refused(office: Any) -> None:
    """A person has one duty, and so have their roles."""
    with refused("foreign-duty"):
        give(office.sec, office.zhang, role("sets", SYSTEM, duty="system"))


@pytest.mark.clause("A4.7")
def test_police_functions_are_refused_to_others(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal is the exclusion's; without it the grant would be stored."""
    cases = role("cases", POLICE)
    give(office.sec, office.zhang, cases)
    with refused("police-only"):
        give(office.sec, office.wang, cases)
    monkeypatch.setattr(exclusions, "excluded", lambda identity, rights: iter(()))
    give(office.sec, office.wang, cases)
    assert not may(office.wang, POLICE)  # the decision does not believe it


@pytest.mark.clause("A4.4")
def test_both_sides_of_a_pair_are_refused(office: Any) -> None:
    """Whichever comes second, also if it starts later, and through a parent."""
    applies, approves = role("applies", APPLY), role("approves", APPROVE)
    give(office.sec, office.zhang, applies)
    with refused("conflict"):
        give(office.sec, office.zhang, approves)
    with refused("conflict"):
        tomorrow = now() + timedelta(days=1)
        give(office.sec, office.zhang, approves, valid_from=tomorrow)
    with refused("conflict"):
        give(office.sec, office.zhang, role("heir", parents=["approves"]))


def test_the_sides_of_a_pair_may_follow_one_another(office: Any) -> None:
    """What was taken back stands in nobody's way."""
    made = give(office.sec, office.zhang, role("applies", APPLY))
    with acting(office.sec):
        revoke(made, reason=WHY)
    give(office.sec, office.zhang, role("approves", APPROVE))
    assert may(office.zhang, APPROVE)


@pytest.mark.clause("P39")
def test_grants_go_down_and_neither_up_nor_across(office: Any) -> None:
    """An administrator of a branch has no word at the top, nor elsewhere."""
    asks = role("asks", QUERY)
    give(office.sec, office.deep, asks)
    with acting_as(system_actor("a-test")):
        branch = change(office.below, duty="security")
    with refused("other-organisation"):
        give(branch, office.zhang, asks)
    with refused("other-organisation"):
        give(branch, office.far, asks)
    with refused("other-organisation"):
        give(office.sec, office.zhang, asks, organisation=FAR)
    with acting(branch):
        revoke(Assignment.objects.get(identity=office.deep), reason=WHY)


@pytest.mark.clause("P39")
def test_the_stricter_level_ends_at_the_same_duty_one_below(
    office: Any, settings: Any
) -> None:
    """Own level: everybody; the next: the same duty; two levels down: nobody."""
    settings.JTSEC_ACCESS_GRANT_LEVELS = "next"
    asks, keeps = role("asks", QUERY), role("keeps", duty="security")
    give(office.sec, office.zhang, asks)
    with refused("other-organisation"):
        give(office.sec, office.below, asks)
    with acting_as(system_actor("a-test")):
        below, deep = change(office.below, duty="security"), office.deep
        deep = change(deep, duty="security")
    give(office.sec, below, keeps)
    with refused("other-organisation"):
        give(office.sec, deep, keeps)


@pytest.mark.parametrize("code", ["999999999999", "", "1100' OR 1=1", FAR[:5]])
def test_a_forged_organisation_is_refused(office: Any, code: str) -> None:
    """A form may send anything; an empty one is not the default either."""
    asks = role("asks", QUERY)
    if code:
        with refused("unknown-organisation"):
            give(office.sec, office.zhang, asks, organisation=code)
    made = give(office.sec, office.zhang, asks)
    assert made.organisation == office.top


def test_who_is_out_of_use_is_given_nothing(office: Any) -> None:
    """The role would wait for the day somebody puts the account into use again."""
    with acting_as(system_actor("a-test")):
        deactivate(office.zhang, reason=WHY)
    with refused("inactive"):
        give(office.sec, office.zhang, role("asks", QUERY))


@pytest.mark.clause("A4.5")
def test_the_initial_administrator_is_given_nothing(office: Any) -> None:
    """They are for setting up, and roles are for work."""
    with acting_as(system_actor("a-test")):
        assert make_initial(office.sys) is not None
    with refused("initial-only"):
        give(office.sec, office.sys, role("sets", SYSTEM, duty="system"))


@pytest.mark.parametrize(
    ("dates", "reason"),
    [
        ({"valid_until": -1}, "ends-before-it-begins"),
        ({"valid_from": 2, "valid_until": 1}, "ends-before-it-begins"),
        ({"valid_until": "soon"}, "no-date"),
    ],
)
def test_dates_that_cannot_be_are_refused(
    office: Any, dates: dict[str, Any], reason: str
) -> None:
    """A typing error gives nothing for ever, or nothing at all."""
    asks = role("asks", QUERY)
    given = {
        name: now() + timedelta(days=days) if isinstance(days, int) else days
        for name, days in dates.items()
    }
    with refused(reason):
        give(office.sec, office.zhang, asks, **given)


def test_what_is_held_already_unknown_or_without_reason_is_refused(office: Any) -> None:
    """Each is told apart in the audit."""
    asks = role("asks", QUERY)
    give(office.sec, office.zhang, asks)
    with refused("already-held"):
        give(office.sec, office.zhang, asks)
    with refused("unknown-role"):
        give(office.sec, office.zhang, "nothing-of-the-kind")
    with refused("empty"), acting(office.sec):
        assign(office.far, asks, reason=" ")


@pytest.mark.clause("A4.6")
def test_an_expired_role_is_not_given(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what was given of it stops by itself."""
    brief = role("brief", QUERY, valid_until=now() + timedelta(days=1))
    give(office.sec, office.zhang, brief)
    later = now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert not may(office.zhang, QUERY)
    with refused("expired"):
        give(office.sec, office.deep, brief)


def test_an_altered_role_is_not_given(office: Any) -> None:
    """Nobody knows what it gives; nothing is sealed over that."""
    asks = role("asks", QUERY)
    by_sql("jtsec_role", "name", "another", code="asks")
    with refused("seal-broken"):
        give(office.sec, office.zhang, asks)


def test_an_altered_assignment_can_be_taken_back(office: Any) -> None:
    """What SQL forged gives nothing, and goes away by the ordinary way."""
    made = give(office.sec, office.zhang, role("asks", QUERY))
    by_sql("jtsec_assignment", "with_below", False, ended_why="")
    assert not may(office.zhang, QUERY)
    with acting(office.sec):
        revoke(made, reason=WHY)
    made.refresh_from_db()
    assert made.ended_at is not None
    with refused("ended"), acting(office.sec):
        revoke(made, reason=WHY)


@pytest.mark.clause("A4.4")
def test_a_duty_does_not_change_under_its_roles(office: Any) -> None:
    """First the roles go, then the duty; the refusal names them and is recorded."""
    made = give(office.sec, office.zhang, role("asks", QUERY))
    system = acting_as(system_actor("a-test"))
    with system, pytest.raises(Objected, match="asks") as caught:
        change(office.zhang, duty="audit")
    assert caught.value.code == "roles-of-former-duty"
    assert last("identity:person:refused")["reason"] == "roles-of-former-duty"
    assert loaded("zhang").jtsec_identity.duty == "business"
    with acting(office.sec):
        revoke(made, reason=WHY)
    with acting_as(system_actor("a-test")):
        assert change(office.zhang, duty="audit").duty == "audit"


@pytest.mark.clause("A4.4")
def test_an_identity_is_not_said_anew_under_its_roles(office: Any) -> None:
    """An altered row is no way round: the roles go first, which needs no whole seal."""
    made = give(office.sec, office.zhang, role("asks", QUERY))
    by_sql("jtsec_identity", "duty", "audit", login_name="zhang")
    user = office.zhang.user
    particulars = {**people.particulars(1), "duty": "audit"}
    with acting_as(system_actor("a-test")):
        with pytest.raises(Objected):
            restore(user, reason=WHY, **particulars)
        revoke(made, reason=WHY)
        assert restore(user, reason=WHY, **particulars).duty == "audit"


@pytest.mark.clause("A4.7")
def test_being_police_does_not_end_under_police_functions(office: Any) -> None:
    """Otherwise a non-police person would hold what only the police may."""
    give(office.sec, office.zhang, role("cases", POLICE))
    with acting(office.sys), pytest.raises(Objected) as caught:
        change(office.zhang, is_police=False, number="E00001")
    assert caught.value.code == "police-only"


@pytest.mark.clause("A4.10")
def test_the_session_of_who_loses_a_right_ends(office: Any, client: Any) -> None:
    """With its reason; the session of who loses nothing stays."""
    asks, brief = role("asks", QUERY), role("brief", QUERY)
    made = give(office.sec, office.zhang, asks)
    later = give(office.sec, office.zhang, brief, valid_from=now() + timedelta(days=9))
    session = logged_in(client, "zhang")
    with acting(office.sec):
        revoke(later, reason=WHY)
    session.refresh_from_db()
    assert session.ended_at is None
    with acting(office.sec):
        revoke(made, reason=WHY)
    session.refresh_from_db()
    assert session.ended_why == EndReason.RIGHTS_CHANGED
    assert last("sessions:session:ended")["reason"] == "rights-changed"


@pytest.mark.clause("A4.10")
@pytest.mark.parametrize("how", ["shrink", "end", "police"])
def test_a_session_ends_whichever_way_the_right_goes(
    office: Any, client: Any, how: str
) -> None:
    """By a smaller role, an ended one, or no longer being police."""
    asks = role("asks", QUERY)
    give(office.sec, office.zhang, asks)
    session = logged_in(client, "zhang")
    with acting(office.sys if how == "police" else office.sec):
        if how == "shrink":
            change_role(asks, rights=[], reason=WHY)
        elif how == "end":
            end_role(asks, reason=WHY)
        else:
            change(office.zhang, is_police=False, number="E00001")
    session.refresh_from_db()
    assert session.ended_why == EndReason.RIGHTS_CHANGED


@pytest.mark.clause("A4.2")
def test_the_tables_are_written_by_the_verbs_alone(office: Any) -> None:
    """A save from anywhere else would leave a row without its seal."""
    asks = role("asks", QUERY)
    made = give(office.sec, office.zhang, asks)
    for row in (asks, made, AccessProfile(identity=office.zhang)):
        with pytest.raises(DirectWrite):
            row.save()
    with pytest.raises(DirectWrite):
        Role.objects.all().update(rights=[])
    with pytest.raises(DirectWrite):
        Assignment.objects.all().delete()


@pytest.mark.clause("A4.4")
def test_granting_waits_for_approval(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Persons only: a command at the console is the way back."""
    asks = role("asks", QUERY)

    def judge(act: str, **about: object) -> None:
        raise PolicyRefused("approval-required", "Submit an application.")

    monkeypatch.setattr(assignments, "require_leave", judge)
    with refused("approval-required"):
        give(office.sec, office.zhang, asks)


def logged_in(client: Any, username: str) -> Session:
    """Return the session of somebody who has just logged in."""
    user = loaded(username)
    with acting_as(system_actor("a-test")):
        user.set_password(PASSWORD)
        user.save()
    log_in(client, loaded(username), PASSWORD)
    found: Session = Session.objects.get(user=user, ended_at__isnull=True)
    return found
