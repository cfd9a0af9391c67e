"""Asks the audit its questions in one process, and prints how long each took."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from benchmarks import machine
from benchmarks.filled_log import settle
from benchmarks.measuring import timed

REPEATED: Final = 5
RARE_UID: Final = "0198c1f0-0000-7000-8000-999999999999"
BUSY_UID: Final = "0198c1f0-0000-7000-8000-000000000003"

QUESTIONS: Final = (
    ("the newest", ""),
    ("a busy user by UID", f"uid={BUSY_UID}"),
    ("a rare user by UID", f"uid={RARE_UID}"),
    ("a user name, rare", "username=rare"),
    ("a name, rare (no index)", "name=稀有"),
    ("system actors, rare", "kind=system"),
    ("duty audit", "duty=audit"),
    ("not police (no index)", "police=no"),
    ("an organisation", "organisation=320505000000"),
    ("an organisation with those below", "organisation=320500000000"),
    ("all organisations of a province", "organisation=320000000000"),
    ("an organisation, rare", "organisation=990000000000"),
    ("a busy address", "address=10.1.3.3"),
    ("a rare address", "address=10.98.0.1"),
    ("an address busy half a year ago", "address=10.99.0.1"),
    ("addresses of a network (no index)", "address=10.1.7.*"),
    ("a terminal", "terminal=T-5"),
    ("a rare terminal", "terminal=T-RARE"),
    ("a rare MAC address", "mac=00-00-5E-00-53-01"),
    ("a frequent action", "code=module0:subject:act0"),
    ("a rare action", "code=rare:thing:done"),
    ("a module", "code=module3:*"),
    ("refused", "outcome=refused"),
    ("failed, one of ten thousand", "outcome=failed"),
    ("alarms, one of ten thousand", "severity=alarm"),
    ("warnings and alarms", "least=warning"),
    ("a record", "resource=permits.permit:77"),
    ("a rare record", "resource=rare.thing:1"),
    ("records of a kind (no index)", "resource=permits.permit:77*"),
    ("a user concerned", "subject=user5"),
    ("a rare user concerned", "subject=rare"),
    ("a reason, rare", "reason=rare"),
    ("a request", "request=@request@"),
    ("one event", "event=@event@"),
    ("words, frequent", "text=permit:1234"),
    ("words, in no event", "text=nowhere"),
    ("user and action", f"uid={BUSY_UID}&code=module0:subject:act0"),
    ("user and action that never met", f"uid={BUSY_UID}&code=rare:thing:done"),
    (
        "organisation, module, refused",
        "organisation=320500000000&code=module3:*&outcome=refused",
    ),
    ("address of old and refused", "address=10.99.0.1&outcome=refused"),
    ("address of old and failed", "address=10.99.0.1&outcome=failed"),
    ("police, duty, action", "police=no&duty=audit&code=module1:subject:act9"),
)
STATISTICS: Final = (
    *("day", "hour", "user", "organisation", "action", "source", "outcome", "severity"),
)
MONTH: Final = "since=2026-07-01&until=2026-07-30"
PLANS: Final = (
    ("the address busy half a year ago", "address=10.99.0.1"),
    ("a user and an action", f"uid={BUSY_UID}&code=module0:subject:act0"),
    ("alarms", "severity=alarm"),
)


def main() -> None:
    """Fill, ask, count, and print it all as JSON."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.audit_searching_rows import fill

    call_command("migrate", verbosity=0)
    begin = time.perf_counter()
    fill(int(sys.argv[1]))
    settle(connection)
    filled = time.perf_counter() - begin
    with machine.alone():
        found = {
            "filled": filled,
            "sizes": _sizes(connection),
            "pages": list(_pages()),
            "statistics": list(_statistics()),
            "is_cold": machine.forget_files(),
            "plans": list(_plans(connection)),
        }
    print(json.dumps(found))


def _sizes(connection: Any) -> dict[str, float]:
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_table_size(%s), pg_indexes_size(%s)", ["jtsec_auditrecord"] * 2
        )
        table, indexes = cursor.fetchone()
    from jtsec.audit.models import AuditRecord

    number = len(AuditRecord._meta.indexes) + 2
    return {"table": table / 1e9, "indexes": indexes / 1e9, "number": number}


def _pages() -> Iterator[tuple[str, float, float, int, bool]]:
    """Yield name, first and median milliseconds, rows, and whether it was finished."""
    from django.http import QueryDict

    from jtsec.audit.models import AuditRecord
    from jtsec.audit.query.api import Filter, page_of

    some = AuditRecord.objects.order_by("at", "id")[1000]
    for name, pattern in QUESTIONS:
        text = pattern.replace("@request@", some.request_id)
        text = text.replace("@event@", str(some.event_id))
        filter = Filter.from_query(QueryDict(f"period=all&{text}"))
        first, middle, page = timed(partial(page_of, filter), REPEATED)
        yield name, first, middle, len(page.rows), page.looked_back_to is None
    middle_row = AuditRecord.objects.order_by("at", "id").filter(at__gte=_half())[0]
    from jtsec.audit.query.api import Position

    everything = Filter.from_query(QueryDict("period=all"))
    place = Position.of(middle_row)
    first, middle, page = timed(partial(page_of, everything, after=place), REPEATED)
    yield "the newest, half a year down", first, middle, len(page.rows), True


def _half() -> Any:
    from benchmarks.audit_searching_rows import BEGIN, YEAR

    return BEGIN + YEAR / 2


def _statistics() -> Iterator[tuple[str, float, float, int]]:
    """
    Yield what a month's statistics take, and how many lines they have.

    The first time nothing of the log lies in memory, where the system permits it.
    """
    from django.http import QueryDict

    from jtsec.audit.query.api import Filter, overview_of, statistics_of

    month = Filter.from_query(QueryDict(MONTH))
    for by in STATISTICS:
        machine.forget_files()
        first, middle, found = timed(partial(statistics_of, month, by), 3)
        yield f"by {by}", first, middle, len(found.lines)
    machine.forget_files()
    refused = month.with_conditions(outcome="refused")
    first, middle, found = timed(partial(statistics_of, refused, "user"), 3)
    yield "refused, by user", first, middle, len(found.lines)
    machine.forget_files()
    first, middle, seen = timed(partial(overview_of, month), 3)
    yield "the overview page", first, middle, len(seen.groups)


def _plans(connection: Any) -> Iterator[tuple[str, str]]:
    """Yield the names of statements, each with its plan; only PostgreSQL tells it."""
    from django.http import QueryDict
    from django.test.utils import CaptureQueriesContext

    from jtsec.audit.query.api import Filter, page_of, statistics_of

    if connection.vendor != "postgresql":
        return
    for name, text in PLANS:
        filter = Filter.from_query(QueryDict(f"period=all&{text}"))
        with CaptureQueriesContext(connection) as captured:
            page_of(filter)
        steps = ("where a slice ends", "its events")
        for step, query in zip(steps, captured.captured_queries[-2:], strict=True):
            yield f"{name}, {step}", _explained(connection, query["sql"])
    month = Filter.from_query(QueryDict(MONTH))
    with CaptureQueriesContext(connection) as captured:
        statistics_of(month, "user")
    counting = captured.captured_queries[0]["sql"]
    yield "a month's events by user", _explained(connection, counting)


def _explained(connection: Any, statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())


if __name__ == "__main__":
    main()
