"""Duties and administrators' passwords: what no system administrator does alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from django.db import connection
from django.test import RequestFactory

from jtsec.accounts import api, duty_changes, passwords
from jtsec.accounts.api import DutyNeedsApproval, LastAdministrator, NotAllowed
from jtsec.approvals.api import ApprovalRefused, approve
from jtsec.approvals.models import ApprovalRequest
from jtsec.core.clock import now
from jtsec.core.context import Actor, Context, acting_as, enter, leave, system_actor
from jtsec.core.exceptions import InputError
from jtsec.identity.api import actor_of, change
from jtsec.identity.models import Identity
from tests.accounts.people import administrator
from tests.authentication.persons import by_sql, loaded
from tests.authentication.recorded import last
from tests.identity import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db: None) -> Actor:
    """Return a system administrator; bob is another, with two of security and zhang."""
    with acting_as(system_actor("clerk")):
        actor = administrator("ann", 1)
        administrator("bob", 2)
        people.person("secadmin", 3, duty="security")
        people.person("second", 4, duty="security")
        people.person("zhang", 5)
    return actor


def who(username: str) -> Identity:
    """Return an identity."""
    return Identity.objects.select_related("user").get(login_name=username)


@contextmanager
def on_a_page(username: str) -> Iterator[None]:
    """Act as somebody in a request, as a view does."""
    request = RequestFactory().get("/")
    request.user = loaded(username)
    token = enter(Context(request, actor=actor_of(request.user)))
    try:
        yield
    finally:
        leave(token)


@pytest.mark.clause("A4.4", "A4.5")
@pytest.mark.parametrize("duty", ["security", "audit", "system"])
def test_no_page_changes_a_duty_by_itself(ann: Actor, duty: str) -> None:
    """Whoever wrote it; the refusal is recorded and nothing is changed."""
    with on_a_page("ann"), pytest.raises(DutyNeedsApproval):
        change(who("zhang"), duty=duty)
    assert who("zhang").duty == "business"
    assert last("identity:person:refused")["reason"] == "duty-needs-approval"


def test_without_the_rule_a_page_would(
    ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection taken away: a friend becomes security administrator."""
    from jtsec.identity import announcements

    path = f"{duty_changes.__name__}.{duty_changes.refuse_alone.__qualname__}"
    monkeypatch.delitem(announcements._changed, path)
    with on_a_page("ann"):
        change(who("zhang"), duty="security")
    assert who("zhang").duty == "security"


@pytest.mark.clause("A4.4")
@pytest.mark.parametrize("approver", ["ann", "bob", "zhang"])
def test_only_security_approves_a_duty(ann: Actor, approver: str) -> None:
    """Neither who applied, nor another system administrator, nor who gets it."""
    with acting_as(ann):
        row = api.apply_for_duty(who("zhang"), "security", reason="轮岗")
    with acting_as(actor_of(loaded(approver))), pytest.raises(ApprovalRefused):
        approve(row.id, revision=row.revision)
    assert who("zhang").duty == "business"


@pytest.mark.clause("A4.4")
def test_a_duty_of_one_who_changed_since_is_not_approved(ann: Actor) -> None:
    """Somebody else is shown than would get it."""
    with acting_as(ann):
        row = api.apply_for_duty(who("zhang"), "audit", reason="轮岗")
        change(who("zhang"), number="000909")
    with acting_as(actor_of(loaded("secadmin"))), pytest.raises(ApprovalRefused):
        approve(row.id, revision=row.revision)
    assert who("zhang").duty == "business"


@pytest.mark.clause("P38")
def test_the_last_of_a_duty_keeps_it(ann: Actor) -> None:
    """Approved or not: nobody would be left to approve anything."""
    with acting_as(system_actor("clerk")):
        people.person("auditor", 6, duty="audit")
    with acting_as(ann):
        row = api.apply_for_duty(who("auditor"), "business", reason="轮岗")
    with on_a_page("secadmin"), pytest.raises(LastAdministrator):
        approve(row.id, revision=row.revision)
    assert who("auditor").duty == "audit"


