"""What is known of a person, checked field by field before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypedDict

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError
from jtsec.validation.api import (
    check_employee_number,
    check_organisation_code,
    check_person_name,
    check_police_number,
    check_resident_id,
    masked,
)

from .login_names import canonical_login_name, fold_login_name
from .models import Duty, Identity, LedgerKind, Organization


class Particulars(TypedDict):
    """What has to be known of a person, as keyword arguments."""

    name: str
    """The real name."""
    resident_id: str
    """The resident ID number, 18 characters."""
    is_police: bool
    """Whether the person is a police officer."""
    number: str
    """The police number, or the employee number of others."""
    organisation: Organization | str
    """An organisation or its 12-digit code."""
    duty: str
    """One of `Duty`."""


FIELDS: Final = (
    "username",
    "name",
    "resident_id",
    "is_police",
    "number",
    "organisation",
    "duty",
)


def faults_of(values: Mapping[str, object]) -> list[InputError]:
    """Return everything that is wrong with some fields, so that all can be shown."""
    faults: list[InputError] = []
    for field in values:
        try:
            _check(field, values)
        except InputError as error:
            faults.append(error)
    return faults


def checked(values: Mapping[str, object]) -> dict[str, Any]:
    """
    Return fields in their normal form.

    Args:
        values: any of `FIELDS`; "number" is checked as `is_police` says, which must
            then be there too.

    Raises:
        InputError: the first fault found; names its field.
    """
    return {field: _check(field, values) for field in values}


def checked_person(username: str, particulars: Particulars) -> dict[str, Any]:
    """
    Return everything about a person in its normal form.

    Raises:
        InputError: the first fault found; names its field.
        TypeError: the call leaves a particular out, or has one too many.
    """
    if set(particulars) != set(Particulars.__annotations__):
        raise TypeError(f"needed: {', '.join(Particulars.__annotations__)}")
    return checked({"username": username, **particulars})


def ledger_entries(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what of these is given out for ever, by kind of entry."""
    entries = {}
    if "username" in values:
        entries[LedgerKind.LOGIN_NAME.value] = fold_login_name(values["username"])
    if "resident_id" in values:
        entries[LedgerKind.RESIDENT_ID.value] = values["resident_id"]
    if "number" in values:
        entries[LedgerKind.NUMBER.value] = values["number"]
    return entries


def shown(identity: Identity) -> dict[str, object]:
    """Return an identity as the audit shows it, the ID number masked."""
    return {
        "uid": str(identity.uid),
        "username": identity.user.get_username(),
        "name": identity.name,
        "resident_id": masked(identity.resident_id),
        "is_police": identity.is_police,
        "number": identity.number,
        "organisation": identity.organisation.code,
        "duty": identity.duty,
        "is_active": identity.is_active,
    }


def _check(field: str, values: Mapping[str, object]) -> Any:
    value = values[field]
    if field == "number":
        # Whether the flag itself is right is said once, for its own field.
        is_police = values.get("is_police") is not False
        return check_police_number(value) if is_police else check_employee_number(value)
    return _CHECKS[field](value)


def _check_username(value: object) -> str:
    if not isinstance(value, str):
        raise InputError(_("This must be text."), field="username", code="not-text")
    canonical_login_name(value)
    return value


def _check_is_police(value: object) -> bool:
    if not isinstance(value, bool):
        raise InputError(
            _("Say whether this is a police officer: yes or no."),
            field="is_police",
            code="not-yes-or-no",
        )
    return value


def _check_duty(value: object) -> str:
    if value not in Duty.values:
        raise InputError(
            _("The duty is one of %(duties)s.") % {"duties": ", ".join(Duty.values)},
            field="duty",
            code="unknown",
        )
    return str(value)


def _check_organisation(value: object) -> Organization:
    code = value.code if isinstance(value, Organization) else value
    found = Organization.objects.filter(code=check_organisation_code(code)).first()
    if found is None or not found.is_active:
        raise InputError(
            _("There is no active organisation with this code."),
            field="organisation",
            code="unknown",
        )
    return found


_CHECKS: Final[Mapping[str, Callable[[object], Any]]] = MappingProxyType(
    {
        "username": _check_username,
        "name": check_person_name,
        "resident_id": check_resident_id,
        "is_police": _check_is_police,
        "organisation": _check_organisation,
        "duty": _check_duty,
    }
)
