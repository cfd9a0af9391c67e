"""The pages of the audit policies and rules."""

from __future__ import annotations

import pytest

from django.test import Client
from django.urls import reverse

from benchmarks import history_writing
from jtsec.approvals.api import approve
from jtsec.approvals.models import ApprovalRequest
from jtsec.audit.events import label_of
from jtsec.audit.models import AuditRecord
from jtsec.audit.policies.api import forget
from jtsec.audit.policies.models import AuditPolicy
from jtsec.audit.rules import trial
from jtsec.core.context import acting_as
from jtsec.identity.api import actor_of
from tests.audit.rules.events import MONDAY, row_of
from tests.authentication.persons import registered

pytestmark = pytest.mark.django_db

LIST = "/console/audit/policies/"
RULE = f"{LIST}new/rule/high-frequency/"


@pytest.fixture(autouse=True)
def fresh():
    """Remember no policy of another test."""
    forget()
    yield
    forget()


def filled(**changed):
    """Return a form as an auditor fills it in."""
    known = {
        "scope": "duty", "duty": "business", "is_on": "on", "severity": "30",
        "t-events": "200", "t-seconds": "", "t-hourly": "", "reason": "查询量大",
    }  # fmt: skip
    return known | changed


@pytest.mark.clause("A5.3", "P43")
def test_an_auditor_sets_changes_and_retires_a_policy(auditor: Client):
    """Each with a reason; each recorded with before and after."""
    assert auditor.post(RULE, filled()).status_code == 302
    policy = AuditPolicy.objects.get()
    assert policy.thresholds == {"events": 200}
    assert (policy.scope, policy.scope_value, policy.severity) == (
        "duty",
        "business",
        30,
    )
    page = auditor.get(LIST).content.decode()
    assert "查询量大" in page
    assert "200" in page
    address = reverse("jtsec-console:policy", args=(policy.pk,))
    form = filled(**{"t-events": "150", "reason": "更严", "act": "change"})
    assert auditor.post(address, form).status_code == 302
    assert AuditPolicy.objects.get().thresholds == {"events": 150}
    assert auditor.post(address, filled(reason="完", act="retire")).status_code == 302
    assert AuditPolicy.objects.get().retired_at
    assert "查询量大" not in auditor.get(LIST).content.decode()
    assert "完" in auditor.get(f"{LIST}?retired=1").content.decode()
    assert auditor.get(address).status_code == 200
    codes = AuditRecord.objects.filter(code__startswith="audit:policy:")
    assert list(codes.order_by("id").values_list("code", flat=True)) == [
        "audit:policy:added", "audit:policy:changed", "audit:policy:retired",
    ]  # fmt: skip
    assert set(codes.values_list("actor_username", flat=True)) == {"auditor"}


@pytest.mark.clause("A4.4", "A5.3")
def test_under_approval_an_auditor_applies_and_another_approves(
    auditor: Client, settings
):
    """Set, changed and retired: each waits for a second auditor, and says so."""
    settings.JTSEC_APPROVALS_ACTS = ("audit.change-policy",)
    second = actor_of(registered("auditor2", 30, duty="audit"))

    def approved(answer):
        assert answer.status_code == 302
        row = ApprovalRequest.objects.get(state="pending")
        with acting_as(second):
            approve(row.pk, revision=row.revision)
        return AuditPolicy.objects.get()

    told = label_of("approvals:request:submitted")
    assert auditor.get(RULE).context["recorded"].what == told
    policy = approved(auditor.post(RULE, filled()))
    assert (policy.thresholds, policy.changed_by) == ({"events": 200}, "auditor2")
    address = reverse("jtsec-console:policy", args=(policy.pk,))
    changed = filled(**{"t-events": "150", "act": "change"})
    assert approved(auditor.post(address, changed)).thresholds == {"events": 150}
    assert approved(auditor.post(address, filled(act="retire"))).retired_at


