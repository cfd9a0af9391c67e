"""
Uploaded files, given to those who may see the row they belong to (clause A4.1).

    # permits/functions.py
    guard_file(Permit, "attachment", right="permits.query_permit")

    # urls.py: what MEDIA_URL leads to, instead of the web server's own folder
    urlpatterns += media_urls()

A file has no rights of its own: its name may be guessed, sent on, or kept in a
browser. Who asks for one is decided on like somebody who opens the row. What belongs
to no row is given to nobody. All refusals look like a file that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import FileField, Model
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, get_script_prefix, re_path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jtsec.audit.api import record
from jtsec.core.exceptions import ConfigurationError
from jtsec.fields import EncryptedStorage
from jtsec.fields.exceptions import FileAltered

from .decision import decide
from .decorators import signed_in
from .events import FileOutside, FileRefused, FileServed, FileWasAltered
from .file_delivery import Outside, deliver, is_plain
from .unscoped import in_the_know

LENGTH: Final = 200
MOST: Final = 20
"""Rows that may share one file; of more than these nobody is asked."""


@dataclass(frozen=True)
class GuardedFile:
    """
    A field of files, and the right to see them.

    Args:
        model: whose rows own the files.
        field: the name of the FileField.
        right: the function's right, decided on the row.
        inline: whether a browser may show pictures and PDF instead of saving them.
    """

    model: type[Model]
    field: str
    right: str
    inline: bool = False


_guarded: Final[dict[tuple[type[Model], str], GuardedFile]] = {}


def guard_file(
    model: type[Model], field: str, *, right: str, inline: bool = False
) -> GuardedFile:
    """
    Say by which right the files of a field are given out; see `GuardedFile`.

    Raises:
        ValueError: the model has no such field of files, or another right was named
            for it before.
    """
    try:
        found = model._meta.get_field(field)
    except FieldDoesNotExist as error:
        raise ValueError(f"{model._meta.label} has no field {field}") from error
    if not isinstance(found, FileField):
        raise ValueError(f"{model._meta.label}.{field} holds no files")
    made = GuardedFile(model, field, right, inline)
    if _guarded.setdefault((model, field), made) != made:
        raise ValueError(f"{model._meta.label}.{field} is guarded already, otherwise")
    return made


def guarded_files() -> tuple[GuardedFile, ...]:
    """Return every field that is guarded."""
    return tuple(_guarded.values())


def media_urls() -> list[URLPattern]:
    """
    Return the address under MEDIA_URL, so that `{{ row.file.url }}` works.

    Raises:
        ConfigurationError: MEDIA_URL is no folder of this site; every address of the
            project would lead here, or none.
    """
    prefix = re.escape(settings.MEDIA_URL.removeprefix(get_script_prefix()).lstrip("/"))
    if not prefix.strip("/") or "//" in settings.MEDIA_URL:
        raise ConfigurationError('MEDIA_URL must be a folder such as "/media/"')
    return [re_path(rf"^{prefix}(?P<name>.*)\Z", guarded_media, name="guarded-media")]


@require_safe
@signed_in
def guarded_media(request: HttpRequest, name: str) -> HttpResponseBase:
    """
    Answer with a file if a row that owns it is the caller's to see.

    Args:
        request: of somebody who is logged in.
        name: as the storage knows it.
    """
    if not is_plain(name):
        raise _refused(name, reason="traversal")
    decision = None
    for guarded, row in _owners(name):
        decision = decide(request.user, guarded.right, row)
        if decision:
            return _served(request, guarded, row)
    if decision is None:
        raise _refused(name, reason="unowned")
    raise _refused(name, decision.right, decision.reason)


def serve_file(request: HttpRequest, row: Model, field: str) -> HttpResponseBase:
    """
    Answer with the file of a row, from a view that knows the row.

    Args:
        request: of somebody.
        row: the owner; whether it is the caller's to see is decided here.
        field: the name of a FileField that is guarded.

    Raises:
        Http404: there is no file, or it is not the caller's; recorded.
        LookupError: nobody said by which right; see `guard_file`.
    """
    guarded = _guarding(type(row), field)
    decision = decide(request.user, guarded.right, row)
    if not decision:
        raise _refused(str(getattr(row, field)), guarded.right, decision.reason)
    return _served(request, guarded, row)


def _guarding(model: type[Model], field: str) -> GuardedFile:
    for one in model.__mro__:
        if (one, field) in _guarded:
            return _guarded[one, field]
    raise LookupError(f"{model._meta.label}.{field}: guard_file names no right")


def _owners(name: str) -> Iterator[tuple[GuardedFile, Any]]:
    """Yield the rows whose file has a name, whoever may see them."""
    for guarded in guarded_files():
        manager = guarded.model._base_manager
        with in_the_know():
            rows = list(manager.filter(**{guarded.field: name}).order_by("pk")[:MOST])
        for row in rows:
            # A database that compares loosely finds what only looks like the name.
            if getattr(row, guarded.field).name == name:
                yield guarded, row


def _served(request: HttpRequest, guarded: GuardedFile, row: Any) -> HttpResponseBase:
    file = getattr(row, guarded.field)
    resource = f"{row._meta.label_lower}:{row.pk}"
    if not file:
        raise _refused(resource, guarded.right, "missing")
    try:
        response = deliver(request, file, inline=guarded.inline)
    except Outside:
        record(FileOutside(resource=resource, reason=file.name[:LENGTH]))
        raise _not_there() from None
    except FileAltered:
        record(FileWasAltered(resource=resource, reason=file.name[:LENGTH]))
        raise _not_there() from None
    except FileNotFoundError:
        raise _refused(file.name, guarded.right, "missing") from None
    try:
        served = FileServed(
            resource=resource, right=guarded.right, name=file.name[:LENGTH]
        )
        record(served)
    except BaseException:
        response.close()
        raise
    return _watched(response, file, resource)


def _watched(response: HttpResponseBase, file: Any, resource: str) -> HttpResponseBase:
    """Return the answer; of an encrypted file, it says where a part was altered."""
    if not (isinstance(file.storage, EncryptedStorage) and response.streaming):
        return response
    answer: Any = response
    parts = answer.streaming_content

    def verified() -> Iterator[bytes]:
        try:
            yield from parts
        except FileAltered:
            record(FileWasAltered(resource=resource, reason=file.name[:LENGTH]))
            raise  # the answer ends before its length, and no client takes it for whole

    answer.streaming_content = verified()
    return response


def _refused(name: str, right: str = "", reason: str = "") -> Http404:
    """Write down what is refused; return what answers as if it were not there."""
    record(FileRefused(resource=f"file:{name[:LENGTH]}", right=right, reason=reason))
    return _not_there()


def _not_there() -> Http404:
    return Http404(_("There is no such file."))
