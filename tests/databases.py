"""Which database a test run uses, and how its child processes find the same one."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

CHOICES = ("sqlite", "postgres", "mariadb")
CHOICE = "JTSEC_TEST_DATABASE"
RUN_DIRECTORY = "JTSEC_TEST_DIRECTORY"
EXACT = "JTSEC_TEST_DATABASE_SETTINGS"

ENGINES = {
    "sqlite": "django.db.backends.sqlite3",
    "postgres": "django.db.backends.postgresql",
    "mariadb": "django.db.backends.mysql",
}


def chosen() -> str:
    """Return the name of the database of this run; SQLite unless told otherwise."""
    name = os.environ.get(CHOICE, "sqlite")
    if name not in CHOICES:
        raise ValueError(f"{CHOICE} is {name!r}; it must be one of {CHOICES}")
    return name


def run_directory() -> Path:
    """
    Return the folder of this run, shared with its workers and child processes.

    The process that needs it first makes it, and removes it when it ends.
    """
    if RUN_DIRECTORY not in os.environ:
        made = tempfile.mkdtemp(prefix="jtsec-tests-")
        os.environ[RUN_DIRECTORY] = made
        atexit.register(remove_run_directory, made, os.getpid())
    return Path(os.environ[RUN_DIRECTORY])


def remove_run_directory(path: str, creator: int) -> None:
    """Remove the folder, but not in a fork of the process that made it."""
    if os.getpid() == creator:
        shutil.rmtree(path, ignore_errors=True)


def settings() -> dict[str, Any]:
    """
    Return the value of `DATABASES["default"]`.

    A child process of a test gets the very database of its parent (see
    `environment`). SQLite is a file and not memory, so that threads and processes
    can share it. Servers are filled in by `tests/conftest.py` once they run.
    """
    found: dict[str, Any] = {"ENGINE": ENGINES[chosen()], "NAME": "jtsec"}
    if EXACT in os.environ:
        found = json.loads(os.environ[EXACT])
    elif chosen() == "sqlite":
        path = str(run_directory() / "tests.sqlite3")
        # Nobody needs the rows after a power cut; the waiting is real.
        options = {"timeout": 30, "init_command": "PRAGMA synchronous=OFF"}
        found |= {"NAME": path, "OPTIONS": options, "TEST": {"NAME": path}}
    if found["ENGINE"] == ENGINES["mariadb"]:
        import pymysql

        # Django knows the driver by the name of the one that needs a compiler.
        pymysql.install_as_MySQLdb()
    return found


def at(name: str, address: str) -> dict[str, Any]:
    """
    Return the settings of a database on a server of the run, to be merged.

    Args:
        name: One of `CHOICES`.
        address: What `tests.services` gives: a URL, or the path of a socket. A URL
            may name the database too.
    """
    if name == "mariadb":
        return {"ENGINE": ENGINES[name], "HOST": address, "USER": "root"}
    url = urlsplit(address)
    found = {
        "ENGINE": ENGINES[name],
        "HOST": parse_qs(url.query)["host"][0],
        "USER": url.username,
    }
    database = url.path.strip("/")
    return found if database == "postgres" else {**found, "NAME": database}


def environment(settings_dict: Mapping[str, Any]) -> dict[str, str]:
    """
    Return the environment that leads a child process to this connection's database.

    Args:
        settings_dict: `connection.settings_dict` of the running test.
    """
    wanted = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    exact = {key: settings_dict[key] for key in wanted if settings_dict.get(key)}
    return {EXACT: json.dumps(exact)}


def child_environment(settings: str = "tests.settings", **more: str) -> dict[str, str]:
    """
    Return all of the environment of a child process on this test's database.

    Args:
        settings: the settings module of the child.
        more: variables beside those of this process.
    """
    from django.db import connection

    exact = environment(connection.settings_dict)
    return {**os.environ, **exact, "DJANGO_SETTINGS_MODULE": settings, **more}
