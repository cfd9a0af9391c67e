"""Connects access: the functions of the project, the policy's memory, checks."""

from __future__ import annotations

from django.core.checks import Tags
from django.core.signals import setting_changed
from django.db.models.signals import post_save
from django.utils.module_loading import autodiscover_modules

from jtsec.authentication.api import register_restrictions, set_permission_judge
from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register
from jtsec.identity.api import on_changed, on_organisations_changed
from jtsec.identity.models import Identity
from jtsec.protection.masking.api import set_clear_judge

from . import (
    checks,
    evidence,
    function_checks,
    policy,
    role_checks,
    row_statements,
    scope_checks,
    setting_up,
    stored_checks,
)
from .clear_views import require_clear
from .duty_changes import forget_tree, hold_together
from .permission_answers import PolicyAnswers
from .policy_token import on_change
from .role_restrictions import follow_place, restrictions_of_roles


def wire() -> None:
    """Find the declared functions, watch the policy, register checks and evidence."""
    on_change(policy.forget)
    setting_changed.connect(
        policy.forget_for_setting, dispatch_uid="jtsec.access.policy.forget_for_setting"
    )
    set_permission_judge(PolicyAnswers())
    set_clear_judge(require_clear)
    on_changed(hold_together)
    on_organisations_changed(forget_tree)
    post_save.connect(
        setting_up.note_registration,
        sender=Identity,
        dispatch_uid="jtsec.access.setting_up.note_registration",
    )
    register_restrictions(restrictions_of_roles, follow_place)
    autodiscover_modules("functions")
    row_statements.stay_first()
    setting_changed.connect(
        row_statements.stay_first, dispatch_uid="jtsec.access.row_statements"
    )
    for check in (*checks.ALWAYS, *scope_checks.ALL):
        register(check, "jtsec")
    for check in checks.BEFORE_GOING_LIVE:
        register(check, "jtsec", deploy=True)
    for check in (
        *function_checks.DATABASE,
        *role_checks.DATABASE,
        *stored_checks.DATABASE,
    ):
        register(check, "jtsec", Tags.database)
    register_evidence("access", evidence.facts)
