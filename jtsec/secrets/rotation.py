"""
New passwords for the two accounts of a database, while the application works (P44.2).

    made and written down         nobody is told yet; a killed run goes on from here
    delivered                     sealed to the database administrator's key
    standby account               gets its own, and lets us in
    switched                      the application's next connections are its
    drained                       nobody has worked as the old account for a while
    old account                   gets its own, and is the standby

Every step is taken by what the store and the server say, so the same call begins and
resumes. Each account changes its own password: none with power over others is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Final

from django.conf import settings
from django.db import connections, router, transaction
from django.utils.translation import gettext as _

from jtsec.audit.api import boundary, record
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import elapsed, now
from jtsec.core.exceptions import ConfigurationError, InputError, Refused
from jtsec.crypto import sm3
from jtsec.crypto.envelope import recipient_id

from . import api
from .accounts import Account, Accounts, dump_accounts, parse_accounts
from .acts import require_allowed, resource_of
from .conf import dba_key
from .delivery import Delivery, seal_delivery, write_delivery
from .equal_rights import require_alike
from .events import PasswordChanged, PasswordsFailed, PasswordsMade
from .leaving import Patience, Tell, wait_until_left
from .new_password import new_password
from .server import connected_as, lets_in, server_of
from .taking_up import ACCOUNTS

__all__ = ["Patience", "Rotation", "rotate"]


@dataclass(frozen=True)
class Rotation:
    """
    How far it got.

    Args:
        active: the account that the application connects as.
        waiting: who worked as the old account, or whose password the administrator
            has not set yet; empty when all is done.
    """

    active: str
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Task:
    name: str
    alias: str
    reason: str
    patience: Patience
    tell: Tell


def rotate(
    name: str, *, deliver: Path, reason: str, patience: Patience, tell: Tell
) -> Rotation:
    """
    Change the passwords of two accounts, or go on where a call before has stopped.

    Args:
        name: of the accounts in the store.
        deliver: where the sealed passwords are written, a new file.
        reason: why, for the audit.
        patience: how long to wait.
        tell: is told each step, for a terminal.

    Raises:
        Refused: "secrets-not-allowed", or "rotation-busy": another run is at it.
        InputError: there is no reason, or the file is there already.
        ConfigurationError: accounts, server or the administrator's key cannot be
            used, or the accounts may not do the same. The application works on as
            the account it had.
        AuditUnavailable: it could not be recorded.
    """
    reason = require_allowed(name, reason)
    task = _Task(name, _alias_of(name), reason, patience, tell)
    try:
        with _only_run(task):
            return _carry_on(task, _begin(task, deliver))
    except ConfigurationError as error:
        with boundary():
            record(PasswordsFailed(resource=resource_of(name), reason=str(error)[:200]))
        raise


ENDING_SECONDS: Final = 3.0
"""How long a server may take to notice that a run before this one is gone."""


@contextmanager
def _only_run(task: _Task) -> Iterator[None]:
    """
    Let one run at a time change these passwords, from whichever machine.

    The lock is the server's and ends with the connection, so with the process too.
    That connection does nothing else, and so is not taken for the application's.
    """
    accounts = parse_accounts(api.secret(task.name))
    with connected_as(task.alias, accounts.in_force) as held:
        # Of these accounts: on one server, another project has its own.
        users = "\n".join(sorted(accounts.both))
        name = f"jtsec.rotation:{sm3.hexdigest(users.encode())[:32]}"
        server = server_of(task.alias)
        end = elapsed() + ENDING_SECONDS
        while not server.is_alone(held, name):
            if elapsed() > end:
                sentence = _("Another run changes these passwords.")
                raise Refused("rotation-busy", sentence)
            sleep(0.1)
        yield


def _begin(task: _Task, deliver: Path) -> Accounts:
    """Make passwords and hand them over; nothing new where that was done before."""
    recipient = dba_key()
    accounts = parse_accounts(api.secret(task.name))
    is_new = not accounts.coming
    if is_new:
        _require_new(deliver)
        require_alike(task.alias, accounts)
        accounts = _make(task, recipient_id(recipient))
        task.tell(_("New passwords were made."))
    if is_new or not deliver.exists():
        entry = connections[task.alias].settings_dict
        delivery = Delivery(
            name=task.name,
            database=f"{entry['NAME']} {entry['HOST']}".strip(),
            made=now().isoformat(),
            passwords=accounts.coming,
        )
        write_delivery(deliver, seal_delivery(delivery, recipient))
        said = _("Sealed for the database administrator: %(path)s")
        task.tell(said % {"path": deliver})
    return accounts


def _require_new(deliver: Path) -> None:
    if deliver.exists():
        raise InputError(
            _("%(path)s is there already; it was left as it is") % {"path": deliver},
            field="deliver",
            code="exists",
        )


def _make(task: _Task, recipient: str) -> Accounts:
    """Write new passwords down, for this run or the one that goes on after it."""

    def make(found: Accounts) -> Accounts:
        if found.coming:
            return found  # somebody else's: the server may know them already
        return found.with_coming({user: new_password() for user in found.both})

    event = PasswordsMade(
        resource=resource_of(task.name), reason=task.reason, recipient=recipient
    )
    with transaction.atomic(using=router.db_for_write(AuditRecord)):
        record(event)
        return _change(task.name, make)


def _carry_on(task: _Task, accounts: Accounts) -> Rotation:
    """Take the steps that are left, and return how far they led."""
    if accounts.active in accounts.coming and accounts.standby.user in accounts.coming:
        standby = accounts.standby
        if not _set_at_server(task, standby, accounts):
            return Rotation(accounts.active, (standby.user,))
        accounts = _take(task, standby.user, active=standby.user)
        said = _("The application now connects as %(user)s.")
        task.tell(said % {"user": accounts.active})
    if not accounts.coming:
        return Rotation(accounts.active)
    old = accounts.standby
    busy = wait_until_left(task.alias, accounts, task.patience, task.tell)
    if busy:
        return Rotation(accounts.active, busy)
    if not _set_at_server(task, old, accounts):
        return Rotation(accounts.active, (old.user,))
    accounts = _take(task, old.user, active=accounts.active)
    task.tell(_("The old password of %(user)s no longer opens.") % {"user": old.user})
    return Rotation(accounts.active)


def _set_at_server(task: _Task, account: Account, accounts: Accounts) -> bool:
    """Bring the coming password of an account to the server; False: not set yet."""
    wanted = Account(account.user, accounts.coming[account.user])
    # A run before, or the administrator, may have set it.
    if lets_in(task.alias, wanted):
        return True
    if task.patience.by_dba:
        return False
    with connected_as(task.alias, account) as connection:
        server_of(task.alias).set_own_password(connection, wanted)
    with connected_as(task.alias, wanted):
        return True


def _take(task: _Task, user: str, *, active: str) -> Accounts:
    """Put a set password in the old one's place; with another active, that switches."""

    def take(found: Accounts) -> Accounts:
        if user not in found.coming:
            return found  # taken already
        return found.with_taken(user, now(), active=active)

    event = PasswordChanged(
        resource=resource_of(task.name),
        reason=task.reason,
        account=user,
        is_active=user == active,
    )
    with transaction.atomic(using=router.db_for_write(AuditRecord)):
        record(event)
        changed = _change(task.name, take)
    # Our own connections are the application's too, and would be waited for.
    for connection in connections.all(initialized_only=True):
        connection.close_if_unusable_or_obsolete()
    return changed


def _change(name: str, change: Callable[[Accounts], Accounts]) -> Accounts:
    value = api.replace(
        name, lambda found: dump_accounts(change(parse_accounts(found))), at=now()
    )
    return parse_accounts(value)


def _alias_of(name: str) -> str:
    for alias, entry in settings.DATABASES.items():
        if entry.get(ACCOUNTS) == name:
            return str(alias)
    raise InputError(
        _("No database of the settings connects as the accounts %(name)s.")
        % {"name": name},
        field="name",
    )