@pytest.mark.clause("A4.4", "A5.3")
@pytest.mark.parametrize(
    "page", ["", "new/", "new/rule/many-places/", "rules/many-places/"]
)
def test_no_other_duty_sees_the_policies(outsider: Client, page):
    """Nor sets one."""
    assert outsider.get(f"{LIST}{page}").status_code == 403
    assert outsider.post(RULE, filled()).status_code == 403
    assert not AuditPolicy.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"scope": "user", "user": "nobody"}, "user"),
        ({"scope": "organisation", "organisation": ""}, "organisation"),
        ({"t-events": "1"}, "t-events"),
        ({"t-events": "many"}, "t-events"),
        ({"scope": "planet"}, "scope"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(auditor: Client, changed, field):
    """And nothing is set."""
    answer = auditor.post(RULE, filled(**changed))
    assert answer.status_code == 400
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not AuditPolicy.objects.exists()


@pytest.mark.clause("A5.3")
def test_a_mandatory_thing_is_refused_with_a_sentence(auditor: Client):
    """A rule for everybody, a recording that nobody may switch off."""
    everybody = filled(scope="everyone", is_on="off")
    assert auditor.post(RULE, everybody).status_code == 403
    target = f"{LIST}new/recording/login/"
    answer = auditor.post(target, filled(is_on="off"))
    assert answer.status_code == 403
    assert 'role="alert"' in answer.content.decode()
    assert not AuditPolicy.objects.exists()


@pytest.mark.clause("A5.3")
def test_a_policy_for_one_user_is_set_by_the_login_name(auditor: Client):
    """Stored is the identifier, which never changes."""
    user = registered("zhang", 20)
    form = filled(scope="user", user="Zhang")
    assert auditor.post(RULE, form).status_code == 302
    assert AuditPolicy.objects.get().scope_value == str(user.jtsec_identity.uid)
    assert "zhang" in auditor.get(LIST).content.decode()


def test_what_a_policy_is_about_is_chosen_first(auditor: Client):
    """A rule, a recording, events by their code."""
    chosen = auditor.get(f"{LIST}new/?target=event:&code=audit:model:*")
    assert chosen["Location"].endswith("new/event/audit:model:*/")
    assert auditor.post(chosen["Location"], filled()).status_code == 302
    assert auditor.get(f"{LIST}new/?target=event:&code=").status_code == 200
    assert auditor.get(f"{LIST}new/?target=event:&code=a/b").status_code == 200
    assert auditor.get(f"{LIST}new/").status_code == 200
    assert auditor.get(f"{LIST}new/wish/x/").status_code == 404
    assert auditor.get(f"{LIST}new/rule/x/").status_code == 404
    assert auditor.get(f"{LIST}rules/x/").status_code == 404
    assert auditor.get(f"{LIST}4711/").status_code == 404


@pytest.mark.clause("A5.7")
def test_a_rule_is_tried_on_past_days(auditor: Client, monkeypatch):
    """The page tells how often, on which days, and at what; nothing is written."""
    history_writing.write(row_of(80, 0.5))
    monkeypatch.setattr(trial, "now", lambda: MONDAY)
    monkeypatch.setattr(trial, "now", lambda: MONDAY.replace(hour=20))
    page = f"{LIST}rules/high-frequency/"
    assert auditor.get(page).status_code == 200
    answer = auditor.get(f"{page}?days=3&scope=everyone").content.decode()
    assert "<strong>1</strong>" in answer
    assert "user1" in answer
    assert "<svg" in answer
    tried = auditor.get(f"{page}?days=3&scope=everyone&t-events=500").content.decode()
    assert "<strong>0</strong>" in tried
    assert auditor.get(f"{page}?days=0&scope=everyone").status_code == 400
    assert auditor.get(f"{page}?days=3&scope=duty").status_code == 400
    assert auditor.get(f"{page}?days=3&scope=everyone&t-events=1").status_code == 400


def test_lists_of_times_and_weekdays_are_typed_as_people_write_them(auditor: Client):
    """With commas of either kind, and boxes for the days."""
    form = filled(**{"t-times": "08:00-12:00，14:00-18:00", "t-weekdays": ["1", "7"],
                     "t-events": ""})  # fmt: skip
    assert auditor.post(f"{LIST}new/rule/out-of-hours/", form).status_code == 302
    assert AuditPolicy.objects.get().thresholds == {
        "times": ["08:00-12:00", "14:00-18:00"], "weekdays": [1, 7],
    }  # fmt: skip
    each = filled(**{"t-each": "yes"})
    assert auditor.post(f"{LIST}new/rule/core-function/", each).status_code == 302
    assert AuditPolicy.objects.get(target="core-function").thresholds == {"each": True}
