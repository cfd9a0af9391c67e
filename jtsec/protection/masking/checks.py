"""Checks of what models declare of their masking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError
from jtsec.core.masking import KINDS
from jtsec.fields.declaration import is_historical
from jtsec.fields.encrypted import EncryptedField
from jtsec.fields.record.field import EncryptedRecordField
from jtsec.fields.record.parts import RecordPart

from .declaration import masking_of
from .models import MaskedModel


def masked_models() -> Iterator[type[MaskedModel]]:
    """Yield the models of the project that declare how they are shown."""
    for model in apps.get_models():
        if issubclass(model, MaskedModel) and not is_historical(model):
            yield model


def check_declarations(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E128: a masking names fields that are there, and kinds that are known."""
    return [
        Error(
            _("%(model)s.MASKING: %(fault)s")
            % {"model": model.__name__, "fault": fault},
            hint=_("Fields are named as in the model; kinds are %(kinds)s.")
            % {"kinds": ", ".join(KINDS)},
            obj=model,
            id="jtsec.E128",
        )
        for model in masked_models()
        for fault in _faults_of(model)
    ]


def check_forgotten(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W238: what is worth encrypting in a masked model is worth masking."""
    return [
        Warning(
            _("%(field)s is encrypted in the database, but shown in full.")
            % {"field": f"{model._meta.label}.{name}"},
            hint=_('Name it in MASKING: fields={"%(name)s": "whole", …}.')
            % {"name": name},
            obj=model,
            id="jtsec.W238",
        )
        for model in masked_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedField)
        and field.name not in masking_of(model).fields
        for name in _shown_of(field)
        if name not in masking_of(model).fields
    ]


def _shown_of(field: Any) -> Iterable[str]:
    """Return what pages name of a column: itself, or the parts of a record."""
    if isinstance(field, EncryptedRecordField):
        return tuple(field.parts)
    return (str(field.name),)


def _faults_of(model: type[Model]) -> Iterator[str]:
    try:
        masking = masking_of(model)
    except ConfigurationError as error:
        yield str(error)
        return
    for name, kind in masking.fields.items():
        if kind not in KINDS:
            yield _("“%(kind)s” is no kind of masking.") % {"kind": kind}
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            if not isinstance(getattr(model, name, None), RecordPart):
                yield _("there is no field “%(name)s”.") % {"name": name}
    for name in masking.core or ():
        if not hasattr(model, name):
            yield _("there is no field “%(name)s”.") % {"name": name}
