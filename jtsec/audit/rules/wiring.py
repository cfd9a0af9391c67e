"""Connects the rules: to policies, alarms, responses, checks and evidence."""

from __future__ import annotations

from django.core.checks import Tags
from django.core.signals import request_finished
from django.utils.translation import gettext_lazy as _

from jtsec.audit.alarms import api as alarms
from jtsec.audit.policies import api as policies
from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register


def wire() -> None:
    """Make the rules known where they are set, told and run."""
    from . import checks, due, evidence
    from .catalogue import RULES
    from .engine import EVENT_POLICY
    from .rule import code_of
    from .thresholds import checker

    for rule in RULES.values():
        policies.register_rule(
            policies.RuleTerms(rule.name, rule.title, checker(rule), rule.is_mandatory)
        )
        for variant, sentence in rule.sentences.items():
            alarms.register_rule(code_of(rule.name, variant), rule.title, sentence)
    alarms.register_rule(
        code_of(EVENT_POLICY),
        _("Event that a policy alarms"),
        _("%(subject)s: event %(event)s, alarmed by audit policy %(policy)s."),
    )
    request_finished.connect(
        due.watch_when_due, dispatch_uid="jtsec.audit.rules.due.watch_when_due"
    )
    register(checks.check_rules, "jtsec", Tags.database)
    register_evidence("audit.rules", evidence.facts)
