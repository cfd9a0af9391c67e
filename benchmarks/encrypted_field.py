"""What an encrypted column costs, per value and for ten thousand rows."""

from __future__ import annotations

from benchmarks.children import Child
from benchmarks.measuring import Table, interleaved, ratio, spread
from benchmarks.servers import new_database
from benchmarks.stacks import JTSEC, Stack, is_there
from tests.services.sharing import Service

MODULE = "benchmarks.encrypted_field_child"
WITHOUT_NATIVE = Stack("jtsec without gmssl-pyx", ("jtsec", "without-native"))
CALLS = 3000
PEERS = (
    ("encrypted_fields", "django-fernet-encrypted-fields"),
    ("django_cryptography", "django-cryptography-5"),
    ("bkcrypto", "bk-crypto-python-sdk"),
)


def measure(service: Service, rounds: int, rows: int) -> list[Table]:
    """
    Return the tables, with the native provider first where it is installed.

    Args:
        service: the PostgreSQL.
        rounds: how often each has its turn.
        rows: how many rows a table gets.
    """
    variants = [(WITHOUT_NATIVE, "SM4 of cryptography")]
    if is_there("gmssl_pyx"):
        variants.insert(0, (JTSEC, "SM4 of gmssl-pyx"))
    tables = []
    for stack, provider in variants:
        process = Child(MODULE, stack, new_database(service))
        try:
            tables.append(measure_values(process, provider, rounds, min(CALLS, rows)))
            tables.append(measure_rows(process, provider, rounds, rows))
        finally:
            process.stop()
    tables[0].notes += [
        f"{name}: not installed" for at, name in PEERS if not is_there(at)
    ]
    return tables


def measure_values(child: Child, provider: str, rounds: int, calls: int) -> Table:
    """Return the table of one value."""
    names = child.ask("names")
    columns = ["one value, µs"]
    found = {name: [name] for name in names}
    for size in (18, 64):
        for verb in ("encrypt", "decrypt"):

            def call(name: str, verb: str = verb, size: int = size) -> float:
                return float(child.ask("value", verb, size, name, calls))

            taken = interleaved(names, rounds, call)
            columns += [f"{verb} {size} bytes", "x bare"]
            for name in names:
                found[name] += [
                    spread(taken[name]).text(1),
                    ratio(taken[name], taken[names[0]]).text(2),
                ]
    return Table(f"One value, {provider}", columns, list(found.values()))


def measure_rows(child: Child, provider: str, rounds: int, rows: int) -> Table:
    """Return the table of many rows."""
    names = child.ask("tables")
    created = interleaved(names, rounds, lambda name: child.ask("create", name, rows))
    processors: dict[str, list[float]] = {name: [] for name in names}

    def load(name: str) -> float:
        wall, processor = child.ask("load", name, rows)
        processors[name].append(processor)
        return float(wall)

    loaded = interleaved(names, rounds, load)
    columns = (
        *("columns", "read, ms", "x plain", "read, processor ms", "x plain"),
        *("bulk_create, ms", "x plain"),
    )
    table = Table(f"{rows:,} rows with two such columns, {provider}", columns)
    for name in names:
        cells = [
            cell
            for taken in (loaded, processors, created)
            for cell in (
                spread(taken[name]).text(0),
                ratio(taken[name], taken[names[0]]).text(2),
            )
        ]
        table.rows.append((name, *cells))
    return table
