"""A task of the background is run at once, by who may, and with a trace."""

from __future__ import annotations

import inspect

import pytest

from django.test import Client

from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.console import task_run_views, task_running
from jtsec.console.task_running import RUNS
from jtsec.core.exceptions import Refused
from tests.console.conftest import refused

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A9.4", "A4.4")]

TASKS = "/console/system/tasks/"
REASON = {"reason": "核对前先封存"}


def told(code: str) -> list[tuple[str, str, str]]:
    """Return who, about what and why, of the events of a code."""
    rows = AuditRecord.objects.filter(code=code).order_by("id")
    return list(rows.values_list("actor_username", "resource", "reason"))


@pytest.mark.parametrize("code", sorted(RUNS))
def test_a_task_runs_and_its_end_is_recorded(system_admin: Client, code: str) -> None:
    """Its page says what will be recorded; start and end carry who it was."""
    address = f"{TASKS}{code}/run/"
    assert f'href="{address}"' in system_admin.get(TASKS).content.decode()
    assert "jtsec-recorded" in system_admin.get(address).content.decode()
    assert system_admin.post(address, REASON).status_code == 302
    about = f"task:{code}"
    assert told("console:task:started") == [("sysadmin", about, REASON["reason"])]
    assert [one[:2] for one in told("console:task:ended")] == [("sysadmin", about)]


def test_what_it_does_is_done(system_admin: Client) -> None:
    """The log is sealed, and not before the answer."""
    system_admin.post(f"{TASKS}seal/run/", REASON)
    assert AuditCheckpoint.objects.exists()


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"password": "Falsch-1!"}])
def test_without_reason_and_password_nothing_runs(
    system_admin: Client, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str]
) -> None:
    """400, and nothing is recorded as started."""
    ran: list[str] = []
    monkeypatch.setattr(task_running, "run", lambda code, *_who: ran.append(code))
    answer = system_admin.post(f"{TASKS}seal/run/", REASON | wrong)
    assert answer.status_code == 400
    assert ran == []
    assert told("console:task:started") == []


def test_a_failure_is_recorded_and_names_no_secret(
    system_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser has its answer by then; the log says that it failed."""

    def fail() -> None:
        raise Refused("secret", "secret")

    monkeypatch.setattr(task_running, "RUNS", {**RUNS, "seal": fail})
    assert system_admin.post(f"{TASKS}seal/run/", REASON).status_code == 302
    assert told("console:task:failed") == [("sysadmin", "task:seal", "Refused")]
    assert told("console:task:ended") == []


def test_other_duties_and_other_tasks_are_refused(not_system: Client) -> None:
    """403 with its event; nothing runs for them."""
    address = f"{TASKS}seal/run/"
    assert not_system.get(address).status_code == 403
    assert refused() == ("wrong-duty", address)
    assert not_system.post(address, REASON).status_code == 403
    assert told("console:task:started") == []


def test_what_a_browser_may_not_start_is_not_there(system_admin: Client) -> None:
    """Archiving is the auditors', and takes long."""
    for code in ("archive", "export", "nothing"):
        assert system_admin.post(f"{TASKS}{code}/run/", REASON).status_code == 404


def test_nothing_keeps_the_page(system_admin: Client) -> None:
    """Neither a cache on the way nor the browser; without the decorator both would."""
    answer = system_admin.get(f"{TASKS}seal/run/")
    assert "no-store" in answer.headers["Cache-Control"]
    bare = inspect.unwrap(task_run_views.run)(answer.wsgi_request, "seal")
    assert "Cache-Control" not in bare.headers
