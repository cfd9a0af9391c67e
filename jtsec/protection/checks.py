"""Checks of what is sealed: can it be, and does every write come past the seals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning
from django.db import connections, models
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError

from . import statements
from .declaration import is_declared, plan_of, sealed_models
from .models import SealedModel

WRITERS: Final = ("SQLInsertCompiler", "SQLUpdateCompiler", "SQLDeleteCompiler")


def check_declarations(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E126: every sealed model says which of its own columns are sealed."""
    return [
        Error(
            _("Clause A6.1: %(error)s.") % {"error": error},
            hint=_(
                'Write sealed_fields = ("owner", "plate"), or {1: (...), 2: (...)}, '
                "with columns of the model's own table."
            ),
            obj=model,
            id="jtsec.E126",
        )
        for model, error in _unusable()
    ]


def check_backends(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E127: the backend of every database writes by the methods that seal."""
    if not sealed_models():
        return []
    return [
        Error(
            _(
                "Clause A6.2: the backend of the database %(alias)s has its own way "
                "to write (%(name)s); sealed rows would be left without a seal."
            )
            % {"alias": alias, "name": name},
            hint=_("Use a backend built on Django's compilers."),
            id="jtsec.E127",
        )
        for alias in connections
        for name in WRITERS
        if not statements.passes_through(connections[alias].ops.compiler(name))
    ]


def check_cascades(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W237: what the database deletes or changes by itself leaves a broken table."""
    return [
        Warning(
            _(
                "Clause A6.2: %(field)s lets the database delete or change sealed "
                "rows by itself; it will look like tampering."
            )
            % {"field": field},
            hint=_("Write on_delete=models.CASCADE or SET_NULL there."),
            obj=model,
            id="jtsec.W237",
        )
        for model in sealed_models()
        for field in _left_to_the_database(model)
    ]


def _unusable() -> Iterator[tuple[type[models.Model], object]]:
    for model in apps.get_models():
        if not issubclass(model, SealedModel) or model._meta.proxy:
            continue
        if not is_declared(model):
            if "sealed_fields" in vars(model):
                text = _("%(model)s inherits its seal; sealed_fields has no effect")
                yield model, text % {"model": model._meta.label}
            continue
        try:
            plan = plan_of(model)
        except ConfigurationError as error:
            yield model, error
            continue
        for field in plan.fields.values() if plan else ():
            if getattr(field, "generated", False):
                text = _("%(field)s is computed by the database and cannot be sealed")
                yield model, text % {"field": field}


def _left_to_the_database(model: type[models.Model]) -> Iterator[object]:
    fields: list[Any] = list(model._meta.local_concrete_fields)
    for field in fields:
        rule = getattr(field.remote_field, "on_delete", None)
        # Django 6.1: DB_CASCADE and its kin.
        if str(getattr(rule, "__name__", "")).startswith("DB_"):
            yield field


ALL = (check_declarations, check_backends, check_cascades)
