"""The extension of an account's validity, or its return after it expired (A3.2.9)."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.authentication.api import extend_validity, reactivate
from jtsec.authentication.models import Account
from jtsec.core.exceptions import InputError
from jtsec.identity.models import Identity

from ..application import Application, Content
from ..content import moment_in
from ..kinds import Kind, Rows, Step

CODE: Final = "authentication.extend-validity"
REASON_LENGTH: Final = 200


def _execute(application: Application) -> None:
    payload, why = application.payload, application.reason[:REASON_LENGTH]
    user, until = _user(application.resource), moment_in(payload, "until")
    if payload.get("action") == "reactivate":
        reactivate(user, until=until, reason=why)
    elif until is not None:
        extend_validity(user, until, reason=why)


def _check(payload: Content, resource: str) -> None:
    _user(resource)
    action = payload.get("action")
    if action not in ("extend", "reactivate"):
        raise InputError(_("Choose what is to be done."), field="action")
    if moment_in(payload, "until") is None and action == "extend":
        raise InputError(_("Say until when."), field="until", code="required")


def _touched(resource: str, payload: Content) -> tuple[str, ...]:
    """Nobody approves that their own account lasts longer."""
    return (resource.partition(":")[2],)


def _version_of(resource: str) -> str:
    uid = resource.partition(":")[2]
    account = Account.objects.filter(user__jtsec_identity__uid=uid).first()
    return "" if account is None else str(account.valid_until or "")


def _subject(resource: str, payload: Content) -> str:
    user = _user(resource)
    return f"{user.jtsec_identity.name} ({user.get_username()})"


def _describe(application: Application) -> Rows:
    yield _("Person"), _subject(application.resource, application.payload)
    yield _("Valid until"), moment_in(application.payload, "until")


def _user(resource: str) -> Any:
    model, _colon, uid = resource.partition(":")
    try:
        found = Identity.objects.select_related("user").filter(uid=uid).first()
    except ValueError:
        found = None
    if model != "identity" or found is None:
        raise InputError(_("There is no such person."), field="person", code="unknown")
    return found.user


KIND: Final = Kind(
    code=CODE,
    name=gettext_lazy("Extension of an account"),
    submit_rights=("jtsec.request_extension", "jtsec.prepare_extension"),
    steps=(
        Step(
            "jtsec.approve_extension",
            gettext_lazy("Second system administrator approves"),
        ),
    ),
    executor=_execute,
    check=_check,
    touched=_touched,
    version_of=_version_of,
    subject=_subject,
    describe=_describe,
    form_title=gettext_lazy("Application for the extension of an account"),
    acts=(CODE,),
)
RIGHTS: Final = {
    "jtsec.request_extension": (
        "system",
        gettext_lazy("Apply for the extension of an account"),
    ),
    "jtsec.prepare_extension": (
        "security",
        gettext_lazy("Prepare the extension of an account"),
    ),
    "jtsec.approve_extension": (
        "system",
        gettext_lazy("Approve the extension of an account"),
    ),
}
