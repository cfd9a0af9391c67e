"""A change of a role: one security administrator prepares it, another approves."""

from __future__ import annotations

from typing import Any, Final

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.access.api import change_role, create_role, end_role
from jtsec.access.models import Role
from jtsec.core.exceptions import InputError

from ..application import Application, Content
from ..kinds import Kind, Rows, Step

CODE: Final = "access.change-role"
FIELDS: Final = (
    *("name", "duty", "rights", "parents"),
    *("valid_from", "valid_until", "restrictions"),
)
REASON_LENGTH: Final = 200


def _execute(application: Application) -> None:
    payload, why = application.payload, application.reason[:REASON_LENGTH]
    values = _values(payload)
    match payload["action"]:
        case "create":
            create_role(str(payload["role"]), reason=why, **values)
        case "change":
            change_role(role_in(payload), reason=why, **values)
        case _:
            end_role(role_in(payload), reason=why)


def _check(payload: Content, resource: str) -> None:
    action, code = payload.get("action"), payload.get("role")
    if action not in ("create", "change", "end"):
        raise InputError(_("Choose what is to be done."), field="action")
    if resource != f"jtsec.role:{code}":
        raise InputError(_("The application is not about this."), field="resource")
    unknown = sorted(set(payload.get("values", {})) - set(FIELDS))
    if unknown:
        raise InputError(f"A role has no {unknown[0]}.", field=unknown[0])
    if action != "create":
        role_in(payload)


def _version_of(resource: str) -> str:
    role = Role.objects.filter(code=resource.partition(":")[2]).first()
    return "" if role is None else bytes(role.seal).hex()


def _describe(application: Application) -> Rows:
    names = {
        "create": _("Make a new role"),
        "change": _("Change a role"),
        "end": _("End a role"),
    }
    yield _("Role"), application.payload["role"]
    yield _("What is to be done"), names[application.payload["action"]]


def _values(payload: Content) -> dict[str, Any]:
    values = dict(payload.get("values", {}))
    for name in ("valid_from", "valid_until"):
        if values.get(name):
            values[name] = parse_datetime(str(values[name]))
    return values


def role_in(payload: Content) -> Role:
    """Return the role of a payload, or raise `InputError`; one that ended is none."""
    found = Role.objects.filter(code=str(payload.get("role", ""))).first()
    if found is None or found.ended_at is not None:
        raise InputError(_("There is no such role."), field="role", code="unknown")
    return found


KIND: Final = Kind(
    code=CODE,
    name=gettext_lazy("Change of a role"),
    submit_rights=("jtsec.prepare_role_change",),
    steps=(
        Step(
            "jtsec.approve_role_change",
            gettext_lazy("Second security administrator approves"),
        ),
    ),
    executor=_execute,
    check=_check,
    version_of=_version_of,
    describe=_describe,
    form_title=gettext_lazy("Application for the change of a role"),
    acts=(CODE,),
)
RIGHTS: Final = {
    "jtsec.prepare_role_change": (
        "security",
        gettext_lazy("Prepare the change of a role"),
    ),
    "jtsec.approve_role_change": (
        "security",
        gettext_lazy("Approve the change of a role"),
    ),
}
