"""The tables of the rules: how far they have read, and what they remember of whom."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

ONE = 1


class RuleCursor(models.Model):
    """
    The one row that a watcher locks: the last checkpoint the rules have seen.

    Moved on in the transaction that raises the alarms of the next one.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONE)
    number = models.PositiveBigIntegerField(_("last checkpoint"), default=0)
    events = models.PositiveBigIntegerField(_("events"), default=0)
    seen_at = models.DateTimeField(_("last look"), null=True)
    swept_at = models.DateTimeField(_("last sweep"), null=True)

    class Meta:
        verbose_name = _("place of the rules in the log")
        verbose_name_plural = _("places of the rules in the log")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number}"


class RuleMemory(models.Model):
    """
    What the rules remember of one user: figures of bounded length, no events.

    `peers` is duty and organisation, with whom the user is compared. Can be made anew
    from the log, and proves nothing.
    """

    uid = models.CharField(max_length=36, unique=True)
    peers = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.TextField()
    active_at = models.DateTimeField(_("last event"), db_index=True)

    objects: ClassVar[models.Manager[RuleMemory]] = models.Manager()

    class Meta:
        verbose_name = _("memory of the rules")
        verbose_name_plural = _("memories of the rules")
        default_permissions = ()

    def __str__(self) -> str:
        return self.uid
