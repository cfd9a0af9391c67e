"""
The fixtures, and the run of a pytest session; needs pytest-django.

Imports neither Django nor the rest of jtsec before a fixture is used: pytest asks for
the plugin before pytest-django has found the settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .moving_clock import MovingClock
    from .recording import Recording


@pytest.fixture(scope="session", autouse=True)
def jtsec_run(request: pytest.FixtureRequest) -> Iterator[None]:
    """Be a run of jtsec from the first test to the last."""
    request.getfixturevalue("django_test_environment")
    from .preparation import begin_run  # noqa: PLC0415 - Django is set up only now

    run = begin_run(request.session)
    try:
        yield
    finally:
        run.end()


@pytest.fixture
def jt_user(db: None) -> Callable[..., Any]:
    """Give `jtsec.testing.people.person`."""
    from .people import person  # noqa: PLC0415 - Django is set up only now

    return person


@pytest.fixture
def jt_login(client: Any, db: None) -> Callable[..., Any]:
    """Give a function that logs a person into `client` with their password."""
    from .people import PASSWORD, log_in  # noqa: PLC0415 - Django is set up only now

    def login(user: Any, password: str = PASSWORD) -> Any:
        log_in(client, user, password)
        return client

    return login


@pytest.fixture
def jt_audit(db: None) -> Recording:
    """Give what the audit has recorded since the test began."""
    from .recording import Recording  # noqa: PLC0415 - Django is set up only now

    return Recording()


@pytest.fixture
def jt_clock() -> Iterator[MovingClock]:
    """Give the clock of jtsec, to move it; it goes right again after the test."""
    from .moving_clock import MovingClock  # noqa: PLC0415 - Django is set up only now

    with MovingClock() as clock:
        yield clock
