"""The pages of approvals: whose they are, what they take, and what they hand out."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from jtsec.approvals import api
from jtsec.approvals.listing import LIMIT
from jtsec.approvals.models import ApprovalRequest, Delegation, State
from jtsec.core.clock import now
from jtsec.core.identifiers import new_id
from tests.authentication.persons import PASSWORD
from tests.authentication.recorded import codes
from tests.plainapp.models import Driver

from . import desk

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("cheap_passwords"),
]


@pytest.fixture(autouse=True)
def pages(settings: Any) -> None:
    """Serve the pages and an admin."""
    settings.ROOT_URLCONF = "tests.approvals.urls"


@pytest.fixture
def li() -> Any:
    """Return who checks."""
    return desk.somebody("li", desk.CHECK)


@pytest.fixture
def filed() -> ApprovalRequest:
    """Return an application of zhang's."""
    return desk.file(desk.somebody("zhang", desk.FILE), desk.driver())


class Desk(Client):
    """A browser at which somebody types their password where something is decided."""

    def post(self, path: str, data: Any = None, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # takes what the client's own takes
        """Send a form."""
        return super().post(path, {"password": PASSWORD} | (data or {}), **kwargs)


def browser(username: str) -> Client:
    """Return the browser of somebody who logged in at the login page."""
    client = Desk()
    form = {"username": username, "password": PASSWORD}
    assert client.post("/accounts/login/", form).status_code == 302
    return client


def test_an_approver_approves_on_the_page(li: Any, filed: ApprovalRequest) -> None:
    """They see before and after, and who applied."""
    client, url = browser("li"), reverse("jtsec:approval", args=[filed.pk])
    assert str(filed.pk) in client.get("/accounts/approvals/waiting/").content.decode()
    shown = client.get(url).content.decode()
    assert "张三" in shown
    assert "张山" in shown
    form = {"verdict": "approve", "revision": filed.revision, "note": "同意"}
    answer = client.post(url, form)
    assert answer.status_code == 302
    assert Driver.objects.filter(name="张山").exists()
    assert client.post(url, form).status_code in (403, 409)


def test_who_applied_is_asked_for_no_opinion(filed: ApprovalRequest) -> None:
    """They may withdraw it and add a note; the decision is another's."""
    page = browser("zhang").get(reverse("jtsec:approval", args=[filed.pk]))
    assert page.context["form"].fields["note"].label == "说明"
    shown = page.content.decode()
    assert "<h2>撤回</h2>" in shown
    assert "审批意见" not in shown


def test_a_rejection_without_a_reason_says_so(li: Any, filed: ApprovalRequest) -> None:
    """And leaves the application as it is."""
    url = reverse("jtsec:approval", args=[filed.pk])
    form = {"verdict": "reject", "revision": filed.revision, "note": ""}
    answer = browser("li").post(url, form)
    assert answer.status_code == 400
    assert api.find(filed.pk).state == State.PENDING


@pytest.mark.parametrize("sent", [{}, {"verdict": "rule"}, {"revision": "x"}])
def test_nonsense_is_answered_and_changes_nothing(
    li: Any, filed: ApprovalRequest, sent: dict[str, str]
) -> None:
    """400, and the page again."""
    url = reverse("jtsec:approval", args=[filed.pk])
    assert browser("li").post(url, sent).status_code == 400
    for chosen in ("", "x", "x:1", f"{filed.pk}:x"):
        answer = browser("li").post("/accounts/approvals/waiting/", {"chosen": chosen})
        assert answer.status_code == 400
    assert api.find(filed.pk).state == State.PENDING


def test_of_others_applications_nobody_learns(filed: ApprovalRequest) -> None:
    """Neither the page nor the form; the attempt is recorded."""
    desk.somebody("wang", desk.FILE)
    client = browser("wang")
    for url in (
        reverse("jtsec:approval", args=[filed.pk]),
        reverse("jtsec:approval-form", args=[filed.pk, "html"]),
    ):
        assert client.get(url).status_code == 404
    assert codes().count("approvals:request:refused") == 2


def test_auditors_look_on(filed: ApprovalRequest) -> None:
    """They see every application, and decide over none."""
    desk.somebody("auditor", duty="audit")
    client, url = browser("auditor"), reverse("jtsec:approval", args=[filed.pk])
    page = client.get(url)
    assert page.status_code == 200
    assert 'name="verdict"' not in page.content.decode()
    form = {"verdict": "approve", "revision": filed.revision}
    assert client.post(url, form).status_code == 403
    assert api.find(filed.pk).state == State.PENDING


def test_ones_own_are_listed_page_by_page(li: Any) -> None:
    """Each on one page, and nobody else's; a number that is none begins anew."""
    zhang, driver = desk.somebody("zhang", desk.FILE), desk.driver()
    made = [desk.file(zhang, driver).pk for _each in range(LIMIT + 3)]
    client, place = browser("zhang"), "/accounts/approvals/"
    first = client.get(place).context
    assert [one["row"].pk for one in first["rows"]] == made[:2:-1]
    rest = client.get(place, {"after": first["older"]}).context
    assert [one["row"].pk for one in rest["rows"]] == made[2::-1]
    assert rest["older"] is None
    for after in ("x", "9" * 5000, str(new_id())):
        shown = client.get(place, {"after": after}).context["rows"]
        assert len(shown) == LIMIT
    assert browser("li").get(place, {"after": str(made[-1])}).context["rows"] == []


def test_strangers_are_led_to_the_login(filed: ApprovalRequest) -> None:
    """Every page of approvals is behind it."""
    assert api.mine(AnonymousUser()) == []
    for name in ("approvals-mine", "approvals-waiting", "approvals-delegations"):
        assert Client().get(reverse(f"jtsec:{name}")).status_code == 302
    assert Client().get(reverse("jtsec:approval", args=[filed.pk])).status_code == 302


@pytest.mark.clause("P45")
@pytest.mark.parametrize("form", ["html", "docx"])
def test_the_form_is_taken_away_with_before_and_after(
    li: Any, filed: ApprovalRequest, form: str
) -> None:
    """And that it was taken is recorded."""
    url = reverse("jtsec:approval-form", args=[filed.pk, form])
    answer = browser("li").get(url)
    assert answer.status_code == 200
    content = answer.content
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            content = file.read("word/document.xml")
    assert "张三" in content.decode()
    assert "张山" in content.decode()
    assert "approvals:form:exported" in codes()


def test_an_altered_application_is_not_shown(li: Any, filed: ApprovalRequest) -> None:
    """The page says that it cannot be believed; the list still works."""
    other = desk.file(desk.somebody("wang", desk.FILE), desk.driver("李四"), "李斯")
    table = ApprovalRequest._meta.db_table
    from django.db import connection

    key = filed._meta.pk.get_db_prep_value(filed.pk, connection)
    with connection.cursor() as cursor:
        sql = f"UPDATE {table} SET content = (SELECT content FROM {table} WHERE id = %s"
        if connection.vendor == "mysql":
            sql = sql.replace(f"FROM {table}", f"FROM (SELECT * FROM {table}) AS t")
        other_key = filed._meta.pk.get_db_prep_value(other.pk, connection)
        cursor.execute(sql + ") WHERE id = %s", [other_key, key])
    client = browser("li")
    answer = client.get(reverse("jtsec:approval", args=[filed.pk]))
    assert answer.status_code == 403
    assert "李斯" not in answer.content.decode()
    assert "approvals:request:broken" in codes()
    assert client.get("/accounts/approvals/waiting/").status_code == 200


def test_somebody_stands_in_by_the_page(li: Any, filed: ApprovalRequest) -> None:
    """Given, used, ended."""
    desk.somebody("wang")
    client = browser("li")
    url = reverse("jtsec:approvals-delegations")
    form = {
        "to": "wang",
        "kinds": ["plainapp.rename"],
        "until": (now() + timedelta(days=3)).strftime("%Y-%m-%d"),
        "reason": "出差",
    }
    assert client.post(url, form | {"to": "nobody"}).status_code == 400
    assert client.post(url, form | {"to": "zhang"}).status_code == 403
    assert client.post(url, form).status_code == 302
    other = browser("wang")
    waiting = other.get("/accounts/approvals/waiting/").content.decode()
    assert str(filed.pk) in waiting
    number = Delegation.objects.get().pk
    end = reverse("jtsec:approvals-delegation-end", args=[number])
    assert "li" in client.get(end).content.decode()
    assert client.post(end, {"password": "x", "reason": "回岗"}).status_code == 400
    assert Delegation.objects.get().ended_at is None
    assert client.post(end, {"reason": "回岗"}).status_code == 302
    assert client.post(end, {"reason": "回岗"}).status_code == 400
    assert client.get(end).status_code == 404
    waiting = other.get("/accounts/approvals/waiting/").content.decode()
    assert str(filed.pk) not in waiting


def test_the_admin_approves_what_it_has_shown(filed: ApprovalRequest) -> None:
    """First a page with what would be approved, then each by itself."""
    li = desk.somebody("li", desk.CHECK, desk.EXECUTE)
    type(li).objects.filter(pk=li.pk).update(is_staff=True)
    client, url = browser("li"), "/admin/plainapp/driver/"
    driver = filed.resource.rpartition(":")[2]
    form = {"action": "approve_applications", "_selected_action": driver}
    shown = client.post(url, form)
    assert shown.status_code == 200
    key = f"{filed.pk}:{filed.revision}"
    assert key in shown.content.decode()
    sent = {**form, "jtsec_approve": "1", "chosen": key}
    assert key in client.post(url, {**sent, "password": "x"}).content.decode()
    assert not Driver.objects.filter(name="张山").exists()
    client.post(url, sent)
    assert Driver.objects.filter(name="张山").exists()
