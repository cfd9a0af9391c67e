"""Every form of the console that gives, takes or changes asks for the password."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, reverse

from jtsec.access.api import (
    Function,
    appoint,
    assign,
    bind_terminal,
    create_role,
    give_propagation,
    grant_use,
)
from jtsec.accounts.api import open_review, this_quarter
from jtsec.audit.models import AuditRecord
from jtsec.audit.policies.api import add, forget
from jtsec.authentication.api import PasswordAgain
from jtsec.console import own_urls, urls
from jtsec.console.policies_views import NewForm
from jtsec.core.context import acting_as, system_actor
from jtsec.crypto import sm2
from jtsec.identity.api import create_organisation
from jtsec.rest.api import register_client
from jtsec.sessions.api import live_sessions
from tests.access.declared import acting, declared
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import loaded, registered
from tests.console.conftest import logged_in
from tests.console.test_access_locks import blocked
from tests.identity import people

pytestmark = pytest.mark.clause("A4.4", "A9.1")

WHY: Final = "岗位调整，见通知"
NORTH: Final = "110100000000"
FORM: Final = re.compile(r'<form[^>]*method="post".*?</form>', re.DOTALL)
TYPED: Final = re.compile(r'<input type="password" name="(?:\w+-)?password"')

HARMLESS: Final[Mapping[str, str]] = {
    "audit-details": "a search for what is encrypted; it changes nothing",
    "audit-record-open": "reading, recorded as such",
    "audit-verify": "verifying; it changes nothing",
    "search-keep": "conditions of one's own searches",
    "search-drop": "conditions of one's own searches",
    "alarm": "the handling of an alarm",
    "alarm-incident": "what is written of an alarm",
    "alarm-deliveries": "a message is sent once more",
    "handed-alarm": "the handling of an alarm",
    "handed-alarm-incident": "what is written of an alarm",
    "reviews": "a list is drawn up; nobody's account changes before the closing",
    "review": "an answer that takes effect with the closing, which asks",
}
"""Forms without the password, each with why. Whoever adds one says so here."""


def filled() -> dict[str, dict[str, dict[str, Any]]]:
    """Return by duty each address that asks, and forms that lack the password only."""
    person = {
        "name": "刘洋", "is_police": "yes", "organisation": people.CODE,
    }  # fmt: skip
    line = f"wu,吴一,{people.resident_id(52)},是,010052,{people.CODE},业务"
    head = "username,name,resident_id,is_police,number,organisation,duty"
    file = SimpleUploadedFile("people.csv", f"{head}\r\n{line}".encode())
    level = {"act": "clearance", "level-clearance": "2", "level-reason": WHY}
    nothing: dict[str, Any] = {}
    return {
        "system": {
            "user-new": person | {"username": "liu", "number": "010051",
                        "resident_id": people.resident_id(51), "duty": "business"},
            "user-change": person | {"username": "zhang", "number": "000021"},
            "user-close": nothing, "user-activate": nothing, "user-validity": nothing,
            "user-password": nothing, "user-duty": {"duty": "security"},
            "user-role": {"role": "clerk", "organisation": people.CODE},
            "organisation-new": {"code": "110200000000", "name": "南区大队"},
            "organisation": {"name": "北区一大队"}, "organisation-close": nothing,
            "restrictions": {"name": "值班室", "networks": "10.1.0.0/16"},
            "restrictions-of": {"networks": "10.1.0.0/16"},
            "users-import": {"file": file, "encoding": "utf-8", "act": "submit"},
            "review-close": nothing, "review-unused": nothing, "task-run": nothing,
        },
        "security": {
            "role-new": {"code": "other", "name": "x", "rights": "shop.query_permit"},
            "role": {"name": "x", "rights": "shop.query_permit"}, "role-end": nothing,
            "assignments-of": {"role": "clerk", "organisation": people.CODE},
            "assignment-end": nothing,
            "terminals-of": {"networks": "10.1.0.0/16"}, "terminal-end": nothing,
            "client-new": {"code": "gate-4", "name": "x", "kind": "terminal",
                           "account": "zhang", "rights": "shop.query_permit",
                           "networks": "10.1.0.0/16",
                           "public_key": sm2.generate().public.to_pem()},
            "client-end": nothing,
            "propagations-of": {"right": "shop.query_permit", "depth": "0",
                                "organisation": people.CODE},
            "propagation-end": nothing, "received-end": nothing,
            "posts-of": {"post-post": "business-manager", "post-reason": WHY},
            "posts-of clearance": level, "post-end": nothing,
            "lock": nothing, "live-session": nothing,
        },
        "audit": {
            "policy-new": {"scope": "duty", "duty": "business", "is_on": "on"},
            "policy": {"is_on": "off", "act": "change"},
            "policy retired": {"is_on": "on", "act": "retire"},
        },
        "business": {
            "passing-on": {"to": "li", "what": "use", "depth": "0",
                           "organisation": people.CODE},
            "passing-end": nothing,
        },
    }  # fmt: skip


@pytest.fixture
def places(cheap_passwords: None) -> Iterator[dict[str, tuple[Any, ...]]]:  # noqa: F811
    """Return what stands in each address; all of it is there."""
    zhang = registered("zhang", 21).jtsec_identity
    li = registered("li", 22).jtsec_identity
    for number, duty in enumerate(("system", "security", "audit"), 30):
        registered(duty, number, duty=duty)
    passing = Function("shop.query_permit", "查询通行证", propagatable=True)
    with declared(passing, Function("shop.query_owner", "查询所有人", critical=True)):
        with acting_as(system_actor("a-test")):
            create_organisation(code=NORTH, name="北区大队")
            create_role("clerk", name="经办", duty="business", reason=WHY)
            role = assign(li, "clerk", reason=WHY)
            bound = bind_terminal(li, networks=["10.1.2.0/24"], reason=WHY)
            given = give_propagation(
                zhang, passing.right, depth=1, organisation=people.CODE, reason=WHY
            )
            appoint(li, "business-manager", reason=WHY)
            register_client(
                code="gate-3", name="三号门", kind="terminal", account="li",
                public_key=sm2.generate().public.to_pem(), rights=[passing.right],
                networks=["10.1.2.0/24"], reason=WHY,
            )  # fmt: skip
            open_review(reason=WHY)
        with acting(loaded("audit").jtsec_identity):
            policy = add(
                scope="duty", scope_value="business", aspect="rule", is_on=True,
                target="high-frequency", severity=30, thresholds={}, reason=WHY,
            )  # fmt: skip
        with acting(zhang):
            used = grant_use(given, li, reason=WHY)
        logged_in("li")
        own = (zhang.uid,)
        yield {
            **dict.fromkeys(("organisation", "organisation-close"), (NORTH,)),
            **dict.fromkeys(("role", "role-end"), ("clerk",)),
            **{"role-new": ("business",), "client-end": ("gate-3",)},
            **{"review-close": (this_quarter(),), "task-run": ("seal",)},
            **{"assignment-end": (role.pk,), "terminal-end": (bound.pk,)},
            **{"propagation-end": (given.pk,), "received-end": (used.pk,)},
            **{"post-end": (li.uid, "business-manager")},
            **{"lock": (blocked("li").pk,)},
            **{"live-session": (live_sessions(loaded("li"))[0].pk,)},
            **dict.fromkeys(("policy", "policy retired"), (policy.pk,)),
            **{"policy-new": ("rule", "many-places"), "passing-on": (given.pk,)},
            **{"passing-end": (given.pk, used.pk), "restrictions-of": own},
        } | dict.fromkeys(
            (
                *(f"user-{act}" for act in ("change", "close", "activate", "validity")),
                *("user-password", "user-duty", "user-role", "assignments-of"),
                *("terminals-of", "propagations-of", "posts-of", "posts-of clearance"),
            ),
            own,
        )
    forget()


def patterns(found: Any) -> Iterator[URLPattern]:
    """Yield every address below some patterns."""
    for one in found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns)
        else:
            yield one


def test_every_form_is_known_and_asks_or_is_harmless() -> None:
    """A page that takes POST and stands on neither list fails here."""
    taking = set()
    for one in patterns([*urls.urlpatterns, *own_urls.urlpatterns]):
        # Every view names its methods before anything else, and so answers this.
        answer = one.callback(RequestFactory().options("/"))
        assert answer.status_code == 405, one.name
        if "POST" in answer.headers["Allow"]:
            taking.add(one.name)
    asking = {name.split()[0] for forms in filled().values() for name in forms}
    assert taking == asking | set(HARMLESS)
    assert not asking & set(HARMLESS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("duty", "username"),
    [(duty, duty) for duty in ("system", "security", "audit")]
    + [("business", "zhang")],
)
def test_an_open_session_alone_does_nothing(
    places: dict[str, tuple[Any, ...]], duty: str, username: str
) -> None:
    """All typed but the password: refused for it alone, what was typed is kept."""
    browser = logged_in(username)
    begun = AuditRecord.objects.order_by("-id")[0].pk
    for name, form in filled()[duty].items():
        space = "jtsec" if duty == "business" else "jtsec-console"
        page = reverse(f"{space}:{name.split()[0]}", args=places.get(name, ()))
        if name == "role":
            form["seen"] = _preview(browser, page, form)
        else:
            require_asks(browser.get(page), name)
        typed = {"reason": WHY, "password": "", "post-password": ""} | form
        require_refused(browser.post(page, typed | {"level-password": ""}), name)
    codes = AuditRecord.objects.filter(pk__gt=begun).values_list("code", flat=True)
    assert {code.partition(":")[0] for code in codes} <= {"access", "sessions"}, codes
    assert not {code for code in codes if code != "access:function:used"}, codes


@pytest.mark.django_db
def test_without_the_field_an_open_session_would_be_enough(
    places: dict[str, tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the field that keeps it out: taken away, the policy is set."""
    page = reverse("jtsec-console:policy-new", args=places["policy-new"])
    form = filled()["audit"]["policy-new"] | {"reason": WHY, "password": ""}
    browser = logged_in("audit")
    assert browser.post(page, form).status_code == 400
    monkeypatch.delitem(NewForm.base_fields, "password")
    assert browser.post(page, form).status_code == 302


def require_asks(answer: Any, name: str) -> None:
    """See that each form of a page has the password, and says what is recorded."""
    assert answer.status_code == 200, name
    found = FORM.findall(answer.content.decode().partition("<main")[2])
    assert found, name
    for one in found:
        assert TYPED.search(one), name
        assert "jtsec-recorded" in one, name
        # The name beside the password, for the browser, is none of the form's own.
        assert one.count('name="username"') <= (name in ("user-new", "user-change"))


def require_refused(answer: Any, name: str) -> None:
    """See that the password is all that lacks, and that the rest is still there."""
    assert answer.status_code == 400, name
    asked = answer.context["again" if name in ("role", "role-new") else "form"]
    assert isinstance(asked, PasswordAgain), name
    assert list(asked.errors) == ["password"], (name, asked.errors)
    assert WHY in answer.content.decode().partition("<main")[2], name


def _preview(browser: Client, page: str, form: dict[str, Any]) -> str:
    """Return the seal of a preview, shown without the password, and asking for it."""
    answer = browser.post(page, form | {"reason": WHY, "password": ""})
    require_asks(answer, "role")
    found = re.search('name="seen" value="([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1]
