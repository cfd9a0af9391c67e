"""
The one way in: a login takes a place, or is refused (clauses A9.2, A9.3, A3.2.11).

Counting and taking happen behind the gate: its row is changed first, which lets only
one login at a time go on until its transaction has ended. A session that counts is
written in that same transaction; if it is rolled back, the place was never taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.backends.base import UpdateError
from django.db import connections, router, transaction
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.audit.events import Event
from jtsec.core.clock import now
from jtsec.core.exceptions import CannotVerify, Refused, VerifiedFalse
from jtsec.core.source import Source
from jtsec.identity.api import actor_of, identity_of, verify

from . import free_place, places
from .acceleration import forget
from .conf import REFUSE, session_settings
from .endings import EndReason, close, limit_passed, report
from .events import (
    ApplicationSessionsFull,
    SecondPlaceFound,
    UserSessionsFull,
)
from .models import OPENING_GATE, Session, SessionGate

USER_FULL = "user-sessions-full"
APPLICATION_FULL = "application-sessions-full"
SEAL_BROKEN = "seal-broken"
ADMINISTRATORS = frozenset({"system", "security", "audit"})


class SessionRefused(Refused):
    """
    Says that a login was right and got no place; never a failed login.

    Args:
        reason: "user-sessions-full", "application-sessions-full" or "seal-broken".
        sentence: what the person may read.
        event: what the audit is told; None where it was told already.
    """

    def __init__(self, reason: str, sentence: str, event: Event | None = None) -> None:
        super().__init__(reason, sentence)
        self.event = event


_COUNT = """
SELECT
    COUNT(CASE WHEN expire_date > %s AND last_seen_at > %s THEN 1 END),
    COUNT(CASE WHEN expire_date > %s AND last_seen_at > %s AND is_administrator
        THEN 1 END),
    COUNT(CASE WHEN user_id = %s THEN 1 END)
FROM {}
WHERE user_id IS NOT NULL AND ended_at IS NULL AND session_key <> %s
"""


@dataclass(frozen=True)
class Registry:
    """The live sessions behind the gate, without the one that wants in."""

    total: int
    administrators: int
    of_user: list[Session]
    """The user's own, oldest login first."""
    overdue: list[tuple[Session, EndReason]]
    """The user's own that are past a limit, and which."""


def admit(
    row: Session, user: AbstractBaseUser, source: Source, *, insert: bool
) -> None:
    """
    Give a session its user and its place, and write it.

    Args:
        row: the session, its data encoded; becomes the user's.
        user: who logged in.
        source: from where.
        insert: whether the row is new.

    Raises:
        SessionRefused: the user or the application has no place left, or the user's
            identity was altered; recorded, and nothing changed.
        UpdateError: the session was ended meanwhile.
        CannotVerify: the gate cannot be taken.
    """
    _require_whole(user)
    try:
        with transaction.atomic(using=router.db_for_write(Session)):
            _take_gate()
            _pass(row, user, source, insert=insert)
    except SessionRefused as refused:
        if refused.event is not None:
            record(refused.event, actor=actor_of(user), source=source)
        raise


def _require_whole(user: AbstractBaseUser) -> None:
    """
    Refuse somebody whose identity was altered, whichever way the login went.

    Our backend has looked already. A view that compares the password itself, or a
    backend for certificates, has not (clause A3.1.2).
    """
    identity = identity_of(user)
    if identity is None:
        return
    try:
        verify(identity)
    except (VerifiedFalse, CannotVerify) as error:
        sentence = _(
            "This account cannot be used to log in. Ask your system administrator."
        )
        raise SessionRefused(SEAL_BROKEN, sentence) from error


def _take_gate() -> None:
    """Wait for the lock; the first statement, so that all later ones see the truth."""
    if _change_gate():
        return
    # Whoever comes second must wait for the row with the stronger lock at once: MySQL
    # takes the weaker one for an ignored conflict, and two that hold it then wait for
    # each other.
    features = connections[router.db_for_write(SessionGate)].features
    has_target = features.supports_update_conflicts_with_target
    SessionGate.objects.bulk_create(
        [SessionGate(id=OPENING_GATE, passed_at=now())],
        update_conflicts=True,
        update_fields=["passed_at"],
        unique_fields=["id"] if has_target else None,
    )
    if not _change_gate():
        raise CannotVerify("the gate of the sessions cannot be taken")


def _change_gate() -> bool:
    """Take the row's lock; answers whether there is a row. Plain SQL, as `_count`."""
    connection = connections[router.db_for_write(SessionGate)]
    table = connection.ops.quote_name(SessionGate._meta.db_table)
    at = connection.ops.adapt_datetimefield_value(now())
    # The table's name is the model's; values travel as parameters.
    sql = f"UPDATE {table} SET passed_at = %s WHERE id = %s"  # noqa: S608 - see above
    with connection.cursor() as cursor:
        cursor.execute(sql, (at, OPENING_GATE))
        return bool(cursor.rowcount)


