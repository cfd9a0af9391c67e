"""
Where the store and its key lie: said by the environment, not by the settings.

The settings ask for secrets while they are being read, so they cannot also say where
the secrets are. A path is no secret; it may stand in the unit file of the service.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

STORE_VARIABLE: Final = "JTSEC_SECRETS_FILE"
KEY_VARIABLE: Final = "JTSEC_SECRETS_KEY_FILE"
STORE: Final = Path("/etc/jtsec/secrets/jtsec.secrets")
KEY: Final = Path("/etc/jtsec/keys/jtsec-secrets.key")
"""In another folder: whoever copies the folder of the store has not the key too."""


def store_file() -> Path:
    """Return the path of the store: named, a systemd credential, or the usual one."""
    return _place(STORE_VARIABLE, STORE)


def key_file() -> Path:
    """Return the path of the store's key, found in the same three ways."""
    return _place(KEY_VARIABLE, KEY)


def are_named() -> bool:
    """Answer whether this deployment says that it has a store."""
    return bool(os.environ.get(STORE_VARIABLE) or os.environ.get(KEY_VARIABLE))


def _place(variable: str, usual: Path) -> Path:
    named = os.environ.get(variable, "")
    if named:
        return Path(named)
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    if folder and (Path(folder) / usual.name).exists():
        return Path(folder) / usual.name
    return usual
