"""
People for tests: valid, made up, nobody's.

    auditor = person(duty="audit")
    log_in(client, auditor)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

from django.contrib.auth import authenticate
from django.db.models import EmailField
from django.http import HttpRequest

from .identities import made_up, user_model, users_become
from .rights import grant
from .run import OutsideTestRun, is_running

PASSWORD: Final = "Jtsec-Test-2468!"
_IDENTITY: Final = frozenset(made_up("")) - {"duty"}
_number = count(1)


def person(
    duty: str = "business", *, rights: Collection[str] = (), **fields: Any
) -> Any:
    """
    Return a new user with an identity, free to log in with `PASSWORD`.

    Args:
        duty: business, system, security or audit.
        rights: what they may do, by a role of just these rights; see `rights.grant`.
        fields: of the user model, `password` in clear included; and of the identity:
            name, resident_id, is_police, number, organisation. The rest is made up.

    Raises:
        OutsideTestRun: there is no test run.
    """
    if not is_running():
        raise OutsideTestRun("people are made up in a test run and nowhere else")
    model = user_model()
    password = fields.pop("password", PASSWORD)
    particulars = {name: fields.pop(name) for name in _IDENTITY & fields.keys()}
    fields.setdefault(model.USERNAME_FIELD, _new_name(model, duty))
    user = model(**fields)
    user.set_password(password)
    with users_become({**particulars, "duty": duty}):
        user.save()
    if rights:
        grant(user, *rights)
    return user


@contextmanager
def strangers() -> Iterator[None]:
    """Leave the users that are made in the block without an identity."""
    with users_become(None):
        yield


def log_in(client: Any, user: Any, password: str = PASSWORD) -> None:
    """
    Log somebody in as the login page does, lockout and restrictions included.

    Args:
        client: Django's test client.
        user: who.
        password: in clear.

    Raises:
        AssertionError: the login was refused; says why.
    """
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    credentials = {type(user).USERNAME_FIELD: user.get_username(), "password": password}
    entered = authenticate(request, **credentials)
    if entered is None:
        refusal = getattr(request, "jtsec_login_refusal", None)
        reason = getattr(refusal, "reason", "unknown")
        raise AssertionError(f"the login was refused: {reason}")
    client.force_login(entered, backend=entered.backend)


def _new_name(model: Any, duty: str) -> str:
    name = f"{duty}{next(_number)}"
    is_email = isinstance(model._meta.get_field(model.USERNAME_FIELD), EmailField)
    return f"{name}@example.com" if is_email else name
