"""
Temporary files of a session, in a folder of its own that goes with it (clause A6.4).

Only the process's user enters it: on a shared machine anybody can write to the
system's folder for temporary files, and could have put a link there before.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from jtsec.core.exceptions import ConfigurationError, Refused
from jtsec.sessions.api import own_session
from jtsec.sessions.models import Session

from .conf import residual_settings

DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def session_folder(request: Any) -> Path:
    """
    Return the folder for temporary files of the request's session.

    It is this machine's; what must be found from another one belongs into
    `jtsec.protection.transient`.

    Args:
        request: of somebody who is logged in.

    Raises:
        Refused: "no-session": nobody is logged in.
        ConfigurationError: the folder above is not the process's own.
    """
    row = own_session(getattr(request, "_request", request))
    if row is None or row.user_id is None:
        raise Refused("no-session")
    folder = _own(_root()) / row.pk
    return _own(folder)


def remove_of_sessions(digests: Sequence[str]) -> None:
    """Remove the folders of sessions; called when they end."""
    root = _root()
    for digest in digests:
        if DIGEST.fullmatch(digest) and (root / digest).is_dir():
            shutil.rmtree(root / digest)


def sweep_folders() -> int:
    """
    Remove the folders of sessions that ended on another machine, or by SQL.

    Returns:
        How many went.
    """
    root = _root()
    if not root.is_dir():
        return 0
    found = [one.name for one in root.iterdir() if DIGEST.fullmatch(one.name)]
    alive = Session.objects.live().filter(user__isnull=False, pk__in=found)
    ended = sorted(set(found) - set(alive.values_list("pk", flat=True)))
    remove_of_sessions(ended)
    return len(ended)


def _root() -> Path:
    chosen = residual_settings().folder
    if chosen:
        return Path(chosen)
    user = getattr(os, "getuid", lambda: "")()
    return Path(tempfile.gettempdir()) / f"jtsec-sessions-{user}"


def _own(folder: Path) -> Path:
    """Return a folder that is there, real, and nobody else's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    is_own = not hasattr(os, "getuid") or (
        found.st_uid == os.getuid() and not found.st_mode & 0o077
    )
    if not stat.S_ISDIR(found.st_mode) or not is_own:
        raise ConfigurationError(f"{folder} is open to others, or not the process's")
    return folder
