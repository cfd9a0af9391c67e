"""Checks of rows and files: are they given to those whose they are, and only so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.core.exceptions import FieldDoesNotExist
from django.core.files.storage import FileSystemStorage
from django.db import connections, models
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext as _

from . import row_statements
from .guarded_files import guarded_files
from .labels import LabelField
from .scope import ORGANISATION, RowScope, field_at, scope_of
from .scoped_rows import ScopedManager, ScopedModel

DECIDED: Final = frozenset({"jtsec", "auth", "admin", "contenttypes", "sessions"})
"""Apps whose tables are ours or Django's."""
OPEN: Final = "django.views.static.serve"


Finding = tuple[str, str]
"""What is wrong, and what would mend it."""


def check_scoped_models(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W208: a model with an organisation or a label gives its rows in a name."""
    found = [
        one
        for model in _models()
        for one in (*_open_rows(model), *_unusable_scope(model))
    ]
    return [
        Warning(text, hint=hint, id="jtsec.W208")
        for text, hint in (*found, *_foreign_backends())
    ]


def check_files(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W209: uploaded files are given out by the decision on their row."""
    return [
        Warning(text, hint=hint, id="jtsec.W209")
        for text, hint in (*_open_addresses(), *_unguarded_fields(), *_unset_folder())
    ]


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model._meta.app_label not in DECIDED and not model._meta.proxy:
            yield model


def _open_rows(model: type[models.Model]) -> Iterator[Finding]:
    """Yield why rows of a model may come out in nobody's name."""
    label = model._meta.label
    if not issubclass(model, ScopedModel):
        names = [one.name for one in model._meta.local_fields if _says_whose(one)]
        if names and not hasattr(model, "SCOPE"):
            scope = ", ".join(_as_scope(model, names))
            yield (
                _("Clause A4.1: %(model)s has %(fields)s; its rows are for everybody.")
                % {"model": label, "fields": ", ".join(names)},
                f"class {model.__name__}(ScopedModel): SCOPE = RowScope({scope})\n"
                + _("SCOPE = None where everybody may see them."),
            )
        return
    for manager in (*model._meta.managers, model._base_manager):
        if not isinstance(manager, ScopedManager):
            yield (
                _("Clause A4.1: the manager %(name)s of %(model)s is not scoped.")
                % {"name": manager.name, "model": label},
                _("Derive it from jtsec.access.scoped_rows.ScopedManager."),
            )


def _says_whose(field: Any) -> bool:
    if isinstance(field, LabelField):
        return True
    related = field.related_model if field.is_relation else None
    return related is not None and related._meta.label_lower == ORGANISATION


def _as_scope(model: type[models.Model], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        is_label = isinstance(model._meta.get_field(name), LabelField)
        yield f'{"label" if is_label else "organisation"}="{name}"'


def _unusable_scope(model: type[models.Model]) -> Iterator[Finding]:
    """Yield what is wrong with what a model says; its rows are shown to nobody."""
    scope = scope_of(model)
    if scope is None:
        if issubclass(model, ScopedModel):
            text = _("Clause A4.1: %(model)s has no SCOPE; nobody sees its rows.")
            hint = 'SCOPE = RowScope(organisation="organisation")'
            yield text % {"model": model._meta.label}, hint
        return
    for path in filter(None, (scope.organisation, scope.label)):
        try:
            field_at(model, path)
        except (FieldDoesNotExist, AttributeError):
            text = _(
                "Clause A4.1: SCOPE of %(model)s names %(path)s, which is no field."
            )
            yield text % {"model": model._meta.label, "path": path}, repr(RowScope)


def _foreign_backends() -> Iterator[Finding]:
    """Yield databases whose backend writes its SELECTs by itself."""
    if not any(issubclass(model, ScopedModel) for model in _models()):
        return
    for alias in connections:
        compiler = connections[alias].ops.compiler("SQLCompiler")
        if not row_statements.passes_through(compiler):
            yield (
                _("Clause A4.1: the database %(alias)s is asked past the rows' guard.")
                % {"alias": alias},
                _("Use one of Django's own backends."),
            )


def _open_addresses() -> Iterator[Finding]:
    """Yield the addresses at which a folder with uploads is open."""
    if not getattr(settings, "ROOT_URLCONF", ""):
        return
    for route, pattern in _walk(get_resolver().url_patterns, ""):
        view = pattern.callback
        name = f"{view.__module__}.{getattr(view, '__qualname__', '')}"
        root = pattern.default_args.get("document_root", "")
        if name == OPEN and _holds_uploads(root):
            yield (
                _("Clause A4.1: /%(route)s gives uploaded files to anybody.")
                % {"route": route},
                "urlpatterns += media_urls()  # jtsec.access.guarded_files",
            )


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str
) -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route)
        else:
            yield route, one


def _holds_uploads(root: Any) -> bool:
    if not root or not settings.MEDIA_ROOT:
        return False
    folder, uploads = Path(root).resolve(), Path(settings.MEDIA_ROOT).resolve()
    return uploads.is_relative_to(folder) or folder.is_relative_to(uploads)


def _file_fields() -> Iterator[tuple[type[models.Model], models.FileField]]:
    for model in _models():
        for field in model._meta.local_fields:
            if isinstance(field, models.FileField):
                yield model, field


def _unguarded_fields() -> Iterator[Finding]:
    guarded = {(one.model, one.field) for one in guarded_files()}
    for model, field in _file_fields():
        if (model, field.name) not in guarded:
            name = f"{model._meta.label}.{field.name}"
            yield (
                _("Clause A4.1: no right is named to give files of %(name)s by.")
                % {"name": name},
                f'guard_file({model.__name__}, "{field.name}", right="…")',
            )


def _unset_folder() -> Iterator[Finding]:
    """Yield that uploads would lie among the project's own files."""
    if settings.MEDIA_ROOT:
        return
    if any(isinstance(one.storage, FileSystemStorage) for _, one in _file_fields()):
        yield (
            _("Clause A4.1: MEDIA_ROOT is not set; uploads lie where Django starts."),
            'MEDIA_ROOT = BASE_DIR / "var" / "uploads"',
        )


ALL = (check_scoped_models, check_files)
