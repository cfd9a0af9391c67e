"""
The store's form, "jtsec.secrets/1": one envelope around all names and values.

    SM4-GCM envelope, additional data "jtsec.secrets/1", around the JSON
    {"format": "jtsec.secrets/1",
     "secrets": {"db.password": {"changed": "<UTC>", "value": "<text>"}, ...}}

One envelope, so that nobody without the key sees which secrets there are, swaps two
of them, or puts an old value of one back beside the others.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from jtsec.core.exceptions import InputError
from jtsec.core.wording import early_gettext as _
from jtsec.crypto import envelope
from jtsec.crypto.exceptions import CryptoError
from jtsec.keys.api import read_private, replace_private, require_place

from .exceptions import SecretsCorrupt, SecretsUnavailable, as_secrets_errors
from .key import StoreKey

try:
    import fcntl
except ImportError:  # Windows: two writers at once are left to the administrator
    fcntl = None  # type: ignore[assignment]  # asked before it is used

FORMAT: Final = "jtsec.secrets/1"
AAD: Final = FORMAT.encode("ascii")
NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
LARGEST_VALUE: Final = 64 * 1024
LARGEST_STORE: Final = 1 << 20


class Entry(NamedTuple):
    """One secret and when it was last changed, in UTC."""

    value: str
    changed: datetime

    def __repr__(self) -> str:
        """Say when, and never what: this may stand in a trace."""
        return f"Entry(changed={self.changed.isoformat()})"


def read_store(path: Path, key: StoreKey) -> dict[str, Entry]:
    """
    Return all secrets by name.

    Raises:
        SecretsUnavailable, SecretsExposed: the file cannot be read, or by others too.
        SecretsCorrupt: cut, altered, sealed with another key, or of another form.
    """
    with as_secrets_errors():
        data = read_private(path)
    return open_store(data, key)


def open_store(data: bytes, key: StoreKey) -> dict[str, Entry]:
    """Return the secrets in a store's content, or raise `SecretsCorrupt`."""
    try:
        header = envelope.read_header(data)
        if header.key_id != key.id:
            raise SecretsCorrupt(
                _("the secrets are sealed with the key %(id)s") % {"id": header.key_id}
            )
        content = json.loads(envelope.open_symmetric(data, key.gcm, AAD))
        if content["format"] != FORMAT:
            raise ValueError
        return {name: _entry(one) for name, one in content["secrets"].items()}
    except (CryptoError, ValueError, KeyError, TypeError, AttributeError):
        # From None: the cause may quote what was decrypted.
        raise SecretsCorrupt(
            _("the secrets were altered or are sealed with another key")
        ) from None


def seal_store(entries: Mapping[str, Entry], key: StoreKey) -> bytes:
    """Return the content of a store."""
    secrets = {
        name: {"changed": one.changed.astimezone(UTC).isoformat(), "value": one.value}
        for name, one in entries.items()
    }
    content = json.dumps({"format": FORMAT, "secrets": secrets}, sort_keys=True)
    return envelope.seal_symmetric(key.id, key.gcm, content.encode("ascii"), AAD)


def write_store(path: Path, entries: Mapping[str, Entry], key: StoreKey) -> None:
    """
    Put these secrets in the place of what the store holds; whole or not at all.

    Raises:
        SecretsUnavailable, SecretsExposed: it cannot be written; the old one stays.
    """
    data = seal_store(entries, key)
    if len(data) > LARGEST_STORE:
        raise SecretsUnavailable(_("the store of secrets is full"))
    with as_secrets_errors():
        replace_private(path, data)


@contextmanager
def one_writer(path: Path) -> Iterator[None]:
    """
    Let one process at a time read, change and write the store.

    Raises:
        SecretsUnavailable: the store's folder cannot be made or opened.
        SecretsExposed: the place is inside the project; no folder is made.
    """
    with as_secrets_errors():
        require_place(path)
    if fcntl is None:
        yield
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError:
        raise SecretsUnavailable(
            _("the folder of %(path)s cannot be opened") % {"path": path}
        ) from None
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def require_name(name: str) -> str:
    """Return a name if it is one, or raise `InputError`."""
    if not NAME.fullmatch(name):
        raise InputError(
            _("A secret's name is 1 to 64 of a-z 0-9 . _ - and begins with a-z 0-9."),
            field="name",
        )
    return name


def require_value(value: str) -> str:
    """Return a value if it can be kept, or raise `InputError`."""
    if not value.strip() or "\0" in value or len(value) > LARGEST_VALUE:
        raise InputError(
            _("The secret is empty, too long or has a NUL in it."), field="value"
        )
    return value


def _entry(one: Any) -> Entry:
    if not isinstance(one["value"], str):
        raise TypeError
    return Entry(one["value"], datetime.fromisoformat(one["changed"]))
