"""
What a test run eases, each thing with its reason; the list is the documentation.

Every relief stands in front of a function of ours or of Django's, hands over to it
when no run is going on (`run.is_running`), and is taken away at the run's end.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final, NamedTuple

from asgiref.sync import sync_to_async

from django.conf import settings
from django.core.checks.registry import CheckRegistry
from django.core.management.commands import flush, loaddata
from django.db import connections
from django.db.models import QuerySet
from django.test.client import ClientMixin

from jtsec.access import django_permissions, policy, policy_token
from jtsec.audit import immutability
from jtsec.authentication import accounts, entry, passwords, user_model
from jtsec.authentication.argon2_profiles import Argon2Profile
from jtsec.authentication.backend import IdentityBackend
from jtsec.authentication.exceptions import LoginRefused
from jtsec.authentication.hashers import JtsecArgon2Hasher
from jtsec.authentication.models import Account
from jtsec.authentication.passwords import Finding
from jtsec.fields.api import apply_seal
from jtsec.identity.api import identity_of

from . import identities
from .run import Run, as_in_operation, is_running

CHEAP: Final = Argon2Profile(memory=8, time=1, lanes=1)
OUR_HASHER: Final = "jtsec.authentication.hashers.JtsecArgon2Hasher"
MARK: Final = "_jtsec_relief"
TEST_BLOCKS: Final = "_jtsec_testing_blocks"


class SuperuserAllowed(UserWarning):
    """Says that a superuser was let in because this is a test; nobody else is."""


class Relief(NamedTuple):
    """One function with something in front of it: where, which, what, and why."""

    owner: Any
    name: str
    front: Callable[[Callable[..., Any]], Callable[..., Any]]
    why: str


def cheap_profile(profile: Callable[..., Any]) -> Callable[..., Any]:
    """Hash in well under a millisecond; values of the real price stay verifiable."""
    return _in_front(profile, lambda self: CHEAP)


def permit_superuser(require_person: Callable[..., Any]) -> Callable[..., Any]:
    """Let a superuser stay, after every other question was asked."""

    def require(user: Any) -> None:
        try:
            require_person(user)
        except LoginRefused as refused:
            if refused.reason != "superuser":
                raise
            _warn_of_superuser(user)

    return _in_front(require_person, require)


def load_superuser(can_authenticate: Callable[..., Any]) -> Callable[..., Any]:
    """Let the session of a superuser be loaded."""

    def may(self: IdentityBackend, user: Any) -> bool:
        if can_authenticate(self, user):
            return True
        identity = identity_of(user)
        is_person = identity is not None and identity.is_active
        return is_person and user.is_active and bool(user.is_superuser)

    return _in_front(can_authenticate, may)


def accept_weak_password(require_good_form: Callable[..., Any]) -> Callable[..., Any]:
    """Let the test's own code set "secret"; what a view sets keeps the rules."""

    def require(password: str) -> None:
        if not identities.is_made_by_the_test():
            require_good_form(password)

    return _in_front(require_good_form, require)


def keep_adopted(upgrade: Callable[..., Any]) -> Callable[..., Any]:
    """
    Leave the value a user was made with, instead of upgrading it at the first login.

    The upgrade, good once for people from before jtsec, ends their other sessions and
    judges their password by the rules of today; every test would begin with it.
    """

    def keep(user: Any, identity: Any, finding: Finding, password: str) -> None:
        if finding is not Finding.ADOPTED:
            upgrade(user, identity, finding, password)

    return _in_front(upgrade, keep)


def lift_triggers(handle: Callable[..., Any]) -> Callable[..., Any]:
    """
    Let TransactionTestCase empty the audit, which refuses DELETE and TRUNCATE.

    What this process remembers of the access policy is emptied with its tables.
    """

    def flush_lifted(self: Any, **options: Any) -> Any:
        with immutability.lifted(connections[options["database"]]):
            done = handle(self, **options)
        policy.forget()
        return done

    return _in_front(handle, flush_lifted)


def register_loaded(handle: Callable[..., Any]) -> Callable[..., Any]:
    """Register the users of a fixture, once the whole of it is loaded."""

    def load(self: Any, *args: Any, **options: Any) -> Any:
        done = handle(self, *args, **options)
        identities.register_all(using=options["database"])
        return done

    return _in_front(handle, load)


