"""The child's side: Django with one project, its tables, its people, its ears."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.children import ANSWER

PASSWORD = "Tianan-Men-7788!"
USER = "zhang"
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
READING = ("SELECT",)


def prepare(people: int = 1) -> None:
    """Make the tables and so many people who may log in."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    from benchmarks.models import Vehicle

    Vehicle._default_manager.bulk_create(
        Vehicle(plate=f"京A{number:05}", owner="张三") for number in range(200)
    )
    for number in range(people):
        make_person(USER if number == 0 else f"{USER}{number}", number + 1)


def make_person(username: str, number: int) -> None:
    """Make one, as this project makes people."""
    if "jtsec" in settings.INSTALLED_APPS:
        from tests.authentication.persons import registered

        registered(username, number)
    else:
        from django.contrib.auth import get_user_model

        users: Any = get_user_model()._default_manager
        users.create_user(username, password=PASSWORD)


def serve(verbs: Mapping[str, Callable[..., Any]]) -> None:
    """Do what the parent asks until it closes the line."""
    for line in sys.stdin:
        verb, *arguments = json.loads(line)
        print(ANSWER + json.dumps(verbs[verb](*arguments)), flush=True)


def statements_of(action: Callable[[], Any]) -> dict[str, int]:
    """Return how many statements an action sends: read, write, transaction."""
    with CaptureQueriesContext(connection) as captured:
        action()
    words = [one["sql"].split()[0].upper() for one in captured.captured_queries]
    around = sum(word in TRANSACTION for word in words)
    reads = sum(word in READING for word in words)
    writes = len(words) - around - reads
    return {"reads": reads, "writes": writes, "transaction": around}
