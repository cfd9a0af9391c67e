"""Checks of what models draw from the platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError

from .declaration import drawing_models, extraction_of
from .forbidden import forbidden_kind


def check_forbidden(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E129: no phone number, address or track is drawn, and fields are there."""
    return [
        Error(
            _("Clause R16: %(model)s.EXTRACTION: %(fault)s")
            % {"model": model.__name__, "fault": fault},
            hint=_(
                "Draw what the business needs and no more; ask the person for phone "
                "number and address."
            ),
            obj=model,
            id="jtsec.E129",
        )
        for model in drawing_models()
        for fault in _faults_of(model)
    ]


def check_columns(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W239: a table of drawn data has no columns that nobody declared."""
    return [
        Warning(
            _("%(field)s stands in a table of drawn data, and looks like a %(kind)s.")
            % {"field": field, "kind": kind},
            hint=_("Keep what people tell you in a table of its own."),
            obj=model,
            id="jtsec.W239",
        )
        for model in drawing_models()
        for field in model._meta.concrete_fields
        if (kind := forbidden_kind(model, field.name, ""))
        and field.name not in getattr(model.EXTRACTION, "fields", ())  # type: ignore[attr-defined]  # they have it
    ]


def _faults_of(model: type[Model]) -> Iterator[str]:
    try:
        found = extraction_of(model)
    except ConfigurationError as error:
        yield str(error)
        return
    if not (found.interface.strip() and found.purpose.strip()):
        yield _("interface and purpose are to be named.")
    for name, source in found.fields.items():
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            yield _("there is no field “%(name)s”.") % {"name": name}
        kind = forbidden_kind(model, name, source)
        if kind:
            yield _("“%(name)s” draws a %(kind)s, which is forbidden.") % {
                "name": name,
                "kind": kind,
            }
