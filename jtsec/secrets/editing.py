"""
Changes a secret in an editor, in memory that is no disk.

An editor writes files: what it edits, and copies of that beside it. On a disk they
would outlive their removal, so the folder lies where nothing is written to one.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from jtsec.core.exceptions import InputError
from jtsec.core.wording import early_gettext as _

from .exceptions import SecretsUnavailable

IN_MEMORY: Final = (Path("/dev/shm"),)  # noqa: S108 - a private folder is made in it


def edit_text(text: str) -> str:
    """
    Return a text as somebody leaves it in $EDITOR, without its last line end.

    Raises:
        SecretsUnavailable: there is no editor, or no folder in memory.
        InputError: the editor ended with an error; nothing is changed.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    memory = next((one for one in IN_MEMORY if one.is_dir()), None)
    if not editor or memory is None:
        raise SecretsUnavailable(
            _("to edit needs EDITOR and a folder in memory; use set instead")
        )
    folder = Path(tempfile.mkdtemp(dir=memory))  # for this user alone
    try:
        file = folder / "secret"
        file.touch(mode=0o600)
        file.write_text(text, "utf-8")
        ended = subprocess.run([*shlex.split(editor), str(file)], check=False)  # noqa: S603 - the caller's own editor
        if ended.returncode:
            raise InputError(_("The editor ended with an error; nothing was changed."))
        return file.read_text("utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError):
        raise SecretsUnavailable(_("the editor cannot be used")) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
