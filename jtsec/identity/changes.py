"""Changes an identity, and puts it out of use and into use again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.exceptions import InputError
from jtsec.validation.api import check_plain_text

from . import ledger
from .announcements import (
    announce_change,
    announce_deactivation,
    announce_rename,
)
from .events import PersonChanged, PersonDeactivated, PersonReactivated
from .gate import gate, require_somebody_else
from .holding import held
from .ledger import Taken
from .login_names import canonical_login_name, login_key
from .models import Identity
from .particulars import FIELDS, checked, ledger_entries, shown
from .refusals import refusals_recorded
from .registration import require_free
from .seal import apply_seal

REASON_LENGTH = 200
DECISIVE: Final = ("duty", "is_police", "organisation")


def change(identity: Identity, *, reason: str = "", **fields: object) -> Identity:
    """
    Change what is known of somebody, check it, seal it anew and record both states.

    Args:
        identity: whose.
        reason: why, at most 200 characters; recorded.
        fields: any of username, name, resident_id, is_police, number, organisation
            and duty. A new username or name makes a new password necessary; see
            `on_rename`.

    Returns:
        The identity as it is now; the one given is left as it was.

    Raises:
        InputError: a value is malformed, or a field does not exist.
        Objected: a control above objects, such as to another duty for somebody who
            holds roles of this one.
        Taken: an identifier belongs, or belonged, to somebody else.
        NotAllowed: nobody acts, the duty is missing, or it is the actor's own.
        SealBroken, CannotVerify: nothing is sealed anew over an altered row.
    """
    _require_known(fields)
    why = _plain(reason)
    with refusals_recorded(identity.login_name), gate(), held(identity) as found:
        require_somebody_else(found)
        values = checked(_with_flag(fields, found))
        before, former_id = shown(found), found.resident_id
        require_free(values, found.uid, found.pk)
        _write(found, values)
        after = shown(found)
        _record_change(found, before, after, former_id, why)
        _announce(found, before, after)
        if before["username"] != after["username"] or before["name"] != after["name"]:
            announce_rename(
                found, {key: str(before[key]) for key in ("username", "name")}
            )
    return found


def deactivate(identity: Identity, *, reason: str) -> Identity:
    """
    Put somebody out of use; nothing of theirs can be given to another person.

    Args:
        identity: whose.
        reason: why, in 1 to 200 characters.

    Raises:
        InputError: there is no reason, or the account is out of use already.
        NotAllowed, SealBroken, CannotVerify: as `change`.
    """
    why = checked_reason(reason)
    with (
        refusals_recorded(identity.login_name),
        gate(),
        held(identity) as found,
    ):
        require_somebody_else(found)
        _require_active(found, wanted=True)
        found.is_active, found.deactivated_at, found.deactivated_why = False, now(), why
        _save_standing(found)
        record(PersonDeactivated(reason=why, **_subject(found)))
        announce_deactivation(found)
    return found


def reactivate(identity: Identity, *, reason: str) -> Identity:
    """Put somebody into use again; arguments and refusals as `deactivate`."""
    why = checked_reason(reason)
    with (
        refusals_recorded(identity.login_name),
        gate(),
        held(identity) as found,
    ):
        require_somebody_else(found)
        _require_active(found, wanted=False)
        found.is_active, found.deactivated_at, found.deactivated_why = True, None, ""
        _save_standing(found)
        record(PersonReactivated(reason=why, **_subject(found)))
    return found


def _require_known(fields: Mapping[str, object]) -> None:
    for field in fields:
        if field not in FIELDS:
            raise InputError(
                _("An identity has no field %(field)s.") % {"field": field},
                field=field,
                code="unknown-field",
            )


def _announce(
    found: Identity, before: Mapping[str, object], after: Mapping[str, object]
) -> None:
    """Tell the controls that decide by these, so that one of them can object."""
    former = {key: before[key] for key in DECISIVE if before[key] != after[key]}
    if former:
        announce_change(found, former)


def _with_flag(fields: Mapping[str, object], found: Identity) -> dict[str, object]:
    """A number is police or employee by the flag, so the two are checked together."""
    values = dict(fields)
    if "number" in values or "is_police" in values:
        values.setdefault("is_police", found.is_police)
        values.setdefault("number", found.number)
    return values


def _write(found: Identity, values: Mapping[str, Any]) -> None:
    for field, value in values.items():
        if field == "username":
            _rename_user(found, value)
        else:
            setattr(found, field, value)
    apply_seal(found)
    try:
        ledger.enter(ledger_entries(values), found.uid)
        found.save()
    except IntegrityError as error:
        # Whatever went around the gate; the database has the last word.
        raise Taken("") from error


def _rename_user(found: Identity, username: str) -> None:
    user = found.user
    setattr(user, user.USERNAME_FIELD, username)
    try:
        user.save(update_fields=[user.USERNAME_FIELD])
    except IntegrityError as error:
        raise Taken("username") from error
    found.login_name, found.login_key = (
        canonical_login_name(username),
        login_key(username),
    )


def _record_change(
    found: Identity,
    before: Mapping[str, object],
    after: Mapping[str, object],
    former_id: str,
    reason: str,
) -> None:
    is_new_id = former_id != found.resident_id
    changed = [key for key in after if before[key] != after[key]]
    record(
        PersonChanged(
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
            resident_ids=f"{former_id} > {found.resident_id}" if is_new_id else "",
            reason=reason,
            **_subject(found),
        )
    )


def _save_standing(found: Identity) -> None:
    apply_seal(found)
    found.save(
        update_fields=[
            "is_active",
            "deactivated_at",
            "deactivated_why",
            "seal",
            "seal_key_id",
        ]
    )


def _subject(found: Identity) -> dict[str, str]:
    return {
        "resource": f"identity:{found.uid}",
        "subject_username": found.user.get_username(),
    }


def checked_reason(reason: str) -> str:
    """Return a reason in plain text, or raise `InputError` for its field."""
    why = _plain(reason)
    if not why:
        raise InputError(_("Give a reason."), field="reason", code="empty")
    return why


def _plain(reason: str) -> str:
    return check_plain_text(reason, "reason", max_length=REASON_LENGTH).strip()


def _require_active(found: Identity, *, wanted: bool) -> None:
    if found.is_active is not wanted:
        message = (
            _("This account is out of use already.")
            if wanted
            else _("This account is in use already.")
        )
        raise InputError(message, code="no-change")
