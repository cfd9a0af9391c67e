"""
The way in: one backend for every login with a password.

The login page, the admin, REST's basic authentication, a library's view: all of them
call `django.contrib.auth.authenticate`, and so arrive here. The order of the steps is
the protection:

    reserve -> find the user -> seal and password -> settle -> standing, restrictions

A refusal stops `authenticate` altogether, so that no other backend looks at a password
that this one must not look at. Why it was refused stands in the audit, and on the
request as `jtsec_login_refusal`; the person reads a general sentence.
"""

from __future__ import annotations

from typing import Any, Final

from asgiref.sync import sync_to_async

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.context import current
from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.core.source import Source, client_source
from jtsec.identity.api import (
    SealBroken,
    identity_of,
    uid_of,
    user_by_login_name,
    user_by_pk,
    verify,
)
from jtsec.identity.models import Identity

from .confirmed import note_confirmed
from .entry import require_entry
from .events import LoginFailed, StoredPasswordForeign
from .exceptions import Locked, LoginRefused
from .lockout import Reservation, attempt
from .notice import note_failure
from .passwords import TAMPERED, matches, spend_one_hash
from .permissions import DecidedPermissions

RELATED: Final = ("jtsec_identity__organisation", "jtsec_account")
"""What every request needs to know of its user, in the one query that loads them."""


class IdentityBackend(DecidedPermissions):
    """Lets in whoever has an identity, its password, and leave to enter."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: Any = None,
        password: Any = None,
        **kwargs: Any,
    ) -> Any:
        """
        Return the user, or refuse.

        Args:
            request: the request; None in a command or job, whose source is local.
            username: what was typed as the name.
            password: what was typed as the password.
            kwargs: the name under the user model's own `USERNAME_FIELD`.

        Returns:
            The user, with identity, organisation and account joined; None only when
            these are not the credentials of a password login.

        Raises:
            PermissionDenied: refused, recorded, and no other backend may try.
            django.db.Error: nothing could be charged or looked up; nobody is let in.
        """
        if username is None:
            username = kwargs.get(get_user_model().USERNAME_FIELD)
        if username is None or password is None:
            return None
        source = _source_of(request)
        try:
            if not isinstance(username, str) or not isinstance(password, str):
                raise LoginRefused("malformed")
            return self._enter(username, password, source)
        except LoginRefused as refusal:
            _report(request, str(username), refusal, source)
            raise PermissionDenied(refusal.sentence) from refusal

    async def aauthenticate(
        self, request: HttpRequest | None, *args: Any, **kwargs: Any
    ) -> Any:
        """Do the same in a thread; Django's own would look at the password itself."""
        return await sync_to_async(self.authenticate)(request, *args, **kwargs)

    def get_user(self, user_id: Any) -> Any:
        """Return the user of a session, in one query; nobody who was put out of use."""
        try:
            user = user_by_pk(user_id, RELATED)
        except SealBroken:
            return None
        return user if user is not None and self.user_can_authenticate(user) else None

    async def aget_user(self, user_id: Any) -> Any:
        """Do the same in a thread; Django's own would skip the identity."""
        return await sync_to_async(self.get_user)(user_id)

    def user_can_authenticate(self, user: Any) -> bool:
        """Answer whether this is an active person, and no superuser."""
        identity = identity_of(user)
        is_person = identity is not None and identity.is_active
        # A superuser passes every check of a right; nobody holds all four duties.
        is_everybody = getattr(user, "is_superuser", False)
        return is_person and getattr(user, "is_active", True) and not is_everybody

    def _enter(self, username: str, password: str, source: Source) -> Any:
        with attempt(username, source) as reservation:
            try:
                user = user_by_login_name(username, RELATED)
            except SealBroken as error:
                spend_one_hash(password)
                raise _failed(reservation, "seal-broken") from error
            if user is None:
                # As long as for somebody who exists, and counted like them.
                spend_one_hash(password)
                raise _failed(reservation, "unknown")
            _require_password(user, password, reservation)
        require_entry(user, source, now())
        return user


def _require_password(user: Any, password: str, reservation: Reservation) -> None:
    """Settle the reservation by the password; raise unless it and the seal are good."""
    seal_fault = _seal_fault(user.jtsec_identity)
    match = matches(user, password, upgrades=not seal_fault)
    if match.finding in TAMPERED:
        record(
            StoredPasswordForeign(
                resource=f"identity:{uid_of(user)}",
                subject_username=user.get_username(),
                reason=match.finding.value,
            )
        )
    if not match.is_right:
        is_plain = not seal_fault and match.finding not in TAMPERED
        reason = "wrong" if is_plain else seal_fault or match.finding.value
        raise _failed(reservation, reason)
    if seal_fault:
        raise LoginRefused(seal_fault)
    reservation.succeed()
    note_confirmed(user)


def _failed(reservation: Reservation, reason: str) -> LoginRefused:
    """Keep the charge; the attempt that reaches the limit is told so (A3.2.6)."""
    reservation.spend()
    return Locked(reason) if reservation.has_locked else LoginRefused(reason)


def _seal_fault(identity: Identity) -> str:
    """Return what is wrong with the seal, "" when it is whole; recorded there."""
    try:
        verify(identity)
    except VerifiedFalse:
        return "seal-broken"
    except CannotVerify:
        return "cannot-verify"
    return ""


def _source_of(request: HttpRequest | None) -> Source:
    context = current()
    if request is None or context.request is not None:
        return context.source
    return client_source(request.META)


def _report(
    request: HttpRequest | None, username: str, refusal: LoginRefused, source: Source
) -> None:
    """Record a refusal exactly, count it for its user's notice, tell our own view."""
    try:
        user = user_by_login_name(username, RELATED)
    except SealBroken:
        user = None
    record(
        LoginFailed(
            subject_username="" if user is None else user.get_username(),
            reason=refusal.reason,
            rule=refusal.rule,
            typed_name=username[:256],
        ),
        source=source,
    )
    if user is not None:
        note_failure(user, source, refusal.reason)
    if request is not None:
        request.jtsec_login_refusal = refusal  # type: ignore[attr-defined]  # ours
