"""Connects authentication to logins, identities, saved passwords and the checks."""

from __future__ import annotations

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.checks import Tags
from django.db.models.signals import post_save

from jtsec.audit.rules.api import register_calendar
from jtsec.core.gates import register
from jtsec.identity.api import on_rename
from jtsec.identity.models import Identity

from . import account_changes, accounts, admin_login, calendar, checks, logins
from .password_wiring import wire_passwords


def wire() -> None:
    """Make accounts with identities, note logins, guard the admin's login page."""
    post_save.connect(
        accounts.make_account,
        sender=Identity,
        dispatch_uid="jtsec.authentication.accounts.make_account",
    )
    on_rename(account_changes.follow_rename)
    register_calendar(calendar.is_workday)
    # After the sessions' gate, which is wired before: a login without a place is none.
    user_logged_in.connect(
        logins.note_login, dispatch_uid="jtsec.authentication.logins.note_login"
    )
    user_logged_out.connect(
        logins.note_logout, dispatch_uid="jtsec.authentication.logins.note_logout"
    )
    wire_passwords()
    admin_login.lead_to_our_login()
    for check in checks.ALL:
        register(check, "jtsec")
    for check in checks.DATABASE:
        register(check, "jtsec", Tags.database)
