"""
Background jobs: each acts as a named system actor, inside a boundary.

    @job("permits.expire")
    def expire_permits() -> None: ...

    with job("permits.expire"):
        ...

A worker's thread or process has no request; without a name its events would be
nobody's. Management commands are named by themselves (`jtsec.core.commands`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from jtsec.audit.api import boundary
from jtsec.core.context import acting_as, system_actor


@contextmanager
def job(name: str) -> Iterator[None]:
    """
    Run a block, or a function it decorates, as a background job.

    Args:
        name: what the job is called in the log.
    """
    with acting_as(system_actor(name)), boundary():
        yield
