"""
Puts an altered identity right again.

Whose seal is broken cannot log in, and no other verb touches the row: it would seal the
alteration. Here an administrator says anew, from papers and not from the row, who the
person is; the ledger says which UID belongs to that ID number.
"""

from __future__ import annotations

import uuid
from typing import Any, Unpack

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.exceptions import InputError, VerifiedFalse

from . import ledger
from .announcements import announce_change
from .changes import checked_reason
from .events import PersonRestored
from .gate import gate, require_somebody_else
from .ledger import Taken
from .login_names import canonical_login_name, login_key
from .models import Identity, LedgerKind
from .particulars import Particulars, checked_person, ledger_entries, shown
from .refusals import refusals_recorded
from .registration import require_free
from .seal import apply_seal, check_seal


def restore(
    user: AbstractBaseUser, *, reason: str, **particulars: Unpack[Particulars]
) -> Identity:
    """
    Say anew who a user with a broken seal is, and seal it.

    The account is out of use afterwards, since nobody knows whether it was before;
    `reactivate` is a second, deliberate step. A password noted from before the
    identity is forgotten.

    Args:
        user: the user, with the username that is right.
        reason: what was found, in 1 to 200 characters.
        particulars: as for `register`.

    Raises:
        InputError: a value is malformed, the user has no identity, or its seal is
            whole; then use `change`.
        Taken: an identifier is not this person's.
        NotAllowed: nobody acts, the duty is missing, or it is the actor's own.
        CannotVerify: it is not known whether the seal is broken.
    """
    why = checked_reason(reason)
    with refusals_recorded(user.get_username()), gate():
        found = _broken(user)
        stored = get_user_model()._base_manager.get(pk=user.pk)
        values = checked_person(stored.get_username(), particulars)
        found.uid = _rightful_uid(values["resident_id"])
        require_somebody_else(found)
        require_free(values, found.uid, found.pk)
        _write(found, values, why)
        record(
            PersonRestored(
                resource=f"identity:{found.uid}",
                subject_username=stored.get_username(),
                after=shown(found),
                reason=why,
            )
        )
    return found


def _broken(user: AbstractBaseUser) -> Identity:
    """Return the row without its ID number, which may not open any more."""
    rows = Identity.objects.filter(user_id=user.pk)
    try:
        whole = rows.first()
        if whole is not None:
            check_seal(whole)
    except VerifiedFalse:
        return rows.defer("resident_id").get()
    if whole is None:
        raise InputError(_("This user has no identity."), code="not-registered")
    raise InputError(_("The seal of this identity is whole."), code="no-change")


def _rightful_uid(resident_id: str) -> uuid.UUID:
    kind = LedgerKind.RESIDENT_ID.value
    owner = ledger.owners_of({kind: resident_id}).get(kind)
    if owner is None:
        raise InputError(
            _("Nobody was ever registered with this ID number."),
            field="resident_id",
            code="unknown",
        )
    return owner


def _write(found: Identity, values: dict[str, Any], why: str) -> None:
    username = values.pop("username")
    found.login_name, found.login_key = (
        canonical_login_name(username),
        login_key(username),
    )
    for field, value in values.items():
        setattr(found, field, value)
    found.is_active, found.deactivated_at, found.deactivated_why = False, now(), why
    found.adopted_password = b""
    apply_seal(found)
    try:
        ledger.enter(ledger_entries({"username": username, **values}), found.uid)
        found.save()
    except IntegrityError as error:
        # Whatever went around the gate; the database has the last word.
        raise Taken("") from error
    announce_change(found, {})
