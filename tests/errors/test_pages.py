"""Whatever fails and however, a visitor sees a sentence and a reference."""

from __future__ import annotations

import html
import json
import re

import pytest

from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError, connections
from django.test import Client, RequestFactory

from jtsec.audit.models import AuditRecord
from jtsec.core.context import Context, enter, leave
from jtsec.errors import answers, diagnosis, handlers, storage
from jtsec.errors.answers import wants_json
from jtsec.errors.api import answer_failure, capture
from jtsec.errors.models import SealedError
from jtsec.errors.sealing import from_text, open_code
from tests.errors.site import FAILURES, MESSAGE, REFUSALS, SECRETS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("site")]
JSON = {"HTTP_ACCEPT": "application/json"}
NEVER = (
    *SECRETS,
    "Traceback",
    "site.py",
    "django",
    "Django",
    "Python",
    "secret_table",
    "only-in-a-local-variable",
    "ValueError",
    "DatabaseError",
)


def get(kind, **headers):
    """Ask for a failure as a browser that is told everything."""
    return Client(raise_request_exception=False).get(f"/fail/{kind}/", **headers)


def reference_in(text):
    """Return the reference a visitor reads."""
    found = re.search(r"JT-[0-9A-Z]{4}-[0-9A-Z]{4}", text)
    assert found is not None
    return found[0]


@pytest.mark.clause("A10.1")
@pytest.mark.parametrize("headers", [{}, JSON], ids=["page", "json"])
@pytest.mark.parametrize("kind", FAILURES)
def test_no_answer_shows_what_the_error_said(kind, headers):
    """Neither page nor JSON holds code, SQL, path, version or class."""
    response = get(kind, **headers)
    text = response.content.decode()
    assert response.status_code == 500
    assert not [word for word in NEVER if word in text]
    assert reference_in(text)
    assert response["Cache-Control"] == "no-store"


@pytest.mark.clause("A10.1")
@pytest.mark.parametrize("kind", sorted(set(FAILURES) - {"unprintable"}))
def test_the_private_key_brings_the_whole_trace_back(kind, key):
    """From the stored code, and from the text on the page."""
    told = get(kind, **JSON).json()
    stored = SealedError.objects.get(reference=told["reference"])
    report = open_code(bytes(stored.sealed), key)
    assert report.path == f"/fail/{kind}/"
    assert "in fail" in report.trace
    assert "only-in-a-local-variable" not in report.trace
    assert open_code(from_text(told["sealed"]), key) == report
    if kind not in {"sql", "rigid", "endless"}:
        assert SECRETS[0] in report.trace


def test_the_code_on_the_page_is_the_stored_one(key):
    """A visitor may copy it where there is no other way."""
    page = get("value").content.decode()
    found = re.search(r"<(textarea|pre)[^>]*>([^<]+)<", page)
    assert found is not None
    report = open_code(from_text(html.unescape(found[2])), key)
    assert report.reference == reference_in(page)


@pytest.mark.clause("A10.1")
@pytest.mark.parametrize("headers", [{}, JSON], ids=["page", "json"])
@pytest.mark.parametrize("kind", REFUSALS)
def test_no_refusal_shows_what_the_exception_said(kind, headers):
    """The programmer's words are for the log."""
    response = get(kind, **headers)
    assert response.status_code == REFUSALS[kind][1]
    assert not [word for word in NEVER if word in response.content.decode()]


def test_an_unknown_address_lists_no_addresses():
    """404 says nothing about what exists."""
    response = Client().get("/nowhere/<script>/")
    assert response.status_code == 404
    assert b"fail/" not in response.content
    assert b"<script>/" not in response.content


def test_events_are_recorded_for_errors_and_refusals():
    """Failures and refusals; attacks are told by the watch, in sums."""
    get("value")
    get("suspicious")
    get("denied")
    get("missing")
    client = Client(enforce_csrf_checks=True)
    assert client.get("/fail/value/", HTTP_HOST="evil.example").status_code == 400
    assert client.post("/fail/value/").status_code == 403
    codes = list(AuditRecord.objects.order_by("id").values_list("code", flat=True))
    assert codes == [
        "errors:request:failed",
        "errors:permission:refused",
    ]
    failed = AuditRecord.objects.earliest("id")
    assert failed.resource == "GET /fail/value/"
    assert MESSAGE.encode() not in bytes(failed.payload)


def test_a_forged_form_gets_a_sentence(settings):
    """The words of Django's own page name settings and causes."""
    response = Client(enforce_csrf_checks=True).post(
        "/fail/value/", headers={"accept": "application/json"}
    )
    assert response.json()["code"] == "csrf"


def test_the_page_is_drawn_in_the_frame_of_every_page(caplog):
    """With its style sheet, in the language of the project, without the request."""
    page = get("value").content.decode()
    assert "jtsec/jtsec.css" in page
    assert "cannot be drawn" not in caplog.text
    assert "<script" not in page
    assert " style=" not in page


def test_a_broken_template_leaves_a_plain_page(monkeypatch, key):
    """The page that is left needs nothing of the project."""

    def broken(*args, **kwargs):
        raise OSError(MESSAGE)

    monkeypatch.setattr(answers, "render_to_string", broken)
    response = get("value")
    page = response.content.decode()
    assert response.status_code == 500
    assert not [word for word in NEVER if word in page]
    found = re.search(r"<pre>([^<]+)</pre>", page)
    assert found is not None
    assert open_code(from_text(found[1]), key).reference == reference_in(page)


