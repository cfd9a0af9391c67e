"""
The verbs of the secrets.

    DATABASES["default"]["PASSWORD"] = secret("db.password")

`secret` needs no settings, so that these can be made with it. Nothing is kept in
memory: settings ask once, and a value that changed is the next process's.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from hmac import compare_digest
from pathlib import Path
from typing import NamedTuple

from jtsec.core.exceptions import InputError
from jtsec.core.wording import early_gettext as _

from .accounts import holds_accounts
from .exceptions import (
    SecretsCorrupt,
    SecretsExposed,
    SecretsUnavailable,
    UnknownSecret,
)
from .key import StoreKey, make_key, read_key
from .places import are_named, key_file, store_file
from .store import (
    Entry,
    one_writer,
    read_store,
    require_name,
    require_value,
    write_store,
)

__all__ = [
    "SecretStatus",
    "SecretsCorrupt",
    "SecretsExposed",
    "SecretsUnavailable",
    "UnknownSecret",
    "has_store",
    "keep",
    "remove",
    "replace",
    "secret",
    "secret_status",
    "status_of_value",
    "values",
]


class SecretStatus(NamedTuple):
    """What may be told of a secret."""

    name: str
    changed: datetime


def secret(name: str) -> str:
    """
    Return a secret of the deployment (A10.3).

    May be called in settings.py: no setting is read.

    Args:
        name: as it was given to `jtsec_secrets set`, such as "db.password".

    Raises:
        UnknownSecret: the store has none of this name. There is no default: it
            would be the plaintext that the store is there to replace.
        SecretsUnavailable, SecretsExposed, SecretsCorrupt: the store cannot be used.
    """
    return _wanted(_all(), name).value


def has_store() -> bool:
    """Answer whether this deployment has a store, or says that it should."""
    try:
        return are_named() or store_file().exists()
    except OSError:
        return True  # there is one, and this process may not look at it


def secret_status() -> list[SecretStatus]:
    """Return what may be told of every secret, by name; never the value."""
    return [SecretStatus(name, one.changed) for name, one in sorted(_all().items())]


def status_of_value(value: str) -> SecretStatus | None:
    """Return what may be told of the secret with this value; None for no such one."""
    wanted = value.encode()
    for name, one in _all().items():
        if compare_digest(one.value.encode(), wanted):
            return SecretStatus(name, one.changed)
    return None


def values() -> frozenset[str]:
    """Return every value, to tell what came from the store; not to be shown."""
    return frozenset(one.value for one in _all().values())


def keep(name: str, value: str, *, at: datetime, only_new: bool = False) -> bool:
    """
    Put a secret in the store; make the store, and its key, when neither is there.

    Args:
        name: 1 to 64 of a-z 0-9 . _ -
        value: text of at most 65,536 characters, not blank.
        at: the present moment.
        only_new: refuse to change what is there.

    Returns:
        Whether the name is new.

    Raises:
        InputError: name or value is malformed, or the name is taken.
        SecretsUnavailable, SecretsExposed, SecretsCorrupt: nothing was changed.
    """
    require_name(name)
    require_value(value)
    path = store_file()
    with one_writer(path):
        key, entries = _for_writing(path)
        is_new = name not in entries
        if only_new and not is_new:
            raise InputError(
                _("There is a secret %(name)s already.") % {"name": name},
                field="name",
                code="exists",
            )
        if not is_new:
            _require_accounts_still(entries[name].value, value)
        entries[name] = Entry(value, _utc(at))
        write_store(path, entries, key)
    return is_new


def replace(name: str, change: Callable[[str], str], *, at: datetime) -> str:
    """
    Change a secret by what it is, with nobody between reading and writing.

    Args:
        name: a secret that is there.
        change: takes the value and returns the new one; what it raises changes nothing.
        at: the present moment.

    Returns:
        The new value.

    Raises:
        UnknownSecret: there is none of this name.
        SecretsUnavailable, SecretsExposed, SecretsCorrupt: nothing was changed.
    """
    path = store_file()
    with one_writer(path):
        key = read_key(key_file())
        entries = read_store(path, key)
        value = require_value(change(_wanted(entries, name).value))
        entries[name] = Entry(value, _utc(at))
        write_store(path, entries, key)
    return value


def remove(name: str) -> None:
    """
    Take a secret out of the store.

    Raises:
        UnknownSecret: there is none of this name.
        SecretsUnavailable, SecretsExposed, SecretsCorrupt: nothing was changed.
    """
    path = store_file()
    with one_writer(path):
        key = read_key(key_file())
        entries = read_store(path, key)
        _wanted(entries, name)
        del entries[name]
        write_store(path, entries, key)


def _require_accounts_still(before: str, value: str) -> None:
    """Raise `InputError` for what would leave the application without an account."""
    if holds_accounts(before) and not holds_accounts(value):
        raise InputError(
            _("This secret holds the accounts of a database; the new value does not."),
            field="value",
        )


def _all() -> dict[str, Entry]:
    return read_store(store_file(), read_key(key_file()))


def _wanted(entries: dict[str, Entry], name: str) -> Entry:
    try:
        return entries[name]
    except KeyError:
        raise UnknownSecret(
            _("there is no secret %(name)s; python -m jtsec.secrets set %(name)s")
            % {"name": name}
        ) from None


def _for_writing(path: Path) -> tuple[StoreKey, dict[str, Entry]]:
    """Return the key and what is kept; a new key only where nothing needs an old."""
    if os.path.lexists(path):
        key = read_key(key_file())
        return key, read_store(path, key)
    # Made only after the store's own place was looked at, by the one writer.
    if os.path.lexists(key_file()):
        return read_key(key_file()), {}
    return make_key(key_file()), {}


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