def register_bulk(bulk_create: Callable[..., Any]) -> Callable[..., Any]:
    """Register users that are made in bulk, which sends no signal."""

    def create(self: QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        made = bulk_create(self, *args, **kwargs)
        is_of_users = issubclass(self.model, identities.user_model())
        if is_of_users and identities.is_made_by_the_test():
            identities.register_all(using=self.db)
            _forget_misses(made)
        return made

    return _in_front(bulk_create, create)


def register_first(force_login: Callable[..., Any]) -> Callable[..., Any]:
    """Register whoever is logged in by force."""

    def login(self: Any, user: Any, *args: Any, **kwargs: Any) -> Any:
        identities.ensure_identity(user)
        return force_login(self, user, *args, **kwargs)

    return _in_front(force_login, login)


def register_first_async(force_login: Callable[..., Any]) -> Callable[..., Any]:
    """See `register_first`."""

    async def login(self: Any, user: Any, *args: Any, **kwargs: Any) -> Any:
        await sync_to_async(identities.ensure_identity)(user)
        return await force_login(self, user, *args, **kwargs)

    return _in_front(force_login, login)


def count_permissions(count: Callable[..., Any]) -> Callable[..., Any]:
    """Let `user_permissions` and groups give rights, as a test writes them."""
    return _in_front(count, lambda: True)


def forget_other_tests(has_own_changes: Callable[..., Any]) -> Callable[..., Any]:
    """Remember nothing of the access policy of a test that was rolled back."""

    def has(connection: Any) -> bool:
        blocks = [
            block
            for block in connection.atomic_blocks
            if getattr(block, "_from_testcase", False)
        ]
        own = vars(connection)
        if own.get(TEST_BLOCKS, []) != blocks:
            own[TEST_BLOCKS] = blocks
            policy.forget()
        return bool(has_own_changes(connection))

    return _in_front(has_own_changes, has)


def judge_as_served(get_checks: Callable[..., Any]) -> Callable[..., Any]:
    """Let the checks see no relief; a run of tests begins with them."""

    def checks(self: CheckRegistry, *args: Any, **kwargs: Any) -> Any:
        return [_as_served(check) for check in get_checks(self, *args, **kwargs)]

    return _in_front(get_checks, checks)


def keep_our_hasher(*, setting: str, enter: bool, **kwargs: Any) -> None:
    """
    Keep our hasher known to a test that names others; receives `setting_changed`.

    It comes last, so that what the test asked for is done with the hasher it named.
    """
    if setting == "PASSWORD_HASHERS" and enter and is_running():
        named = list(settings.PASSWORD_HASHERS)
        if OUR_HASHER not in named:
            # Set on the override in force, and gone with it.
            settings.PASSWORD_HASHERS = [*named, OUR_HASHER]


def leave_password_undue(sender: Any, instance: Account, **kwargs: Any) -> None:
    """
    Let somebody whose password the test set go on with it; receives `pre_save`.

    What a view or a verb of ours demands stays due.
    """
    by_test = {accounts.FIRST_LOGIN, accounts.SET_BY_ADMINISTRATOR}
    is_by_test = instance.must_change_why in by_test
    if is_running() and is_by_test and identities.is_made_by_the_test():
        instance.must_change_password, instance.must_change_why = False, ""
        apply_seal(instance)


RELIEFS: Final = (
    Relief(JtsecArgon2Hasher, "profile", cheap_profile, "hashing is cheap"),
    Relief(entry, "_require_person", permit_superuser, "admin clients work"),
    Relief(IdentityBackend, "user_can_authenticate", load_superuser, "the same"),
    Relief(user_model, "require_good_form", accept_weak_password, 'set_password("x")'),
    Relief(passwords, "_upgrade", keep_adopted, "sessions outlive a second login"),
    Relief(flush.Command, "handle", lift_triggers, "TransactionTestCase flushes"),
    Relief(loaddata.Command, "handle", register_loaded, "fixtures bring users"),
    Relief(QuerySet, "bulk_create", register_bulk, "bulk_create makes users"),
    Relief(django_permissions, "count", count_permissions, "user_permissions count"),
    Relief(policy_token, "has_own_changes", forget_other_tests, "tests start afresh"),
    Relief(CheckRegistry, "get_checks", judge_as_served, "checks pass"),
    Relief(ClientMixin, "force_login", register_first, "force_login logs in"),
    Relief(ClientMixin, "aforce_login", register_first_async, "the same"),
)


def put_in_front(run: Run) -> None:
    """Put every relief in its place until the run ends."""
    run.enter(_in_place())


def left_in_place() -> list[str]:
    """Return the names of the functions that have a relief in front of them."""
    return [
        f"{getattr(one.owner, '__qualname__', one.owner.__name__)}.{one.name}"
        for one in RELIEFS
        if hasattr(getattr(one.owner, one.name), MARK)
    ]


@contextmanager
def _in_place() -> Iterator[None]:
    before = [(one, vars(one.owner)[one.name]) for one in RELIEFS]
    try:
        for one, plain in before:
            setattr(one.owner, one.name, one.front(plain))
        yield
    finally:
        for one, plain in before:
            setattr(one.owner, one.name, plain)


def _in_front(
    plain: Callable[..., Any], eased: Callable[..., Any]
) -> Callable[..., Any]:
    @wraps(plain)
    def choose(*args: Any, **kwargs: Any) -> Any:
        return (eased if is_running() else plain)(*args, **kwargs)

    setattr(choose, MARK, True)
    return choose


def _as_served(check: Any) -> Any:
    @wraps(check)
    def judge(*args: Any, **kwargs: Any) -> Any:
        with as_in_operation():
            return check(*args, **kwargs)

    return judge


def _forget_misses(users: list[Any]) -> None:
    """Let users at hand find the identity that they were asked for in vain."""
    for user in users:
        for name in ("jtsec_identity", "jtsec_account"):
            user._state.fields_cache.pop(name, None)


def _warn_of_superuser(user: Any) -> None:
    warnings.warn(
        "a superuser is let in because this is a test run; in operation jtsec refuses "
        "superusers, so test with the rights your people will have",
        SuperuserAllowed,
        stacklevel=2,
    )
