"""
Processes that share the work on one database, each with a connection of its own.

A new process begins with this module and the one of its work; neither may import a
model before Django is set up.
"""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import django
from django.conf import ENVIRONMENT_VARIABLE
from django.db import connections

from jtsec.core.exceptions import ConfigurationError


def processes_on(using: str, count: int) -> ProcessPoolExecutor:
    """
    Return so many processes that work on the very database of this one.

    Raises:
        ConfigurationError: the settings have no module that a process could read.
    """
    # A new process inherits the environment and reads the settings for itself.
    if not os.environ.get(ENVIRONMENT_VARIABLE):
        raise ConfigurationError(f"several processes need {ENVIRONMENT_VARIABLE}")
    stored = connections[using].settings_dict
    told = {key: value for key, value in stored.items() if key != "TEST"}
    # Started anew and not forked: a fork would share the sockets of the databases.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, context, _prepare, (using, told))


def _prepare(using: str, told: dict[str, Any]) -> None:
    """Set up Django in the new process, with its parent's database."""
    django.setup()
    connections[using].settings_dict.update(told)
