"""Eleven ways to approve one's own application; each is refused and leaves an event."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from django.db import connection
from django.test import Client
from django.urls import reverse

from jtsec.approvals import api, judging, rows
from jtsec.approvals.bulk import Chosen, approve_each
from jtsec.approvals.events import (
    DelegationRefused,
    RequestFoundBroken,
    RequestStepRefused,
    SelfApprovalRefused,
)
from jtsec.approvals.kinds import Step
from jtsec.approvals.models import ApprovalRequest, ApprovalStep, State
from jtsec.audit.events import Event, Severity
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from tests.authentication.persons import PASSWORD, by_sql
from tests.plainapp.models import Driver

from . import desk

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("cheap_passwords"),
    pytest.mark.clause("A4.4"),
]


@pytest.fixture(autouse=True)
def pages(settings: Any) -> None:
    """Serve the pages, the interface and an admin."""
    settings.ROOT_URLCONF = "tests.approvals.urls"


@pytest.fixture
def zhang() -> Any:
    """Return who files, and may check as well: nothing but the rule stops them."""
    return desk.somebody("zhang", desk.FILE, desk.CHECK)


@pytest.fixture
def filed(zhang: Any) -> ApprovalRequest:
    """Return an application of zhang's."""
    return desk.file(zhang, desk.driver())


def browser(user: Any) -> Client:
    """Return the browser of somebody who logged in at the login page."""
    client = Client()
    form = {"username": user.get_username(), "password": PASSWORD}
    assert client.post("/accounts/login/", form).status_code == 302
    return client


def require_refused(
    row: ApprovalRequest, event: type[Event], reason: str, username: str
) -> AuditRecord:
    """Require that nothing was done, and that the event says who tried and why not."""
    stored = ApprovalRequest.objects.get(pk=row.pk)
    assert stored.state in (State.PENDING, State.WITHDRAWN)
    assert not Driver.objects.filter(name="张山").exists()
    told = AuditRecord.objects.filter(code=event.declaration.code).order_by("-pk")
    latest = told.first()
    assert latest is not None, list(AuditRecord.objects.values_list("code", flat=True))
    assert (latest.actor_username, latest.reason) == (username, reason)
    return latest


def verdict(row: ApprovalRequest) -> dict[str, Any]:
    """Return what the page's form sends to approve."""
    said = {"verdict": "approve", "revision": row.revision, "note": "同意"}
    return said | {"password": PASSWORD}


def test_by_page(zhang: Any, filed: ApprovalRequest) -> None:
    """The page offers no button, and what is sent all the same is refused."""
    client, url = browser(zhang), reverse("jtsec:approval", args=[filed.pk])
    assert 'value="approve"' not in client.get(url).content.decode()
    assert client.post(url, verdict(filed)).status_code == 403
    require_refused(filed, SelfApprovalRefused, "self-approval", "zhang")


def test_by_rest(zhang: Any, filed: ApprovalRequest) -> None:
    """A program is judged as a page is."""
    answer = browser(zhang).post(
        f"/api/approvals/{filed.pk}/approve/",
        json.dumps({"revision": filed.revision, "password": PASSWORD}),
        content_type="application/json",
    )
    assert answer.status_code == 403
    require_refused(filed, SelfApprovalRefused, "self-approval", "zhang")


def test_by_admin_action(zhang: Any, filed: ApprovalRequest) -> None:
    """Staff with every right on the model are refused in the admin too."""
    type(zhang).objects.filter(pk=zhang.pk).update(is_staff=True)
    desk.give(zhang, desk.EXECUTE)
    client = browser(zhang)
    driver = filed.resource.rpartition(":")[2]
    form = {"action": "approve_applications", "_selected_action": driver}
    url = "/admin/plainapp/driver/"
    offered = client.post(url, form, follow=True).content.decode()
    assert str(filed.pk) not in offered
    sent = {**form, "jtsec_approve": "1", "chosen": f"{filed.pk}:{filed.revision}"}
    sent["password"] = PASSWORD
    assert client.post(url, sent).status_code == 302
    require_refused(filed, SelfApprovalRefused, "self-approval", "zhang")


def test_after_a_role_change(zhang: Any, filed: ApprovalRequest) -> None:
    """Who may not file any more, but check, stays who filed."""
    desk.take(zhang, desk.FILE, desk.CHECK)
    desk.give(zhang, desk.CHECK)
    with desk.as_user(zhang), pytest.raises(api.ApprovalRefused):
        api.approve(filed.id, revision=filed.revision)
    require_refused(filed, SelfApprovalRefused, "self-approval", "zhang")


def test_through_a_delegate_of_the_maker(zhang: Any) -> None:
    """A friend whom the maker let stand in before is the maker's other hand."""
    friend = desk.somebody("friend")
    with desk.as_user(zhang):
        api.delegate(
            friend,
            kinds=["plainapp.rename"],
            until=now() + timedelta(days=3),
            reason="出差",
        )
    filed = desk.file(zhang, desk.driver())
    with desk.as_user(friend), pytest.raises(api.ApprovalRefused):
        api.approve(filed.id, revision=filed.revision)
    require_refused(filed, SelfApprovalRefused, "delegate-of-maker", "friend")


