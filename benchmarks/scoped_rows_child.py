"""People at each level of a province, and what they ask of its rows."""

from __future__ import annotations

import re
import time
from typing import Any, Final

from benchmarks import child

RIGHT: Final = "benchmarks.view_case"
CITIES, DISTRICTS, STATIONS = 13, 10, 20
PAGE: Final = 20
ROWS: Final = {
    "postgresql": """
        INSERT INTO benchmarks_case (number, organisation_id, label, filed_at)
        SELECT 'C' || i, %s + (i * 1619) %% %s, (i %% 13) / 4,
               TIMESTAMPTZ '2025-01-01' + i * INTERVAL '30 seconds'
        FROM generate_series(1, %s) AS i
    """,
    "sqlite": """
        INSERT INTO benchmarks_case (number, organisation_id, label, filed_at)
        WITH RECURSIVE row(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM row LIMIT %s)
        SELECT 'C' || i, %s + (i * 1619) %% %s, (i %% 13) / 4,
               datetime('2025-01-01', '+' || (i * 30) || ' seconds')
        FROM row
    """,
}

people: dict[str, Any] = {}


def make(rows: int) -> dict[str, Any]:
    """Make the province, somebody at each level, and the rows of the stations."""
    from django.db import connection

    from tests.access.visits import reader

    places = _organisations()
    first, last = places["stations"][0].pk, places["stations"][-1].pk
    for which, name in enumerate(("station", "district", "city", "province")):
        place = places[name]
        people[name] = reader(which + 11, place, rights=(RIGHT,), clearance=1)
    given = [first, last - first + 1]
    order = [*given, rows] if connection.vendor == "postgresql" else [rows, *given]
    with connection.cursor() as cursor:
        cursor.execute(ROWS[connection.vendor], order)
    with connection.cursor() as cursor:
        is_postgres = connection.vendor == "postgresql"
        cursor.execute("VACUUM ANALYZE" if is_postgres else "ANALYZE")
    seen = {name: f"{_rows('jtsec', name).count():,} rows" for name in people}
    return {"rows": rows, **seen}


def ask(way: str, person: str, question: str) -> float:
    """Return the milliseconds one question takes, building the query included."""
    from tests.access.visits import visit

    with visit(people[person].user) as request:
        request.user.jtsec_identity  # noqa: B018 - as the middleware has loaded it
        begin = time.perf_counter()
        rows = _rows(way, person)
        if question == "first page":
            list(rows.order_by("-filed_at")[:PAGE])
        elif question == "count":
            rows.count()
        else:
            rows.filter(number="C77").first()
        return (time.perf_counter() - begin) * 1000


def plan(person: str) -> list[str]:
    """Return how the database looks for the first page."""
    from django.db import connection

    rows = _rows("jtsec", person).order_by("-filed_at")[:PAGE]
    options = {"analyze": True} if connection.vendor == "postgresql" else {}
    text = rows.explain(**options)
    return [_shortened(line) for line in text.splitlines()]


def _shortened(line: str) -> str:
    """Leave most of a list of numbers out."""
    line = re.sub(r"\d+(,\s*\d+){9,}", lambda all: f"{all[0].split(',')[0]},…", line)
    return line.replace("  ", "  ")


def _rows(way: str, person: str) -> Any:
    """Return the rows somebody sees, found in one of the ways that are compared."""
    from benchmarks.scoped_models import Case
    from jtsec.access.policy import current

    identity = people[person]
    if way == "jtsec":
        return Case.objects.visible_to(identity.user, RIGHT)
    plain = Case.objects.filter(label__lte=1)
    if way == "hand":
        places = current().tree.with_below(identity.organisation_id)
        return _free(plain.filter(organisation__in=places))
    code = identity.organisation.code.rstrip("0")
    return _free(plain.filter(organisation__code__startswith=code))


def _free(rows: Any) -> Any:
    """Let a query through that is not asked in anybody's name."""
    from jtsec.access.scope_condition import AskedForAll

    return rows.filter(AskedForAll("the benchmark compares"))


def _organisations() -> dict[str, Any]:
    from jtsec.core.guarding import writing
    from jtsec.identity.models import Organization

    def made(codes: list[tuple[str, Any]]) -> list[Any]:
        rows = [
            Organization(code=code, name=f"单位 {code}", parent=above)
            for code, above in codes
        ]
        with writing("identity"):
            return Organization.objects.bulk_create(rows)

    (province,) = made([("120000000000", None)])
    cities = made([(f"12{n:02}00000000", province) for n in range(1, CITIES + 1)])
    districts = made(
        [
            (f"{city.code[:4]}{n:02}000000", city)
            for city in cities
            for n in range(1, DISTRICTS + 1)
        ]
    )
    stations = made(
        [
            (f"{district.code[:6]}{n:02}0000", district)
            for district in districts
            for n in range(1, STATIONS + 1)
        ]
    )
    levels = {"province": province, "city": cities[0], "district": districts[0]}
    return {**levels, "station": stations[0], "stations": stations}


def main() -> None:
    """Make the tables, and answer the parent."""
    import django

    django.setup()
    from benchmarks import scoped_models  # noqa: F401 - declares the table

    child.prepare()
    child.serve({"make": make, "ask": ask, "plan": plan})


if __name__ == "__main__":
    main()
