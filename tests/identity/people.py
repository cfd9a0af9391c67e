"""Made-up people for tests: valid identifiers, nobody's."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from jtsec.identity import api
from jtsec.identity.models import Identity, Organization
from jtsec.validation.resident_id import check_character

CODE = "110000000000"
PASSWORD = "Some-Passw0rd-of-a-test"


def resident_id(number: int) -> str:
    """Return a valid resident ID number, another for every number below 1000."""
    digits = f"11010519491231{number:03}"
    return digits + check_character(digits)


def organisation(code: str = CODE) -> Organization:
    """Return the organisation of a code, made when needed."""
    found = Organization.objects.filter(code=code).first()
    return found or api.create_organisation(code=code, name=f"支队 {code[:6]}")


def particulars(which: int, /, **other: Any) -> dict[str, Any]:
    """Return what `register` wants about person `which`."""
    return {
        "name": "张三",
        "resident_id": resident_id(which),
        "is_police": True,
        "number": f"{which:06}",
        "organisation": organisation(),
        "duty": "business",
        **other,
    }


def user(username: str, password: str | None = None) -> Any:
    """Return a saved user; without a password by default, for speed."""
    model = get_user_model()
    made = model(**{model.USERNAME_FIELD: username})
    if password is None:
        made.set_unusable_password()
    else:
        made.set_password(password)
    made.save()
    return made


def person(username: str, which: int, /, **other: Any) -> Identity:
    """Return the identity of a new user."""
    return api.register(user(username), **particulars(which, **other))
