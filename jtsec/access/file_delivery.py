"""
A stored file on its way to somebody who may have it.

Streamed by this process, with ranges, or handed to the web server in front by
X-Accel-Redirect. A browser is told to save it; only pictures and PDF may be opened,
where the project says so, for an uploaded page would run in our name.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from jtsec.fields import EncryptedStorage

from .conf import access_settings

BLOCK: Final = 64 * 1024
UNKNOWN: Final = "application/octet-stream"
SHOWABLE: Final = frozenset(
    {
        "application/pdf",
        "image/bmp",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
    }
)
"""Kinds that a browser shows without running anything of them."""
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Outside(Exception):
    """Says that a name leads out of the folder of its storage."""


def deliver(
    request: HttpRequest, field_file: Any, *, inline: bool = False
) -> HttpResponseBase:
    """
    Return the answer that carries a stored file.

    Args:
        request: what asks for it; its Range is respected.
        field_file: the value of a row's FileField; the caller has decided.
        inline: whether a browser may show it, where it is of a harmless kind.

    Raises:
        Outside: the name leads out of the storage's folder.
        FileNotFoundError: there is no such file.
        FileAltered, FileUnreadable: it is encrypted, and was altered or cut.
    """
    path = _path_of(field_file)
    if isinstance(field_file.storage, EncryptedStorage):
        path = None  # what lies there is ciphertext; only its storage opens it
    handed = _handed_over(field_file.storage, path) if path else None
    if handed is None and request.method == "HEAD":
        handed = HttpResponse(headers={"Content-Length": str(field_file.size)})
    response = handed or _streamed(request, _opened(field_file, path), field_file.size)
    return _described(response, PurePosixPath(field_file.name).name, inline=inline)


def is_plain(name: str) -> bool:
    """Answer whether a name from an address can be that of a stored file."""
    if "\\" in name or any(ord(letter) < 32 for letter in name):
        return False
    return all(part not in ("", ".", "..") for part in name.split("/"))


def _path_of(field_file: Any) -> Path | None:
    """Return where a file lies; None in a storage that is no folder."""
    storage = field_file.storage
    if isinstance(storage, EncryptedStorage):
        storage = storage.backing
    if not isinstance(storage, FileSystemStorage):
        return None
    try:
        path = Path(storage.path(field_file.name)).resolve()
    except (SuspiciousFileOperation, ValueError) as error:
        raise Outside(field_file.name) from error
    # A link in the folder may lead anywhere, whatever its own name says.
    if not path.is_relative_to(Path(storage.location).resolve()):
        raise Outside(field_file.name)
    if not path.is_file():
        raise FileNotFoundError(field_file.name)
    return path


def _handed_over(storage: FileSystemStorage, path: Path) -> HttpResponse | None:
    """Return what tells the web server which file to send, if it is to."""
    prefix = access_settings().files_accel
    root = Path(settings.MEDIA_ROOT).resolve()
    if not prefix or Path(storage.location).resolve() != root:
        return None
    response = HttpResponse()
    name = path.relative_to(root).as_posix()
    response.headers["X-Accel-Redirect"] = prefix + quote(name)
    return response


def _opened(field_file: Any, path: Path | None) -> Any:
    if path is not None:
        return path.open("rb")
    return field_file.storage.open(field_file.name, "rb")


def _streamed(request: HttpRequest, file: Any, size: int) -> HttpResponseBase:
    wanted = _range_of(request, size)
    if wanted is None:
        whole = FileResponse(file)
        whole.headers["Content-Length"] = str(size)
        whole.headers["Accept-Ranges"] = "bytes"
        return whole
    first, last = wanted
    if first > last:
        file.close()
        beyond = HttpResponse(status=416)
        beyond.headers["Content-Range"] = f"bytes */{size}"
        return beyond
    part = StreamingHttpResponse(_blocks(file, first, last - first + 1), status=206)
    part.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    part.headers["Content-Length"] = str(last - first + 1)
    return part


def _range_of(request: HttpRequest, size: int) -> tuple[int, int] | None:
    """
    Return the first and last byte that are asked for, None for all.

    A range that cannot be met has its first behind its last. Several ranges, and a
    range of what the client has seen before, are answered with the whole.
    """
    text = request.headers.get("Range", "")
    match = _RANGE.fullmatch(text)
    if match is None or "If-Range" in request.headers or request.method != "GET":
        return None
    begin, end = match.groups()
    if not begin and not end:
        return None
    if not begin:
        return max(size - int(end), 0), size - 1
    if end and int(end) < int(begin):
        return None
    return int(begin), min(int(end or size), size - 1)


def _blocks(file: Any, first: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while length > 0 and (block := file.read(min(BLOCK, length))):
            length -= len(block)
            yield block


def _described(
    response: HttpResponseBase, name: str, *, inline: bool
) -> HttpResponseBase:
    kind = mimetypes.guess_type(name)[0] or UNKNOWN
    is_shown = inline and kind in SHOWABLE
    headers = response.headers
    headers["Content-Type"] = kind if kind in SHOWABLE else UNKNOWN
    headers["Content-Disposition"] = content_disposition_header(not is_shown, name)  # type: ignore[assignment]  # a name is given
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cache-Control"] = "no-store"
    return response
