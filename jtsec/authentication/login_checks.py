"""Checks of the login: pages that go round ours or are missing, altered accounts."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Warning
from django.db import router
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from jtsec.core.exceptions import CannotVerify, ConfigurationError
from jtsec.core.tables import are_readable
from jtsec.fields.api import RowSealBroken, check_seal
from jtsec.identity.models import Identity

from .admin_login import stock_sites
from .models import Account

PAGES: Final = (
    "jtsec:login",
    "jtsec:logout",
    "jtsec:password-change",
    "jtsec:last-login",
)
LED_TO: Final = (
    ("LOGIN_URL", 'LOGIN_URL = "jtsec:login"'),
    ("LOGIN_REDIRECT_URL", 'LOGIN_REDIRECT_URL = "jtsec:last-login"'),
)
"""Settings that name a page; one that is not there fails everybody's request."""

LOOKED_AT: Final = 1000
"""Accounts a check verifies, the latest first; a login verifies its own in any case."""


def check_admin_logins(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W070: an admin site made after start shows its own login page."""
    return [
        Warning(
            _("Clause A3.2.12: the admin site %(name)r shows a login page of its own.")
            % {"name": name},
            hint=_('Put "jtsec" after the app that makes the site in INSTALLED_APPS.'),
            id="jtsec.W070",
        )
        for name in stock_sites()
    ]


def check_pages(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E071: the pages for login, notice and password change must be reachable."""
    if not getattr(settings, "ROOT_URLCONF", ""):
        return []
    missing = [name for name in PAGES if not _is_reachable(name)]
    kind = Warning if settings.DEBUG else Error
    text = _("Clause A3.2.12: no address leads to %(names)s.")
    if not missing:
        return [
            kind(text % {"names": getattr(settings, name)}, hint=hint, id="jtsec.E071")
            for name, hint in LED_TO
            if not _leads_somewhere(getattr(settings, name))
        ]
    return [
        kind(
            text % {"names": ", ".join(missing)},
            hint="from django.urls import include, path\n"
            'urlpatterns += [path("accounts/", include("jtsec.urls"))]',
            id="jtsec.E071",
        )
    ]


def check_accounts(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    """E310: accounts that SQL has altered or removed; their owners are refused."""
    if not _is_readable(databases):
        return []
    broken, lost = broken_accounts(), people_without_account()
    if not broken and not lost:
        return []
    return [
        Error(
            _(
                "Clause A3.2.8: %(broken)d accounts were altered behind the "
                "application's back, and %(lost)d are missing."
            )
            % {"broken": len(broken), "lost": lost},
            hint=_("Find out who may write to the database. User ids: %(ids)s")
            % {"ids": ", ".join(str(one) for one in broken[:10]) or "–"},
            id="jtsec.E310",
        )
    ]


def broken_accounts() -> list[Any]:
    """Return the user ids of accounts whose seal is broken, among the latest ones."""
    found = []
    for account in Account.objects.order_by("-pk")[:LOOKED_AT]:
        try:
            check_seal(account)
        except RowSealBroken:
            found.append(account.user_id)
        except (CannotVerify, ConfigurationError):
            # Missing keys have a check of their own.
            return []
    return found


def people_without_account() -> int:
    """Return how many registered users have lost their account."""
    people = get_user_model()._base_manager.filter(jtsec_identity__isnull=False)
    return int(people.filter(jtsec_account__isnull=True).count())


def _is_readable(databases: Any) -> bool:
    """
    Answer whether the database is to be checked and has been migrated.

    It is asked for its tables: a query that fails would spoil a transaction around it.
    """
    models = (Account, Identity, get_user_model())
    return are_readable(databases, router.db_for_read(Account), *models)


def _leads_somewhere(target: Any) -> bool:
    try:
        resolve_url(target)
    except NoReverseMatch:
        return False
    return True


def _is_reachable(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


ALL: Final = (check_admin_logins, check_pages)
DATABASE: Final = (check_accounts,)
