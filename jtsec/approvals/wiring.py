"""Connects approvals: the judge of dangerous acts, the kinds, checks and evidence."""

from __future__ import annotations

from django.utils.module_loading import autodiscover_modules

from jtsec.access.api import bind_right
from jtsec.core.acts import set_judge
from django.utils.translation import gettext_lazy as _

from . import carrying_out
from .listing import VIEW_RIGHT


def wire() -> None:
    """Judge dangerous acts from now on, and know every kind that apps offer."""
    set_judge(carrying_out.judge)
    bind_right(VIEW_RIGHT, "audit", _("Look at every application"))
    autodiscover_modules("approvals")
