"""
One process of an application at work, for `test_under_load`: python -m, with a number.

Whatever it reads has to fit: an address is written with its phone, so that a value of
one moment beside one of another, or of another row, is seen. It stops when its input
is closed, and prints how much it did and everything that went wrong.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import traceback
from collections.abc import Callable

import django

PAUSE = 0.01
"""Seconds between two requests of one process: the machine has other work too."""


def address_of(phone: str) -> str:
    """Return what has to stand beside a phone."""
    return f"Road {phone[::-1]}"


def main(process: int) -> None:
    """Work until the input is closed."""
    from django.db import transaction

    from tests.plainapp.models import Driver

    chosen = random.Random(process)
    stopped = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        stopped.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    mine: list[str] = []

    def phone() -> str:
        return f"13{chosen.randrange(10**9):09}"

    def create() -> None:
        number, given = f"P{process}-{len(mine)}", phone()
        Driver.objects.create(
            name="load", number=number, phone=given, address=address_of(given)
        )
        mine.append(number)

    def require(found: Driver) -> None:
        assert found.phone is not None
        if found.address != address_of(found.phone):
            raise AssertionError(f"{found.number}: {found.phone} {found.address}")

    def search() -> None:
        number = chosen.choice(mine)
        found = Driver.objects.get(number=number)
        require(found)
        if not Driver.objects.filter(phone=found.phone, pk=found.pk).exists():
            raise AssertionError(f"{number} is not found by its phone")

    def read() -> None:
        for found in Driver.objects.filter(name="load").order_by("?")[:20]:
            require(found)

    def update() -> None:
        given = phone()
        changed = Driver.objects.filter(number=chosen.choice(mine)).update(
            phone=given, address=address_of(given)
        )
        if changed != 1:
            raise AssertionError(f"{changed} rows were changed")

    def save() -> None:
        with transaction.atomic():
            found = Driver.objects.select_for_update().get(number=chosen.choice(mine))
            found.phone = phone()
            found.address = address_of(found.phone)
            found.save()

    def refuse_twice() -> None:
        _row, is_new = Driver.objects.get_or_create(
            number=chosen.choice(mine), defaults={"name": "twice"}
        )
        if is_new:
            raise AssertionError("a number was given out twice")

    create()
    acts: list[Callable[[], None]] = [create, search, read, update, save, refuse_twice]
    done, errors = 0, []
    while not stopped.wait(PAUSE):
        act = chosen.choice(acts)
        try:
            act()
            done += 1
        except Exception:
            errors.append(f"{act.__name__}: {traceback.format_exc()}")
    sys.stdout.write(json.dumps({"done": done, "errors": errors}))


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
