"""What is left behind goes: from the browser, from the disk, before a machine goes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from django.contrib.auth import logout
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import clear_url_caches, include, path

from jtsec.access.decorators import public, signed_in
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.core.exceptions import ConfigurationError, InputError, Refused
from jtsec.protection.residual import clearing, evidence
from jtsec.protection.residual.api import clear, kept_nowhere, session_folder
from jtsec.protection.transient import api as transient
from jtsec.protection.transient.models import TransientEntry
from jtsec.sessions.api import EndReason, end_all, live_sessions
from tests.authentication.persons import registered
from tests.protection.transient.conftest import request_of

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.4")]


def kept(request: HttpRequest) -> HttpResponse:
    """Allow everybody to keep the answer."""
    headers = {"Cache-Control": "public, max-age=600", "ETag": '"1"', "Expires": "x"}
    return HttpResponse("data", headers=headers)


async def awaited(request: HttpRequest) -> HttpResponse:
    """Do the same in an asynchronous view."""
    return kept(request)


@signed_in
def own_logout(request: HttpRequest) -> HttpResponse:
    """Log out by a view of the project's own."""
    logout(request)
    return HttpResponse("bye")


@signed_in
def behind_the_login(request: HttpRequest) -> HttpResponse:
    """Answer who is logged in."""
    return HttpResponse("page")


urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("plain/", public(kept), name="plain"),
    path("marked/", public(kept_nowhere(kept))),
    path("awaited/", public(kept_nowhere(awaited))),
    path("bye/", own_logout),
    path("page/", behind_the_login),
]


@pytest.fixture
def user(settings: Any, tmp_path: Path) -> Iterator[Any]:
    """Return somebody with a password, in a project with these pages."""
    settings.ROOT_URLCONF = __name__
    settings.JTSEC_RESIDUAL_FOLDER = str(tmp_path / "sessions")
    clear_url_caches()
    yield registered("leaver", 1)
    clear_url_caches()


@pytest.fixture
def client(user: Any) -> Client:
    """Return the person's client, logged in."""
    client = Client()
    client.force_login(user)
    return client


def test_a_marked_page_is_kept_by_nothing(user: Any, client: Client) -> None:
    """Whatever headers its view sets; an unmarked public one keeps its own."""
    assert "max-age" in client.get("/plain/")["Cache-Control"]
    answer = client.get("/marked/")
    assert answer["Cache-Control"] == "no-store"
    assert not {"ETag", "Expires"} & set(answer.headers)


def test_an_asynchronous_page_is_kept_by_nothing(user: Any, client: Client) -> None:
    """The same decorator."""
    answer = client.get("/awaited/")
    assert answer.content == b"data"
    assert answer["Cache-Control"] == "no-store"


def test_a_view_that_cannot_be_decorated_is_listed(
    user: Any, client: Client, settings: Any
) -> None:
    """By the name of its address."""
    settings.JTSEC_HEADERS_SENSITIVE_VIEWS = ["plain"]
    assert client.get("/plain/")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/accounts/logout/", "/bye/"])
