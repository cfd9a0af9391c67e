"""
The keys of terminals and services: registered, ended, listed (clause A4.13).

A client acts in the name of a business account that answers for it, in the functions
that are registered for it and that the account has: never more than either. An
administrator's account cannot be used in this way; their acts need a person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, router, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.exceptions import InputError
from jtsec.core.guarding import writing
from jtsec.fields.api import apply_seal, check_seal
from jtsec.identity.api import user_by_login_name
from jtsec.identity.models import Identity

from .client_authority import (
    checked_reason,
    refusals_recorded,
    require_answerable,
    require_registrar,
)
from .client_forms import described
from .events import ClientEnded, ClientRegistered
from .models import GUARD, SignedClient

SHOWN: Final = ("code", "name", "kind", "fingerprint", "rights", "networks")


def register_client(
    *,
    code: str,
    name: str,
    kind: str,
    account: str,
    public_key: str,
    rights: Collection[str],
    networks: Iterable[str],
    valid_until: datetime | None = None,
    reason: str,
) -> SignedClient:
    """
    Register the key of a terminal or service.

    Args:
        code: a short name in lower case; appears in the audit as `client:<code>`.
        name: what people call it.
        kind: "terminal" or "service".
        account: the login name of the business account that answers for it.
        public_key: its SM2 public key, a `PUBLIC KEY` PEM file.
        rights: the functions it may call.
        networks: from where it calls, in CIDR form or single addresses.
        valid_until: when it ends; at most, and by default, JTSEC_REST_CLIENT_DAYS
            from now.
        reason: why, in 1 to 200 characters.

    Raises:
        InputError: something is malformed, or was registered before; recorded.
        ClientRefused: the actor may not; recorded.
    """
    with refusals_recorded("register", f"client:{code}"[:100]):
        identity = _account(account)
        row = described(code, name, kind, public_key, rights, networks, valid_until)
        row.made_why = checked_reason(reason)
        return _store(row, identity)


def end_client(code: str, *, reason: str) -> SignedClient:
    """
    Take a client's key out of use, at once and on every process; for good.

    Raises:
        InputError: there is none in use, or no reason; recorded.
        ClientRefused: the actor may not; recorded.
        RowSealBroken, CannotVerify: it was altered, or cannot be verified. It is not
            accepted anyway, and nothing is sealed anew over that.
    """
    with (
        refusals_recorded("end", f"client:{code}"[:100]),
        transaction.atomic(using=row_alias()),
    ):
        rows = SignedClient.objects.select_for_update().filter(code=str(code)[:40])
        row = rows.first()
        if row is None or row.ended_at is not None:
            raise InputError(
                _("No client in use has this code."), field="code", code="unknown"
            )
        by = require_registrar(row.identity)
        check_seal(row)
        row.ended_why = checked_reason(reason)
        row.ended_at, row.ended_by = now(), (by.uid or by.username)[:36]
        apply_seal(row)
        with writing(GUARD):
            row.save()
        record(
            ClientEnded(
                resource=resource_of(row),
                subject_username=row.identity.login_name,
                before=_shown(row),
                reason=row.ended_why,
            )
        )
    return row


def list_clients(*, with_ended: bool = False) -> QuerySet[SignedClient]:
    """Return the clients in the order of their codes, with their accounts."""
    rows = SignedClient.objects.select_related("identity").defer(
        "identity__resident_id"
    )
    return rows if with_ended else rows.filter(ended_at__isnull=True)


def row_alias() -> str:
    """Return the database that the clients are in."""
    return router.db_for_write(SignedClient)


def resource_of(row: SignedClient) -> str:
    """Return a client as events name it."""
    return f"client:{row.code}"


def _account(login_name: str) -> Identity:
    user: Any = user_by_login_name(str(login_name))
    identity: Identity | None = getattr(user, "jtsec_identity", None)
    if identity is None:
        raise InputError(
            _("There is no account of this name."), field="account", code="unknown"
        )
    return identity


def _store(row: SignedClient, identity: Identity) -> SignedClient:
    with transaction.atomic(using=row_alias()):
        by = require_registrar(identity)
        require_answerable(identity)
        row.identity = identity
        row.made_at, row.made_by = now(), (by.uid or by.username)[:36]
        _insert(row)
        record(
            ClientRegistered(
                resource=resource_of(row),
                subject_username=identity.login_name,
                after=_shown(row),
                reason=row.made_why,
            )
        )
    return row


def _insert(row: SignedClient) -> None:
    taken = SignedClient.objects.filter
    for field in ("code", "fingerprint"):
        if taken(**{field: getattr(row, field)}).exists():
            raise _was_there(field)
    apply_seal(row)
    try:
        with (
            transaction.atomic(using=row_alias()),
            writing(GUARD),
        ):
            row.save(force_insert=True)
    except IntegrityError as error:
        raise _was_there("code") from error


def _was_there(field: str) -> InputError:
    return InputError(
        _("This code or key was registered before; take another one."),
        field="public_key" if field == "fingerprint" else field,
        code="taken",
    )


def _shown(row: SignedClient) -> dict[str, object]:
    shown = {name: getattr(row, name) for name in SHOWN}
    return {**shown, "valid_until": row.valid_until.isoformat()}
