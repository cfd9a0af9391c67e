"""
What controls above identity want to do when somebody is renamed or deactivated.

A renamed person needs a new password (the old one is bound to the name), and the
sessions of a deactivated one end. Whoever holds roles of a duty cannot be given
another duty. Those controls stand above this one and register here; what they do
belongs to the same transaction, so a failure of theirs undoes the change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jtsec.core.exceptions import InputError

from .models import Identity

Changed = Callable[[Identity, Mapping[str, object]], None]
Arranged = Callable[[], None]
Renamed = Callable[[Identity, Mapping[str, str]], None]
Deactivated = Callable[[Identity], None]

_renamed: dict[str, Renamed] = {}
_deactivated: dict[str, Deactivated] = {}
_changed: dict[str, Changed] = {}
_arranged: dict[str, Arranged] = {}


class Objected(InputError):
    """Says that a control above this one objects to a change; `code` says why."""


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


def on_changed(callback: Changed) -> None:
    """
    Have a function called when somebody's duty, organisation or being police changes.

    Also when an altered identity is said anew: nobody knows what it was before.

    Args:
        callback: is given the identity as it is now, written and sealed, and the
            former values of what changed; empty where they are not known. It may
            raise `Objected`.
    """
    _changed[_path(callback)] = callback


def on_organisations_changed(callback: Arranged) -> None:
    """Have a function called when an organisation is made, moved or put out of use."""
    _arranged[_path(callback)] = callback


def announce_rename(identity: Identity, before: Mapping[str, str]) -> None:
    """Call what was registered with `on_rename`."""
    for callback in tuple(_renamed.values()):
        callback(identity, before)


def announce_change(identity: Identity, before: Mapping[str, object]) -> None:
    """Call what was registered with `on_changed`."""
    for callback in tuple(_changed.values()):
        callback(identity, before)


def announce_organisations() -> None:
    """Call what was registered with `on_organisations_changed`."""
    for callback in tuple(_arranged.values()):
        callback()


def announce_deactivation(identity: Identity) -> None:
    """Call what was registered with `on_deactivated`."""
    for callback in tuple(_deactivated.values()):
        callback(identity)


def _path(callback: Callable[..., None]) -> str:
    """Name a function, so that wiring twice calls it once."""
    return f"{callback.__module__}.{callback.__qualname__}"
