"""The table of the policies: rows that are added, changed by verbs, and retired."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from jtsec.audit.exceptions import AppendOnly


class Aspect(models.TextChoices):
    """What a policy is about."""

    RECORDING = "recording", _("What is recorded")
    EVENT = "event", _("Which events raise an alarm")
    RULE = "rule", _("How a rule works")


class PolicyQuerySet(models.QuerySet["AuditPolicy"]):
    """Reads, and adds one by one; what goes round the verbs is refused."""

    def in_force(self) -> PolicyQuerySet:
        """Return those that are not retired, in the order in which they were made."""
        return self.filter(retired_at=None).order_by("pk")

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("UPDATE")

    async def aupdate(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("UPDATE")

    def delete(self) -> NoReturn:
        """Refuse: policies are retired, so that it stays known what held when."""
        raise AppendOnly("DELETE")

    async def adelete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnly("DELETE")

    def _raw_delete(self, using: str | None) -> NoReturn:
        """Refuse."""
        raise AppendOnly("DELETE")


class AuditPolicy(models.Model):
    """
    What an auditor set for some of the users (A5.3, P43).

    `aspect` and `target` say what it is about: an optional recording, a pattern of
    event codes, or a rule. `is_on` says whether that is recorded, alarmed, or watched;
    `severity` (None: as declared) how much; `thresholds` from when on. The seal, an
    HMAC over all of it, tells a row that SQL has changed.
    """

    scope = models.CharField(_("users concerned"), max_length=32)
    scope_value = models.CharField(_("which"), max_length=64, blank=True)
    aspect = models.CharField(_("about"), max_length=16, choices=Aspect)
    target = models.CharField(_("recording, event or rule"), max_length=100)
    is_on = models.BooleanField(_("switched on"), default=True)
    severity = models.PositiveSmallIntegerField(_("severity"), null=True, blank=True)
    thresholds = models.JSONField(_("thresholds"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    reason = models.CharField(_("reason"), max_length=200)
    changed_by = models.CharField(_("changed by"), max_length=254)
    changed_at = models.DateTimeField(_("changed at"))
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    seal = models.BinaryField(editable=False, max_length=32)
    seal_key_id = models.CharField(max_length=64, editable=False)

    objects: ClassVar[Any] = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit policy")
        verbose_name_plural = _("audit policies")
        ordering = ("pk",)
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return f"{self.aspect} {self.target} for {self.scope} {self.scope_value}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("DELETE")
