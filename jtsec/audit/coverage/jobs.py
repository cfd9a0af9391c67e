"""
Background jobs: each acts as a named system actor, inside a boundary.

    @job("permits.expire")
    def expire_permits() -> None: ...

    with job("permits.expire"):
        ...

A worker's thread or process has no request; without a name its events would be
nobody's. Tasks of Celery and of Django are named by themselves, after their functions;
management commands too (`jtsec.core.commands`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any, Final

from jtsec.audit.api import boundary
from jtsec.core.context import acting_as, current, system_actor

UID: Final = "jtsec.audit.coverage.jobs"
NAME_LENGTH: Final = 254

_running: dict[str, ExitStack] = {}


@contextmanager
def job(name: str) -> Iterator[None]:
    """
    Run a block, or a function it decorates, as a background job.

    Args:
        name: what the job is called in the log.
    """
    with acting_as(system_actor(name)), boundary():
        yield


def name_tasks() -> None:
    """Let the tasks of the libraries that this project uses act under their names."""
    if "celery" in sys.modules:
        signals = import_module("celery.signals")
        signals.task_prerun.connect(_celery_begins, dispatch_uid=UID, weak=False)
        signals.task_postrun.connect(_celery_ends, dispatch_uid=UID, weak=False)
    for name in ("django.tasks", "django_tasks"):
        if name in sys.modules or name == "django.tasks":
            _follow_tasks(f"{name}.signals")


def _follow_tasks(module: str) -> None:
    try:
        signals = import_module(module)
    # Before Django 6.0 there are none.
    except ImportError:
        return
    signals.task_started.connect(_task_begins, dispatch_uid=UID)
    signals.task_finished.connect(_task_ends, dispatch_uid=UID)


def _celery_begins(task_id: str = "", task: Any = None, **kwargs: Any) -> None:
    _begin(task_id, str(task.name))


def _celery_ends(task_id: str = "", **kwargs: Any) -> None:
    _end(task_id)


def _task_begins(sender: Any, task_result: Any, **kwargs: Any) -> None:
    _begin(str(task_result.id), str(task_result.task.module_path))


def _task_ends(sender: Any, task_result: Any, **kwargs: Any) -> None:
    _end(str(task_result.id))


def _begin(key: str, name: str) -> None:
    context = current()
    # A task that a request carries out at once is the work of who sent it.
    if context.request is not None or context.actor.kind == "person":
        return
    stack = _running[key] = ExitStack()
    stack.enter_context(job(name[:NAME_LENGTH]))


def _end(key: str) -> None:
    stack = _running.pop(key, None)
    if stack is not None:
        stack.close()
