"""The key file cut into shares by a person with the duty, and on record (A10.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.db import router, transaction

from jtsec.audit.api import record
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.crypto import sm2
from jtsec.keys import api as keys

from .events import KeysEscrowed
from .leave import require_duty


def cut_up(
    locks: Mapping[str, str | sm2.PublicKey],
    *,
    needed: int,
    folder: Path,
    reason: str,
) -> list[Path]:
    """
    Write a share of the key file for every holder; return where they are.

    Args:
        locks: for each holder's name a password or a public key.
        needed: how many of them give the key file back; at least 2.
        folder: where the files are written; outside of the project.
        reason: why, for the log.

    Raises:
        Refused: the actor has not the duty.
        InputError: no reason, numbers that do not fit, a short password.
        KeyFileExists: a share lies there already; none was written beside it.
        ConfigurationError: the keys cannot be read, or the folder not be written.
    """
    reason = require_duty("key-file", reason)
    made = keys.cut_up(locks, needed=needed, at=now())
    event = KeysEscrowed(
        resource="key-file", reason=reason, needed=needed, holders=list(made)
    )
    paths: list[Path] = []
    try:
        with transaction.atomic(using=router.db_for_write(AuditRecord)):
            record(event)
            for path, content in _as_files(made, folder):
                keys.write_private(path, content)
                paths.append(path)
    except BaseException:
        # The event is taken back: shares that are on no record do not stay either.
        for path in paths:
            path.unlink(missing_ok=True)
        raise
    return paths


def _as_files(made: Mapping[str, bytes], folder: Path) -> Iterator[tuple[Path, bytes]]:
    for number, (name, content) in enumerate(made.items(), 1):
        yield folder / f"jtsec-{number}-{_as_file_name(name)}.share", content


def _as_file_name(name: str) -> str:
    return re.sub(r"[^\w.-]", "_", name)[:40]
