"""
Identities for users that tests make, so that guarded views answer them.

A test says `User.objects.create_user("ann")` and means a person who may be here. In a
run such a user gets a made-up, valid identity of duty "business", the same for the
same user name each time. Only what the test itself makes is treated so: a user that
a view makes has no identity, as in operation, until the test logs them in by force.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from django.db import router

from jtsec.core.context import acting_as, current, system_actor
from jtsec.core.exceptions import InputError
from jtsec.crypto import sm3
from jtsec.identity import ledger
from jtsec.identity.api import Taken, create_organisation, fold_login_name, register
from jtsec.identity.models import Identity, LedgerKind, Organization
from jtsec.validation.resident_id import check_character

from .run import is_running

ACTOR: Final = "jtsec.testing"
ORGANISATION: Final = "110000000000"
TRIES: Final = 20
_EARLIEST: Final = date(1960, 1, 1)
_DAYS: Final = 15_000

logger = logging.getLogger("jtsec.testing")
_wishes: ContextVar[Mapping[str, Any] | None] = ContextVar(
    "jtsec_testing_wishes", default=MappingProxyType({})
)


@contextmanager
def users_become(particulars: Mapping[str, Any] | None) -> Iterator[None]:
    """
    Say who the users made in the block are.

    Args:
        particulars: what `jtsec.identity.api.register` is to be told instead of what
            would be made up; None leaves the users unregistered.
    """
    token = _wishes.set(particulars)
    try:
        yield
    finally:
        _wishes.reset(token)


def register_made(sender: Any, instance: Any, created: bool, **kw: Any) -> None:
    """Register a user that a test has just made; receives `post_save`."""
    is_here = kw.get("using") == router.db_for_write(Identity)
    is_whole = created and is_here and not kw.get("raw")
    if is_whole and is_user(instance) and is_made_by_the_test():
        ensure_identity(instance)


def register_all(**kwargs: Any) -> None:
    """Register whoever came another way: by a fixture, in bulk, by a migration."""
    alias = kwargs.get("using") or router.db_for_write(Identity)
    if alias != router.db_for_write(Identity):
        return
    users = user_model()._base_manager.using(alias)
    ensure_identities(users.filter(jtsec_identity__isnull=True))


def ensure_identities(users: Iterable[Any]) -> None:
    """Register each of these users who is not."""
    for user in users:
        ensure_identity(user)


def ensure_identity(user: Any) -> None:
    """
    Register a user, unless they are registered or the test wants a stranger.

    A name that nobody can be registered under leaves the user unregistered, and says
    so to the logger: in operation it is the same.
    """
    wishes = _wishes.get()
    if wishes is None or not user.pk or not is_running():
        return
    if Identity.objects.filter(user_id=user.pk).exists():
        return
    try:
        with acting_as(system_actor(ACTOR)):
            identity = _register(user, wishes)
    except InputError as error:
        logger.warning("%r got no identity: %s", user.get_username(), error)
        return
    account = identity.user.jtsec_account
    user.jtsec_identity, user.jtsec_account = identity, account


def is_user(instance: Any) -> bool:
    """Answer whether this is one of the project's users."""
    return isinstance(instance, user_model())


def is_made_by_the_test() -> bool:
    """Answer whether the test's own code is at work, and no view."""
    return current().request is None


def user_model() -> Any:
    """Return the model that identities point to; a test may swap the setting."""
    return Identity._meta.get_field("user").related_model


def made_up(username: str, attempt: int = 0) -> dict[str, Any]:
    """
    Return valid particulars for a user name, the same ones each time.

    Args:
        username: the name.
        attempt: gives others, for the rare case that two names meet in one ID number.
    """
    seed = f"{fold_login_name(username)}\0{attempt}".encode("utf-8", "replace")
    digest = sm3.hexdigest(seed)
    birthday = _EARLIEST + timedelta(days=int(digest[:8], 16) % _DAYS)
    digits = f"110105{birthday:%Y%m%d}{int(digest[8:16], 16) % 1000:03}"
    return {
        "name": "测试人员",
        "resident_id": digits + check_character(digits),
        "is_police": False,
        "number": f"T{digest[:15]}".upper(),
        "organisation": ORGANISATION,
        "duty": "business",
    }


def _register(user: Any, wishes: Mapping[str, Any]) -> Identity:
    if "organisation" not in wishes:
        _make_organisation()
    for attempt in range(TRIES):
        particulars = {**made_up(user.get_username(), attempt), **wishes}
        try:
            return register(user, **particulars)
        except Taken as error:
            if error.field == "username":
                return register(user, **particulars, returning=_former(user))
            if error.field in wishes or attempt == TRIES - 1:
                raise
    raise AssertionError("the last try returns or raises")


def _former(user: Any) -> Any:
    """Return the UID of the user who had this name and was deleted by the test."""
    kind = LedgerKind.LOGIN_NAME.value
    return ledger.owners_of({kind: fold_login_name(user.get_username())}).get(kind)


def _make_organisation() -> None:
    if not Organization.objects.filter(code=ORGANISATION).exists():
        create_organisation(code=ORGANISATION, name="测试单位")
