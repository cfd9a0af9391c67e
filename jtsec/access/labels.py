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


def label_field(**options: Any) -> models.PositiveSmallIntegerField[int, int]:
    """
    Return the field of a model's label; takes what a model field takes.

    Without a default of the project's own a new row is `INTERNAL`: whoever has no
    clearance does not see what nobody has judged.
    """
    options.setdefault("verbose_name", _("sensitivity label"))
    options.setdefault("choices", Sensitivity)
    options.setdefault("default", Sensitivity.INTERNAL)
    return models.PositiveSmallIntegerField(**options)
