"""jtsec's own dangerous acts: refused to one person, done when a second approves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jtsec.access.api import assign, change_role, create_role
from jtsec.access.models import Assignment, Role
from jtsec.approvals import api
from jtsec.approvals.models import ApprovalRequest, State
from jtsec.audit.policies.api import add
from jtsec.audit.policies.models import AuditPolicy
from jtsec.authentication.api import account_of, extend_validity, lift
from jtsec.authentication.models import Block
from jtsec.core.acts import ApprovalRequired, require_leave
from jtsec.core.clock import now
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import InputError
from tests.authentication.persons import loaded
from tests.authentication.recorded import codes
from tests.authentication.test_blocks import locked

from . import desk

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("cheap_passwords"),
    pytest.mark.clause("A4.4"),
]


@pytest.fixture
def sysadmin() -> Any:
    """Return a system administrator."""
    return desk.somebody("sysadmin", duty="system")


@pytest.fixture
def secadmin() -> Any:
    """Return a security administrator."""
    return desk.somebody("secadmin", duty="security")


@pytest.fixture
def zhang() -> Any:
    """Return who is to get something."""
    return desk.somebody("zhang")


@pytest.fixture
def role() -> Role:
    """Return a role of the business duty."""
    with acting_as(system_actor("tests")):
        return create_role(
            "clerk", name="办事员", duty="business", rights=[desk.FILE], reason="开办"
        )


def approve(row: ApprovalRequest, user: Any) -> ApprovalRequest:
    """Have somebody approve."""
    with desk.as_user(user):
        return api.approve(row.id, revision=row.revision)


@pytest.mark.clause("A4.4", "A4.6")
def test_a_role_is_prepared_by_one_and_granted_by_another(
    sysadmin: Any, secadmin: Any, zhang: Any, role: Role
) -> None:
    """By default: the security administrator alone cannot, nor can the other."""
    identity = zhang.jtsec_identity
    with desk.as_user(secadmin), pytest.raises(ApprovalRequired):
        assign(identity, role, reason="岗位需要")
    assert "approvals:act:refused" in codes()
    with desk.as_user(sysadmin):
        row = api.apply_for_assignment(identity, role, reason="岗位需要")
    assert not Assignment.objects.exists()
    with desk.as_user(sysadmin), pytest.raises(api.ApprovalRefused):
        api.approve(row.id, revision=row.revision)
    assert approve(row, secadmin).state == State.EXECUTED
    held = Assignment.objects.get()
    assert (held.identity_id, held.role_id) == (identity.pk, role.pk)
    assert held.made_by == str(secadmin.jtsec_identity.uid)


def test_leave_lasts_for_what_was_approved_and_no_longer(
    sysadmin: Any, secadmin: Any, zhang: Any, role: Role
) -> None:
    """After an application was carried out the next grant needs its own."""
    with desk.as_user(sysadmin):
        row = api.apply_for_assignment(zhang.jtsec_identity, role, reason="岗位需要")
    approve(row, secadmin)
    with desk.as_user(secadmin), pytest.raises(ApprovalRequired):
        require_leave("access.assign", person="x")


def test_a_system_actor_at_the_console_is_the_way_back(role: Role, zhang: Any) -> None:
    """A command grants without a second person; in a request nobody is a command."""
    with acting_as(system_actor("jtsec_init")):
        assign(zhang.jtsec_identity, role, reason="开办")
    assert Assignment.objects.count() == 1


def test_a_role_that_was_changed_since_is_not_granted(
    sysadmin: Any, secadmin: Any, zhang: Any, role: Role
) -> None:
    """Who approved a role for filing has not granted what it was made into."""
    with desk.as_user(sysadmin):
        row = api.apply_for_assignment(zhang.jtsec_identity, role, reason="岗位需要")
    with desk.as_user(secadmin):
        change_role(role, rights=[desk.FILE, desk.CHECK], reason="扩权")
        with pytest.raises(api.ApprovalRefused) as caught:
            api.approve(row.id, revision=row.revision)
    assert caught.value.reason == "stale-object"
    assert not Assignment.objects.exists()


def test_nobody_approves_a_role_for_themselves(secadmin: Any, sysadmin: Any) -> None:
    """Whoever applied for it."""
    with acting_as(system_actor("tests")):
        role = create_role(
            "guard", name="安全", duty="security", rights=[], reason="开办"
        )
    with desk.as_user(sysadmin):
        row = api.apply_for_assignment(secadmin.jtsec_identity, role, reason="岗位")
    with desk.as_user(secadmin), pytest.raises(api.ApprovalRefused) as caught:
        api.approve(row.id, revision=row.revision)
    assert caught.value.reason == "self-approval"


def test_what_could_never_be_granted_is_not_applied_for(
    sysadmin: Any, secadmin: Any, role: Role, zhang: Any
) -> None:
    """Another duty, an unknown organisation, an unknown role."""
    with desk.as_user(sysadmin):
        with pytest.raises(InputError) as caught:
            api.apply_for_assignment(secadmin.jtsec_identity, role, reason="岗位")
        assert caught.value.code == "foreign-duty"
        with pytest.raises(InputError):
            api.apply_for_assignment(
                zhang.jtsec_identity, role, organisation="999999999999", reason="岗位"
            )
        with pytest.raises(InputError):
            api.apply_for_assignment(zhang.jtsec_identity, "none", reason="岗位")
    assert not ApprovalRequest.objects.exists()


@pytest.mark.clause("A3.2.7")
def test_a_lock_is_lifted_by_an_approved_application(
    settings: Any, sysadmin: Any, secadmin: Any, zhang: Any
) -> None:
    """Where the setting says so."""
    settings.JTSEC_APPROVALS_ACTS = ("authentication.unlock",)
    block = locked("zhang")
    with desk.as_user(secadmin), pytest.raises(ApprovalRequired):
        lift(block, reason="本人到场")
    with desk.as_user(sysadmin):
        row = api.apply_for_unlock(block, reason="本人到场")
    assert approve(row, secadmin).state == State.EXECUTED
    assert Block.objects.get(pk=block.pk).lifted_by == "secadmin"


@pytest.mark.clause("A3.2.9")
def test_validity_is_lengthened_by_an_approved_application(
    settings: Any, sysadmin: Any, zhang: Any
) -> None:
    """Shortening needs nobody else."""
    settings.JTSEC_APPROVALS_ACTS = ("authentication.extend-validity",)
    second = desk.somebody("sysadmin2", duty="system")
    soon, later = now() + timedelta(days=9), now() + timedelta(days=90)
    with desk.as_user(sysadmin):
        extend_validity(zhang, soon, reason="限期")
        with pytest.raises(ApprovalRequired):
            extend_validity(zhang, later, reason="延期")
        row = api.apply_for_extension(zhang, later, reason="延期")
    assert approve(row, second).state == State.EXECUTED
    account = account_of(loaded("zhang"))
    assert account is not None
    assert account.valid_until == later


@pytest.mark.clause("A5.3")
def test_an_audit_policy_is_changed_by_an_approved_application(settings: Any) -> None:
    """One auditor prepares it, another approves."""
    settings.JTSEC_APPROVALS_ACTS = ("audit.change-policy",)
    first, second = (desk.somebody(f"auditor{one}", duty="audit") for one in "12")
    values: dict[str, Any] = {
        "scope": "everyone",
        "aspect": "rule",
        "target": "high-frequency",
        "thresholds": {},
    }
    with desk.as_user(first):
        with pytest.raises(ApprovalRequired):
            add(reason="调整", **values)
        row = api.apply_for_policy_change("add", values, reason="调整")
    assert approve(row, second).state == State.EXECUTED
    assert AuditPolicy.objects.get().changed_by == "auditor2"


def test_a_role_is_changed_by_an_approved_application(
    settings: Any, secadmin: Any, role: Role
) -> None:
    """A second security administrator approves."""
    settings.JTSEC_APPROVALS_ACTS = ("access.change-role",)
    second = desk.somebody("secadmin2", duty="security")
    with desk.as_user(secadmin):
        with pytest.raises(ApprovalRequired):
            change_role(role, rights=[desk.FILE, desk.CHECK], reason="扩权")
        row = api.apply_for_role_change(
            role, {"rights": [desk.FILE, desk.CHECK]}, reason="扩权"
        )
    assert approve(row, second).state == State.EXECUTED
    role.refresh_from_db()
    assert sorted(role.rights) == sorted([desk.FILE, desk.CHECK])


def test_the_judge_is_what_refuses(
    monkeypatch: pytest.MonkeyPatch, secadmin: Any, zhang: Any, role: Role
) -> None:
    """Without it the grant goes through."""
    from jtsec.core import acts

    monkeypatch.setattr(acts, "_judge", acts._lets_pass)
    with desk.as_user(secadmin):
        assign(zhang.jtsec_identity, role, reason="岗位需要")
    assert Assignment.objects.count() == 1
