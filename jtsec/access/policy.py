"""
What a process knows of the policy, and when it looks again (clause A4.10).

    grants = grants_of(identity)

A request's questions are answered from memory. At most once a second a process asks
for the policy's token, one row by its key; where it has changed everything is read
anew. So a right that was taken away stops working on every process within two seconds,
and fifty questions on a page cost no query. What is older than a minute is read again
whatever the token says: SQL that goes behind our back changes no token.

In a transaction nothing is kept for others: it may be rolled back, and on a database
that shows it an old picture it would bring back what others know to be gone.
"""

from __future__ import annotations

from threading import Lock
from typing import Any, Final

from django.db import connections

from jtsec.core.clock import elapsed
from jtsec.identity.models import Identity

from . import django_permissions, policy_token
from .functions import Function, function_of, permission_names, stand_in
from .grants import Grants
from .known_people import Fingerprint, fingerprint, load_grants
from .known_roles import KnownRole, load_roles
from .organisation_tree import Tree, load_tree

ASK_SECONDS: Final = 1.0
KEEP_SECONDS: Final = 60.0
_OWN: Final = "_jtsec_policy_in_transaction"


class Policy:
    """
    What is known under one token; filled when first asked for.

    Args:
        token: the token it was read under.
    """

    def __init__(self, token: str) -> None:
        self.token = token
        self.asked = self.read = elapsed()
        self._roles: dict[Any, KnownRole] | None = None
        self._tree: Tree | None = None
        self._names: frozenset[str] | None = None
        self._grants: dict[Any, tuple[Fingerprint, Grants]] = {}

    @property
    def roles(self) -> dict[Any, KnownRole]:
        """Return the live roles that can be believed, by primary key."""
        if self._roles is None:
            self._roles = load_roles()
        return self._roles

    @property
    def tree(self) -> Tree:
        """Return the tree of the organisations."""
        if self._tree is None:
            self._tree = load_tree()
        return self._tree

    def demands_of(self, right: str) -> Function | None:
        """
        Return what a right demands, None where there is no such right.

        A permission row of Django's that nobody declared is a function of the
        business with nothing out of the ordinary.
        """
        return function_of(right) or self._undeclared(right)

    def is_propagatable(self, right: str) -> bool:
        """Answer whether a right may be had by propagation, as declared today."""
        function = function_of(right)
        return function is not None and function.propagatable

    def grants_of(self, identity: Identity) -> Grants:
        """Return what a person may do; read when not known, or not as the person is."""
        print_ = fingerprint(identity)
        known = self._grants.get(identity.pk)
        if known is not None and known[0] == print_:
            return known[1]
        grants = load_grants(identity, self)
        self._grants[identity.pk] = (print_, grants)
        return grants

    def _undeclared(self, right: str) -> Function | None:
        names = self._names
        # Where rows of Django's give rights, a new one is looked for when it is missed.
        if names is None or (right not in names and django_permissions.count()):
            names = self._names = permission_names()
        return stand_in(right) if right in names else None

    def is_to_be_asked(self) -> bool:
        """Answer whether the token must be compared again."""
        return elapsed() - self.asked >= ASK_SECONDS

    def is_old(self) -> bool:
        """Answer whether it must be read again, whatever the token says."""
        return elapsed() - self.read >= KEEP_SECONDS


_shared: Policy | None = None
_lock = Lock()


def current(*, fresh: bool = False) -> Policy:
    """
    Return the policy as this process, or this transaction, knows it.

    Args:
        fresh: compare the token now, for a decision under a lock, which must not be
            taken by what was true a second ago.
    """
    connection = policy_token.connection_in_use()
    if policy_token.has_own_changes(connection):
        return Policy(policy_token.stored_token())
    if policy_token.is_in_transaction(connection):
        return _of_transaction(fresh=fresh)
    return _of_process(fresh=fresh)


def grants_of(identity: Identity) -> Grants:
    """
    Return what a person may do.

    Args:
        identity: theirs, as the request loaded it; the seal is checked when this
            process sees it for the first time as it is now.
    """
    return current().grants_of(identity)


def forget() -> None:
    """Drop what this process knows; the next question reads it."""
    global _shared  # noqa: PLW0603 - the one memory of the process
    _shared = None
    vars(connections[policy_token.database()]).pop(_OWN, None)


def forget_for_setting(*, setting: str, **kwargs: Any) -> None:
    """Drop what is known when keys or rules change; receives `setting_changed`."""
    if setting.startswith("JTSEC_") or setting == "DATABASES":
        forget()


def _of_process(*, fresh: bool = False) -> Policy:
    global _shared  # noqa: PLW0603 - the one memory of the process
    known = _shared
    if known is not None and not fresh and not known.is_to_be_asked():
        return known
    token = policy_token.stored_token()
    with _lock:
        known = _shared
        if known is None or known.token != token or known.is_old():
            known = _shared = Policy(token)
        known.asked = elapsed()
    return known


def _of_transaction(*, fresh: bool = False) -> Policy:
    """Return what this connection knows in a transaction; shared with nobody."""
    own = vars(connections[policy_token.database()])
    known: Policy | None = own.get(_OWN)
    if known is not None and not fresh and not known.is_to_be_asked():
        return known
    token = policy_token.stored_token()
    if known is None or known.token != token or known.is_old():
        known = own[_OWN] = Policy(token)
    known.asked = elapsed()
    return known
