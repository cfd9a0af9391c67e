"""One applies, another approves, and only then it is done, whole or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from django.db import connection
from django.test.utils import isolate_apps

from jtsec.access.api import set_clearance
from jtsec.access.scope import RowScope
from jtsec.approvals import api
from jtsec.approvals.application import Application
from jtsec.approvals.kinds import Step
from jtsec.approvals.models import ApprovalRequest, ApprovalStep, State
from jtsec.audit.events import Severity
from jtsec.audit.models import AuditRecord
from jtsec.authentication.accounts import write_account
from jtsec.core.clock import now
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import InputError
from jtsec.core.guarding import writing
from tests.authentication.recorded import codes
from tests.plainapp.models import Driver

from . import desk

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("cheap_passwords"),
    pytest.mark.clause("A4.4"),
]


@pytest.fixture
def zhang() -> Any:
    """Return who files."""
    return desk.somebody("zhang", desk.FILE)


@pytest.fixture
def li() -> Any:
    """Return who checks."""
    return desk.somebody("li", desk.CHECK)


def latest(code: str) -> AuditRecord:
    """Return the latest event of a code."""
    found = AuditRecord.objects.filter(code=code).order_by("-pk").first()
    assert found is not None, codes()
    return found


def refusal(row: ApprovalRequest, user: Any, **more: Any) -> str:
    """Return why somebody may not approve an application."""
    revision = more.pop("revision", row.revision)
    with desk.as_user(user), pytest.raises(api.ApprovalRefused) as caught:
        api.approve(row.id, revision=revision, **more)
    return caught.value.reason


def test_what_one_applies_for_is_done_when_another_approves(
    zhang: Any, li: Any
) -> None:
    """And not before; both are recorded with what was and what is."""
    driver = desk.driver()
    row = desk.file(zhang, driver)
    assert row.state == State.PENDING
    driver.refresh_from_db()
    assert driver.name == "张三"
    with desk.as_user(li):
        done = api.approve(row.id, revision=row.revision, note="属实")
    driver.refresh_from_db()
    assert driver.name == "张山"
    assert done.state == State.EXECUTED
    assert [code for code in codes() if code.startswith("approvals")] == [
        "approvals:request:submitted",
        "approvals:request:approved",
        "approvals:request:executed",
    ]
    steps = api.history(done)
    assert [one.kind for one in steps] == ["submitted", "approved", "executed"]
    assert [one.actor_username for one in steps] == ["zhang", "li", "li"]


def test_the_payload_is_not_readable_in_the_database(zhang: Any) -> None:
    """Neither are before, after and the reason."""
    row = desk.file(zhang, desk.driver())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT content FROM {row._meta.db_table}")
        stored = bytes(cursor.fetchone()[0])
    assert "张山".encode() not in stored
    assert "录入错误".encode() not in stored


@pytest.mark.parametrize("name", ["fail", "refuse"])
def test_a_failing_executor_takes_everything_back(
    zhang: Any, li: Any, name: str
) -> None:
    """Nor is the approval kept; the failure is recorded, and it can be tried again."""
    driver = desk.driver()

    def execute(application: Application) -> None:
        Driver.objects.filter(pk=driver.pk).update(name="half")
        if name == "refuse":
            raise InputError("no such driver", field="driver")
        raise RuntimeError("the disk is full")

    with desk.known(desk.kind(executor=execute)):
        row = desk.file(zhang, driver)
        wanted = InputError if name == "refuse" else api.ExecutionFailed
        with desk.as_user(li), pytest.raises(wanted):
            api.approve(row.id, revision=row.revision)
    driver.refresh_from_db()
    assert driver.name == "张三"
    stored = api.find(row.id)
    assert (stored.state, stored.revision) == (State.PENDING, row.revision)
    assert ApprovalStep.objects.filter(request=row).count() == 1
    assert "approvals:request:approved" not in codes()
    assert latest("approvals:execution:failed").actor_username == "li"
    with desk.as_user(li):
        assert api.approve(row.id, revision=row.revision).state == State.EXECUTED


def test_nothing_is_approved_unseen(zhang: Any, li: Any) -> None:
    """What was amended since the page was opened is looked at again."""
    row = desk.file(zhang, desk.driver())
    opened = row.revision
    with desk.as_user(zhang):
        payload = dict(api.application_of(row).payload)
        api.amend(row.id, revision=opened, payload=payload, reason="补充")
    assert refusal(row, li, revision=opened) == "stale-revision"


def test_what_changed_underneath_is_not_approved(zhang: Any, li: Any) -> None:
    """The object is not any more what before and after were said about."""
    driver = desk.driver()
    row = desk.file(zhang, driver)
    Driver.objects.filter(pk=driver.pk).update(name="王五")
    assert refusal(row, li) == "stale-object"


def test_nothing_is_approved_after_the_deadline(zhang: Any, li: Any) -> None:
    """It is closed by the job, and refused before the job came."""
    with desk.known(desk.kind(deadline=timedelta(seconds=-1))):
        row = desk.file(zhang, desk.driver())
        assert refusal(row, li) == "expired"
        assert api.waiting_for(li) == []
        with acting_as(system_actor("jtsec_approvals")):
            assert api.expire_overdue() == 1
            assert api.expire_overdue() == 0
        assert api.find(row.id).state == State.EXPIRED
        assert refusal(row, li) == "wrong-state"


def test_who_may_not_check_does_not(zhang: Any) -> None:
    """Being somebody else is not enough."""
    row = desk.file(zhang, desk.driver())
    wang = desk.somebody("wang", desk.FILE)
    assert refusal(row, wang) == "right-missing"
    assert latest("approvals:request:refused").reason == "right-missing"


def test_a_right_that_was_taken_away_counts_for_nothing(zhang: Any, li: Any) -> None:
    """Rights are asked for when the step is taken, not when the page was shown."""
    row = desk.file(zhang, desk.driver())
    assert api.waiting_for(li) == [row]
    desk.take(li, desk.CHECK)
    assert refusal(row, li) == "right-missing"


def test_who_may_not_file_does_not(li: Any) -> None:
    """Applying takes a right too."""
    with pytest.raises(api.ApprovalRefused) as caught:
        desk.file(li, desk.driver())
    assert caught.value.reason == "right-missing"
    assert latest("approvals:request:refused").actor_username == "li"
    assert not ApprovalRequest.objects.exists()


def test_a_command_neither_applies_nor_approves(zhang: Any) -> None:
    """Who sits at the console could be the maker; only persons are told apart."""
    row = desk.file(zhang, desk.driver())
    with acting_as(system_actor("job")):
        with pytest.raises(api.ApprovalRefused) as caught:
            api.approve(row.id, revision=row.revision)
        assert caught.value.reason == "anonymous"


def test_two_steps_are_two_persons(zhang: Any, li: Any) -> None:
    """The first step does not yet do it."""
    steps = (Step(desk.CHECK, "科长审核"), Step(desk.APPROVE, "支队领导审批"))
    with desk.known(desk.kind(steps=steps)):
        head = desk.somebody("head", desk.APPROVE)
        row = desk.file(zhang, desk.driver())
        assert refusal(row, head) == "right-missing"
        with desk.as_user(li):
            row = api.approve(row.id, revision=row.revision)
        assert row.state == State.PENDING
        assert not Driver.objects.filter(name="张山").exists()
        with desk.as_user(head):
            row = api.approve(row.id, revision=row.revision)
    assert row.state == State.EXECUTED


def test_an_amendment_voids_what_was_approved(zhang: Any, li: Any) -> None:
    """The first step is taken again, and whoever took it may."""
    steps = (Step(desk.CHECK, "科长审核"), Step(desk.APPROVE, "支队领导审批"))
    with desk.known(desk.kind(steps=steps)):
        row = desk.file(zhang, desk.driver())
        with desk.as_user(li):
            row = api.approve(row.id, revision=row.revision)
        with desk.as_user(zhang):
            payload = dict(api.application_of(row).payload)
            row = api.amend(row.id, revision=row.revision, payload=payload, reason="补")
        assert (row.step, row.round) == (0, 2)
        with desk.as_user(li):
            assert api.approve(row.id, revision=row.revision).step == 1


def test_what_was_done_is_not_done_again_from_a_copy(zhang: Any, li: Any) -> None:
    """The row of before, seals whole, put back by SQL: the audit knows better."""
    driver = desk.driver()
    row = desk.file(zhang, driver)
    copy: dict[str, Any] = dict(ApprovalRequest.objects.values().get(pk=row.pk))
    with desk.as_user(li):
        api.approve(row.id, revision=row.revision)
    Driver.objects.filter(pk=driver.pk).update(name="张三")
    with writing("approvals"):
        ApprovalStep.objects.filter(request=row, number__gt=1).delete()
        ApprovalRequest.objects.filter(pk=row.pk).update(
            **{name: copy[name] for name in copy if name not in ("id", "content")}
        )
    assert api.find(row.id).state == State.PENDING
    assert refusal(row, li) == "broken"
    assert latest("approvals:request:broken").severity == Severity.ALARM
    driver.refresh_from_db()
    assert driver.name == "张三"


@pytest.mark.clause("P45")
def test_a_correction_is_carried_out_by_a_third_person(zhang: Any, li: Any) -> None:
    """Neither who applied nor who approved; the form keeps before and after."""
    with desk.known(desk.kind(execute_right=desk.EXECUTE)):
        desk.give(zhang, desk.EXECUTE)
        desk.give(li, desk.EXECUTE)
        third = desk.somebody("third", desk.EXECUTE)
        row = desk.file(zhang, desk.driver())
        with desk.as_user(li):
            row = api.approve(row.id, revision=row.revision)
        assert row.state == State.APPROVED
        assert not Driver.objects.filter(name="张山").exists()
        for user, reason in ((zhang, "self-approval"), (li, "earlier-checker")):
            with desk.as_user(user), pytest.raises(api.ApprovalRefused) as caught:
                api.execute(row.id, revision=row.revision)
            assert caught.value.reason == reason
        assert [one.pk for one in api.waiting_for(third)] == [row.pk]
        with desk.as_user(third):
            row = api.execute(row.id, revision=row.revision, note="已更正")
    assert row.state == State.EXECUTED
    assert Driver.objects.filter(name="张山").exists()
    form = api.form(row)
    compared = form.sections[0].parts[0]
    assert list(compared.rows) == [("姓名", "张三", "张山")]  # type: ignore[union-attr]  # a table
    way = form.sections[1].parts[0]
    assert [one[2] for one in way.rows] == ["张三"] * 3  # type: ignore[union-attr]  # a table


def test_what_ended_otherwise_tells_its_object(zhang: Any, li: Any) -> None:
    """Rejected by another, withdrawn by its maker: the object hears of both."""
    heard: list[str] = []
    known = desk.kind(ended=lambda application, state: heard.append(state))
    with desk.known(known):
        first, second = desk.file(zhang, desk.driver()), desk.file(zhang, desk.driver())
        with desk.as_user(li):
            api.reject(first.id, revision=first.revision, note="材料不全")
            with pytest.raises(api.ApprovalRefused) as caught:
                api.withdraw(second.id)
        assert caught.value.reason == "not-maker"
        with desk.as_user(zhang):
            api.withdraw(second.id, note="不用了")
    assert heard == ["rejected", "withdrawn"]
    assert refusal(first, li) == "wrong-state"


def test_a_rejection_says_why(zhang: Any, li: Any) -> None:
    """Without a reason nothing is rejected."""
    row = desk.file(zhang, desk.driver())
    with desk.as_user(li), pytest.raises(InputError):
        api.reject(row.id, revision=row.revision, note="  ")
    assert api.find(row.id).state == State.PENDING


def test_own_applications_never_wait_for_oneself(zhang: Any, li: Any) -> None:
    """With every right there is, one's own stand under one's own alone."""
    desk.give(zhang, desk.CHECK)
    row = desk.file(zhang, desk.driver())
    assert api.waiting_for(zhang) == []
    assert api.mine(zhang) == [row]
    assert api.waiting_for(li) == [row]
    assert api.mine(li) == []


def test_what_is_out_of_date_is_sent_back_and_never_done(zhang: Any, li: Any) -> None:
    """Or it would lie among what waits until its deadline."""
    driver = desk.driver()
    row = desk.file(zhang, driver)
    Driver.objects.filter(pk=driver.pk).update(name="李四")
    assert refusal(row, li) == "stale-object"
    with desk.as_user(li):
        row = api.reject(row.id, revision=row.revision, note="已另行更正")
    assert row.state == State.REJECTED


@pytest.mark.clause("A3.2.9")
def test_nobody_stands_in_for_an_account_that_has_expired(zhang: Any, li: Any) -> None:
    """Whoever has left the service decides nothing by another's hand either."""
    wang = desk.somebody("wang")
    with desk.as_user(li):
        until = now() + timedelta(days=2)
        api.delegate(wang, kinds=["plainapp.rename"], until=until, reason="调离")
    row = desk.file(zhang, desk.driver())
    write_account(li, valid_until=now() - timedelta(hours=1))
    assert api.waiting_for(wang) == []
    assert refusal(row, wang) == "right-missing"
    write_account(li, valid_until=None)
    with desk.as_user(wang):
        assert api.approve(row.id, revision=row.revision).state == State.EXECUTED


