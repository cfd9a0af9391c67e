"""Gives a user an identity, once, with identifiers that nobody else ever had."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Unpack, cast

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.exceptions import InputError

from . import ledger
from .adoption import adopted_mac
from .events import PersonRegistered
from .gate import gate
from .ledger import Taken
from .login_names import canonical_login_name, login_key
from .models import Identity, LedgerKind
from .particulars import Particulars, checked_person, ledger_entries, shown
from .refusals import refusals_recorded
from .seal import apply_seal
from .uids import new_uid


def register(
    user: AbstractBaseUser,
    *,
    returning: uuid.UUID | None = None,
    **particulars: Unpack[Particulars],
) -> Identity:
    """
    Give a user an identity (A3.1.2, P15.2: real name and ID number are required).

    Args:
        user: a saved user without an identity.
        returning: the UID the person had before their user was deleted. The ledger
            must know the ID number as that UID's; everything they had is theirs again.
        particulars: name, resident_id, is_police, number, organisation and duty, all
            of them; see `Particulars`.

    Returns:
        The identity, sealed.

    Raises:
        InputError: something is malformed; names the field.
        Taken: an identifier belongs, or belonged, to somebody else.
        NotAllowed: nobody acts, or the actor's duty does not include this.
    """
    with refusals_recorded(user.get_username()), gate():
        stored = _lock_user(user)
        values = checked_person(stored.get_username(), particulars)
        identity = _new_identity(stored, values, returning)
        _write(identity, values)
        record(
            PersonRegistered(
                resource=f"identity:{identity.uid}",
                subject_username=stored.get_username(),
                after=shown(identity),
                resident_id=identity.resident_id,
            )
        )
    return identity


def check_registration(
    username: str, **particulars: Unpack[Particulars]
) -> dict[str, Any]:
    """
    Return the normal form of what somebody could be registered with; writes nothing.

    For who prepares a registration that another person approves: what is wrong is
    said at once. The registration itself asks again.

    Raises:
        InputError: something is malformed; names the field.
        Taken: an identifier belongs, or belonged, to somebody else; recorded.
        jtsec.core.exceptions.CannotVerify: the ledger cannot be compared.
    """
    with refusals_recorded(username):
        ledger.require_readable()
        values = checked_person(username, particulars)
        require_free(values, None)
    return values


def require_free(
    values: Mapping[str, Any], owner: uuid.UUID | None, row: int | None = None
) -> None:
    """
    Return if no other identity has, and nobody else ever had, any of these.

    Args:
        values: fields in their normal form.
        owner: the UID of the person who may have them already.
        row: the primary key of that person's row, where there is one.

    Raises:
        Taken: names the field.
    """
    wanted = {"resident_id": "resident_id", "number": "number"}
    here = {
        column: values[field] for field, column in wanted.items() if field in values
    }
    if "username" in values:
        here["login_key"] = login_key(values["username"])
    for column, value in here.items():
        if Identity.objects.filter(~Q(pk=row), **{column: value}).exists():
            raise Taken("username" if column == "login_key" else column)
    ledger.require_free(ledger_entries(values), owner)


def _lock_user(user: AbstractBaseUser) -> AbstractBaseUser:
    """Read the user anew: what is sealed is what the database holds."""
    users = get_user_model()._base_manager.select_for_update()
    stored = users.filter(pk=user.pk).first() if user.pk else None
    if stored is None:
        raise InputError(_("Save the user first."), field="user", code="not-saved")
    if Identity.objects.filter(user_id=stored.pk).exists():
        raise InputError(
            _("This user has an identity already."), field="user", code="registered"
        )
    return stored


def _new_identity(
    user: AbstractBaseUser, values: Mapping[str, Any], returning: uuid.UUID | None
) -> Identity:
    uid = returning or new_uid()
    if returning:
        _require_return(returning, values)
    require_free(values, uid)
    return Identity(
        user=cast("Any", user),  # whatever model AUTH_USER_MODEL names
        uid=uid,
        login_name=canonical_login_name(user.get_username()),
        login_key=login_key(user.get_username()),
        name=values["name"],
        resident_id=values["resident_id"],
        is_police=values["is_police"],
        number=values["number"],
        organisation=values["organisation"],
        duty=values["duty"],
        adopted_password=adopted_mac(uid, user),
    )


def _require_return(uid: uuid.UUID, values: Mapping[str, Any]) -> None:
    """Refuse to hand a former UID to anybody but the person with that ID number."""
    entries = {
        LedgerKind.UID.value: str(uid),
        LedgerKind.RESIDENT_ID.value: values["resident_id"],
    }
    if list(ledger.owners_of(entries).values()) != [uid, uid]:
        raise Taken("uid")


def _write(identity: Identity, values: Mapping[str, Any]) -> None:
    entries = {LedgerKind.UID.value: str(identity.uid), **ledger_entries(values)}
    apply_seal(identity)
    try:
        ledger.enter(entries, identity.uid)
        identity.save(force_insert=True)
    except IntegrityError as error:
        # Whatever went around the gate; the database has the last word.
        raise Taken("") from error
