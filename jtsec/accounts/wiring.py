"""Connects the accounts: last administrators stay, registration, checks, evidence."""

from __future__ import annotations

from django.core.checks import Tags
from django.utils.translation import gettext_lazy as _

from jtsec.access.api import bind_right
from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register
from jtsec.identity.api import on_deactivated


def wire() -> None:
    """Stand behind every deactivation, and register checks and evidence."""
    from . import checks, evidence
    from .last_administrators import keep_the_last
    from .registration import REVIEW, SUBMIT, register_registration

    on_deactivated(keep_the_last)
    bind_right(SUBMIT, "system", _("Register a user"), set_up=True)
    bind_right(REVIEW, "security", _("Review the registration of a user"))
    register_registration()
    for check in checks.DATABASE:
        register(check, "jtsec", Tags.database)
    register_evidence("accounts", evidence.facts)
