"""The PostgreSQL of a run: the tests' server, durable as in operation."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests import databases
from tests.services import postgres
from tests.services.sharing import Service

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}

_number = count(1)


def start(*, is_durable: bool = True) -> Service:
    """Start one in a folder of its own; what is only tried need not be durable."""
    folder = databases.run_directory() / "postgres"
    folder.mkdir()
    folder.parent.chmod(0o711)
    folder.chmod(0o755)
    return postgres.start(
        folder, {**postgres.OPTIONS, **(DURABLE if is_durable else {})}
    )


def new_database(service: Service) -> dict[str, Any]:
    """Return the settings of an empty database."""
    address = postgres.create_database(service, f"bench_{next(_number)}")
    return databases.at("postgres", address)
