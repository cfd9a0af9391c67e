"""Opens the pages of three duties in one process, and prints how long each took."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

from benchmarks import machine
from benchmarks.filled_log import settle
from benchmarks.measuring import timed

REPEATED: Final = 5
PORTION: Final = 5000
DAYS: Final = 365
PAGES: Final = {
    "audit": (
        *("audit/", "audit/?period=month", "audit/records/", "audit/logins/"),
        *("audit/records/?period=year&user=user7", "audit/security/"),
        *("audit/records/?period=year&outcome=refused", "audit/statistics/"),
        *("audit/alarms/", "audit/policies/", "audit/reports/", "audit/integrity/"),
        *("audit/archive/", "audit/records/export/"),
    ),
    "security": (
        *("security/", "security/policy/", "security/locks/", "security/sessions/"),
        *("security/roles/", "security/functions/", "security/grants/"),
    ),
    "system": (
        *("system/", "system/parameters/", "system/tasks/", "system/keys/"),
        *("system/users/", "system/review/"),
    ),
}
OWN: Final = ("profile/", "logins/", "sessions/", "approvals/")
CODES: Final = (
    *("permits:permit:queried", "permits:permit:viewed", "permits:permit:filed"),
    *("authentication:login:succeeded", "authentication:login:refused"),
)


def main() -> None:
    """Fill, seal, log in, open each page, and print it all as JSON."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    setup_test_environment()
    call_command("migrate", verbosity=0)
    people = _people()
    _fill(int(sys.argv[1]), people["audit"])
    with machine.alone():
        print(json.dumps(list(_opened())))


def _people() -> dict[str, Any]:
    """Register one person of each duty."""
    from django.test import override_settings

    from jtsec.preset.demands import DJANGO_HASHERS
    from tests.authentication.passwords_in_force import BACKEND, CHEAP
    from tests.authentication.persons import registered

    override_settings(
        AUTHENTICATION_BACKENDS=[BACKEND], PASSWORD_HASHERS=[CHEAP, *DJANGO_HASHERS]
    ).enable()
    return {
        duty: registered(duty, 11 + number, duty=duty).jtsec_identity
        for number, duty in enumerate(PAGES)
    }


def _fill(number: int, own: Any) -> None:
    """Write a year of events as the writer makes them, and seal them."""
    from django.db import connection

    from jtsec.audit.models import AuditRecord
    from jtsec.audit.sealing.api import seal_now
    from jtsec.core.clock import now

    begin, step = now() - timedelta(days=DAYS), timedelta(days=DAYS) / number
    chance = random.Random(20260101)
    for start in range(0, number, PORTION):
        size = min(PORTION, number - start)
        rows = (begin + (start + one) * step for one in range(size))
        AuditRecord.objects.bulk_create(
            [AuditRecord(**_row(at, chance, own)) for at in rows]
        )
    while seal_now():
        pass
    settle(connection)


def _row(at: Any, chance: random.Random, own: Any) -> Mapping[str, Any]:
    from tests.audit.query.rows import row

    which = int(chance.random() ** 2 * 3000)
    code = CODES[int(chance.random() * len(CODES))]
    is_refused = code.endswith("refused")
    uid = str(own.uid) if which == 0 else f"0198c1f0-0000-7000-8000-{which:012}"
    return row(
        at,
        code=code,
        outcome="refused" if is_refused else "done",
        severity=20 if is_refused else 10,
        actor_uid="" if is_refused else uid,
        actor_username="" if is_refused else f"user{which}",
        subject=f"user{which}" if is_refused else "",
        source_address=f"10.1.{which % 40}.{which % 250}",
        resource=f"permits.permit:{int(chance.random() * 200_000)}",
    )


def _opened() -> Iterator[tuple[str, float, float]]:
    from tests.console.conftest import logged_in

    for duty, pages in PAGES.items():
        browser = logged_in(duty)
        own = [f"/accounts/{one}" for one in OWN] if duty == "audit" else []
        for address in (*(f"/console/{one}" for one in pages), *own):
            first, middle, answer = timed(partial(browser.get, address), REPEATED)
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status_code}")
            yield address, first, middle


if __name__ == "__main__":
    main()
