"""Connects approvals: the judge of dangerous acts, the kinds, checks and evidence."""

from __future__ import annotations

from django.core.checks import Tags
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from jtsec.access.api import bind_right
from jtsec.core.acts import set_judge
from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register

from . import carrying_out, checks, evidence
from .own.registering import register_own_kinds
from .viewing import VIEW_RIGHT


def wire() -> None:
    """Judge dangerous acts from now on, and know every kind that apps offer."""
    set_judge(carrying_out.judge)
    bind_right(VIEW_RIGHT, "audit", _("Look at every application"))
    register_own_kinds()
    autodiscover_modules("approvals")
    for check in checks.ALWAYS:
        register(check, "jtsec")
    for check in checks.DATABASE:
        register(check, "jtsec", Tags.database)
    register_evidence("approvals", evidence.facts)