@pytest.mark.parametrize(
    ("duty", "reason", "field"),
    [("root", "x", "duty"), ("", "x", "duty"), ("business", "x", "duty"),
     ("audit", "", "reason")],
)  # fmt: skip
def test_a_malformed_application_for_a_duty_names_its_field(
    ann: Actor, duty: str, reason: str, field: str
) -> None:
    """There is no application."""
    with acting_as(ann), pytest.raises(InputError) as wrong:
        api.apply_for_duty(who("zhang"), duty, reason=reason)
    assert wrong.value.field == field
    assert not ApprovalRequest.objects.exists()


@pytest.mark.parametrize("verb", ["duty", "reset"])
def test_nobody_applies_for_themself_or_of_another_duty(ann: Actor, verb: str) -> None:
    """Refused before there is an application."""

    def apply(person: Identity) -> Any:
        if verb == "duty":
            return api.apply_for_duty(person, "audit", reason="x")
        return api.apply_for_reset(person, reason="x")

    for actor, person, why in (
        ("ann", "ann", "own-account"),
        ("secadmin", "bob", "actor-duty"),
        ("zhang", "bob", "actor-duty"),
    ):
        with acting_as(actor_of(loaded(actor))), pytest.raises(NotAllowed) as refused:
            apply(who(person))
        assert refused.value.reason == why
    assert not ApprovalRequest.objects.exists()


@pytest.mark.clause("A4.4", "P37")
@pytest.mark.parametrize("username", ["secadmin", "bob"])
def test_an_administrators_password_is_not_reset_alone(
    ann: Actor, username: str
) -> None:
    """Nor with another's approval, one of yesterday, or one forged by SQL."""
    with acting_as(ann):
        with pytest.raises(NotAllowed) as refused:
            api.reset_password(loaded(username), reason="x")
        assert refused.value.reason == "approval-required"
        row = api.apply_for_reset(who(username), reason="遗忘口令")
    key = row.pk if _has_uuid() else row.pk.hex
    by_sql("jtsec_approvalrequest", "state", "executed", id=key)
    at = connection.ops.adapt_datetimefield_value(now() + timedelta(hours=1))
    by_sql("jtsec_approvalrequest", "closed_at", at, id=key)
    with acting_as(ann), pytest.raises(ApprovalRefused):
        api.reset_password(loaded(username), reason="x")
    assert not loaded(username).has_usable_password()


def test_without_the_rule_one_administrator_would_get_anothers_password(
    ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection taken away: whoever is told it logs in as security."""
    monkeypatch.setattr(passwords, "needs_approval", lambda identity: False)
    with acting_as(ann):
        assert api.reset_password(loaded("secadmin"), reason="x")


@pytest.mark.clause("A4.4", "P37")
def test_an_approved_reset_is_for_its_applicant_once_and_for_a_day(
    ann: Actor, clock: Any
) -> None:
    """Then it has to be applied for again."""
    with acting_as(ann):
        row = api.apply_for_reset(who("second"), reason="遗忘口令")
    with acting_as(actor_of(loaded("secadmin"))):
        approve(row.id, revision=row.revision, note="已核实")
    with acting_as(actor_of(loaded("bob"))), pytest.raises(NotAllowed):
        api.reset_password(loaded("second"), reason="x")
    clock.advance(hours=25)
    with acting_as(ann):
        assert api.needs_approval(who("second"))
        clock.advance(hours=-24)
        assert len(api.reset_password(loaded("second"), reason="遗忘口令")) == 16
        assert api.needs_approval(who("second"))
        with pytest.raises(NotAllowed):
            api.reset_password(loaded("second"), reason="again")
    assert timedelta(hours=1) == clock.ahead


def test_a_business_users_password_and_the_console_need_no_second_person(
    ann: Actor,
) -> None:
    """The console is the way back when the only approver has forgotten theirs."""
    with acting_as(ann):
        assert len(api.reset_password(loaded("zhang"), reason="遗忘口令")) == 16
    with acting_as(system_actor("console")):
        assert len(api.reset_password(loaded("secadmin"), reason="遗忘口令")) == 16


def test_an_initial_password_has_every_kind_of_character() -> None:
    """Letters, digits and symbols; none that is mistaken on paper."""
    for _ in range(200):
        password = api.initial_password()
        assert len(password) == 16
        assert not set(password) & set("lIO01")
        for group in (passwords.LETTERS, passwords.DIGITS, passwords.SYMBOLS):
            assert set(password) & set(group)


def _has_uuid() -> bool:
    return bool(connection.features.has_native_uuid_field)
