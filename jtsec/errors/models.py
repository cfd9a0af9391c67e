"""The table of sealed errors; nothing in it can be read without the private key."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .reference import LENGTH


class SealedError(models.Model):
    """One error, sealed to the developers' key (clause A10.1)."""

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(_("error number"), max_length=LENGTH, unique=True)
    created = models.DateTimeField(_("time"), db_index=True)
    request_id = models.CharField(_("request number"), max_length=64, blank=True)
    fingerprint = models.CharField(max_length=32, editable=False)
    sealed = models.BinaryField(_("sealed error"))

    class Meta:
        verbose_name = _("sealed error")
        verbose_name_plural = _("sealed errors")
        ordering = ("-created", "-id")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.reference
