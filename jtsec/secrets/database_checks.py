"""Checks of the accounts of databases, and of how old their passwords are (P44.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import connections
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError

from . import api
from .accounts import parse_accounts
from .conf import dba_key, secrets_settings
from .password_age import overdue
from .taking_up import ACCOUNTS, TakesUpAccount


def check_accounts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E125: kept accounts can be read, taken up, and given new passwords."""
    return [
        Error(
            _("The accounts of the database %(alias)s cannot be used: %(reason)s.")
            % {"alias": alias, "reason": reason},
            hint=_(
                'DATABASES["%(alias)s"] = with_accounts({...}, "db.accounts"); the '
                "accounts: python -m jtsec.secrets accounts db.accounts USER USER"
            )
            % {"alias": alias},
            id="jtsec.E125",
        )
        for alias, reason in _faults()
    ]


def check_ages(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W235: no password of a database is overdue."""
    most = secrets_settings().database_password_days
    messages: list[CheckMessage] = []
    for one in overdue():
        if one.days is None:
            text = _("Nobody knows how old the password of the database %(alias)s is.")
        else:
            text = _("The password of the database %(alias)s is %(days)d days old.")
        messages.append(
            Warning(
                text % {"alias": one.alias, "days": one.days},
                hint=_("Change it every %(most)d days: jtsec_secrets_rotate.")
                % {"most": most},
                id="jtsec.W235",
            )
        )
    return messages


def _faults() -> Iterator[tuple[str, str]]:
    for alias, entry in sorted(settings.DATABASES.items()):
        name = entry.get(ACCOUNTS)
        if not name:
            continue
        try:
            parse_accounts(api.secret(name))
            if secrets_settings().dba_key_file:
                dba_key()
        except ConfigurationError as error:
            yield alias, str(error)
        if not isinstance(connections[alias], TakesUpAccount):
            yield alias, _("its ENGINE does not take them up")
        if entry.get("OPTIONS", {}).get("pool"):
            yield alias, _("a pool cannot take up another account")


ON_DEPLOY: Final = (check_ages,)
ALWAYS: Final = (check_accounts,)
