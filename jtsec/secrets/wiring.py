"""Connects the secrets to checks, events, alarms, responses and the evidence."""

from __future__ import annotations

from django.core.signals import request_finished
from django.utils.translation import gettext_lazy as _

from jtsec.audit.alarms.api import register_rule
from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register

from . import checks, database_checks, events, evidence

EVENTS = events
"""Imported here so that what the commands record is known to the reference."""


def wire() -> None:
    """Register checks and facts; the search of all files is for a deployment."""
    from . import age_alarm

    for check in (checks.check_store, *database_checks.ALWAYS):
        register(check, "jtsec")
    for check in (*checks.ON_DEPLOY, *database_checks.ON_DEPLOY):
        register(check, "jtsec", deploy=True)
    register_evidence("secrets", evidence.facts)
    register_rule(
        age_alarm.RULE,
        _("Database password overdue"),
        _("The password of %(user)s (database %(alias)s) is %(days)s days old."),
    )
    register_rule(
        age_alarm.UNKNOWN_AGE,
        _("Database password of unknown age"),
        _("Nobody knows how old the password of %(user)s (database %(alias)s) is."),
    )
    request_finished.connect(
        age_alarm.look_after_response, dispatch_uid="jtsec.secrets.age_alarm"
    )
