"""
Registers somebody in two hands: one accepts and enters, another reviews (P54.3).

The system administrator enters the particulars; the security administrator reviews
them, and with that the account is there, without a password and without any right.
The password is handed over afterwards (`reset_password`), roles are applied for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.approvals.api import Application, Kind, Step, moment_in, submit
from jtsec.approvals.models import ApprovalRequest
from jtsec.authentication.api import set_validity
from jtsec.core.clock import now
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import InputError
from jtsec.identity.api import check_registration, fold_login_name, register
from jtsec.identity.models import Duty, Organization
from jtsec.validation.api import masked

from .authority import REASON_LENGTH

CODE: Final = "accounts.register"
FIELDS: Final = (
    *("username", "name", "resident_id", "is_police"),
    *("number", "organisation", "duty"),
)
SUBMIT: Final = "jtsec.register_account"
REVIEW: Final = "jtsec.review_registration"


def apply_for_registration(
    *,
    username: str,
    reason: str,
    valid_until: datetime | None = None,
    **particulars: Any,
) -> ApprovalRequest:
    """
    Submit somebody's particulars for review by a second person.

    Args:
        username: the login name.
        reason: what the account is for.
        valid_until: the end of its validity, None for no end.
        particulars: name, resident_id, is_police, number, organisation (its code) and
            duty, all of them; as for `identity.api.register`. Encrypted.

    Returns:
        The application.

    Raises:
        InputError: something is missing or malformed; names the field.
        jtsec.identity.api.Taken: an identifier is somebody else's; recorded.
        jtsec.approvals.api.ApprovalRefused: the actor may not apply; recorded.
    """
    if not isinstance(username, str):
        raise InputError(_("This must be text."), field="username", code="not-text")
    until = None if valid_until is None else valid_until.isoformat()
    values = {"username": username, **particulars, "valid_until": until}
    return submit(CODE, resource=resource_of(username), payload=values, reason=reason)


def resource_of(username: str) -> str:
    """Return what the application for somebody's account is about."""
    return f"jtsec.registration:{fold_login_name(username)[:150]}"


def _execute(application: Application) -> None:
    """
    Make the user and the identity, in the transaction of the review.

    As the system: the particulars were entered by one duty and reviewed by another,
    and neither of them registers anybody alone.
    """
    payload = application.payload
    model: Any = get_user_model()
    with acting_as(system_actor(CODE)):
        login_name = {model.USERNAME_FIELD: payload["username"]}
        if model._base_manager.filter(**login_name).exists():
            raise InputError(_("There is a user of this name."), field="username")
        user = model(**login_name)
        user.set_unusable_password()
        user.save()
        register(user, **_particulars(payload))
        until = moment_in(payload, "valid_until")
        if until is not None:
            why = application.reason[:REASON_LENGTH]
            set_validity(user, valid_until=until, reason=why)


def _check(payload: Mapping[str, Any], resource: str) -> None:
    """Say at once what is wrong, before anybody is asked to review it."""
    missing = [name for name in FIELDS if name not in payload]
    if missing:
        raise InputError(_("This is needed."), field=missing[0], code="required")
    unknown = sorted(set(payload) - {*FIELDS, "valid_until"})
    if unknown:
        message = _("A registration has no field %(field)s.") % {"field": unknown[0]}
        raise InputError(message, field=unknown[0], code="unknown-field")
    check_registration(payload["username"], **_particulars(payload))
    if resource != resource_of(payload["username"]):
        raise InputError(_("The application is not about this."), field="resource")
    until = moment_in(payload, "valid_until")
    if until is not None and until <= now():
        message = _("The end of validity lies in the past.")
        raise InputError(message, field="valid_until")


def _subject(resource: str, payload: Mapping[str, Any]) -> str:
    return f"{payload['name']} ({payload['username']})"


def _describe(application: Application) -> Iterator[tuple[Any, object]]:
    payload = application.payload
    place = Organization.objects.filter(code=payload["organisation"]).first()
    yield _("Login name"), payload["username"]
    yield _("Name"), payload["name"]
    yield _("resident ID number"), masked(str(payload["resident_id"]))
    yield _("Police officer"), bool(payload["is_police"])
    yield _("police or employee number"), payload["number"]
    yield _("Organisation"), str(place or payload["organisation"])
    yield _("Duty"), str(dict(Duty.choices).get(payload["duty"], payload["duty"]))
    yield _("Valid until"), moment_in(payload, "valid_until")


def _particulars(payload: Mapping[str, Any]) -> Any:
    return {name: payload[name] for name in FIELDS if name != "username"}


KIND: Final = Kind(
    code=CODE,
    name=gettext_lazy("Registration of a user"),
    submit_rights=(SUBMIT,),
    steps=(Step(REVIEW, gettext_lazy("Security administrator reviews")),),
    executor=_execute,
    check=_check,
    subject=_subject,
    describe=_describe,
    form_title=gettext_lazy("Application for the registration of a user"),
)
