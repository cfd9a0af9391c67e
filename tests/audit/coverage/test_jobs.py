"""Background jobs act under their names, whichever library runs them."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from django.test import RequestFactory

from jtsec.audit.coverage import jobs
from jtsec.audit.coverage.api import job
from jtsec.core.context import ANONYMOUS, Actor, Context, current, enter, leave

seen: list[Actor] = []


def look() -> None:
    """Keep who acts."""
    seen.append(current().actor)


@pytest.fixture(autouse=True)
def nobody_seen():
    """Begin with nobody."""
    seen.clear()


@pytest.mark.django_db
def test_a_job_has_a_name_while_it_runs():
    """As a decorator and as a block; afterwards nobody acts."""
    job("tests.nightly")(look)()
    with job("tests.other"):
        look()
    assert [one.username for one in seen] == ["tests.nightly", "tests.other"]
    assert {one.kind for one in seen} == {"system"}
    assert current().actor == ANONYMOUS


@pytest.mark.django_db
def test_a_task_of_celery_is_named():
    """By its own name, through the signals around each task."""
    celery = pytest.importorskip("celery")
    jobs.name_tasks()
    app: Any = celery.Celery("tests", set_as_current=False)
    task = app.task(name="tests.expire")(look)
    assert task.apply().successful()
    assert [one.username for one in seen] == ["tests.expire"]
    assert current().actor == ANONYMOUS
    assert jobs._running == {}


@pytest.mark.django_db
def test_a_task_of_django_is_named(settings):
    """By the path of its function, and ended when it fails."""
    tasks = pytest.importorskip("django.tasks")
    settings.TASKS = {
        "default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}
    }
    tasks.task(look).enqueue()
    assert seen[0].username == f"{__name__}.look"
    assert current().actor == ANONYMOUS
    assert jobs._running == {}


@pytest.mark.django_db
def test_a_task_that_a_request_carries_out_is_the_senders():
    """Carried out at once, it is part of the request."""
    token = enter(Context(RequestFactory().get("/"), actor=Actor(kind="person")))
    try:
        jobs._begin("1", "tests.sent")
        look()
        jobs._end("1")
    finally:
        leave(token)
    assert [one.kind for one in seen] == ["person"]


def test_a_library_that_is_not_used_is_not_imported(monkeypatch):
    """A project without Celery does not load it."""
    monkeypatch.delitem(sys.modules, "celery", raising=False)
    jobs.name_tasks()
    assert "celery" not in sys.modules
