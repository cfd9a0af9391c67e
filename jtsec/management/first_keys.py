"""Makes the key ring and the error key of a new installation, once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jtsec.core.wording import early_gettext as _
from jtsec.keys import api as keys


@dataclass(frozen=True)
class Ring:
    """
    The key ring after the run.

    Args:
        path: where it lies.
        was_created: True made now, False there before and whole.
        keys: what is in it.
    """

    path: Path
    was_created: bool
    keys: list[keys.KeyStatus]


@dataclass(frozen=True)
class ErrorKey:
    """
    The private half of the error key after the run.

    Args:
        path: where it lies, or would.
        state: "created", "exists" or "taken away".
    """

    path: Path
    state: str


def make_keys(
    ring_path: Path,
    error_path: Path,
    password: bytes | None = None,
    clear: Path | None = None,
) -> tuple[Ring, ErrorKey]:
    """
    Make what is missing and leave what is there.

    The private error key is written first: a ring that names a key whose private half
    was lost would seal errors nobody can read. What an interrupted run left is used.

    Args:
        ring_path: where the ring lies, or will.
        error_path: where the private error key lies, or will.
        password: locks the error key when given.
        clear: a key file in clear to take over, instead of new keys.

    Raises:
        ConfigurationError: a leaf of `jtsec.keys.exceptions` says what is in the way;
            nothing that was there is changed.
    """
    if clear is not None:
        return _taken_over(ring_path, clear), _error_key_there(error_path)
    if is_held_elsewhere():
        held = Ring(ring_path, False, keys.key_status())
        return held, ErrorKey(error_path, "taken away")
    if ring_path.exists() or ring_path.is_symlink():
        status = keys.read_key_file(ring_path)
        return Ring(ring_path, False, status), _error_key_there(error_path)
    if error_path.exists():
        public, state = keys.read_error_key(error_path), "exists"
    else:
        public, state = keys.create_error_key(error_path, password), "created"
    status = keys.create_key_file(ring_path, public)
    keys.reload()
    return Ring(ring_path, True, status), ErrorKey(error_path, state)


def _taken_over(path: Path, clear: Path) -> Ring:
    """Write the ring anew; one that is there is not taken for the one asked for."""
    if is_held_elsewhere():
        raise keys.KeysUnavailable(
            _("these keys are changed with their provider's tools")
        )
    status = keys.take_over_key_file(path, clear)
    keys.reload()
    return Ring(path, True, status)


def _error_key_there(path: Path) -> ErrorKey:
    return ErrorKey(path, "exists" if path.exists() else "taken away")


def is_held_elsewhere() -> bool:
    """Answer whether hardware holds the keys; then it also makes them."""
    return not keys.is_in_a_file()


def is_in_force(path: Path) -> bool:
    """Answer whether the settings name this key file, or hardware."""
    if is_held_elsewhere():
        return True
    try:
        return keys.key_file() == path
    except keys.KeysUnavailable:
        return False
