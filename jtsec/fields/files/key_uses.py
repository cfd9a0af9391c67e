"""The files of every encrypted field, as places where stored data is under keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from django.apps import apps
from django.core.files.storage import FileSystemStorage
from django.db import DEFAULT_DB_ALIAS, connections, models, router

from jtsec.fields.exceptions import FileAltered, FileUnreadable
from jtsec.keys import api as keys

from .field import EncryptedFileField
from .renewing import key_of, renew_file
from .replacing import stored_names


class FileUse(keys.Use):
    """
    The files of one field, as the rows of one database name them.

    Args:
        model: the model.
        field: the field; its files lie in a folder.
        using: the alias of the database.
    """

    purposes = frozenset({keys.Purpose.FIELD})

    def __init__(
        self, model: type[models.Model], field: EncryptedFileField, using: str
    ) -> None:
        self.name = f"{model._meta.label_lower}.{field.name}"
        if using != DEFAULT_DB_ALIAS:
            self.name += f"@{using}"
        self._model, self._field, self._using = model, str(field.name), using

    def count(self) -> Mapping[str, int]:
        """Return how many files are under each key; one that is gone is under none."""
        return Counter(key_id for _name, key_id in self._files())

    def waiting(self) -> int:
        """Return how many files are not under the active key."""
        active = keys.active(keys.Purpose.FIELD).id
        return sum(key_id != active for _name, key_id in self._files())

    def renew(self) -> Iterator[keys.Step]:
        """Go through the files; what does not open is told, and stays as it is."""
        storage, names = stored_names(self._model, self._field, self._using)
        for name in names:
            try:
                yield keys.Step(int(renew_file(storage, name)))
            except FileNotFoundError:
                continue
            except (FileAltered, FileUnreadable, OSError) as error:
                yield keys.Step(0, (f"{self.name}: {error}",))

    def _files(self) -> Iterator[tuple[str, str]]:
        storage, names = stored_names(self._model, self._field, self._using)
        for name in names:
            try:
                yield name, key_of(storage, name)
            except FileNotFoundError:
                continue
            except (FileAltered, OSError):
                # Nor is a folder, or what this process may not read, under a key it
                # could tell; one such row must not be the end of every rotation.
                yield name, keys.STRANGE


def file_uses() -> Iterator[FileUse]:
    """Yield the fields whose files lie in a folder, of every database with a table."""
    for using in connections:
        tables = set(connections[using].introspection.table_names())
        for model in apps.get_models():
            if model._meta.proxy or model._meta.db_table not in tables:
                continue
            if not router.allow_migrate_model(using, model):
                continue
            for field in model._meta.local_fields:
                if isinstance(field, EncryptedFileField) and isinstance(
                    field.encrypted_storage.backing, FileSystemStorage
                ):
                    yield FileUse(model, field, using)
