"""The secret the platform gave out: in a file of its own, never in the settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from .conf import export_settings
from .exceptions import ExportNotConfigured

LARGEST: Final = 4_096


def read_secret() -> str:
    """
    Return the secret.

    Raises:
        ExportNotConfigured: no file is named, it cannot be read, others can read it,
            or it is empty.
    """
    name = export_settings().secret_file
    if not name:
        raise ExportNotConfigured("JTSEC_AUDIT_EXPORT_SECRET_FILE names no file")
    try:
        with Path(name).open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            found = file.read(LARGEST)
    except OSError as error:
        raise ExportNotConfigured(f"{name}: {error.strerror}") from error
    if os.name == "posix" and mode & 0o077:
        raise ExportNotConfigured(f"{name} can be read by others; chmod 0400 {name}")
    try:
        secret = found.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise ExportNotConfigured(f"{name} holds no text") from None
    if not secret:
        raise ExportNotConfigured(f"{name} is empty")
    return secret
