"""
Labels of sensitivity: on rows and functions, and as the clearance of people (A4.14).

Numbers, so that "up to and including" is one comparison that an index answers. A
project with levels of its own gives other choices to the field.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sensitivity(models.IntegerChoices):
    """How sensitive something is, or up to where somebody may see."""

    GENERAL = 0, _("general")
    INTERNAL = 1, _("internal")
    SENSITIVE = 2, _("sensitive")
    HIGHLY_SENSITIVE = 3, _("highly sensitive")


class LabelField(models.PositiveSmallIntegerField):  # type: ignore[type-arg]  # takes none at run time
    """
    Holds the label of a row.

    Without a default of the project's own a new row is `INTERNAL`: whoever has no
    clearance does not see what nobody has judged.
    """

    def __init__(self, verbose_name: Any = None, **options: Any) -> None:
        options.setdefault("choices", Sensitivity)
        options.setdefault("default", Sensitivity.INTERNAL)
        super().__init__(verbose_name or _("sensitivity label"), **options)

    def deconstruct(self) -> Any:
        """Be a number in migrations; they outlive what we call it."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.PositiveSmallIntegerField", args, options
