"""The table of how often keys were used."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeyUsage(models.Model):
    """How often a key encrypted, as far as the processes have told."""

    key_id = models.CharField(_("key"), max_length=64, primary_key=True)
    encryptions = models.BigIntegerField(_("encryptions"), default=0)
    counted_at = models.DateTimeField(_("counted at"))

    class Meta:
        verbose_name = _("key usage")
        verbose_name_plural = _("key usage")

    def __str__(self) -> str:
        """Return key and number."""
        return f"{self.key_id}: {self.encryptions}"
