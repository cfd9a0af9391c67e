"""
The verbs of the coverage: say once what matters, and every use of it is recorded.

    JTSEC_AUDIT_MODELS = ["permits.*"]              # settings: every change of a model

    @audit_model(sensitive=("owner_name",))         # or on the model itself
    class Permit(models.Model): ...

    @audit_function("permits.grant", core=True)     # functions, pages, looks
    @audit_view("permits.print")
    audit_query(Permit.objects.filter(...))

What goes past the ORM, SQL of the project's own, is not recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, overload

from django.apps import apps
from django.db import models

from . import registry, statements
from .attacks import watch_answer
from .functions import audit_function
from .jobs import job
from .queries import audit_query, note_look
from .registry import Watched, Wish
from .registry import is_core as is_core_model
from .views import AuditedDetail, audit_view

__all__ = [
    "AuditedDetail",
    "Watched",
    "audit_function",
    "audit_model",
    "audit_query",
    "audit_view",
    "is_core_model",
    "job",
    "note_look",
    "watch_answer",
    "watched_models",
]

M = TypeVar("M", bound=type[models.Model])


@overload
def audit_model(
    model: M,
    *,
    fields: Iterable[str] | None = None,
    exclude: Iterable[str] = (),
    sensitive: Iterable[str] = (),
    core: bool = False,
) -> M: ...


@overload
def audit_model(
    model: None = None,
    *,
    fields: Iterable[str] | None = None,
    exclude: Iterable[str] = (),
    sensitive: Iterable[str] = (),
    core: bool = False,
) -> Callable[[M], M]: ...


def audit_model(
    model: Any = None,
    *,
    fields: Iterable[str] | None = None,
    exclude: Iterable[str] = (),
    sensitive: Iterable[str] = (),
    core: bool = False,
) -> Any:
    """
    Record every change of a model's rows, with their values before and after (A5.1).

    Decorates the model, with or without arguments, or is called with it. The tables
    of its parents and of its many-to-many relations are recorded with it.

    Args:
        model: the model, where it is called with one.
        fields: the names of the fields to record; None for all.
        exclude: the names of fields to leave out.
        sensitive: the names of fields whose values are encrypted in the events;
            encrypted fields always are, passwords are never told.
        core: whether the rows belong to a core function (A5.5).
    """
    wanted = None if fields is None else tuple(fields)
    wish = Wish(wanted, tuple(exclude), tuple(sensitive), core)

    def register(model: M) -> M:
        registry.wish_for(model, wish)
        # A model made later than the start: the wiring has passed already.
        if apps.ready:
            statements.watch()
        return model

    return register if model is None else register(model)


def watched_models() -> list[Watched]:
    """Return the models whose changes are recorded, by label."""
    return sorted(registry.all_watched(), key=lambda one: one.label)
