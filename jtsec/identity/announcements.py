"""
What controls above identity want to do when somebody is renamed or deactivated.

A renamed person needs a new password (the old one is bound to the name), and the
sessions of a deactivated one end. Those controls stand above this one and register
here; what they do belongs to the same transaction, so a failure of theirs undoes the
change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .models import Identity

Renamed = Callable[[Identity, Mapping[str, str]], None]
Deactivated = Callable[[Identity], None]

_renamed: dict[str, Renamed] = {}
_deactivated: dict[str, Deactivated] = {}


def on_rename(callback: Renamed) -> None:
    """
    Have a function called when a username or a name changes.

    Args:
        callback: is given the identity as it is now, and the former values of
            "username" and "name".
    """
    _renamed[_path(callback)] = callback


def on_deactivated(callback: Deactivated) -> None:
    """Have a function called with each identity that is put out of use."""
    _deactivated[_path(callback)] = callback


def announce_rename(identity: Identity, before: Mapping[str, str]) -> None:
    """Call what was registered with `on_rename`."""
    for callback in tuple(_renamed.values()):
        callback(identity, before)


def announce_deactivation(identity: Identity) -> None:
    """Call what was registered with `on_deactivated`."""
    for callback in tuple(_deactivated.values()):
        callback(identity)


def _path(callback: Callable[..., None]) -> str:
    """Name a function, so that wiring twice calls it once."""
    return f"{callback.__module__}.{callback.__qualname__}"
