"""Saving one row, in a process whose project audits it in its own way."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.audit_saving_settings"

import django

from benchmarks import child
from benchmarks.children import PARTS

IN_ONE = 100
"""Saves of one transaction, where several share one."""


class Saving:
    """Creates rows, and changes two columns of one."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._number = count(1)
        self._item = self.create()

    def create(self) -> Any:
        """Save a new row."""
        number = next(self._number)
        return self._model._default_manager.create(
            name=f"商品{number}", qty=number, note="x" * 60, price=3
        )

    def update(self) -> None:
        """Save a changed row."""
        self._item.qty = number = next(self._number)
        self._item.price = number % 1000
        self._item.save()


def register() -> Any:
    """Return the model, registered with whatever audits it here."""
    from django.conf import settings

    from benchmarks.audit_saving_items.models import Item

    if "auditlog" in settings.INSTALLED_APPS:
        from auditlog.registry import auditlog

        auditlog.register(Item)
    if "simple_history" in settings.INSTALLED_APPS:
        from simple_history import register as keep_history

        keep_history(Item, app="benchmarks.audit_saving_items")
    return Item


def processor_of(process: int) -> float:
    """Return the seconds a process has had a processor; nan where none tells."""
    path = Path(f"/proc/{process}/schedstat")
    return int(path.read_text().split()[0]) / 1e9 if path.exists() else float("nan")


def main() -> None:
    """Prepare the table and answer."""
    django.setup()
    model = register()
    child.prepare()
    if "reads-first" in os.environ[PARTS]:
        from jtsec.audit.coverage import updates

        vars(updates)["TELLS_OLD_VALUES"] = sys.maxsize
    from django.db import connection, transaction

    saving = Saving(model)
    verbs: dict[str, Callable[[], Any]] = {
        "create": saving.create,
        "update": saving.update,
    }

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (server,) = cursor.fetchone()

    def processors() -> float:
        """Return the seconds of this process and of its server's together."""
        return time.process_time() + processor_of(server)

    def run(verb: str, number: int, in_one: bool) -> tuple[float, float]:
        """Return the median of the wall, and the processors' time, µs a save."""
        act = verbs[verb]
        taken = []
        gc.collect()
        began = processors()
        for _ in range(max(number // IN_ONE, 1) if in_one else number):
            start = time.perf_counter()
            if in_one:
                with transaction.atomic():
                    for _ in range(IN_ONE):
                        act()
            else:
                act()
            taken.append((time.perf_counter() - start) / (IN_ONE if in_one else 1))
        saves = len(taken) * (IN_ONE if in_one else 1)
        processor = (processors() - began) / saves
        return sorted(taken)[len(taken) // 2] * 1e6, processor * 1e6

    def statements(verb: str) -> dict[str, int]:
        verbs[verb]()
        return child.statements_of(verbs[verb])

    child.serve({"run": run, "statements": statements})


if __name__ == "__main__":
    main()
