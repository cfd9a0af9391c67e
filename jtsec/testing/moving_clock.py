"""A clock that a test moves; everything jtsec measures goes by it."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import TracebackType
from typing import Any

from jtsec.core import clock

from .run import OutsideTestRun, is_running


class MovingClock:
    """
    Moves `jtsec.core.clock.now` inside its block; Django's own clock goes on.

    Raises:
        OutsideTestRun: on entering, when there is no run.
    """

    def __init__(self) -> None:
        self._offset = timedelta()

    def __enter__(self) -> MovingClock:
        if not is_running():
            raise OutsideTestRun("the clock is moved in a test run and nowhere else")
        # `now` is imported by name everywhere; what it asks is in one place.
        self._plain: Any = vars(clock)["timezone"]
        vars(clock)["timezone"] = self
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        vars(clock)["timezone"] = self._plain

    def now(self) -> datetime:
        """Return the moved time."""
        return self._present() + self._offset

    def advance(self, **duration: float) -> None:
        """Move on by a duration, told as to `timedelta`: `advance(minutes=31)`."""
        self._offset += timedelta(**duration)

    def move_to(self, moment: datetime) -> None:
        """Move to a moment, from which the clock goes on."""
        self._offset = moment - self._present()

    def _present(self) -> datetime:
        present: datetime = self._plain.now()
        return present
