"""
Where a key file may lie: outside of the project, in folders only its owner changes.

A key inside the project is committed, copied and packed with it. A folder somebody
else can write lets him put another file under the name, links included.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from jtsec.core.wording import early_gettext as _

from .exceptions import KeyFileExposed


def require_outside_the_project(path: Path) -> None:
    """
    Return if a path is absolute and not inside the project.

    Raises:
        KeyFileExposed: it is inside BASE_DIR, the folder of the settings module, or
            any git work tree.
    """
    if not path.is_absolute():
        raise KeyFileExposed(
            _("the file %(path)s is not given as an absolute path") % {"path": path}
        )
    for tree in _project_trees():
        if path.is_relative_to(tree):
            raise KeyFileExposed(
                _("the file %(path)s lies in the project, %(tree)s")
                % {"path": path, "tree": tree}
            )
    for folder in path.parents:
        if (folder / ".git").exists():
            raise KeyFileExposed(
                _("the file %(path)s lies in a git tree, %(folder)s")
                % {"path": path, "folder": folder}
            )


def _project_trees() -> Iterator[Path]:
    module = os.environ.get("DJANGO_SETTINGS_MODULE", "")
    # While the settings are being read, what stands in them so far is all there is.
    known = settings if settings.configured else sys.modules.get(module)
    base = getattr(known, "BASE_DIR", None)
    if base:
        yield Path(base).resolve()
    spec = find_spec(module) if module else None
    if spec is not None and spec.origin:
        yield Path(spec.origin).resolve().parent


def require_private_folders(path: Path, real: Path) -> None:
    """
    Return if only root and this process's user can rename what leads to a file.

    Args:
        path: the name as configured.
        real: the same with every link resolved.

    Raises:
        KeyFileExposed: another owner's folder, or one that others may write; a
            sticky one, such as /tmp, lets nobody rename what is not his.
    """
    if os.name != "posix":
        return
    trusted = (os.geteuid(), 0)
    for folder in {*path.parents, *real.parents}:
        found = folder.lstat()
        if stat.S_ISLNK(found.st_mode):
            continue  # where it leads is among the real parents
        writable = found.st_mode & 0o022 and not found.st_mode & stat.S_ISVTX
        if found.st_uid not in trusted or writable:
            raise KeyFileExposed(
                _("the file %(path)s can be replaced by others through %(folder)s")
                % {"path": path, "folder": folder}
            )
    if path.is_symlink() and path.lstat().st_uid not in trusted:
        raise KeyFileExposed(_("the link %(path)s belongs to others") % {"path": path})
