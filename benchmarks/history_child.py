"""One generated year: written, sealed, looked at."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks import child


def main() -> None:
    """Prepare the tables and answer."""
    child.prepare(0)
    from django.conf import settings
    from django.core.signals import setting_changed

    from benchmarks import history_found, history_writing
    from benchmarks.history import Year
    from jtsec.audit.rules import api as rules
    from jtsec.audit.sealing import api as sealing

    def change(name: str, value: Any) -> None:
        setattr(settings, name, value)
        setting_changed.send(sender=None, setting=name, value=value, enter=True)

    def measure(users: int, events: int, days: int) -> dict[str, Any]:
        year = Year(users=users, events=events, days=days)
        history_found.set_up(change)
        steps: dict[str, tuple[float, float]] = {}

        @contextmanager
        def timed(step: str) -> Iterator[None]:
            clock, processor = time.perf_counter(), time.process_time()
            yield
            steps[step] = (
                time.perf_counter() - clock,
                time.process_time() - processor,
            )

        with timed("writing"):
            written = history_writing.write(year.events())
        with timed("sealing"):
            while sealing.seal_now():
                pass
        with history_found.told(year) as findings, timed("watching"):
            rules.watch()
        score = history_found.score(year, findings)
        return {
            "written": written,
            "steps": steps,
            "planted": score.planted_rows(),
            "false": score.false_rows(days / 7),
        }

    child.serve({"measure": measure})


if __name__ == "__main__":
    main()
