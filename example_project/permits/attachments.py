"""Attachments: what may be uploaded."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import File

LARGEST: Final = 2 * 1024 * 1024
BEGINNINGS: Final = {
    ".pdf": b"%PDF-",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
}
"""How a file of each kind begins; a name alone says nothing of what is in it."""


def check_attachment(file: File) -> None:  # type: ignore[type-arg]  # of bytes
    """
    Refuse a file that is too large, or is not what its name says.

    Raises:
        ValidationError: says which.
    """
    if file.size > LARGEST:
        raise ValidationError("文件不能超过 2 MB。", code="too-large")
    beginning = BEGINNINGS.get(PurePath(file.name or "").suffix.lower())
    file.seek(0)
    if beginning is None or file.read(len(beginning)) != beginning:
        raise ValidationError("只能上传 PDF、JPG 或 PNG 文件。", code="kind")
    file.seek(0)