def test_as_delegate_of_somebody_who_may(zhang: Any) -> None:
    """The maker stands in for an approver: refused when filing came later, too."""
    li = desk.somebody("li", desk.CHECK)
    desk.take(zhang, desk.CHECK)
    stand_in: dict[str, Any] = {
        "kinds": ["plainapp.rename"],
        "until": now() + timedelta(days=3),
        "reason": "出差",
    }
    with desk.as_user(li):
        api.delegate(zhang, **stand_in)
    filed = desk.file(zhang, desk.driver())
    with desk.as_user(zhang), pytest.raises(api.ApprovalRefused):
        api.approve(filed.id, revision=filed.revision)
    require_refused(filed, SelfApprovalRefused, "self-approval", "zhang")


def test_a_delegation_does_not_reach_who_has_filed(
    zhang: Any, filed: ApprovalRequest
) -> None:
    """It is refused where it is given, before anything is approved by it."""
    li = desk.somebody("li", desk.CHECK)
    with desk.as_user(li), pytest.raises(api.ApprovalRefused):
        api.delegate(
            zhang,
            kinds=["plainapp.rename"],
            until=now() + timedelta(days=3),
            reason="出差",
        )
    require_refused(filed, DelegationRefused, "delegate-of-maker", "li")


def test_as_the_sole_approver(zhang: Any, filed: ApprovalRequest) -> None:
    """Nobody else has the right; it waits, it is not let through."""
    with desk.as_user(zhang), pytest.raises(api.ApprovalRefused):
        api.approve(filed.id, revision=filed.revision)
    require_refused(filed, SelfApprovalRefused, "self-approval", "zhang")
    assert api.waiting_for(zhang) == []


def test_as_last_editor_of_the_application(filed: ApprovalRequest) -> None:
    """Who amended what another raised does not approve it."""
    wang = desk.somebody("wang", desk.FILE, desk.CHECK)
    with desk.as_user(wang):
        payload = dict(api.application_of(filed).payload)
        again = api.amend(
            filed.id, revision=filed.revision, payload=payload, reason="补充"
        )
        with pytest.raises(api.ApprovalRefused):
            api.approve(again.id, revision=again.revision)
    require_refused(filed, SelfApprovalRefused, "self-approval", "wang")


def test_as_last_editor_of_the_object(zhang: Any) -> None:
    """Whoever last touched the object is as near to it as who applies."""
    wang = desk.somebody("wang", desk.CHECK)
    uid = str(wang.jtsec_identity.uid)
    filed = desk.file(zhang, desk.driver(), edited_by=uid)
    with desk.as_user(wang), pytest.raises(api.ApprovalRefused):
        api.approve(filed.id, revision=filed.revision)
    require_refused(filed, SelfApprovalRefused, "self-approval", "wang")


@pytest.mark.parametrize("who", ["zhang", "li"])
def test_as_second_step_approver(zhang: Any, who: str) -> None:
    """The second step is neither the maker's nor who took the first."""
    steps = (Step(desk.CHECK, "科长审核"), Step(desk.APPROVE, "支队领导审批"))
    with desk.known(desk.kind(steps=steps)):
        li = desk.somebody("li", desk.CHECK, desk.APPROVE)
        desk.give(zhang, desk.APPROVE)
        filed = desk.file(zhang, desk.driver())
        with desk.as_user(li):
            row = api.approve(filed.id, revision=filed.revision)
        assert row.state == State.PENDING
        with (
            desk.as_user({"zhang": zhang, "li": li}[who]),
            pytest.raises(api.ApprovalRefused),
        ):
            api.approve(row.id, revision=row.revision)
    reason = {"zhang": "self-approval", "li": "earlier-checker"}[who]
    require_refused(filed, SelfApprovalRefused, reason, who)


