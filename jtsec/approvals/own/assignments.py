"""
The grant of a role: one prepares it, the security administrator grants (A4.4, A4.6).

The system administrator, or a second security administrator, applies; the grant itself
is done by who approves, with all its own checks, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.access.api import assign, function_of
from jtsec.access.models import Role
from jtsec.core.exceptions import InputError
from jtsec.crypto import sm3
from jtsec.identity.models import Identity, Organization

from ..application import Application, Content
from ..content import moment_in
from ..kinds import Kind, Rows, Step
from .roles import role_in

CODE: Final = "access.assign"
ACT: Final = "access.assign"
REASON_LENGTH: Final = 200


def resource_of(person: str, role: str) -> str:
    """
    Return what an application for a role is about.

    Args:
        person: the UID of who is to hold it.
        role: its code.
    """
    return f"jtsec.assignment:{role}:{person}"


def payload_of(
    identity: Identity,
    role: str,
    *,
    organisation: str = "",
    with_below: bool = True,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> dict[str, Any]:
    """Return what `submit` takes for the grant of a role; see `access.api.assign`."""
    return {
        "person": str(identity.uid),
        "role": role,
        "organisation": organisation or identity.organisation.code,
        "with_below": with_below,
        "valid_from": _text(valid_from),
        "valid_until": _text(valid_until),
    }


def _execute(application: Application) -> None:
    payload = application.payload
    assign(
        _person(payload),
        role_in(payload),
        reason=application.reason[:REASON_LENGTH],
        organisation=str(payload.get("organisation") or "") or None,
        with_below=bool(payload.get("with_below", True)),
        valid_from=moment_in(payload, "valid_from"),
        valid_until=moment_in(payload, "valid_until"),
    )


def _check(payload: Content, resource: str) -> None:
    """Refuse what could never be granted, before anybody is asked to look at it."""
    person, role = _person(payload), role_in(payload)
    if resource != resource_of(str(person.uid), role.code):
        raise InputError(_("The application is not about this."), field="resource")
    if person.duty != role.duty:
        message = _("This role is for another duty.")
        raise InputError(message, field="role", code="foreign-duty")
    code = payload.get("organisation")
    if code and not Organization.objects.filter(code=code).exists():
        message = _("There is no such organisation.")
        raise InputError(message, field="organisation", code="unknown")
    for name in ("valid_from", "valid_until"):
        moment_in(payload, name)


def _touched(resource: str, payload: Content) -> Iterable[str]:
    """Nobody approves what they are to get, whoever applied for it."""
    return (str(payload["person"]),)


def _version_of(resource: str) -> str:
    """
    Return what stands for the role as it is, those it builds on included.

    Its seal changes with every change; who approved a role for queries must not have
    granted what it was made into since.
    """
    seals: list[bytes] = []
    waiting, seen = [resource.split(":")[1]], set()
    while waiting:
        code = waiting.pop()
        if code in seen:
            continue
        seen.add(code)
        role = Role.objects.filter(code=code).first()
        if role is not None:
            seals.append(bytes(role.seal))
            waiting.extend(map(str, role.parents))
    return sm3.hexdigest(b"".join(sorted(seals)))


def _subject(resource: str, payload: Content) -> str:
    person, role = _person(payload), role_in(payload)
    return f"{person.name} ({person.user.get_username()}) · {role.name}"


def _describe(application: Application) -> Rows:
    payload = application.payload
    person = Identity.objects.filter(uid=payload["person"]).first()
    role = Role.objects.filter(code=payload["role"]).first()
    code = str(payload.get("organisation") or "")
    where = Organization.objects.filter(code=code).first()
    name = "" if person is None else f"{person.name} ({person.user.get_username()})"
    yield _("Person"), name
    yield _("Role"), payload["role"] if role is None else str(role)
    yield _("Rights of the role"), [] if role is None else _titles(role.rights)
    yield _("Organisation"), code if where is None else str(where)
    yield _("With those below"), bool(payload.get("with_below", True))
    yield _("Valid from"), moment_in(payload, "valid_from")
    yield _("Valid until"), moment_in(payload, "valid_until")


def _titles(rights: Iterable[str]) -> list[str]:
    """Return rights as people call them, with their names where that differs."""
    found = ((right, function_of(right)) for right in sorted(rights))
    return [
        f"{known.title} ({right})" if known is not None and known.title else right
        for right, known in found
    ]


def _person(payload: Content) -> Identity:
    rows = Identity.objects.select_related("user", "organisation")
    try:
        found = rows.filter(uid=str(payload["person"])).first()
    except (KeyError, ValueError, TypeError):
        found = None
    if found is None:
        raise InputError(_("There is no such person."), field="person", code="unknown")
    return found


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


KIND: Final = Kind(
    code=CODE,
    name=gettext_lazy("Grant of a role"),
    submit_rights=("jtsec.request_assignment", "jtsec.prepare_assignment"),
    steps=(
        Step("jtsec.approve_assignment", gettext_lazy("Security administrator grants")),
    ),
    executor=_execute,
    check=_check,
    touched=_touched,
    version_of=_version_of,
    subject=_subject,
    describe=_describe,
    form_title=gettext_lazy("Application for the grant of a role"),
    acts=(ACT,),
)
RIGHTS: Final = {
    "jtsec.request_assignment": ("system", gettext_lazy("Apply for a role")),
    "jtsec.prepare_assignment": (
        "security",
        gettext_lazy("Prepare the grant of a role"),
    ),
    "jtsec.approve_assignment": (
        "security",
        gettext_lazy("Approve the grant of a role"),
    ),
}
