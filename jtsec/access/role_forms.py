"""What a role may consist of, checked before anything is looked up or locked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypedDict

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from jtsec.authentication.api import normal_restrictions
from jtsec.core.exceptions import InputError
from jtsec.identity.models import Duty
from jtsec.validation.api import check_plain_text

from .models import Role

CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
NAME_LENGTH: Final = 100
MOST: Final = 500
FIELDS: Final = (
    *("name", "duty", "rights", "parents"),
    *("valid_from", "valid_until", "restrictions"),
)


class RoleFields(TypedDict, total=False):
    """What a role is, as keyword arguments."""

    name: str
    """What people call it, at most 100 characters."""
    duty: str
    """Whose it is: "business", "system", "security" or "audit"."""
    rights: Collection[str]
    """Names of functions, all of the duty."""
    parents: Collection[Role | str]
    """Roles of the same duty whose rights it gives as well, or their codes."""
    valid_from: datetime | None
    """From when, None for at once."""
    valid_until: datetime | None
    """To when, None for no end."""
    restrictions: Mapping[str, Any]
    """From where and when its holders may log in, as `normal_restrictions` (A3.2.8)."""


def checked_code(code: object) -> str:
    """Return a role's code, or raise `InputError`."""
    if not isinstance(code, str) or not CODE.fullmatch(code):
        raise InputError(
            _("A role code is made of small letters, digits, - and _."),
            field="code",
            code="malformed",
        )
    return code


def checked_fields(values: Mapping[str, object]) -> dict[str, Any]:
    """
    Return what is to be written into a role, in its normal form.

    Args:
        values: any of `FIELDS`.

    Raises:
        InputError: a field does not exist or is malformed, or a right is unknown.
    """
    for field in values:
        if field not in FIELDS:
            raise InputError(
                _("A role has no field %(field)s.") % {"field": field},
                field=field,
                code="unknown-field",
            )
    return {field: _FORMS[field](value) for field, value in values.items()}


def _name(value: object) -> str:
    text = value if isinstance(value, str) else ""
    name = check_plain_text(text, "name", max_length=NAME_LENGTH).strip()
    if not name:
        raise InputError(_("A role needs a name."), field="name", code="empty")
    return name


def _duty(value: object) -> str:
    if value not in Duty.values:
        raise InputError(
            _("The duty is one of %(duties)s.") % {"duties": ", ".join(Duty.values)},
            field="duty",
            code="unknown-duty",
        )
    return str(value)


def _texts(value: object, field: str) -> list[str]:
    """Return a sorted list without repetitions; the order means nothing."""
    if isinstance(value, str) or not isinstance(value, Collection):
        raise InputError(_("A list is needed."), field=field, code="not-a-list")
    texts = {one for one in value if isinstance(one, str)}
    if not all(isinstance(one, str) for one in value):
        raise InputError(_("A list is needed."), field=field, code="not-a-list")
    if len(value) > MOST:
        raise InputError(_("Too many entries."), field=field, code="too-many")
    return sorted(texts)


def _rights(value: object) -> list[str]:
    return _texts(value, "rights")


def _parents(value: object) -> list[str]:
    given = (
        value
        if isinstance(value, str) or not isinstance(value, Collection)
        else [one.code if isinstance(one, Role) else one for one in value]
    )
    return _texts(given, "parents")


def checked_moment(value: object) -> datetime | None:
    """Return a moment in the way in which the project keeps time, or None."""
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise InputError(_("A date is needed."), field="valid_until", code="no-date")
    if timezone.is_aware(value) == settings.USE_TZ:
        return value
    change = timezone.make_aware if settings.USE_TZ else timezone.make_naive
    return change(value)


def _restrictions(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise InputError(
            _("Restrictions are given by name."), field="restrictions", code="no-names"
        )
    return normal_restrictions(value)


_FORMS: Final[Mapping[str, Callable[[object], Any]]] = MappingProxyType(
    {
        "name": _name,
        "duty": _duty,
        "rights": _rights,
        "parents": _parents,
        "valid_from": checked_moment,
        "valid_until": checked_moment,
        "restrictions": _restrictions,
    }
)
