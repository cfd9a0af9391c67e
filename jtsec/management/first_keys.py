"""Makes the key ring and the error key of a new installation, once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jtsec.keys import api as keys
from jtsec.keys.conf import keys_settings


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
    ring_path: Path, error_path: Path, password: bytes | None = None
) -> tuple[Ring, ErrorKey]:
    """
    Make what is missing and leave what is there.

    The private error key is written first: a ring that names a key whose private half
    was lost would seal errors nobody can read. What an interrupted run left is used.

    Raises:
        ConfigurationError: a leaf of `jtsec.keys.exceptions` says what is in the way;
            nothing that was there is changed.
    """
    if is_held_elsewhere():
        held = Ring(ring_path, False, keys.key_status())
        return held, ErrorKey(error_path, "taken away")
    if ring_path.exists() or ring_path.is_symlink():
        status = keys.read_key_file(ring_path)
        state = "exists" if error_path.exists() else "taken away"
        return Ring(ring_path, False, status), ErrorKey(error_path, state)
    if error_path.exists():
        public, state = keys.read_error_key(error_path), "exists"
    else:
        public, state = keys.create_error_key(error_path, password), "created"
    status = keys.create_key_file(ring_path, public)
    keys.reload()
    return Ring(ring_path, True, status), ErrorKey(error_path, state)


def is_held_elsewhere() -> bool:
    """Answer whether hardware holds the keys; then it also makes them."""
    return keys_settings().provider != "file"


def is_in_force(path: Path) -> bool:
    """Answer whether the settings name this key file, or hardware."""
    if is_held_elsewhere():
        return True
    try:
        return keys.key_file() == path
    except keys.KeysUnavailable:
        return False
