"""
Where the example keeps what must not lie beside the code: keys and the secret.

A real deployment has its own place, such as /etc/jtsec or the service manager's
credentials. The example makes one in the user's data directory, apart for each copy
of the project.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
from pathlib import Path


def private_directory(project: Path) -> Path:
    """
    Return the directory of this copy's keys; made for the user alone if missing.

    Args:
        project: the directory of the example.
    """
    chosen = os.environ.get("JTSEC_EXAMPLE_PRIVATE")
    if chosen:
        directory = Path(chosen)
    else:
        copy = hashlib.sha256(str(project).encode()).hexdigest()[:12]
        directory = _data_home() / "jtsec-example" / copy
    _make_private(directory)
    return directory


def _make_private(directory: Path) -> None:
    """
    Make a directory and what is missing above it, each for its user alone.

    With `parents=True` those above would get the mode of the umask, and a key below a
    folder that a group may write can be replaced by the group; jtsec refuses it.
    """
    if not directory.exists():
        _make_private(directory.parent)
        directory.mkdir(mode=0o700, exist_ok=True)


def _data_home() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))


def secret_key(directory: Path) -> str:
    """Return Django's SECRET_KEY from a file beside the keys; made at first use."""
    path = directory / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except FileExistsError:
        return path.read_text("ascii")
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text("ascii")
