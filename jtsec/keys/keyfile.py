"""
Reads and writes the key file, and other secrets, so that nobody else can.

Reading looks at the opened file, not at its name, so that no swap between the look
and the reading helps. Writing never overwrites: the name appears with the whole
content, or not at all. Only `replace` puts one content in the place of another.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from jtsec.core.wording import early_gettext as _

from .exceptions import KeyFileCorrupt, KeyFileExists, KeyFileExposed, KeysUnavailable
from .surroundings import require_outside_the_project, require_private_folders

try:
    import fcntl
except ImportError:  # Windows: two writers at once are left to the administrator
    fcntl = None  # type: ignore[assignment]  # asked before it is used

MODE: Final = 0o400
LARGEST: Final = 1 << 20
IS_POSIX: Final = os.name == "posix"
# Not every system has all of them: no link is followed, no pipe waited for.
READING: Final = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")
)


def read(path: Path) -> bytes:
    """
    Return the content of a key file that nobody else could have read or written.

    Raises:
        KeysUnavailable: it is not there, or this process may not read it.
        KeyFileExposed: owner, mode, place or a folder on the way lets others at it.
    """
    try:
        require_outside_the_project(path)
        real = _resolved(path)
        require_outside_the_project(real)
        require_private_folders(path, real)
        # Resolved before: a link put there since then is not followed.
        descriptor = os.open(real, READING)
    except OSError as error:
        raise KeysUnavailable(
            _("the file %(path)s: %(reason)s")
            % {"path": path, "reason": reason_of(error)}
        ) from None
    try:
        _require_private(path, os.fstat(descriptor))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(LARGEST + 1)
    finally:
        os.close(descriptor)
    if len(data) > LARGEST:
        raise KeyFileCorrupt(_("the file %(path)s is too large") % {"path": path})
    return data


def reason_of(error: OSError) -> str:
    """Return why the system refused, in the words of the reader where we have them."""
    if isinstance(error, FileNotFoundError):
        return _("no such file or folder")
    if isinstance(error, PermissionError):
        return _("this process has no right to it")
    return error.strerror or _("the system gives no reason")


def _require_private(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise KeyFileExposed(
            _("the file %(path)s is not a regular file") % {"path": path}
        )
    if not IS_POSIX:
        return
    if found.st_uid not in (os.geteuid(), 0):
        raise KeyFileExposed(
            _("the file %(path)s belongs to user %(owner)s, not to this process")
            % {"path": path, "owner": found.st_uid}
        )
    forbidden = 0o077
    if found.st_uid == 0 and _is_credential(path):
        # systemd grants its credentials by ACL, which shows as the group's bits.
        forbidden = 0o037
    if stat.S_IMODE(found.st_mode) & forbidden:
        mode = stat.S_IMODE(found.st_mode)
        raise KeyFileExposed(
            _("the file %(path)s has mode %(mode)s, not 0400")
            % {"path": path, "mode": f"{mode:04o}"}
        )


def _is_credential(path: Path) -> bool:
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    return bool(folder) and path.parent == Path(folder)


def write_new(path: Path, data: bytes) -> None:
    """
    Write a file that was not there before, mode 0400, whole or not at all.

    A missing folder is made, for this user alone.

    Raises:
        KeyFileExists: something of that name is there.
        KeyFileExposed: the place is inside the project, or open to others.
        KeysUnavailable: the folder cannot be made or written.
    """
    _write(path, data, _give_name)


def replace(path: Path, data: bytes) -> None:
    """
    Put a content in the place of another, mode 0400; a reader sees one or the other.

    Of a link, what it leads to: whoever reads that file by another name would go on
    with the old keys.

    Raises:
        KeyFileExposed, KeysUnavailable: as `write_new`; the old content stays.
    """
    _write(path, data, _take_name)


@contextmanager
def one_writer(path: Path) -> Iterator[None]:
    """
    Let one process at a time read, change and replace a file.

    Raises:
        KeysUnavailable: its folder cannot be opened.
    """
    if fcntl is None:
        yield
        return
    try:
        folder = os.open(_resolved(path, strict=False).parent, os.O_RDONLY)
    except OSError as error:
        raise KeysUnavailable(
            _("%(path)s: %(reason)s") % {"path": path, "reason": reason_of(error)}
        ) from None
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write(path: Path, data: bytes, give: Callable[[Path, Path], None]) -> None:
    try:
        require_outside_the_project(path)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        real = _resolved(path.parent) / path.name
        if give is _take_name:
            real = _resolved(real, strict=False)
        require_outside_the_project(real)
        require_private_folders(path, real)
        draft = real.with_name(f".{real.name}.{secrets.token_hex(8)}.new")
        _write_draft(draft, data)
        try:
            give(draft, real)
        finally:
            with suppress(OSError):  # gone by its own rename, or of no more use
                draft.unlink()
    except FileExistsError:
        raise KeyFileExists(
            _("%(path)s is there already; it was left as it is") % {"path": path}
        ) from None
    except OSError as error:
        raise KeysUnavailable(
            _("%(path)s: %(reason)s") % {"path": path, "reason": reason_of(error)}
        ) from None


def _resolved(path: Path, *, strict: bool = True) -> Path:
    """Return a path without links; links in a circle are an `OSError` as any other."""
    try:
        return path.resolve(strict=strict)
    except RuntimeError:  # before Python 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from None


def _write_draft(draft: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(draft, flags, MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        draft.unlink()
        raise


def _give_name(draft: Path, path: Path) -> None:
    """Give a finished file its name, unless that is taken; both in one step."""
    if not IS_POSIX:
        draft.rename(path)  # Windows refuses a name that is taken
        return
    # rename() would replace what stands there; link() refuses.
    os.link(draft, path, follow_symlinks=False)
    _sync_folder(path)


def _take_name(draft: Path, path: Path) -> None:
    """Give a finished file a name, whatever had it; in one step."""
    if not IS_POSIX:
        with suppress(FileNotFoundError):
            path.chmod(0o600)  # Windows does not replace what is read-only
    draft.replace(path)
    if IS_POSIX:
        _sync_folder(path)


def _sync_folder(path: Path) -> None:
    """Let the name outlast a loss of power."""
    folder = os.open(path.parent, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
