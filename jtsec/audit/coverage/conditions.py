"""What a queryset asks for, in words that an auditor can read."""

from __future__ import annotations

from typing import Any, Final

from django.db.models.lookups import Lookup
from django.db.models.sql import Query

from jtsec.fields import EncryptedField
from jtsec.fields.index_field import BlindIndexField

from .arguments import shown

MOST: Final = 30
"""Conditions that are told."""

ENCRYPTED: Final = "(encrypted)"


def conditions_of(query: Query) -> dict[str, Any]:
    """
    Return the conditions of a query, such as {"plate__exact": "A12345"}.

    What is nested or negated is told by the same names; the exact logic is not. The
    text that an encrypted field was compared with is not in the query any more.
    """
    told: dict[str, Any] = {}
    _collect(query.where, told, "")
    return told


def _collect(node: Any, told: dict[str, Any], prefix: str) -> None:
    prefix = f"{prefix}not " if getattr(node, "negated", False) else prefix
    for child in getattr(node, "children", ()):
        if len(told) >= MOST:
            return
        if isinstance(child, Lookup):
            _add(child, told, prefix)
        else:
            _collect(child, told, prefix)


def _add(lookup: Lookup[Any], told: dict[str, Any], prefix: str) -> None:
    target = getattr(lookup.lhs, "target", None)
    name = getattr(target, "name", "") or type(lookup.lhs).__name__
    if isinstance(target, BlindIndexField):
        name, value = target.of, ENCRYPTED
    elif isinstance(target, EncryptedField):
        value = ENCRYPTED
    elif isinstance(lookup.rhs, Query):
        value = f"{lookup.rhs.model._meta.label_lower}:*"  # type: ignore[union-attr]  # a query of rows has a model
    else:
        value = shown(lookup.rhs)
    key = f"{prefix}{name}__{lookup.lookup_name}"
    told[key if key not in told else f"{key} ({len(told)})"] = value
