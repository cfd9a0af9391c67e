"""Key files that change, anchors in a folder of their own, the words of the sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from django.test import override_settings
from django.utils import timezone

from jtsec.keys import api as keys
from jtsec.keys.format import dump_ring
from jtsec.keys.key import Key, Purpose, State
from tests import keyring

UseRing = Callable[..., None]


@pytest.fixture
def use_ring(tmp_path: Path) -> Iterator[UseRing]:
    """Return a verb that puts a ring in force, made of the run's and some changes."""
    changed: list[override_settings] = []
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)

    def use(*extra: Key, without: tuple[Purpose, ...] = ()) -> None:
        kept = [one for one in keyring.known_ring() if one.purpose not in without]
        path = folder / f"ring-{len(changed)}.keys"
        keyring.write(path, dump_ring([*kept, *extra], keyring.CREATED))
        setting = override_settings(JTSEC_KEYS_FILE=str(path))
        setting.enable()
        changed.append(setting)
        keys.reload()

    yield use
    for setting in reversed(changed):
        setting.disable()
    keys.reload()


@pytest.fixture
def anchor_file(tmp_path: Path) -> Iterator[Path]:
    """Name a file as the anchor, and return its path."""
    folder = tmp_path / "anchor"
    folder.mkdir()
    path = folder / "anchor.log"
    with override_settings(JTSEC_AUDIT_ANCHORS=[f"file:{path}"]):
        yield path


def signature_key(number: int, state: State = State.ACTIVE) -> Key:
    """Return a signing key of the run."""
    return keyring.known_key(Purpose.AUDIT_SIGNATURE, number, state)


class MovedClock:
    """Stands where jtsec's clock asks for the time, and adds an offset."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def now(self) -> datetime:
        """Return the moved time."""
        return timezone.now() + self._offset

    def advance(self, **duration: float) -> None:
        """Move on, or back, by a duration."""
        self._offset += timedelta(**duration)


@pytest.fixture
def moved_clock(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    """Return the clock of jtsec, to move it."""
    moved = MovedClock()
    monkeypatch.setattr("jtsec.core.clock.timezone", moved)
    return moved
