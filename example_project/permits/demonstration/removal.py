"""Starts afresh: removes what the demonstration made, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection

from .exceptions import NotReady
from .keyring import error_key_file, key_file


def remove_everything() -> list[Path]:
    """
    Remove the example's own database and keys.

    Returns:
        The files, and the folder of attachments, that were there.

    Raises:
        NotReady: database or keys are not the example's own; nothing was removed.
    """
    files = [*_database_files(), *_key_files(), *_anchor_files()]
    files.append(Path(settings.MEDIA_ROOT))
    connection.close()
    return [path for path in files if _remove(path)]


def _database_files() -> list[Path]:
    database = settings.VAR_DIR / "example.sqlite3"
    if Path(str(connection.settings_dict["NAME"])).resolve() != database.resolve():
        raise NotReady(
            "--fresh 只清除示例自己的数据库文件。DATABASE_URL 指定的数据库请自行清空，"
            "再删除密钥文件后重新执行。"
        )
    return [database.with_name(database.name + end) for end in ("", "-wal", "-shm")]


def _anchor_files() -> list[Path]:
    """Return the anchors: they would testify against a log that begins anew."""
    return [Path(one.removeprefix("file:")) for one in settings.JTSEC_AUDIT_ANCHORS]


def _key_files() -> list[Path]:
    files = [key_file(), error_key_file()]
    for path in files:
        if path.parent.resolve() != Path(settings.PRIVATE_DIR).resolve():
            raise NotReady(f"--fresh 不清除示例以外的密钥文件: {path}")
    return files


def _remove(path: Path) -> bool:
    if not path.exists():
        return False
    if path.is_dir():
        shutil.rmtree(path)
        return True
    path.chmod(0o600)  # Windows removes no file that is read-only
    path.unlink()
    return True