def test_without_the_choke_point_every_way_would_be_open(
    zhang: Any, filed: ApprovalRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What refuses above is this one question, and nothing by chance."""
    monkeypatch.setattr(judging, "makers_of", lambda held, kind: frozenset())
    with desk.as_user(zhang):
        row = api.approve(filed.id, revision=filed.revision)
    assert row.state == State.EXECUTED


def test_by_bulk(zhang: Any, filed: ApprovalRequest) -> None:
    """Among others' applications one's own is refused, and theirs are done."""
    wang = desk.somebody("wang", desk.FILE)
    other = desk.file(wang, desk.driver("李四"), "李斯")
    client = browser(zhang)
    keys = [f"{one.pk}:{one.revision}" for one in (filed, other)]
    sent = {"chosen": keys, "password": PASSWORD}
    page = client.post(reverse("jtsec:approvals-waiting"), sent)
    assert page.status_code == 200
    require_refused(filed, SelfApprovalRefused, "self-approval", "zhang")
    assert ApprovalRequest.objects.get(pk=other.pk).state == State.EXECUTED


def test_by_bulk_without_a_page(zhang: Any, filed: ApprovalRequest) -> None:
    """The verb behind the page and the admin judges each by itself."""
    with desk.as_user(zhang):
        results = approve_each([Chosen(filed.pk, filed.revision)])
    assert isinstance(results[0].error, api.ApprovalRefused)
    require_refused(filed, SelfApprovalRefused, "self-approval", "zhang")


@pytest.mark.parametrize("column", ["makers", "maker_uid", "step row", "step removed"])
def test_by_changing_the_maker_in_the_database(
    zhang: Any, filed: ApprovalRequest, column: str
) -> None:
    """The seal is broken, or the history does not hold together: alarm."""
    key = stored_key(filed)
    table = ApprovalRequest._meta.db_table
    other = str(desk.somebody("wang").jtsec_identity.uid)
    match column:
        case "makers":
            by_sql(table, "makers", json.dumps([other]), id=key)
        case "maker_uid":
            by_sql(table, "maker_uid", other, id=key)
        case "step row":
            by_sql(ApprovalStep._meta.db_table, "actor_uid", other, request_id=key)
        case _:
            with connection.cursor() as cursor:
                steps = ApprovalStep._meta.db_table
                cursor.execute(f"DELETE FROM {steps} WHERE request_id = %s", [key])
    with desk.as_user(zhang), pytest.raises(api.ApprovalRefused):
        api.approve(filed.id, revision=filed.revision)
    told = require_refused_broken(filed)
    assert told.actor_username == "zhang"
    assert told.severity == Severity.ALARM


def stored_key(row: ApprovalRequest) -> Any:
    """Return the number of an application as the database holds it."""
    return row._meta.pk.get_db_prep_value(row.pk, connection)


def require_refused_broken(row: ApprovalRequest) -> AuditRecord:
    """Require that nothing was done, with an alarm."""
    code = RequestFoundBroken.declaration.code
    told = AuditRecord.objects.filter(code=code).order_by("-pk").first()
    assert told is not None
    assert told.resource == row.reference
    assert not Driver.objects.filter(name="张山").exists()
    return told


def test_by_replaying_a_form_of_the_approver(zhang: Any) -> None:
    """A form that was sent or opened once does not fit what it became since."""
    li = desk.somebody("li", desk.CHECK)
    filed = desk.file(zhang, desk.driver())
    opened = verdict(filed)
    url = reverse("jtsec:approval", args=[filed.pk])
    with desk.as_user(zhang):
        api.amend(
            filed.id,
            revision=filed.revision,
            payload={**api.application_of(filed).payload, "name": "王五"},
            reason="换成别的",
        )
    assert browser(zhang).post(url, opened).status_code == 403
    require_refused(filed, SelfApprovalRefused, "self-approval", "zhang")
    assert browser(li).post(url, opened).status_code == 409
    require_refused(filed, RequestStepRefused, "stale-revision", "li")
    assert not Driver.objects.filter(name="王五").exists()


@pytest.mark.parametrize("removed", ["seal", "ties"])
def test_without_the_seal_a_changed_maker_would_be_believed(
    zhang: Any, filed: ApprovalRequest, removed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seal finds a changed name; the ties between the steps find a missing one."""
    other = str(desk.somebody("wang").jtsec_identity.uid)
    key, steps = stored_key(filed), ApprovalStep._meta.db_table
    if removed == "seal":
        monkeypatch.setattr(rows, "check_seal", lambda row: None)
        table = ApprovalRequest._meta.db_table
        by_sql(table, "makers", json.dumps([other]), id=key)
        by_sql(table, "maker_uid", other, id=key)
        by_sql(steps, "actor_uid", other, request_id=key)
        with desk.as_user(zhang):
            row = api.approve(filed.id, revision=filed.revision)
        assert row.state == State.EXECUTED
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {steps} WHERE request_id = %s", [key])
    with pytest.raises(api.ApprovalRefused):
        api.find(filed.id)
    monkeypatch.setattr(rows, "_require_whole", lambda row, steps: None)
    assert api.find(filed.id).pk == filed.pk


@pytest.mark.parametrize("is_atomic", [True, False])
def test_the_refusal_stays_where_requests_are_transactions(
    zhang: Any, filed: ApprovalRequest, is_atomic: bool
) -> None:
    """The rollback of the page's transaction does not take the event."""
    client, url = browser(zhang), reverse("jtsec:approval", args=[filed.pk])
    before = connection.settings_dict["ATOMIC_REQUESTS"]
    connection.settings_dict["ATOMIC_REQUESTS"] = is_atomic
    try:
        assert client.post(url, verdict(filed)).status_code == 403
    finally:
        connection.settings_dict["ATOMIC_REQUESTS"] = before
    require_refused(filed, SelfApprovalRefused, "self-approval", "zhang")
