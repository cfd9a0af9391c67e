"""Connects the accounts: last administrators stay, two hands, checks, evidence."""

from __future__ import annotations

from django.core.checks import Tags
from django.utils.translation import gettext_lazy as _

from jtsec.access.api import bind_right
from jtsec.approvals.api import register_kind
from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register
from jtsec.identity.api import on_changed, on_deactivated


def wire() -> None:
    """Stand behind every deactivation and change of duty; know the applications."""
    from . import checks, evidence
    from .duty_changes import refuse_alone
    from .last_administrators import keep_the_last, keep_the_last_of_a_duty

    on_deactivated(keep_the_last)
    on_changed(refuse_alone)
    on_changed(keep_the_last_of_a_duty)
    _register_kinds()
    for check in checks.DATABASE:
        register(check, "jtsec", Tags.database)
    register_evidence("accounts", evidence.facts)


def _register_kinds() -> None:
    from . import duty_changes as duties
    from . import password_requests as passwords
    from . import registration

    for kind in (registration.KIND, duties.KIND, passwords.KIND):
        register_kind(kind)
    bind_right(registration.SUBMIT, "system", _("Register a user"), set_up=True)
    bind_right(registration.REVIEW, "security", _("Review the registration of a user"))
    bind_right(duties.SUBMIT, "system", _("Apply for the change of a duty"))
    bind_right(duties.APPROVE, "security", _("Approve the change of a duty"))
    bind_right(
        passwords.SUBMIT,
        "system",
        _("Apply for the reset of an administrator's password"),
    )
    bind_right(
        passwords.APPROVE,
        "security",
        _("Approve the reset of an administrator's password"),
    )
