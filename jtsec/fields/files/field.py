"""A field of files that are SM4-encrypted, each bound to its model, field and name."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.files.storage import default_storage
from django.db import models

from jtsec.fields.declaration import contexts_shared

from .storage import EncryptedStorage


class EncryptedFileField(models.FileField):
    """
    A `FileField` whose files are sealed in its storage; see `EncryptedStorage`.

        scan = EncryptedFileField(upload_to="scans/")

    Forms, the admin and `guard_file` treat it as the field of files that it is, and
    see the content in clear. Its column holds the name, which is not encrypted.

    Args:
        context: what the files are bound to instead of "app.model.field"; give the
            old one after renaming app, model or field.
        kwargs: as those of `FileField`; `storage` is where the ciphertext lies.
    """

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        self.bound_to = context
        self.label = context
        super().__init__(*args, **kwargs)
        self._given = self.storage

    def contribute_to_class(  # type: ignore[override]  # more than Django passes on
        self, cls: type[models.Model], name: str, **kwargs: Any
    ) -> None:
        """Join the model under its label, and put the encryption before its storage."""
        super().contribute_to_class(cls, name, **kwargs)
        own = f"{cls._meta.app_label}.{cls._meta.model_name}.{name}".lower()
        self.label = self.bound_to or own
        self.encrypted_storage = EncryptedStorage(self.label, self._given)
        self.storage = self.encrypted_storage

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Return what a migration writes down: the storage that was given."""
        name, path, args, kwargs = super().deconstruct()
        path = path.replace("jtsec.fields.files.field.", "jtsec.fields.", 1)
        kwargs.pop("storage", None)
        given = getattr(self, "_storage_callable", self._given)
        if given is not default_storage:
            kwargs["storage"] = given
        if self.bound_to:
            kwargs["context"] = self.bound_to
        return name, path, args, kwargs

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Return what is wrong with the declaration."""
        shared = [
            Error(message, hint=hint, obj=self, id=f"jtsec.{number}")
            for number, message, hint in contexts_shared(self)
        ]
        return [*super().check(**kwargs), *shared]
