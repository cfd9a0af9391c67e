"""A row, its seal and the root: changed together or not at all."""

from __future__ import annotations

from types import TracebackType

from jtsec.core.exceptions import JtsecError
from jtsec.core.touched_rows import Together


class Tied(Together):
    """
    Ties writes together, and lets a refusal inside a transaction be caught.

    Whoever refuses has left everything as it was, so that a view can go on to say so.
    """

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._block is None and isinstance(error, JtsecError):
            return
        super().__exit__(kind, error, trace)
