"""`python -m benchmarks`: measure, print, and keep if asked."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from benchmarks import (
    access_decisions,
    audit_saving,
    audit_verifying,
    encrypted_field,
    forty_logins,
    guarded_request,
    login,
    machine,
    page,
    protected_data,
    scoped_rows,
    sealed_rows,
    servers,
)
from benchmarks.measuring import Table
from tests.services.sharing import Service, stop

Measure = Callable[[Service], list[Table]]

FULL: dict[str, Measure] = {
    "requests": lambda service: guarded_request.measure(service, 61, 40),
    "login": lambda service: login.measure(service, 31, 5),
    "fields": lambda service: encrypted_field.measure(service, 11, 10_000),
    "protected": lambda service: protected_data.measure(service, 15, 1_000_000, 64),
    "forty": lambda service: forty_logins.measure(service, 3, 40),
    "saving": lambda service: audit_saving.measure(service, 31, 100),
    "verifying": lambda service: audit_verifying.measure(service, 5, 2_000_000),
    "rows": lambda service: scoped_rows.measure(service, 5, 1_000_000),
    "access": lambda service: access_decisions.measure(service, 15, 10),
    "sealed": lambda service: sealed_rows.measure(service, 7, 200, 1_000_000),
}
TINY: dict[str, Measure] = {
    "requests": lambda service: guarded_request.measure(service, 1, 2),
    "login": lambda service: login.measure(service, 1, 1),
    "fields": lambda service: encrypted_field.measure(service, 1, 20),
    "protected": lambda service: protected_data.measure(service, 1, 300, 1),
    "forty": lambda service: forty_logins.measure(service, 1, 4),
    "saving": lambda service: audit_saving.measure(service, 1, 2),
    "verifying": lambda service: audit_verifying.measure(service, 1, 200),
    "rows": lambda service: scoped_rows.measure(service, 1, 200),
    "access": lambda service: access_decisions.measure(service, 1, 1),
    "sealed": lambda service: sealed_rows.measure(service, 1, 2, 200),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is asked for, everything by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="*", help=f"of {', '.join(FULL)}; default: all")
    parser.add_argument("--tiny", action="store_true", help="only see that it runs")
    parser.add_argument("--keep", type=Path, help="a page whose figures are replaced")
    parser.add_argument(
        "--wait", type=float, default=60, help="seconds to wait for a quiet machine"
    )
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.what) - set(FULL):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    sizes = TINY if chosen.tiny else FULL
    service = servers.start(is_durable=not chosen.tiny)
    try:
        for name in chosen.what or FULL:
            with nullcontext() if chosen.tiny else machine.alone():
                machine.wait_for_quiet(0 if chosen.tiny else chosen.wait)
                before = machine.description()
                tables = sizes[name](service)
            load = f"load average after: {os.getloadavg()[0]:.2f}"
            text = page.text_of([*before, load], tables)
            print(f"== {name}\n\n{text}", flush=True)
            if chosen.keep:
                page.keep(chosen.keep, name, text)
    finally:
        stop(service.pid, service.stop_signal)


if __name__ == "__main__":
    main()
