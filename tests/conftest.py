"""What every test of jtsec may use, and the database the run is made on."""

from __future__ import annotations

import contextlib
import os

import pytest
from hypothesis import settings as hypothesis_settings

from tests import databases
from tests.services import sharing

pytest_plugins = ["tests.reporting", "tests.services.fixtures", "tests.flushing"]

# How long an example takes says more of the machine than of the code.
hypothesis_settings.register_profile("jtsec", deadline=None)
hypothesis_settings.load_profile("jtsec")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that chooses the database; the environment may choose it too."""
    parser.getgroup("jtsec").addoption(
        "--database",
        choices=databases.CHOICES,
        default=None,
        help=f"database of the run (default: ${databases.CHOICE}, or sqlite)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Settle the database of this process and of those that it starts."""
    from django.conf import settings
    from django.db import DEFAULT_DB_ALIAS, connections

    if config.getoption("database"):
        os.environ[databases.CHOICE] = config.getoption("database")
    databases.run_directory()
    settings.DATABASES[DEFAULT_DB_ALIAS] = databases.settings()
    # Django was set up before this hook; what it read then is forgotten.
    vars(connections).pop("settings", None)
    with contextlib.suppress(AttributeError):
        del connections[DEFAULT_DB_ALIAS]


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the servers of the run, in the process that began it."""
    if not hasattr(config, "workerinput"):
        sharing.stop_all()


def pytest_report_header() -> str:
    """Say which database the run is made on."""
    return f"database: {databases.chosen()}"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, request: pytest.FixtureRequest
) -> None:
    """Lead the connection to the run's server, once a test wants the database."""
    from django.db import connections

    name = databases.chosen()
    if name != "sqlite":
        service = request.getfixturevalue(f"{name}_service")
        connections["default"].settings_dict.update(databases.at(name, service.address))
