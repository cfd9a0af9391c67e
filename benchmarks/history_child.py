"""One generated year: written, sealed, looked at."""

from __future__ import annotations

import time
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
        begin = time.perf_counter()
        written = history_writing.write(year.events())
        wrote = time.perf_counter()
        while sealing.seal_now():
            pass
        sealed = time.perf_counter()
        with history_found.told(year) as findings:
            look = rules.watch()
        score = history_found.score(year, findings)
        return {
            "written": written,
            "writing": wrote - begin,
            "sealing": sealed - wrote,
            "watching": look.seconds,
            "planted": score.planted_rows(),
            "false": score.false_rows(days / 7),
        }

    child.serve({"measure": measure})


if __name__ == "__main__":
    main()
