"""The base of models whose rows are masked, and how often somebody saw them clear."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from jtsec.core.scrubbing import remember
from jtsec.fields.record.parts import Record

from .declaration import NOTHING, Masking, masking_of
from .shown import Shown, is_shown


class MaskedModel(models.Model):
    """
    Is the base of a model with personal fields, declared in `MASKING` (clause T7.2).

    `str()` of its rows is made of what nobody in particular sees: it stands in log
    lines, in the admin's history and in every list of choices. What a request loads
    or saves is known to `jtsec.core.scrubbing` from then on.
    """

    MASKING: ClassVar[Masking] = NOTHING

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = vars(cls).get("__str__")
        if own is not None:
            cls.__str__ = _of_what_is_shown(own)  # type: ignore[method-assign]  # that is the point

    @classmethod
    def from_db(
        cls,
        db: str | None,
        field_names: Collection[str],
        values: Collection[Any],
        **kwargs: Any,
    ) -> Self:
        """Return a row, its personal values known to what keeps them out of logs."""
        row = super().from_db(db, field_names, values, **kwargs)
        _remember(row)
        return row

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row, its values known from before: the database may complain."""
        _remember(self)
        super().save(*args, **kwargs)

    save.alters_data = True  # type: ignore[attr-defined]  # Django's mark for templates

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Load the row anew."""
        super().refresh_from_db(*args, **kwargs)
        _remember(self)


class ClearViews(models.Model):
    """How often one person saw values in clear, in the hour that began at a moment."""

    uid = models.CharField(_("UID"), max_length=36, primary_key=True)
    hour_from = models.DateTimeField(_("hour from"))
    count = models.PositiveIntegerField(_("clear views"), default=0)

    class Meta:
        verbose_name = _("clear views of a person")
        verbose_name_plural = _("clear views of persons")


def _of_what_is_shown(own: Callable[[Any], str]) -> Callable[[Any], str]:
    @wraps(own)
    def masked(self: Any) -> str:
        return own(self if is_shown(self) else Shown(self, None))

    return masked


def _remember(row: models.Model) -> None:
    masking = masking_of(type(row))
    present = dict(vars(row))
    for one in vars(row).values():
        if isinstance(one, Record):
            present |= one.in_memory()
    for name in masking.fields:
        value = present.get(name)
        if isinstance(value, str) and value:
            remember(value, masking.masked(name, value))