def _pass(
    row: Session, user: AbstractBaseUser, source: Source, *, insert: bool
) -> None:
    at = now()
    identity = identity_of(user)
    row.user_id = user.pk
    row.is_administrator = identity is not None and identity.duty in ADMINISTRATORS
    row.address, row.terminal = source.address, source.key
    row.last_seen_at = at
    if insert and free_place.take(row):
        return
    registry = _look(row, user, at)
    leaving = _to_be_ended(registry, user)
    _require_place(registry, len(leaving), user, is_administrator=row.is_administrator)
    _tell_both(row, registry, leaving, user, source)
    _write(row, insert=insert)
    for one, why in registry.overdue:
        _end(one, why, user)
    for one in leaving:
        _end(one, EndReason.REPLACED, user)


def _look(row: Session, user: AbstractBaseUser, at: datetime) -> Registry:
    total, administrators, own_number = _count(row, user, at)
    others = Session.objects.filter(user=user).exclude(pk=row.pk).open()
    # Most logins are the user's only one, and need no second question.
    own = list(others.order_by("created_at", "pk")) if own_number else []
    for one in own:
        one.user = user  # spares a query for each one that is reported
    judged = [(one, limit_passed(one, at)) for one in own]
    return Registry(
        total=total,
        administrators=administrators,
        of_user=[one for one, limit in judged if limit is None],
        overdue=[(one, limit) for one, limit in judged if limit is not None],
    )


def _count(row: Session, user: AbstractBaseUser, at: datetime) -> tuple[int, int, int]:
    """
    Return the places that others hold: all, administrators'; and the user's sessions.

    Plain SQL, since everybody else waits at the gate while Django puts three filtered
    counts together, which takes longer than the database needs for them.
    """
    connection = connections[router.db_for_write(Session)]
    times = (at, at - session_settings().idle)
    live = [connection.ops.adapt_datetimefield_value(one) for one in times]
    key = user._meta.pk.get_db_prep_value(user.pk, connection)
    table = connection.ops.quote_name(Session._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(table), (*live, *live, key, row.pk))
        total, administrators, own = cursor.fetchone()
    return total, administrators, own


def _to_be_ended(registry: Registry, user: AbstractBaseUser) -> list[Session]:
    """Return the sessions that must make room, or refuse where that is the policy."""
    chosen = session_settings()
    excess = len(registry.of_user) + 1 - chosen.per_user
    if excess <= 0:
        return []
    if chosen.when_full == REFUSE:
        raise SessionRefused(
            USER_FULL,
            _(
                "You are already logged in at as many places as permitted. "
                "Log out there, or wait until that session ends."
            ),
            UserSessionsFull(
                subject_username=user.get_username(),
                reason=USER_FULL,
                others=tuple(one.address for one in registry.of_user),
            ),
        )
    return registry.of_user[:excess]


def _require_place(
    registry: Registry, freed: int, user: AbstractBaseUser, *, is_administrator: bool
) -> None:
    """Refuse when all are taken, or only the administrators' reserve is left."""
    chosen = session_settings()
    taken = registry.total - freed
    if not is_administrator:
        taken += max(0, chosen.admin_reserve - registry.administrators)
    if taken < chosen.total:
        return
    raise SessionRefused(
        APPLICATION_FULL,
        _("As many people as permitted are logged in. Please try again later."),
        ApplicationSessionsFull(
            subject_username=user.get_username(),
            reason=APPLICATION_FULL,
            live=registry.total,
        ),
    )


def _tell_both(
    row: Session,
    registry: Registry,
    leaving: list[Session],
    user: AbstractBaseUser,
    source: Source,
) -> None:
    """Leave a notice with the new session and with those that stay elsewhere."""
    others = places.elsewhere(registry.of_user, source.key)
    row.notice = places.written(
        places.Place(one.address, one.created_at, has_ended=one in leaving)
        for one in others
    )
    if not others:
        return
    staying = [one.pk for one in others if one not in leaving]
    if staying:
        newcomer = places.Place(source.address, row.created_at, is_newer=True)
        Session.objects.filter(pk__in=staying).open().update(
            notice=places.written([newcomer])
        )
        forget(staying)
    record(
        SecondPlaceFound(
            resource=row.pk[:16],
            subject_username=user.get_username(),
            terminal=source.key,
            others=tuple(one.address for one in others),
            ended=len(others) - len(staying),
        ),
        actor=actor_of(user),
        source=source,
    )


def _write(row: Session, *, insert: bool) -> None:
    if insert:
        row.save(force_insert=True)
        return
    changed = (
        Session.objects.filter(pk=row.pk)
        .open()
        .update(
            user_id=row.user_id,
            is_administrator=row.is_administrator,
            address=row.address,
            terminal=row.terminal,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            expire_date=row.expire_date,
            session_data=row.session_data,
            notice=row.notice,
        )
    )
    if not changed:
        raise UpdateError
    forget([row.pk])


def _end(row: Session, why: EndReason, user: AbstractBaseUser) -> None:
    if close([row.pk], why):
        report(row, why, actor=actor_of(user))
