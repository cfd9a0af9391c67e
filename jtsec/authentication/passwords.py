"""
A user's stored password: judged, verified for its owner, set, and bound on every way.

The database is not believed. A value in a user's row is one of four things: bound to
this user's UID; bound to another's ("foreign"); bound to nobody, but noted when the
person was registered (good once); bound to nobody and never noted ("not-adopted": SQL
put it there). Only the first and the third are ever compared with a password.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.auth.hashers import (
    UNUSABLE_PASSWORD_PREFIX,
    identify_hasher,
)
from django.contrib.auth.password_validation import validate_password
from django.db import router, transaction

from jtsec.audit.api import record
from jtsec.core.context import current
from jtsec.identity.api import clear_adopted_password, identity_of, is_adopted
from jtsec.identity.models import Identity

from .accounts import password_was_set, write_account
from .binding import ALGORITHM, hash_for, parse
from .composition import faults_of
from .events import PasswordChanged, PasswordUpgraded
from .hashers import our_hasher, password_bytes
from .hashing_slots import hashing_slot
from .history import remember

BELOW_THE_RULES = "below-the-rules"
"""Why a password from before jtsec has to be changed: it would be refused today."""


class Finding(StrEnum):
    """What a stored value is to the person in whose row it stands."""

    OWN = "own"
    ADOPTED = "adopted"
    FOREIGN = "foreign"
    NOT_ADOPTED = "not-adopted"
    UNUSABLE = "unusable"


TAMPERED = frozenset({Finding.FOREIGN, Finding.NOT_ADOPTED})


@dataclass(frozen=True, slots=True)
class Match:
    """
    What came of comparing a password with a stored value.

    Args:
        is_right: whether it is the password.
        finding: what the stored value is; a tampered one never matches.
    """

    is_right: bool
    finding: Finding


def examine(identity: Identity, encoded: str) -> Finding:
    """
    Say what a stored value is to this person, without any password.

    Raises:
        CannotVerify: the key under which an adopted value was noted is missing.
    """
    if not encoded or encoded.startswith(UNUSABLE_PASSWORD_PREFIX):
        return Finding.UNUSABLE
    if encoded.startswith(f"{ALGORITHM}$"):
        try:
            uid = parse(encoded).uid
        except ValueError:
            return Finding.NOT_ADOPTED
        if uid is not None:
            return Finding.OWN if uid == identity.uid else Finding.FOREIGN
    return Finding.ADOPTED if is_adopted(identity, encoded) else Finding.NOT_ADOPTED


def matches(user: Any, password: str, *, upgrades: bool = True) -> Match:
    """
    Compare a password with what is stored for a registered user.

    Every outcome costs one hash, so that the time tells nothing. A right password
    whose stored value is adopted, cheaper than today's or under an old key is stored
    anew, unless somebody changed it in the meantime.

    Args:
        user: a user with an identity.
        password: what was typed.
        upgrades: whether to store anew.

    Raises:
        Overloaded: no hash could be computed in time.
        CannotVerify, ConfigurationError: a key is missing; nothing is known.
    """
    identity = identity_of(user)
    if identity is None:
        spend_one_hash(password)
        return Match(is_right=False, finding=Finding.UNUSABLE)
    finding = examine(identity, user.password)
    if finding not in {Finding.OWN, Finding.ADOPTED}:
        spend_one_hash(password)
        return Match(is_right=False, finding=finding)
    is_right = _verify(identity, user.password, password)
    if is_right and upgrades:
        _upgrade(user, identity, finding, password)
    return Match(is_right=is_right, finding=finding)


def spend_one_hash(password: str) -> None:
    """Take the time a comparison takes; for users that do not exist."""
    if password_bytes(password) is not None:
        hasher = our_hasher()
        hasher.encode(password, hasher.salt())


def set_password(user: Any, password: str, *, by_owner: bool) -> None:
    """
    Set a user's password: checked against every rule, bound, remembered, saved.

    Args:
        user: a saved user.
        password: the new password.
        by_owner: whether the owner chose it; if somebody else did, it has to be
            changed at the next login.

    Raises:
        django.core.exceptions.ValidationError: names each rule it breaks.
    """
    with transaction.atomic(using=router.db_for_write(type(user))), _set_by(by_owner):
        validate_password(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])


def bind_before_save(sender: Any, instance: Any, raw: bool = False, **kw: Any) -> None:
    """
    Bind a password that is about to be saved unbound; receives `pre_save`.

    The net under `set_password` of the user model, for models that override it.
    """
    password, identity = _just_set(instance, raw)
    if identity is not None and examine(identity, instance.password) != Finding.OWN:
        hasher = our_hasher()
        # By name: where another hasher stands first, the value would stay unbound,
        # and its owner would be locked out by the change.
        with hash_for(identity):
            instance.password = hasher.encode(password, hasher.salt())


def remember_after_save(
    sender: Any,
    instance: Any,
    raw: bool = False,
    update_fields: Any = None,
    **kwargs: Any,
) -> None:
    """Write down that a password was set; receives `post_save`."""
    password, identity = _just_set(instance, raw)
    is_saved = update_fields is None or "password" in update_fields
    if identity is None or not is_saved:
        return
    by_owner = _is_by_owner(identity)
    with transaction.atomic(using=router.db_for_write(Identity)):
        remember(instance, identity, password)
        # What was noted at the registration must not come back by SQL.
        clear_adopted_password(identity)
        password_was_set(instance, by_self=by_owner)
        record(
            PasswordChanged(
                resource=f"identity:{identity.uid}",
                subject_username=instance.get_username(),
                by_owner=by_owner,
            )
        )


def _just_set(user: Any, raw: bool) -> tuple[str, Any]:
    """Return the password `set_password` left on the user, and the identity."""
    password = getattr(user, "_password", None)
    if raw or password is None or user._state.adding:
        return "", None
    return password, identity_of(user)


def _verify(identity: Identity, encoded: str, password: str) -> bool:
    """Compare, with the hasher that made the value; unknown ones match nothing."""
    if password_bytes(password) is None:
        return False
    try:
        hasher = identify_hasher(encoded)
    except ValueError:
        spend_one_hash(password)
        return False
    with hash_for(identity):
        if hasher.algorithm == ALGORITHM:
            return hasher.verify(password, encoded)
        # Django's own Argon2 takes a hundred megabytes; it waits its turn as well. In
        # this thread: a project's hasher may ask the database or the context.
        with hashing_slot():
            return hasher.verify(password, encoded)


def _upgrade(user: Any, identity: Identity, finding: Finding, password: str) -> None:
    """Store a right password anew where it has to be, if it still is the same."""
    before = user.password
    if finding == Finding.OWN and not our_hasher().must_update(before):
        return
    with hash_for(identity):
        after = our_hasher().encode(password, our_hasher().salt())
    with transaction.atomic(using=router.db_for_write(type(user))):
        rows = type(user)._base_manager.filter(pk=user.pk, password=before)
        if not rows.update(password=after):
            return
        user.password = after
        if finding == Finding.ADOPTED:
            clear_adopted_password(identity)
            if faults_of(password):
                write_account(
                    user, must_change_password=True, must_change_why=BELOW_THE_RULES
                )
        record(
            PasswordUpgraded(
                resource=f"identity:{identity.uid}",
                subject_username=user.get_username(),
                reason=finding.value,
            )
        )


_chosen_by_owner: ContextVar[bool | None] = ContextVar("jtsec_by_owner", default=None)


@contextmanager
def _set_by(by_owner: bool) -> Iterator[None]:
    token = _chosen_by_owner.set(by_owner)
    try:
        yield
    finally:
        _chosen_by_owner.reset(token)


def _is_by_owner(identity: Identity) -> bool:
    """
    Answer whether the owner chose the password that is being saved.

    Somebody logged in is asked for their UID. A request without anybody logged in is
    that of a reset link, which was sent to the owner. A command is an administrator.
    """
    told = _chosen_by_owner.get()
    if told is not None:
        return told
    context = current()
    if context.actor.kind == "person":
        return context.actor.uid == str(identity.uid)
    return context.request is not None and context.actor.kind == "anonymous"
