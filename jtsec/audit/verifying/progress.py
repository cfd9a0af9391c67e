"""Shows on a terminal how far a verification has got."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol

from django.utils.translation import gettext as _

from jtsec.core.clock import elapsed

SECONDS = 0.5
"""Between two lines."""


class Terminal(Protocol):
    """What is written to."""

    def write(self, msg: str, *, ending: str) -> None:
        """Write a text."""


class Meter:
    """
    Counts rows and writes one line over itself.

    Args:
        terminal: where it is written.
        rows: how many there are, about.
    """

    def __init__(self, terminal: Terminal, rows: int) -> None:
        self._terminal = terminal
        self._rows = rows
        self._done = 0
        self._begin = self._shown = elapsed()

    def add(self, rows: int) -> None:
        """Count rows that are done."""
        self._done += rows
        moment = elapsed()
        if moment - self._shown >= SECONDS:
            self._shown = moment
            self._show(self._done / (moment - self._begin))

    def _show(self, rate: float) -> None:
        text = _("%(done)d of about %(rows)d records, %(rate)d a second")
        values = {"done": self._done, "rows": self._rows, "rate": round(rate)}
        self._terminal.write(f"\r\x1b[K{text % values}", ending="")

    def __enter__(self) -> Meter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the line away."""
        if self._shown > self._begin:
            self._terminal.write("\r\x1b[K", ending="")
