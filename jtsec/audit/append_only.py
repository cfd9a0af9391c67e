"""What the ORM refuses for tables whose rows are added and never touched again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn, TypeVar

from django.db import models

from .exceptions import AppendOnly

M = TypeVar("M", bound=models.Model)


class AppendOnlyQuerySet(models.QuerySet[M]):
    """Reads and adds; the database refuses the rest too, this refuses it earlier."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("UPDATE")

    async def aupdate(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("UPDATE")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnly("DELETE")

    async def adelete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnly("DELETE")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("UPDATE")

    async def abulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("UPDATE")

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """Add rows; refuse to replace or to drop some of them silently."""
        if kwargs.get("update_conflicts") or kwargs.get("ignore_conflicts"):
            raise AppendOnly("UPDATE")
        return super().bulk_create(objs, *args, **kwargs)

    def _raw_delete(self, using: str | None) -> NoReturn:
        """Refuse: deletions that cascade come this way."""
        raise AppendOnly("DELETE")
