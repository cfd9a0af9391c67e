"""The tables of transient data: entries kept for one use, secrets of business."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class TransientEntry(models.Model):
    """One value under its name, of a session, of a business, or of both."""

    session = models.CharField(_("session key"), max_length=64, blank=True)
    business = models.CharField(_("business"), max_length=100, blank=True)
    name = models.CharField(_("name"), max_length=100)
    salt = models.BinaryField(_("salt"), max_length=16)
    content = models.BinaryField(_("content"))
    ends_at = models.DateTimeField(_("end"), db_index=True)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        verbose_name = _("transient entry")
        verbose_name_plural = _("transient entries")
        constraints = (
            models.UniqueConstraint(
                fields=("session", "business", "name"), name="jtsec_transient_once"
            ),
        )
        indexes = (models.Index(fields=["business"], name="jtsec_transient_business"),)


class TransientBusiness(models.Model):
    """The secret of one piece of business, without which its entries are noise."""

    name = models.CharField(_("business"), max_length=100, primary_key=True)
    secret = models.BinaryField(_("secret"))
    ends_at = models.DateTimeField(_("end"), db_index=True)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        verbose_name = _("transient business")
        verbose_name_plural = _("transient businesses")
