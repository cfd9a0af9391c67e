"""
The tables of the archive: which rows lie in which file, and when they went.

None is ever touched again: a row of `AuditSegmentRange` is what lets the database give
up the rows it names, so it must not be possible to stretch one afterwards.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from jtsec.audit.append_only import AppendOnlyQuerySet
from jtsec.audit.exceptions import AppendOnly


class _Added(models.Model):
    """Rows that are added and never touched again."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; refuse to change one."""
        if not self._state.adding:
            raise AppendOnly("UPDATE")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("DELETE")


class AuditSegment(_Added):
    """
    One file with the rows of successive checkpoints (A5.9).

    `manifest` and `signature` are the evidence, and stand in the file too; every other
    column is a copy for queries.
    """

    name = models.CharField(_("file"), max_length=120, unique=True)
    first_checkpoint = models.PositiveBigIntegerField(
        _("first checkpoint"), unique=True
    )
    last_checkpoint = models.PositiveBigIntegerField(_("last checkpoint"), unique=True)
    rows = models.PositiveIntegerField(_("records"))
    since = models.DateTimeField(_("first record at"), null=True)
    until = models.DateTimeField(_("last record at"), null=True)
    size = models.PositiveBigIntegerField(_("bytes"))
    digest = models.BinaryField(_("digest"), max_length=32)
    manifest = models.BinaryField(_("statement"))
    signature = models.BinaryField(_("signature"), max_length=80)
    key_id = models.CharField(_("signing key"), max_length=64)
    made_at = models.DateTimeField(_("archived"))

    objects: ClassVar[models.Manager[AuditSegment]] = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("archived segment of the audit")
        verbose_name_plural = _("archived segments of the audit")
        ordering = ("first_checkpoint",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name


class AuditSegmentRange(_Added):
    """
    Ids, both ends included, of rows that lie in a segment; no two ranges overlap.

    The database's triggers read this table.
    """

    segment = models.ForeignKey(
        AuditSegment, on_delete=models.PROTECT, related_name="ranges"
    )
    first_id = models.BigIntegerField(unique=True)
    last_id = models.BigIntegerField(unique=True)

    objects: ClassVar[models.Manager[AuditSegmentRange]] = (
        AppendOnlyQuerySet.as_manager()
    )

    class Meta:
        verbose_name = _("archived range of the audit")
        verbose_name_plural = _("archived ranges of the audit")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.first_id}-{self.last_id}"


class Move(models.TextChoices):
    """What was done with the rows of a segment."""

    DROPPED = "dropped", _("Dropped from the database")
    RESTORED = "restored", _("Restored to the database")


class AuditSegmentMove(_Added):
    """One time that the rows of a segment left the database or came back."""

    segment = models.ForeignKey(
        AuditSegment, on_delete=models.PROTECT, related_name="moves"
    )
    what = models.CharField(max_length=8, choices=Move)
    at = models.DateTimeField(_("time"))
    rows = models.PositiveIntegerField(_("records"))
    actor = models.CharField(_("user name"), max_length=254)
    reason = models.CharField(_("reason"), max_length=255)

    objects: ClassVar[models.Manager[AuditSegmentMove]] = (
        AppendOnlyQuerySet.as_manager()
    )

    class Meta:
        verbose_name = _("move of an archived segment")
        verbose_name_plural = _("moves of archived segments")
        ordering = ("id",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.segment_id} {self.what}"
