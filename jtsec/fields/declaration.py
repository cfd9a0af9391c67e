"""What a model may not declare of an encrypted field, found by the system checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import models
from django.db.models.expressions import OrderBy
from django.db.models.fields import NOT_PROVIDED
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from .columns import EncryptedColumn


def is_historical(model: type[models.Model] | None) -> bool:
    """Answer whether a model is one that migrations put together."""
    return getattr(model, "__module__", None) == "__fake__"


def check_field(field: EncryptedColumn) -> list[CheckMessage]:
    """E112, E210 to E215: nothing is asked of ciphertext that only a value gives."""
    return [
        Error(message, hint=hint, obj=field, id=f"jtsec.{number}")
        for number, message, hint in (
            *_options(field),
            *_surroundings(field),
            *_ends(field),
            *_ordering(field),
            *_constraints(field),
            *contexts_shared(field),
        )
    ]


Finding = tuple[str, str, str]


def _options(field: EncryptedColumn) -> Iterator[Finding]:
    options: Any = field
    if field.searchable and not field.has_equality:
        yield (
            "E112",
            _("Values of this kind have no equality an index could be made of."),
            _("Remove searchable=True; keep what is searched in a field of its own."),
        )
    normalise = getattr(options, "normalise", "")
    is_found = field.searchable or bool(options.ends)
    if (field.has_unique_values and not field.searchable) or (
        normalise and not is_found
    ):
        yield (
            "E210",
            _("unique and normalise need an index; ciphertexts are never equal."),
            "searchable=True",
        )
    if options.db_index:
        yield (
            "E211",
            _("An index over ciphertext finds nothing (db_index)."),
            _("Write searchable=True instead of db_index=True."),
        )
    if options.primary_key:
        yield (
            "E212",
            _("An encrypted field cannot be the primary key."),
            _("Remove primary_key=True; add searchable=True, unique=True."),
        )
    collation = getattr(options, "db_collation", None)
    if options.db_default is not NOT_PROVIDED or collation:
        yield (
            "E213",
            _("The database would see plain text (db_default, db_collation)."),
            _("Write default= instead of db_default=, and no db_collation."),
        )


def _surroundings(field: EncryptedColumn) -> Iterator[Finding]:
    meta: Any = field.model._meta
    if any(field in _referred_to(one) for one in meta.related_objects):
        yield (
            "E212",
            _("A relation refers to ciphertext, which is never the same twice."),
            _("Let it refer to the primary key: remove to_field there."),
        )
    if meta.pk.column is None:
        yield (
            "E212",
            _("The key is of several columns; a rotation finds rows by one."),
            _("Give the model a primary key of one column, and a UniqueConstraint."),
        )


def wrong_lengths(field: Any) -> bool:
    """Answer whether ends of a text are asked for that it cannot have."""
    most = field.max_length
    lengths = [*getattr(field, "prefixes", ()), *getattr(field, "suffixes", ())]
    return len(set(field.ends)) < len(lengths) or any(
        not isinstance(one, int) or one < 1 or (most is not None and one > most)
        for one in lengths
    )


def _ends(field: EncryptedColumn) -> Iterator[Finding]:
    """E114: prefixes and suffixes are lengths that the text can have, each once."""
    if wrong_lengths(field):
        yield (
            "E114",
            _("prefixes and suffixes are lengths from 1 to max_length, each once."),
            "prefixes=[3], suffixes=[4]",
        )


def _ordering(field: EncryptedColumn) -> Iterator[Finding]:
    names = [*(field.model._meta.ordering or ())]
    latest = field.model._meta.get_latest_by or ()
    names += [latest] if isinstance(latest, str) else latest
    if field.name in {named(name) for name in names}:
        yield (
            "E214",
            _("The model is ordered by ciphertext, which has no order."),
            _("Remove the field from Meta.ordering and Meta.get_latest_by."),
        )


def named(entry: Any) -> str:
    """Return the field's name in an entry of an ordering."""
    if isinstance(entry, OrderBy):
        entry = entry.expression
    return str(getattr(entry, "name", entry)).lstrip("-+")


def _referred_to(relation: Any) -> Iterable[Any]:
    return getattr(relation.field, "foreign_related_fields", ())


def _constraints(field: EncryptedColumn) -> Iterator[Finding]:
    meta = field.model._meta
    groups: list[Iterable[str]] = [*meta.unique_together]
    groups += [_names_in(one) for one in meta.indexes]
    groups += [
        _names_in(one)
        for one in meta.constraints
        if isinstance(one, models.UniqueConstraint)
    ]
    if any(field.name in group for group in groups):
        yield (
            "E215",
            _("A constraint or index of the model is over ciphertext."),
            _('Name "%(index)s" there, and write searchable=True.')
            % {"index": field.index_name},
        )


def _names_in(index: Any) -> set[str]:
    """Return the fields that an index or a constraint is over, in expressions too."""
    names = {name.removeprefix("-") for name in index.fields}
    parts = [*index.expressions]
    while parts:
        one = parts.pop()
        names.add(str(getattr(one, "name", "")))
        if hasattr(one, "get_source_expressions"):
            parts += one.get_source_expressions()
    return names


def contexts_shared(field: Any) -> Iterator[Finding]:
    """E216: no two fields, of values or of files, are bound to the same context."""
    if not field.bound_to:
        return
    for model in apps.get_models():
        others: list[Any] = [*model._meta.local_fields]
        for other in others:
            if getattr(other, "label", "") == field.label and other is not field:
                yield (
                    "E216",
                    _("%(other)s is bound to the same context; values could be moved.")
                    % {"other": str(other)},
                    _("Give each encrypted field a context of its own."),
                )
