"""Connects the coverage: statements of registered models, checks, what it can prove."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.core.signals import setting_changed
from django.utils.translation import gettext_lazy as _

from jtsec.audit.policies.api import declare_optional
from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register

UID = "jtsec.audit.coverage"


def follow_setting(*, setting: str, **kwargs: Any) -> None:
    """Forget which models are recorded when a test changes it."""
    if setting.startswith("JTSEC_AUDIT_"):
        from . import registry, statements

        registry.forget()
        if registry.may_be_asked():
            statements.watch()


def wire() -> None:
    """
    Watch the statements where a model is registered, and register the rest.

    A project that registers none keeps Django's own methods.
    """
    from . import checks, evidence, jobs, refusals, registry, statements

    # Nothing else needs its settings before the first attack, and checks know them.
    import_module("jtsec.audit.coverage.conf")
    # Models may be asked for while they are imported, before all are known.
    registry.forget()
    if registry.may_be_asked():
        statements.watch()
    refusals.note()
    jobs.name_tasks()
    setting_changed.connect(follow_setting, dispatch_uid=UID)
    for check in checks.ALL:
        register(check, "jtsec")
    register_evidence("audit.coverage", evidence.facts)
    declare_optional("function:*", _("Calls of registered functions"))
    declare_optional("view:*", _("Calls of registered pages"))
    declare_optional("query:*", _("Records that were looked at"))
