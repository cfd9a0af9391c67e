"""A change of an audit policy: one auditor prepares it, another approves (A5.3)."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.audit.policies.api import add, change, retire
from jtsec.audit.policies.models import AuditPolicy
from jtsec.core.exceptions import InputError

from ..application import Application, Content
from ..kinds import Kind, Rows, Step

CODE: Final = "audit.change-policy"
NEW: Final = "new"
REASON_LENGTH: Final = 200
FIELDS: Final = {
    "add": frozenset(
        (
            *("scope", "scope_value", "aspect", "target"),
            *("is_on", "severity", "thresholds"),
        )
    ),
    "change": frozenset(("is_on", "severity", "thresholds")),
    "retire": frozenset(()),
}


def _execute(application: Application) -> None:
    payload, why = application.payload, application.reason[:REASON_LENGTH]
    values: dict[str, Any] = dict(payload.get("values", {}))
    match payload["action"]:
        case "add":
            add(reason=why, **values)
        case "change":
            change(_number(application.resource), reason=why, **values)
        case _:
            retire(_number(application.resource), reason=why)


def _check(payload: Content, resource: str) -> None:
    action = payload.get("action")
    if action not in FIELDS:
        raise InputError(_("Choose what is to be done."), field="action")
    unknown = sorted(set(payload.get("values", {})) - FIELDS[action])
    if unknown:
        raise InputError(f"A policy has no {unknown[0]}.", field=unknown[0])
    if action != "add":
        _number(resource)


def _version_of(resource: str) -> str:
    number = resource.partition(":")[2]
    if not number.isdecimal():
        return ""
    rows = AuditPolicy.objects.filter(pk=int(number))
    return str(rows.values_list("version", flat=True).first() or "")


def _touched(resource: str, payload: Content) -> tuple[str, ...]:
    """Nobody approves a policy for their own user."""
    values = payload.get("values", {})
    if values.get("scope") == "user":
        return (str(values.get("scope_value", "")),)
    number = resource.partition(":")[2]
    if not number.isdecimal():
        return ()
    rows = AuditPolicy.objects.filter(pk=int(number), scope="user")
    return tuple(rows.values_list("scope_value", flat=True))


def _describe(application: Application) -> Rows:
    names = {
        "add": _("Set a new policy"),
        "change": _("Change a policy"),
        "retire": _("Retire a policy"),
    }
    yield _("What is to be done"), names[application.payload["action"]]


def _number(resource: str) -> int:
    model, _colon, number = resource.partition(":")
    if model != "jtsec.auditpolicy" or not number.isdecimal():
        raise InputError(_("There is no such policy in force."), code="unknown")
    return int(number)


KIND: Final = Kind(
    code=CODE,
    name=gettext_lazy("Change of an audit policy"),
    submit_rights=("jtsec.prepare_policy_change",),
    steps=(
        Step(
            "jtsec.approve_policy_change",
            gettext_lazy("Second audit administrator approves"),
        ),
    ),
    executor=_execute,
    check=_check,
    touched=_touched,
    version_of=_version_of,
    describe=_describe,
    form_title=gettext_lazy("Application for the change of an audit policy"),
    acts=(CODE,),
)
RIGHTS: Final = {
    "jtsec.prepare_policy_change": (
        "audit",
        gettext_lazy("Prepare the change of an audit policy"),
    ),
    "jtsec.approve_policy_change": (
        "audit",
        gettext_lazy("Approve the change of an audit policy"),
    ),
}