def test_a_delegate_decides_with_the_givers_right(zhang: Any, li: Any) -> None:
    """Under their own name; ended, they cannot any more."""
    wang = desk.somebody("wang")
    with desk.as_user(li):
        given = api.delegate(
            wang,
            kinds=["plainapp.rename"],
            until=now() + timedelta(days=2),
            reason="出差",
        )
    first, second = desk.file(zhang, desk.driver()), desk.file(zhang, desk.driver())
    assert set(api.waiting_for(wang)) == {first, second}
    with desk.as_user(wang):
        row = api.approve(first.id, revision=first.revision)
    approved = api.history(row)[1]
    assert (approved.actor_username, approved.for_name) == ("wang", "张三")
    with desk.as_user(li):
        api.end_delegation(given.id, reason="回来了")
    assert refusal(second, wang) == "right-missing"


@isolate_apps("tests.plainapp")
def labelled(label: int) -> Any:
    """Return a row that only who is cleared for it sees; its number is its label."""

    class Labelled(Driver):
        SCOPE = RowScope(label="id")

        class Meta:
            app_label = "plainapp"
            proxy = True

    return Labelled(pk=label)


@pytest.mark.clause("A4.14")
def test_standing_in_lends_no_clearance(zhang: Any, li: Any) -> None:
    """Nor does the giver's right show the other what is above their own."""
    wang = desk.somebody("wang")
    with acting_as(system_actor("tests")):
        for one in (li, zhang):
            set_clearance(one.jtsec_identity, 2, reason="岗位需要")
    with desk.as_user(li):
        api.delegate(
            wang,
            kinds=["plainapp.rename"],
            until=now() + timedelta(days=2),
            reason="出差",
        )
    row_itself = labelled(2)
    with desk.known(desk.kind(object_of=lambda resource: row_itself)):
        row = desk.file(zhang, desk.driver())
        assert refusal(row, wang) == "right-missing"
        assert api.waiting_for(wang) == []
        with desk.as_user(li):
            assert api.approve(row.id, revision=row.revision).state == State.EXECUTED


