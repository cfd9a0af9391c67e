"""
Sealed rows: the base of an adopter's models, and the table of the roots.

    class Permit(SealedModel):
        owner = models.CharField(max_length=60)
        plate = EncryptedCharField(max_length=12)
        note = models.TextField(blank=True)

        sealed_fields = ("owner", "plate")
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from .declaration import SEAL, plan_of, sealed_plan
from .lane_table import SealedLane
from .loading import require_sound
from .saving import Save, update_row

__all__ = ["SealedLane", "SealedManager", "SealedModel", "SealedQuerySet"]

M = TypeVar("M", bound=models.Model)


class SealedQuerySet(models.QuerySet[M]):
    """Loads what is sealed whole, so that each row is verified without a query more."""

    def only(self, *fields: Any) -> Self:
        """Load these and what is under the seal."""
        return super().only(*fields, SEAL, *sealed_plan(self.model).fields)

    def defer(self, *fields: Any) -> Self:
        """Leave these out, but for what is under the seal."""
        if fields == (None,):
            return super().defer(None)
        plan = sealed_plan(self.model)
        needed = {SEAL, *plan.fields, *(one.name for one in plan.fields.values())}
        return super().defer(*(one for one in fields if one not in needed))


class SealedManager(models.Manager[M]):
    """Gives querysets that load what is sealed whole."""

    def get_queryset(self) -> SealedQuerySet[M]:
        """Return all rows."""
        return SealedQuerySet(self.model, using=self._db)


class SealedModel(models.Model):
    """
    Is the base of models whose rows nobody changes behind the application (A6.1).

    An HMAC-SM3 over the declared fields and the row's key is verified whenever a row
    is loaded, made anew by every write of the ORM, and demanded of a row before it is
    changed or deleted. A root over the table tells rows that were added, removed or
    put back. Writes go through the ORM; SQL of the project's own leaves broken rows.

    `sealed_fields` names the fields: a tuple, or tuples by a number that stays.
    `seal_label` keeps the name under the seals when a model is renamed.
    """

    sealed_fields: ClassVar[tuple[str, ...] | Mapping[int, tuple[str, ...]]] = ()
    seal_label: ClassVar[str] = ""

    seal = models.BinaryField(editable=False, default=b"")

    objects = SealedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Any, values: Any, **options: Any
    ) -> Self:
        """Return a row that is what was sealed, or raise RowAltered."""
        row = super().from_db(db, field_names, values, **options)
        require_sound(row, db or "default")
        return row

    def _do_update(
        self, base_qs: Any, using: str | None, pk_val: Any, values: Any, *rest: Any
    ) -> Any:
        """Seal the row anew; Django's place where one instance becomes an UPDATE."""
        plain = super()._do_update

        def proceed(rows: Any, given: Any) -> Any:
            return plain(rows, using, pk_val, given, *rest)

        plan = plan_of(base_qs.model)
        # The table of a parent, or of a child, of the one that is sealed.
        if plan is None:
            return proceed(base_qs, values)
        save = Save(plan, self, base_qs, str(using), pk_val, values, proceed)
        return update_row(save)
