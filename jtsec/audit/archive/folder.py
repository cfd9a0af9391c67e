"""The folder of the archive, looked at before anything is written or believed."""

from __future__ import annotations

from pathlib import Path

from .conf import archive_settings
from .exceptions import NoArchiveFolder


def folder(given: Path | None = None) -> Path:
    """
    Return the folder of the segments.

    Args:
        given: instead of the one of the settings.

    Raises:
        NoArchiveFolder: none is named, or it is not there.
    """
    named = archive_settings().directory
    if given is None and not named:
        raise NoArchiveFolder("JTSEC_AUDIT_ARCHIVE_DIRECTORY names no folder")
    found = given or Path(named)
    if not found.is_dir():
        raise NoArchiveFolder(f"{found} is not there, or no folder")
    return found
