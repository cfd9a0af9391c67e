"""Binds the console's rights to their duties, and tells the audit who people are."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.access.api import bind_right
from jtsec.audit.query.api import register_directory

AUDIT: Final[Mapping[str, Promise]] = MappingProxyType(
    {
        "jtsec.view_auditrecord": _("Read the audit log"),
        "jtsec.read_audit_details": _("Open encrypted details of events"),
        "jtsec.view_alarm": _("Handle alarms"),
        "jtsec.change_auditpolicy": _("Set audit policies"),
    }
)
SYSTEM: Final[Mapping[str, Promise]] = MappingProxyType(
    {
        "jtsec.view_system": _("Look at how the system stands"),
        "jtsec.run_task": _("Run tasks of the background at once"),
        "jtsec.view_parameter": _("Look at the settings"),
        "jtsec.view_key": _("Look at the state of the keys"),
        "jtsec.maintain_organization": _("Maintain organisations"),
        "jtsec.view_account": _("Look at users"),
        "jtsec.maintain_account": _("Change users, put them out of use and into use"),
        "jtsec.reset_password": _("Reset passwords"),
        "jtsec.restrict_login": _("Restrict from where and when users log in"),
        "jtsec.review_account": _("Review accounts and suspend unused ones"),
    }
)
SECURITY: Final[Mapping[str, Promise]] = MappingProxyType(
    {
        "jtsec.view_security": _("Look at how the controls stand"),
        "jtsec.view_policy": _("Look at the security policies"),
        "jtsec.handle_handed_alarm": _("Handle alarms that were handed over"),
        "jtsec.lift_block": _("Lift locks and take terminals off the blacklist"),
        "jtsec.end_session": _("End sessions of others"),
        "jtsec.view_function": _("Read the list of functions"),
        "jtsec.change_role": _("Make and change roles"),
        "jtsec.assign_role": _("Give roles to people and take them back"),
        "jtsec.give_propagation": _("Let people pass rights on"),
        "jtsec.bind_terminal": _("Bind terminals to people"),
        "jtsec.maintain_client": _("Register and end the keys of signing clients"),
        "jtsec.check_conflict": _("Check for conflicts of duties and functions"),
        "jtsec.appoint_post": _("Appoint people to posts, set clearances"),
    }
)

SET_UP: Final = frozenset(
    {
        "jtsec.view_function",
        "jtsec.change_role",
        "jtsec.assign_role",
        "jtsec.appoint_post",
        "jtsec.maintain_organization",
        "jtsec.view_account",
        "jtsec.maintain_account",
        "jtsec.reset_password",
        "jtsec.restrict_login",
    }
)
"""Also for who installs, until somebody has the duty (clauses A4.5, P38)."""


def wire() -> None:
    """Say whose the rights of the console's pages are (clauses A4.4, A4.5)."""
    from .directory import IdentityDirectory

    for right, title in AUDIT.items():
        bind_right(right, "audit", title)
    for right, title in SYSTEM.items():
        bind_right(right, "system", title, set_up=right in SET_UP)
    for right, title in SECURITY.items():
        bind_right(right, "security", title, set_up=right in SET_UP)
    register_directory(IdentityDirectory())
