"""Every encrypted column there is, as a place where stored data is under keys."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import connections, models, router

from .encrypted import EncryptedField
from .renewing import ColumnUse


def column_uses() -> Iterator[ColumnUse]:
    """Yield the encrypted columns of every database that has their tables."""
    columns = [field for model in apps.get_models() for field in _own(model)]
    for using in connections:
        mine = [one for one in columns if router.allow_migrate_model(using, one.model)]
        tables = set(connections[using].introspection.table_names()) if mine else set()
        for field in mine:
            if field.model._meta.db_table in tables:
                yield ColumnUse(field, using)


def _own(model: type[models.Model]) -> list[EncryptedField]:
    """Return the encrypted columns of a model's own table."""
    if model._meta.proxy:
        return []
    return [one for one in model._meta.local_fields if isinstance(one, EncryptedField)]