def test_broken_translations_leave_a_plain_page(monkeypatch):
    """A damaged message file is no reason for a second error."""

    def broken(message):
        raise UnicodeDecodeError("utf-8", b"", 0, 1, MESSAGE)

    monkeypatch.setattr("django.utils.translation._trans.gettext", broken)
    for headers in ({}, JSON):
        response = get("value", **headers)
        assert response.status_code == 500
        assert SECRETS[0] not in response.content.decode()


def test_a_database_that_is_gone_leaves_the_code_on_the_page(monkeypatch, caplog, key):
    """The logger keeps it sealed; the visitor can copy it."""

    def broken(*args, **kwargs):
        raise DatabaseError(MESSAGE)

    monkeypatch.setattr(storage, "apart", broken)
    monkeypatch.setattr("jtsec.audit.writer.insert", broken)
    told = get("value", **JSON).json()
    assert open_code(from_text(told["sealed"]), key).kind == "builtins.ValueError"
    logged = [row for row in caplog.records if row.name == "jtsec.errors"]
    assert any(told["sealed"] in row.getMessage() for row in logged)
    assert not any(SECRETS[0] in row.getMessage() for row in logged)


@pytest.mark.parametrize("damage", ["missing", "corrupt"])
def test_without_the_error_key_nothing_leaks(damage, settings, tmp_path, caplog):
    """The page has its reference; the log says that nothing was sealed."""
    path = tmp_path / "keys"
    if damage == "corrupt":
        path.write_text("not a key file")
        path.chmod(0o400)
    settings.JTSEC_KEYS_FILE = str(path)
    for headers in ({}, JSON):
        response = get("value", **headers)
        text = response.content.decode()
        assert response.status_code == 500
        assert reference_in(text)
        assert not [word for word in NEVER if word in text]
    assert "could not be sealed" in caplog.text
    assert not SealedError.objects.exists()


def test_the_same_exception_has_one_reference(rf):
    """Caught by the view's library, the middleware and the handler: one error."""
    request = rf.get("/x/")
    error = ValueError("x")
    token = enter(Context(request))
    try:
        first = capture(error, request)
        assert capture(error, request) is first
        assert first.reference in answer_failure(request, error).content.decode()
    finally:
        leave(token)
    assert SealedError.objects.count() == 1
    assert AuditRecord.objects.count() == 1


def test_one_exception_object_in_two_requests_has_two_references(rf):
    """A module's constant that is raised for everybody names each visitor's error."""
    error, references = ValueError("x"), set()
    for _ in range(2):
        request = rf.get("/x/")
        token = enter(Context(request))
        references.add(capture(error, request).reference)
        leave(token)
    assert len(references) == 2


def test_an_error_outside_of_a_request_can_be_captured():
    """A job's errors are sealed in the same way."""
    assert capture(ValueError("x"), None).sealed


def test_the_stored_error_survives_the_rollback_around_it(monkeypatch):
    """ATOMIC_REQUESTS undoes the view and not its diagnosis."""
    monkeypatch.setitem(connections["default"].settings_dict, "ATOMIC_REQUESTS", True)
    told = get("value", **JSON).json()
    assert SealedError.objects.filter(reference=told["reference"]).exists()


def test_a_flood_of_one_error_does_not_fill_the_disk(settings):
    """Some are stored; each visitor has a code all the same."""
    settings.JTSEC_ERRORS_SAME_PER_MINUTE = 3
    told = [get("value", **JSON).json() for _ in range(6)]
    assert SealedError.objects.count() == 3
    assert all(one["sealed"] for one in told)
    assert get("chained", **JSON).status_code == 500
    assert SealedError.objects.count() == 4


def test_a_flood_of_different_errors_is_bounded_too(settings):
    """Whatever an attacker varies."""
    settings.JTSEC_ERRORS_ALL_PER_MINUTE = 2
    for kind in ("value", "chained", "database", "group"):
        get(kind)
    assert SealedError.objects.count() == 2


def test_old_errors_are_removed_when_new_ones_come(monkeypatch, settings):
    """The table does not grow for ever."""
    from datetime import timedelta

    from jtsec.core.clock import now

    monkeypatch.setattr(storage, "FORGET_EVERY", 1)
    for days in (1, 200):
        SealedError.objects.create(
            reference=f"JT-0000-000{days % 7}",
            created=now() - timedelta(days=days),
            sealed=b"x",
        )
    get("value")
    assert SealedError.objects.count() == 2


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/json", True),
        ("application/json, text/html;q=0.5", True),
        ("text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("*/*", False),
        ("", False),
        ("\x00;;q=x,,", False),
    ],
)
def test_a_program_is_answered_in_json(rf, accept, expected):
    """A browser never is."""
    assert wants_json(rf.get("/", HTTP_ACCEPT=accept)) is expected


def test_a_program_that_sends_json_is_answered_in_json(rf):
    """Many say nothing about what they accept."""
    request = rf.post("/", "{}", content_type="application/json", HTTP_ACCEPT="*/*")
    assert wants_json(request) is True


def test_a_diagnosis_never_fails(monkeypatch):
    """Not even when the settings are broken."""
    monkeypatch.setattr("jtsec.core.conf.profile", lambda: 1 / 0)
    assert diagnosis.diagnose(ValueError("x"), None).reference


def test_a_session_that_ended_meanwhile_leads_to_the_login_page():
    """A person is sent there, a program is told; neither is an attack."""
    request = RequestFactory().get("/permits/?page=2")
    error = SessionInterrupted("ended meanwhile")
    answer = handlers.bad_request(request, error)
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/accounts/login/?next=/permits/%3Fpage%3D2",
    )
    program = RequestFactory().get("/permits/", headers={"accept": "application/json"})
    answer = handlers.bad_request(program, error)
    assert answer.status_code == 401
    assert json.loads(answer.content)["code"] == "session-ended"
    assert not AuditRecord.objects.exists()