def test_the_browser_is_told_to_forget_at_logout(client: Client, address: str) -> None:
    """By our view or the project's own."""
    assert client.post(address)["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.get("/plain/")


def test_the_browser_is_told_to_forget_when_its_session_has_ended(
    user: Any, client: Client
) -> None:
    """At the next thing it asks for."""
    assert "Clear-Site-Data" not in client.get("/page/")
    end_all(user, why=EndReason.BY_ADMINISTRATOR)
    answer = client.get("/page/")
    assert answer.status_code == 302
    assert '"cache"' in answer["Clear-Site-Data"]


def test_telling_the_browser_nothing_is_below_the_floor(settings: Any) -> None:
    """A setting cannot take the protection away unseen."""
    from jtsec.core.checks import check_values

    settings.JTSEC_HEADERS_CLEAR_SITE_DATA = ""
    assert [one.id for one in check_values(None)] == ["jtsec.E002"]
    with pytest.raises(ConfigurationError):
        list(evidence.facts())
    settings.JTSEC_HEADERS_CLEAR_SITE_DATA = '"cache"'
    assert next(iter(evidence.facts())).holds


def test_temporary_files_go_with_their_session(user: Any, client: Client) -> None:
    """The folder is the session's own, and only the process's user enters it."""
    folder = session_folder(request_of(client, user))
    (folder / "drawn.json").write_text("data")
    assert folder == session_folder(request_of(client, user))
    assert folder.stat().st_mode & 0o777 == 0o700
    client.post("/accounts/logout/")
    assert not folder.exists()


def test_who_is_not_logged_in_has_no_folder(user: Any) -> None:
    """There is no session whose end would remove it."""
    with pytest.raises(Refused):
        session_folder(request_of(Client(), user))


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="knows no owners")
@pytest.mark.parametrize("how", ["link", "open"])
def test_a_folder_that_others_prepared_is_refused(
    user: Any, client: Client, tmp_path: Path, how: str
) -> None:
    """Anybody can make a folder of that name, or a link, before we do."""
    root = tmp_path / "sessions"
    if how == "link":
        (tmp_path / "theirs").mkdir(mode=0o700)
        root.symlink_to(tmp_path / "theirs")
    else:
        root.mkdir()
        root.chmod(0o777)
    with pytest.raises(ConfigurationError):
        session_folder(request_of(client, user))


def test_what_ended_elsewhere_is_cleared(user: Any, client: Client) -> None:
    """By the command, on every machine; what is alive stays."""
    folder = session_folder(request_of(client, user))
    gone = folder.parent / ("0" * 64)
    gone.mkdir()
    transient.put(request_of(client, user), "name", 1)
    out = StringIO()
    call_command("jtsec_residue_clear", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"sessions": 0, "entries": 0, "folders": 1}
    assert folder.exists()
    assert not gone.exists()
    assert TransientEntry.objects.count() == 1


def test_what_is_over_its_limit_ends_without_a_click(
    user: Any, client: Client, settings: Any
) -> None:
    """Also where a project has no `clearsessions`; long ended ones are forgotten."""
    old = live_sessions(user).get()
    type(old).objects.filter(pk=old.pk).update(last_seen_at=now() - timedelta(hours=3))
    out = StringIO()
    call_command("jtsec_residue_clear", "--json", stdout=out)
    assert json.loads(out.getvalue())["sessions"] == 1
    assert not live_sessions(user).exists()
    type(old).objects.filter(pk=old.pk).update(ended_at=now() - timedelta(days=31))
    call_command("jtsec_residue_clear", stdout=StringIO())
    assert not type(old).objects.filter(pk=old.pk).exists()


def test_everything_goes_before_a_system_is_given_up(user: Any, client: Client) -> None:
    """Sessions end, transient data and files go; who and why are recorded."""
    folder = session_folder(request_of(client, user))
    transient.put(request_of(client, user), "name", 1)
    transient.put(None, "name", 1, business="permits.permit:1")
    with pytest.raises(CommandError) as refused:
        call_command("jtsec_residue_clear", "--everything")
    assert refused.value.returncode == 2
    assert folder.exists()
    out = StringIO()
    call_command(
        "jtsec_residue_clear",
        "--everything",
        "--actor=沈某",
        "--reason=停用",
        stdout=out,
    )
    assert "1" in out.getvalue()
    assert not live_sessions(user).exists()
    assert not TransientEntry.objects.exists()
    assert not folder.exists()
    (event,) = AuditRecord.objects.filter(code="protection:residual:cleared")
    assert (event.resource, event.actor_username) == ("everything", "沈某")


def test_everything_needs_a_reason() -> None:
    """Also where a program calls it."""
    with pytest.raises(InputError):
        clear(everything=True)


def test_what_cannot_be_cleared_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its own exit code, so that a timer's failure is seen."""

    def fail() -> int:
        raise PermissionError("no")

    monkeypatch.setattr(clearing, "sweep_folders", fail)
    with pytest.raises(CommandError) as refused:
        call_command("jtsec_residue_clear")
    assert refused.value.returncode == 2
