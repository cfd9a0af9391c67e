"""MariaDB where the machine has one, on a socket of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pymysql

from tests.services.sharing import (
    NotInstalled,
    Service,
    launch,
    require_alive,
    wait_until,
)


def start(directory: Path) -> Service:
    """Start a fresh server in this folder; its address is the path of its socket."""
    server, installer = program("mariadbd"), program("mariadb-install-db")
    user = "mysql" if os.geteuid() == 0 else None
    data, log, path = directory / "data", directory / "log", directory / "sql.sock"
    data.mkdir(mode=0o700)
    if user:
        shutil.chown(data, user)
        shutil.chown(directory, user)
    as_user = [f"--user={user}"] if user else []
    subprocess.run(
        [
            installer,
            *("--no-defaults", f"--datadir={data}", *as_user),
            *("--auth-root-authentication-method=normal", "--skip-test-db"),
        ],
        check=True,
        capture_output=True,
        cwd=directory,
    )
    process = launch(
        [
            server,
            *("--no-defaults", f"--datadir={data}", *as_user, f"--socket={path}"),
            *("--skip-networking", f"--pid-file={directory / 'pid'}"),
            *("--character-set-server=utf8mb4", "--max-connections=300"),
            # Nobody needs the rows after a power cut.
            *("--innodb-flush-log-at-trx-commit=0", "--skip-log-bin"),
            "--innodb-buffer-pool-size=64M",
        ],
        log=log,
    )

    def answers() -> bool:
        require_alive(process, log=log)
        # Not with the driver: it forgets to close the socket of a failed attempt.
        with socket.socket(socket.AF_UNIX) as attempt:
            return attempt.connect_ex(str(path)) == 0

    wait_until(answers, what="MariaDB")
    return Service(str(path), process.pid)


def program(name: str) -> str:
    """Return the path of one of MariaDB's programs."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if path is None:
        raise NotInstalled("MariaDB is not installed")
    return path


def connect(path: str) -> pymysql.Connection[pymysql.cursors.Cursor]:
    """Connect as the server's root, who has no password on this private socket."""
    return pymysql.connect(unix_socket=path, user="root", autocommit=True)


def create_database(service: Service, name: str) -> None:
    """Create an empty database."""
    connection = connect(service.address)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
    finally:
        connection.close()
