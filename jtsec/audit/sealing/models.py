"""
The tables of sealing: checkpoints, which are never touched again, and where it stands.

What is in `AuditSealer` and `AuditAnchor` can be made anew from the checkpoints; it
proves nothing.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.audit.append_only import AppendOnlyQuerySet
from jtsec.audit.exceptions import AppendOnly
from jtsec.audit.stored_bytes import StoredBytes

from .body import CheckpointBody, parse_body
from .checkpoint_rows import CheckpointRows

ONE = 1


class AuditCheckpoint(models.Model):
    """
    One signed statement over the records it names (A5.8).

    `body` and `signature` are the evidence; every other column is a copy for queries.
    """

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    first_id = models.BigIntegerField(_("first record"))
    last_id = models.BigIntegerField(_("last record"))
    count = models.PositiveIntegerField(_("records"))
    late_first = models.BigIntegerField(_("first late record"), null=True)
    late_last = models.BigIntegerField(_("last late record"), null=True)
    at = models.DateTimeField(_("time"))
    root = StoredBytes(_("Merkle root"), max_length=32)
    hash = StoredBytes(pgettext_lazy("jtsec", "hash"), max_length=32)
    body = StoredBytes(_("statement"))
    signature = StoredBytes(_("signature"), max_length=80)
    key_id = models.CharField(_("signing key"), max_length=64)

    objects: ClassVar[models.Manager[AuditCheckpoint]] = CheckpointRows.as_manager()

    class Meta:
        verbose_name = _("audit checkpoint")
        verbose_name_plural = _("audit checkpoints")
        ordering = ("number",)
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["last_id"], name="jtsec_checkpoint_last"),
            models.Index(fields=["late_last"], name="jtsec_checkpoint_late"),
            models.Index(fields=["at"], name="jtsec_checkpoint_at"),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.at:%Y-%m-%d %H:%M:%S})"

    def parsed(self) -> CheckpointBody:
        """
        Return what the body says; not verified.

        Raises:
            MalformedBody: it is no body of a known version.
        """
        return parse_body(bytes(self.body))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; refuse to change one."""
        if not self._state.adding:
            raise AppendOnly("UPDATE")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("DELETE")


class AuditSealer(models.Model):
    """
    The one row that a sealer locks, and what it must remember between two passes.

    `state` holds the gaps that may still fill and what was alarmed already; `passes`
    counts its changes, so that nobody writes back what somebody else has overtaken.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONE)
    passes = models.PositiveBigIntegerField(_("passes"), default=0)
    complete_at = models.DateTimeField(_("nothing was left at"), null=True)
    state = models.JSONField(_("state"), default=dict)
    troubles = models.JSONField(_("what is wrong"), default=dict)

    class Meta:
        verbose_name = _("audit sealer")
        verbose_name_plural = _("audit sealers")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.passes}"


class AuditAnchor(models.Model):
    """How far an anchor outside of this database has got."""

    name = models.CharField(_("anchor"), max_length=255, primary_key=True)
    number = models.PositiveBigIntegerField(_("last checkpoint"), default=0)
    hash = models.BinaryField(
        pgettext_lazy("jtsec", "hash"), max_length=32, default=b""
    )
    position = models.PositiveBigIntegerField(_("bytes"), default=0)
    trouble = models.CharField(_("what is wrong"), max_length=64, blank=True)
    since = models.DateTimeField(_("since"), null=True)

    class Meta:
        verbose_name = _("audit anchor")
        verbose_name_plural = _("audit anchors")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class AuditAnchorLine(models.Model):
    """
    One checkpoint, written down in a second database that serves as an anchor.

    The table is of use in that database only; in the first one it stays empty.
    """

    number = models.PositiveBigIntegerField(_("number"), db_index=True)
    line = models.TextField(_("line"))

    objects: ClassVar[models.Manager[AuditAnchorLine]] = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of an audit anchor")
        verbose_name_plural = _("lines of an audit anchor")
        ordering = ("id",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; refuse to change one."""
        if not self._state.adding:
            raise AppendOnly("UPDATE")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("DELETE")
