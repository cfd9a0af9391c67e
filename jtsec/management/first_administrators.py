"""
Makes the first administrators, each with one duty and a password for one login.

There is no superuser: the three duties belong to three people (A4.4), who are
registered like everybody else, by the command as the acting system (A4.5).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import router, transaction
from django.utils.translation import gettext as _

from jtsec.access import api as access
from jtsec.accounts import api as accounts
from jtsec.audit.api import boundary
from jtsec.authentication.console import person_named
from jtsec.core.context import Actor, acting_as
from jtsec.core.exceptions import InputError
from jtsec.identity import api as identity
from jtsec.models import Organization

DUTIES: Final = ("system", "security", "audit")


@dataclass(frozen=True)
class Administrator:
    """Who is to be an administrator, as the console says."""

    username: str
    duty: str
    name: str
    resident_id: str = field(repr=False)
    number: str
    organisation: str
    organisation_name: str = ""
    is_police: bool = False


@dataclass(frozen=True)
class Made:
    """
    What came of one administrator.

    Args:
        username: the login name.
        duty: the duty in force.
        initial_password: to be told once; "" when the person was there before.
        is_initial: whether this is the first technical administrator, who may set up
            and nothing else until a second one is there.
    """

    username: str
    duty: str
    initial_password: str = field(default="", repr=False)
    is_initial: bool = False


def make_administrators(people: Iterable[Administrator], *, by: str) -> list[Made]:
    """
    Register administrators; all of them or, on an error, none.

    Args:
        people: who; somebody registered already is left as they are.
        by: the operating system's user, for the audit.

    Raises:
        InputError: something of somebody is malformed; names the field.
        identity.Taken: an identifier belongs, or belonged, to somebody else.
    """
    actor = Actor(kind="system", username=by, name="jtsec_init")
    using = router.db_for_write(get_user_model())
    with acting_as(actor), boundary(), transaction.atomic(using=using):
        return [_make(person) for person in people]


def finish(*, by: str, reason: str) -> str:
    """
    End the setting up: the initial administrator becomes an ordinary one (P38).

    Args:
        by: the login name of the security administrator who says so.
        reason: why.

    Returns:
        The login name of whose setting up is over.

    Raises:
        Refused: nobody of that name may do it, or it is too early.
        InputError: there is no initial administrator, or no reason.
    """
    with acting_as(person_named(by)), boundary():
        return access.finish_set_up(reason=reason).login_name


def _make(person: Administrator) -> Made:
    model: Any = get_user_model()
    known = identity.user_by_login_name(person.username)
    if known is not None:
        held = identity.identity_of(known)
        return Made(person.username, "" if held is None else held.duty)
    login_name = {model.USERNAME_FIELD: person.username}
    if model._default_manager.filter(**login_name).exists():
        raise InputError(
            _("The user %(username)s is there without an identity.")
            % {"username": person.username},
            field="username",
        )
    user = model(**login_name)
    user.set_unusable_password()
    user.save()
    _require_organisation(person)
    registered = identity.register(
        user,
        name=person.name,
        resident_id=person.resident_id,
        is_police=person.is_police,
        number=person.number,
        organisation=person.organisation,
        duty=person.duty,
    )
    is_initial = access.make_initial(registered) is not None
    password = accounts.give_initial_password(user)
    return Made(person.username, person.duty, password, is_initial=is_initial)


def _require_organisation(person: Administrator) -> None:
    if Organization._default_manager.filter(code=person.organisation).exists():
        return
    if not person.organisation_name:
        raise InputError(
            _("There is no organisation %(code)s yet; name it, and it is made.")
            % {"code": person.organisation},
            field="organisation_name",
        )
    identity.create_organisation(
        code=person.organisation, name=person.organisation_name
    )
