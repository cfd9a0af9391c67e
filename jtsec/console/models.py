"""What the console remembers: how settings stood, and searches an auditor keeps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.core.clock import now


class ParameterState(models.Model):
    """
    How a setting stood when it was looked at last, and since when.

    Settings lie in files, which no page changes; a comparison with this row tells that
    somebody changed one, and roughly when.
    """

    name = models.CharField(_("setting"), max_length=100, unique=True)
    value = models.TextField(_("value"))
    since = models.DateTimeField(_("since"), default=now)
    is_changed = models.BooleanField(
        _("changed since it was first seen"), default=False
    )

    objects: ClassVar[models.Manager[ParameterState]] = models.Manager()

    class Meta:
        verbose_name = _("state of a setting")
        verbose_name_plural = _("states of settings")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class SavedSearch(models.Model):
    """
    Conditions of the audit's query that one auditor keeps under a name (A5.10).

    Holds no results, and no words that were looked for in encrypted details.
    """

    owner = models.UUIDField(_("owner"))
    title = models.CharField(pgettext_lazy("jtsec search", "title"), max_length=50)
    listing = models.CharField(_("list"), max_length=32)
    conditions = models.TextField(_("conditions"))
    made_at = models.DateTimeField(_("saved"), default=now)

    objects: ClassVar[models.Manager[SavedSearch]] = models.Manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=("owner", "listing", "title"), name="jtsec_savedsearch_title"
            )
        ]

    def __str__(self) -> str:
        return self.title
