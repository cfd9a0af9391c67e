"""
The token without which a guarded table is not written.

Identities, roles and approvals change through their `api` alone: it asks for the actor,
locks, checks, seals and records. A `save()` from anywhere else would leave a row whose
seal is missing or wrong; so it is refused at once, where the mistake is made. SQL that
goes around the ORM is found by the seal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, TypeVar

from django.db import models

from .exceptions import Refused

M = TypeVar("M", bound=models.Model)

_open: ContextVar[frozenset[str]] = ContextVar("jtsec_guards", default=frozenset())


class DirectWrite(Refused):
    """Says that guarded data was about to be written behind its api's back."""

    def __init__(self, model: type[models.Model], guard: str) -> None:
        super().__init__(
            "direct-write",
            f"{model.__name__} is written through jtsec.{guard}.api only",
        )


@contextmanager
def writing(guard: str) -> Iterator[None]:
    """Allow writes of one control's tables inside the block; for its verbs alone."""
    token = _open.set(_open.get() | {guard})
    try:
        yield
    finally:
        _open.reset(token)


def is_writing(guard: str) -> bool:
    """Answer whether a verb of a control is at work."""
    return guard in _open.get()


def require_writing(model: type[models.Model]) -> None:
    """
    Refuse outside of a `writing()` block.

    Raises:
        DirectWrite: the caller is not one of the verbs.
    """
    guard: str = model.GUARD  # type: ignore[attr-defined]  # a GuardedModel
    if not is_writing(guard):
        raise DirectWrite(model, guard)


class GuardedQuerySet(models.QuerySet[M]):
    """Reads as any other; its ways of writing many rows at once are closed."""

    def update(self, **kwargs: Any) -> int:
        """Refuse outside of the verbs."""
        require_writing(self.model)
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]  # Django's mark for templates

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse outside of the verbs."""
        require_writing(self.model)
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]  # Django's mark for templates
    delete.queryset_only = True  # type: ignore[attr-defined]  # not on the manager

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """Refuse outside of the verbs."""
        require_writing(self.model)
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> int:
        """Refuse outside of the verbs."""
        require_writing(self.model)
        return super().bulk_update(objs, *args, **kwargs)


class GuardedManager(models.Manager[M]):
    """Gives querysets whose ways of writing are closed."""

    def get_queryset(self) -> GuardedQuerySet[M]:
        """Return all rows, guarded."""
        return GuardedQuerySet(self.model, using=self._db)


class GuardedModel(models.Model):
    """
    Is the base of the tables that only the verbs of one control write.

    `GUARD` names the control, whose package it is: "identity", "access".
    """

    GUARD: ClassVar[str] = ""

    objects = GuardedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse outside of the verbs."""
        require_writing(type(self))
        super().save(*args, **kwargs)

    save.alters_data = True  # type: ignore[attr-defined]  # Django's mark for templates

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse outside of the verbs."""
        require_writing(type(self))
        return super().delete(*args, **kwargs)

    delete.alters_data = True  # type: ignore[attr-defined]  # Django's mark for templates
