"""The check of what the admin asks of encrypted columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from .declaration import named
from .encrypted import EncryptedField

EQUALITY: Final = "__exact"


def check_admins(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E113: no page of the admin sorts or searches ciphertext, which would fail."""
    if not apps.is_installed("django.contrib.admin"):
        return []
    from django.contrib.admin.sites import all_sites  # noqa: PLC0415 - only where it is installed

    return [
        Error(
            _("%(option)s of the admin asks ciphertext for %(field)s.")
            % {"option": option, "field": field.label},
            hint=_(
                "Remove it; search_fields may name a searchable field with __exact."
            ),
            obj=type(page),
            id="jtsec.E113",
        )
        for site in all_sites
        for model, page in site._registry.items()
        for option, path in _asked(page)
        if isinstance(field := _field_at(model, path), EncryptedField)
        and not (option == "search_fields" and _is_equality(field, path))
    ]


def _asked(page: Any) -> Iterator[tuple[str, str]]:
    """Yield what an admin page asks of the database: the option and a field's path."""
    for path in page.search_fields:
        # Before a name, these say how its text is compared.
        yield "search_fields", path.removeprefix("^").removeprefix("@")
    for entry in page.list_filter:
        if isinstance(entry, str):
            yield "list_filter", entry
    for entry in page.ordering or ():
        yield "ordering", named(entry)
    if page.date_hierarchy:
        yield "date_hierarchy", page.date_hierarchy


def _is_equality(field: EncryptedField, path: str) -> bool:
    return path.endswith(EQUALITY) and field.searchable and field.has_equality


def _field_at(model: type[models.Model] | None, path: str) -> Any:
    """Return the field a path leads to, or None; a lookup behind it is left out."""
    field: Any = None
    for name in path.removeprefix("=").split("__"):
        if model is None:
            break
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        model = field.related_model if field.is_relation else None
    return field
