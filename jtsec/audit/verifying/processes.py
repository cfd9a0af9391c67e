"""
Walks the parts of a log, here or in several processes with connections of their own.

A process that is asked for a part gets numbers, public keys and the settings of the
database, nothing else; it reads its own key ring. What two neighbours say of the seam
between them must agree.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Final

from django.conf import ENVIRONMENT_VARIABLE
from django.db import connections

from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.core.exceptions import ConfigurationError

from . import child
from .walking import Part, Progress, Walked, walk

ROWS: Final = 250_000
"""Rows of a part, about: often enough to show progress, too seldom to cost any."""


def bounds(using: str, first: int, last: int) -> list[tuple[int, int]]:
    """
    Return the numbers of checkpoints at which the log is cut into parts.

    The columns that guide it prove nothing; a wrong one makes parts uneven.
    """
    found: list[tuple[int, int]] = []
    stored = AuditCheckpoint.objects.using(using)
    while first <= last:
        row = stored.filter(number__gte=first, number__lte=last).order_by("number")
        begin = row.values_list("first_id", flat=True).first()
        over = None
        if begin is not None:
            wide = row.filter(last_id__gte=begin + ROWS - 1)
            over = wide.order_by("last_id", "number").first()
        end = last if over is None else max(min(over.number, last), first)
        found.append((first, end))
        first = end + 1
    return found


def walk_all(
    parts: Sequence[Part], processes: int, progress: Progress | None
) -> Iterator[Walked]:
    """
    Yield what each part gave, in order.

    Raises:
        CannotVerify, django.db.Error: as `walk`.
        ConfigurationError: the settings have no module that a process could read.
    """
    if processes <= 1 or len(parts) <= 1:
        for part in parts:
            yield walk(part, progress)
        return
    using = parts[0].using
    # Started anew and not forked: a fork would share the sockets of the databases.
    context = multiprocessing.get_context("spawn")
    _require_settings_module()
    arguments = (using, _plain(connections[using].settings_dict))
    with ProcessPoolExecutor(
        min(processes, len(parts)), context, child.prepare, arguments
    ) as pool:
        for walked in pool.map(child.walk_part, parts):
            if progress is not None:
                progress(walked.rows)
            yield walked


def _require_settings_module() -> None:
    # A new process inherits the environment and reads the settings for itself.
    if not os.environ.get(ENVIRONMENT_VARIABLE):
        raise ConfigurationError(f"several processes need {ENVIRONMENT_VARIABLE}")


def _plain(settings_dict: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a database that another process can be told."""
    return {key: value for key, value in settings_dict.items() if key != "TEST"}
