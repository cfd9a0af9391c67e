"""What is prepared at the beginning of a run, in order, and undone at its end."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.core.signals import setting_changed
from django.db.models.signals import post_migrate, post_save, pre_save
from django.dispatch import Signal
from django.test import override_settings

from jtsec.authentication.models import Account
from jtsec.core.exceptions import ConfigurationError
from jtsec.crypto import sm2
from jtsec.keys import api as keys

from . import identities, reliefs
from .run import Run, begin

ROOMY: Final = {"JTSEC_SESSIONS_PER_USER": 10, "JTSEC_SESSIONS_TOTAL": 1_000_000}
"""The most that the clause allows; a test overrides them to see a full house."""


def begin_run(holder: object) -> Run:
    """
    Begin a run with everything prepared.

    Args:
        holder: the test runner, see `run.begin`.

    Raises:
        OutsideTestRun: it is none, or this is no test environment.
        ConfigurationError: `jtsec` is not installed, or its settings cannot be used.
    """
    if not apps.is_installed("jtsec"):
        raise ConfigurationError('"jtsec" is not in INSTALLED_APPS')
    return begin(
        holder,
        _give_room,
        _give_keys,
        _keep_quiet,
        reliefs.put_in_front,
        _connect_receivers,
    )


def _give_room(run: Run) -> None:
    run.enter(override_settings(**ROOMY))


def _give_keys(run: Run) -> None:
    """Make a key ring for the run, where the settings name none that can be used."""
    if not _has_whole_ring():
        run.enter(_temporary_ring())


def _has_whole_ring() -> bool:
    """Answer whether the settings name a ring; in a test run one may be missing."""
    try:
        return not keys.missing_purposes()
    except ConfigurationError:
        return False


@contextmanager
def _temporary_ring() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="jtsec-test-keys-") as folder:
        path = Path(folder).resolve() / "jtsec.keys"
        with override_settings(JTSEC_KEYS_FILE=str(path), JTSEC_KEYS_PROVIDER="file"):
            keys.create_key_file(path, sm2.generate().public)
            yield


def _keep_quiet(run: Run) -> None:
    """Keep the audit's second copy off the screen; `assertLogs` sees it as ever."""
    run.enter(_handled(logging.getLogger("jtsec"), logging.NullHandler()))


@contextmanager
def _handled(logger: logging.Logger, handler: logging.Handler) -> Iterator[None]:
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def _connect_receivers(run: Run) -> None:
    connected: tuple[tuple[Signal, Callable[..., Any], Any], ...] = (
        (post_save, identities.register_made, None),
        (pre_save, reliefs.leave_password_undue, Account),
        (setting_changed, reliefs.keep_our_hasher, None),
        (post_migrate, identities.register_all, apps.get_app_config("jtsec")),
    )
    for signal, receiver, sender in connected:
        run.enter(_connected(signal, receiver, sender))


@contextmanager
def _connected(
    signal: Signal, receiver: Callable[..., Any], sender: Any
) -> Iterator[None]:
    signal.connect(receiver, sender=sender)
    try:
        yield
    finally:
        signal.disconnect(receiver, sender=sender)