def test_a_delegation_that_sql_made_longer_gives_nothing(zhang: Any, li: Any) -> None:
    """Its seal is broken: alarm."""
    wang = desk.somebody("wang")
    with desk.as_user(li):
        given = api.delegate(
            wang,
            kinds=["plainapp.rename"],
            until=now() + timedelta(days=1),
            reason="出差",
        )
    table, longer = given._meta.db_table, now() + timedelta(days=9)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET valid_until = %s", [longer])
    row = desk.file(zhang, desk.driver())
    assert refusal(row, wang) == "right-missing"
    assert latest("approvals:request:broken").severity == Severity.ALARM


def test_nobody_lends_what_they_do_not_have(zhang: Any) -> None:
    """Nor to themselves, nor longer than the setting says."""
    wang = desk.somebody("wang")
    terms: dict[str, Any] = {"kinds": ["plainapp.rename"], "reason": "出差"}
    with desk.as_user(zhang):
        with pytest.raises(api.ApprovalRefused) as caught:
            api.delegate(wang, until=now() + timedelta(days=1), **terms)
        assert caught.value.reason == "right-missing"
        with pytest.raises(InputError):
            api.delegate(wang, until=now() + timedelta(days=99), **terms)
        with pytest.raises(api.ApprovalRefused) as caught:
            api.delegate(zhang, until=now() + timedelta(days=1), **terms)
        assert caught.value.reason == "to-oneself"
