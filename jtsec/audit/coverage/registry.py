"""
Which models are recorded.

Told by the setting JTSEC_AUDIT_MODELS or by `audit_model`; found by the name of the
table, so that a proxy, and the models that migrations put together, are recorded like
the model itself. A row of a model that inherits a table lies in two; both are then
recorded, and so are the tables of its many-to-many relations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.apps import apps
from django.db import models

from jtsec.audit.conf import audit_settings
from jtsec.core import conf
from jtsec.core.exceptions import ConfigurationError

from .columns import Column, column_of, columns_of

OWN: Final = "jtsec"
SETTING: Final = "JTSEC_AUDIT_MODELS"


@dataclass(frozen=True)
class Wish:
    """
    What somebody asked for a model.

    Args:
        fields: the names of the fields to record, None for all.
        exclude: the names of fields to leave out.
        sensitive: the names of fields to encrypt in the events.
        core: whether the model belongs to a core function (A5.5).
    """

    fields: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    core: bool = False


@dataclass(frozen=True, eq=False)
class Watched:
    """
    A model whose changes are recorded.

    Args:
        model: the model with a table of its own.
        label: "app.model", the beginning of a resource.
        columns: what is recorded, but for the primary key.
        key: the primary key.
        key_column: the same as a column, for what changes the key itself.
        core: whether its events are those of a core function.
        relation: for the table of a many-to-many relation that Django made.
        questions: what its statements are asked to tell, worked out once.
    """

    model: type[models.Model]
    label: str
    columns: tuple[Column, ...]
    key: Any
    key_column: Column
    core: bool
    relation: Any = None
    questions: dict[Any, Any] = field(default_factory=dict)

    def resource(self, key: Any) -> str:
        """Return the name of one row; of a row whose key is unknown, the model's."""
        return self.label if key is None else f"{self.label}:{key}"


_wishes: dict[type[models.Model], Wish] = {}
_tables: dict[str, Wish] | None = None
_known: dict[type[models.Model], Watched | None] = {}


def wish_for(model: type[models.Model], wish: Wish) -> None:
    """Ask for a model to be recorded."""
    _wishes[model] = wish
    forget()


def forget(**kwargs: Any) -> None:
    """Drop what was worked out; a receiver of `setting_changed` too."""
    global _tables  # noqa: PLW0603 - the one cache, cleared as a whole
    _tables = None
    _known.clear()


def is_empty() -> bool:
    """Answer whether nobody asked for any model."""
    return not _wishes and not audit_settings().models


def may_be_asked() -> bool:
    """
    Answer whether somebody asked for models, or might have.

    Settings that cannot be used are for the checks to tell; a process that starts
    must not end by them, and one that names models must not write past them.
    """
    try:
        return not is_empty()
    except ConfigurationError:
        named = (one for one in conf.declared() if one.name == SETTING)
        return bool(_wishes) or any(conf.is_set(one) for one in named)


def is_asked() -> bool:
    """Answer whether models are registered, by settings that can be used."""
    try:
        return not is_empty()
    except ConfigurationError:
        return False


def watched(model: type[models.Model]) -> Watched | None:
    """Return how a model is recorded, None when it is not."""
    try:
        return _known[model]
    except KeyError:
        found = _work_out(model)
        if apps.ready:
            _known[model] = found
        return found


def is_core(label: str) -> bool:
    """Answer whether a model, named "app.model", belongs to a core function."""
    try:
        found = watched(apps.get_model(label))
    except (LookupError, ValueError):
        return False
    return found is not None and found.core


def all_watched() -> Iterator[Watched]:
    """Yield every model that is recorded, by label."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy and (found := watched(model)) is not None:
            yield found


def unknown_names() -> list[str]:
    """Return the entries of the setting that name no model, or one of jtsec's own."""
    return [name for name in audit_settings().models if not list(_named(name))]


def _work_out(model: type[models.Model]) -> Watched | None:
    concrete = model._meta.concrete_model or model
    meta = concrete._meta
    wish = _asked_tables().get(meta.db_table)
    if wish is None or meta.pk is None:
        return None
    listed = _listed_as_sensitive(meta.label_lower)
    return Watched(
        model=concrete,
        label=meta.label_lower,
        columns=tuple(
            column
            for column in columns_of(
                concrete, wish.fields, wish.exclude, (*wish.sensitive, *listed)
            )
            if not column.field.primary_key
        ),
        key=meta.pk,
        key_column=column_of(meta.pk),
        core=wish.core,
        relation=_relation_of(concrete),
    )


def _listed_as_sensitive(label: str) -> Iterator[str]:
    for name in audit_settings().sensitive_fields:
        model, _, wanted = name.rpartition(".")
        if model.lower() == label:
            yield wanted


def _asked_tables() -> dict[str, Wish]:
    global _tables  # noqa: PLW0603 - see `forget`
    if _tables is None:
        found: dict[str, Wish] = {}
        for name in audit_settings().models:
            for model in _named(name):
                _add(found, model, Wish())
        for model, wish in _wishes.items():
            if model._meta.app_label != OWN:
                _add(found, model, wish, is_explicit=True)
        if not apps.ready:
            return found
        _tables = found
    return _tables


def _add(
    found: dict[str, Wish],
    model: type[models.Model],
    wish: Wish,
    *,
    is_explicit: bool = False,
) -> None:
    """Add a model, the parents whose tables hold a part of it, and its relations."""
    concrete = model._meta.concrete_model or model
    _put(found, concrete, wish, is_explicit=is_explicit)
    inherited = replace(wish, fields=None)
    for parent in concrete._meta.all_parents:
        if not parent._meta.proxy:
            _put(found, parent, inherited, is_explicit=False)
    for relation in concrete._meta.many_to_many:
        through: Any = relation.remote_field.through
        _put(found, through, Wish(core=wish.core), is_explicit=False)


def _put(found: dict[str, Wish], model: Any, wish: Wish, *, is_explicit: bool) -> None:
    if is_explicit:
        found[model._meta.db_table] = wish
    else:
        found.setdefault(model._meta.db_table, wish)


def _named(name: str) -> Iterator[type[models.Model]]:
    """Yield the models that an entry of the setting names; never jtsec's own."""
    label, _, model = name.partition(".")
    if label == OWN or label not in apps.app_configs:
        return
    config = apps.get_app_config(label)
    if model == "*":
        yield from config.get_models()
    else:
        try:
            yield config.get_model(model)
        except LookupError:
            return


def _relation_of(model: type[models.Model]) -> Any:
    """Return the many-to-many field for which Django made this table, or None."""
    owner: Any = model._meta.auto_created
    if not owner:
        return None
    fields: Iterable[Any] = owner._meta.local_many_to_many
    for one in fields:
        through = one.remote_field.through
        if through._meta.db_table == model._meta.db_table:
            return one
    return None
