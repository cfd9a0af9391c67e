"""What the encrypted fields can prove (A6.3)."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps

from jtsec.core.evidence import Fact

from .encrypted import EncryptedField


def facts() -> Iterator[Fact]:
    """Yield every encrypted column and whether it can be searched."""
    found = {
        f"{model._meta.db_table}.{field.column}": field.searchable
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedField)
    }
    yield Fact(
        "A6.3",
        "Columns encrypted with SM4-GCM, each bound to its model and field.",
        bool(found) or None,
        found,
    )
