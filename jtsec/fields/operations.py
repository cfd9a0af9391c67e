"""The migration operation that moves a plain column's values into an encrypted one."""

from __future__ import annotations

from typing import Any

from django.db import connections, models, transaction
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from jtsec.core.exceptions import ConfigurationError, InputError

from .encrypted import EncryptedField
from .moving import Move

BATCH = 500


class EncryptExisting(Operation):
    """
    Encrypts the values of a plain column into another one, and clears the plain one.

        class Migration(migrations.Migration):
            atomic = False          # each batch is committed by itself
            operations = [EncryptExisting("driver", "old_phone", "phone")]

    Value and cleared column are one change of one row, so that whenever the run is
    stopped a value stands in exactly one of both; the next run goes on with what is
    left. Reversed, it decrypts into the plain column.

    Args:
        model_name: the model.
        plain: the field with the values; nullable.
        encrypted: the encrypted field; nullable until all values are there.
    """

    reduces_to_sql = False
    reversible = True

    def __init__(self, model_name: str, plain: str, encrypted: str) -> None:
        self.model_name = model_name
        self.plain = plain
        self.encrypted = encrypted

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: columns are added and removed by other operations."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Encrypt what is left."""
        self._move(app_label, schema_editor, to_state, self.plain, self.encrypted)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Decrypt what is left."""
        self._move(app_label, schema_editor, to_state, self.encrypted, self.plain)

    def describe(self) -> str:
        """Return what `migrate` prints."""
        return f"Encrypt {self.model_name}.{self.plain} as {self.encrypted}"

    def _move(
        self, app_label: str, schema_editor: Any, state: Any, source: str, target: str
    ) -> None:
        model = state.apps.get_model(app_label, self.model_name)
        using = schema_editor.connection.alias
        if self.allow_migrate_model(using, model):
            self._require_columns(model)
            move_values(model, source, target, using)

    def _require_columns(self, model: type[models.Model]) -> None:
        plain: Any = model._meta.get_field(self.plain)
        encrypted: Any = model._meta.get_field(self.encrypted)
        if isinstance(plain, EncryptedField) or not isinstance(
            encrypted, EncryptedField
        ):
            raise ConfigurationError(
                f"{self.describe()}: the first must be plain, the second encrypted"
            )
        if not (plain.null and encrypted.null):
            raise ConfigurationError(
                f"{self.describe()}: both need null=True while values are moved"
            )


def move_values(
    model: type[models.Model], source: str, target: str, using: str = "default"
) -> int:
    """
    Move the values of one column into another of the same row, in batches.

    Returns:
        How many rows were moved.

    Raises:
        InputError: a row holds unlike values in both; neither is thrown away.
        FieldAltered, FieldUnreadable: a stored value cannot be read.
        DataError: a value does not fit. Rows of earlier batches stay moved.
    """
    moved = 0
    # Until nothing is found: the application goes on writing behind the last key.
    while in_this_turn := _turn(model, source, target, using):
        moved += in_this_turn
    return moved


def _turn(model: type[models.Model], source: str, target: str, using: str) -> int:
    # From key to key: a search for the first rows left would pass all that are done.
    left = model._base_manager.using(using).filter(**{f"{source}__isnull": False})
    left = left.order_by("pk").only("pk", source, target)
    move = Move(model, source, target, using)
    moved, last = 0, None
    while True:
        with transaction.atomic(using=using):
            if not connections[using].features.has_select_for_update:
                # SQLite: who has read gets no write lock after somebody else's write.
                model._base_manager.using(using).filter(pk__isnull=True).update(
                    **{target: None}
                )
            after = left if last is None else left.filter(pk__gt=last)
            rows = list(after.select_for_update()[:BATCH])
            for row in rows:
                _require_like_values(row, source, target)
            move.rows(rows)
        moved += len(rows)
        if len(rows) < BATCH:
            return moved
        last = rows[-1].pk


def _require_like_values(row: models.Model, source: str, target: str) -> None:
    value, present = getattr(row, source), getattr(row, target)
    if present is not None and present != value:
        raise InputError(
            f"{row._meta.label_lower} {row.pk}: {source} and {target} hold unlike "
            "values; clear the wrong one",
            field=target,
        )
