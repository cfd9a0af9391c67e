"""What the encrypted fields can prove (A6.3)."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps

from jtsec.core.evidence import Fact

from .encrypted import EncryptedField
from .files.field import EncryptedFileField


def facts() -> Iterator[Fact]:
    """Yield every encrypted column, whether it can be searched, and the files."""
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
    held = [
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedFileField)
    ]
    yield Fact(
        "A6.3",
        "Fields whose files are stored encrypted with SM4-GCM, in chunks.",
        bool(held) or None,
        held,
    )
