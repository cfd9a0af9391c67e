"""
Scans the parts of a table here, or in several processes with connections of their own.

A process that is asked for a part gets names, keys and the settings of the database,
nothing else; it reads its own key ring.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from django.conf import ENVIRONMENT_VARIABLE
from django.db import connections

from jtsec.core.exceptions import ConfigurationError

from . import child
from .parts import Part, Progress, scan
from .scanning import Scanned


def scan_all(
    parts: Sequence[Part], processes: int, progress: Progress | None
) -> Iterator[Scanned]:
    """
    Yield what each part was found to be, in order.

    Raises:
        CannotVerify, django.db.Error: as `scan`.
        ConfigurationError: the settings have no module that a process could read.
    """
    if processes <= 1 or len(parts) <= 1:
        for part in parts:
            yield scan(part, progress)
        return
    # A new process inherits the environment and reads the settings for itself.
    if not os.environ.get(ENVIRONMENT_VARIABLE):
        raise ConfigurationError(f"several processes need {ENVIRONMENT_VARIABLE}")
    using = parts[0].using
    told: dict[str, Any] = dict(connections[using].settings_dict)
    told.pop("TEST", None)
    # Started anew and not forked: a fork would share the sockets of the databases.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(processes, len(parts)), context, child.prepare, (using, told)
    ) as pool:
        for found in pool.map(child.scan_part, parts):
            if progress is not None:
                progress(found.rows)
            yield found
