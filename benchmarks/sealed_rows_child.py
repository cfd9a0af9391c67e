"""Rows with and without a seal: saved one by one, and verified all at once."""

from __future__ import annotations

import gc
import os
import time
from itertools import count
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.sealed_settings"

from benchmarks import child

BATCH = 5_000


class Saving:
    """Creates rows of a model, and changes two columns of one."""

    def __init__(self, model: Any) -> None:
        self._rows = model._default_manager
        self._number = count(1)
        self._row = self.create()

    def create(self) -> Any:
        """Save a new row."""
        number = next(self._number)
        values = {"name": "张三", "plate": f"京A{number:05}", "price": 3}
        return self._rows.create(number=number, **values)

    def update(self) -> None:
        """Save a changed row."""
        self._row.number = number = next(self._number)
        self._row.price = number % 1000
        self._row.save()


def main() -> None:
    """Answer the parent."""
    child.prepare()
    from benchmarks.sealed_papers.models import Paper, SealedPaper
    from jtsec.protection.api import verify

    savings = {"plain": Saving(Paper), "sealed": Saving(SealedPaper)}

    def save(name: str, verb: str, saves: int) -> float:
        """Return the median of a save, µs."""
        act = getattr(savings[name], verb)
        taken = []
        gc.collect()
        for _ in range(saves):
            start = time.perf_counter()
            act()
            taken.append(time.perf_counter() - start)
        return sorted(taken)[len(taken) // 2] * 1e6

    def statements(name: str, verb: str) -> dict[str, int]:
        act = getattr(savings[name], verb)
        act()
        return child.statements_of(act)

    def fill(rows: int) -> None:
        """Add so many sealed rows."""
        for start in range(0, rows, BATCH):
            SealedPaper.objects.bulk_create(
                SealedPaper(
                    name="李四", plate=f"京B{number:05}", number=number, price=5
                )
                for number in range(start, min(start + BATCH, rows))
            )

    def verified(processes: int) -> dict[str, float]:
        """Return how many rows were verified, how fast, and how it ended."""
        report = verify([SealedPaper], processes=processes)
        (table,) = report.tables
        told = {"rows": table.rows, "rate": table.rows / report.seconds}
        return {**told, "exit": int(report.exit_code)}

    child.serve(
        {"save": save, "statements": statements, "fill": fill, "verified": verified}
    )


if __name__ == "__main__":
    main()
