"""
The spool: what was packed and has not been accepted, and how far the packing is.

A batch is written once and sent as it is, however often: what the platform is sent a
second time is byte for byte what it was sent the first time. Its content holds resident
ID numbers, so it lies encrypted, and is emptied when the platform has it; the row
stays, as the proof that its range was handed over.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchState(models.TextChoices):
    """What became of a batch."""

    WAITING = "waiting", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class AuditExportCursor(models.Model):
    """How far the log is packed, who sends now, and since when nobody answers."""

    name = models.CharField(max_length=16, primary_key=True)
    checkpoint = models.PositiveBigIntegerField(_("last checkpoint"), default=0)
    lease = models.CharField(max_length=32, blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(_("attempts without an answer"), default=0)
    down_since = models.DateTimeField(_("not reached since"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("next attempt"), null=True, blank=True)

    class Meta:
        verbose_name = _("state of the log export")
        verbose_name_plural = _("state of the log export")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class AuditExportBatch(models.Model):
    """One batch of the police log."""

    send_id = models.CharField(_("batch number"), max_length=32, unique=True)
    form = models.CharField(_("form"), max_length=2)
    kind = models.CharField(_("log"), max_length=16)
    rows = models.PositiveIntegerField(_("events"))
    first_checkpoint = models.PositiveBigIntegerField(_("first checkpoint"))
    last_checkpoint = models.PositiveBigIntegerField(_("last checkpoint"))
    content = models.BinaryField()
    made_at = models.DateTimeField(_("made"))
    state = models.CharField(
        _("state"), max_length=8, choices=BatchState, default=BatchState.WAITING
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=255, blank=True, default="")

    class Meta:
        verbose_name = _("batch of the log export")
        verbose_name_plural = _("batches of the log export")
        default_permissions = ()
        indexes = [models.Index(fields=["state", "id"], name="jtsec_auditexport_due")]

    def __str__(self) -> str:
        return self.send_id
