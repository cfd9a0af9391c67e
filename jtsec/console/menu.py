"""
The menu of the console: what stands in it is decided by the duty (clause A4.4).

A page is entered here once, with the right its view asks for. Somebody sees the entries
whose right they have, and as each of jtsec's own rights belongs to one duty, no two
duties share a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.access.api import may_use

AUDIT: Final = "jtsec.view_auditrecord"


@dataclass(frozen=True)
class Entry:
    """
    One page in the menu.

    Args:
        label: its name.
        view: the URL name of its first page, without the namespace.
        right: what its view asks for.
        also: URL names of further pages that belong to it, so that the menu shows
            where somebody is.
    """

    label: str | Promise
    view: str
    right: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """A heading of the menu and the pages below it."""

    label: str | Promise
    entries: tuple[Entry, ...]


MENU: Final[tuple[Group, ...]] = (
    Group(
        _("Audit"),
        (
            Entry(_("Audit overview"), "audit-overview", AUDIT),
            Entry(
                _("Log query"),
                "audit-records",
                AUDIT,
                also=(
                    *("audit-record", "audit-record-open", "audit-proof"),
                    *("audit-details", "audit-export"),
                ),
            ),
            Entry(_("Login log"), "audit-logins", AUDIT),
            Entry(_("Security events"), "audit-security", AUDIT),
            Entry(
                pgettext_lazy("jtsec menu", "Alarms"),
                "alarms",
                "jtsec.view_alarm",
                also=("alarm", "alarm-incident", "alarm-form", "alarm-deliveries"),
            ),
            Entry(
                _("Audit policies"),
                "policies",
                "jtsec.change_auditpolicy",
                also=("policy", "policy-choose", "policy-new", "rule"),
            ),
            Entry(_("Statistics"), "audit-statistics", AUDIT),
            Entry(_("Reports"), "reports", AUDIT, also=("report",)),
            Entry(_("Integrity"), "audit-integrity", AUDIT, also=("audit-verify",)),
            Entry(_("Retention and archive"), "archive", AUDIT),
        ),
    ),
    Group(
        _("Authorisation"),
        (
            Entry(_("Security overview"), "security-overview", "jtsec.view_security"),
            Entry(
                _("Applications for roles"),
                "role-requests",
                "jtsec.approve_assignment",
            ),
            Entry(
                _("Roles and rights"),
                "roles",
                "jtsec.change_role",
                also=("role", "role-choose", "role-new", "role-end"),
            ),
            Entry(
                pgettext_lazy("jtsec menu", "Grants"),
                "assignments",
                "jtsec.assign_role",
                also=("assignments-of", "assignment-end"),
            ),
            Entry(
                _("Propagation of rights"),
                "propagations",
                "jtsec.give_propagation",
                also=("propagations-of", "propagation-end", "received-end"),
            ),
            Entry(
                _("Terminal bindings"),
                "terminals",
                "jtsec.bind_terminal",
                also=("terminals-of", "terminal-end"),
            ),
            Entry(
                _("Signing clients"),
                "clients",
                "jtsec.maintain_client",
                also=("client-new", "client-end"),
            ),
            Entry(
                pgettext_lazy("jtsec menu", "Posts"),
                "posts",
                "jtsec.appoint_post",
                also=("posts-of", "post-end"),
            ),
            Entry(_("Check for conflicts"), "conflicts", "jtsec.check_conflict"),
            Entry(_("List of functions"), "functions", "jtsec.view_function"),
        ),
    ),
    Group(
        _("System administration"),
        (
            Entry(_("System overview"), "system-overview", "jtsec.view_system"),
            Entry(
                pgettext_lazy("jtsec menu", "Organisations"),
                "organisations",
                "jtsec.maintain_organization",
                also=("organisation", "organisation-new", "organisation-close"),
            ),
            Entry(
                _("User maintenance"),
                "users",
                "jtsec.view_account",
                also=(
                    *("user", "user-new", "user-change", "user-close", "user-role"),
                    "user-duty",
                    "users-import",
                    *("user-activate", "user-validity", "user-password"),
                ),
            ),
            Entry(
                pgettext_lazy("jtsec menu", "Login restrictions"),
                "restrictions",
                "jtsec.restrict_login",
                also=("restrictions-of",),
            ),
            Entry(
                pgettext_lazy("jtsec menu", "Review of accounts"),
                "reviews",
                "jtsec.review_account",
                also=("review", "review-close", "review-unused"),
            ),
            Entry(_("Settings of the system"), "parameters", "jtsec.view_parameter"),
            Entry(
                _("Tasks and services"),
                "tasks",
                "jtsec.view_system",
                also=("task-run",),
            ),
            Entry(_("State of the keys"), "keys", "jtsec.view_key"),
        ),
    ),
    Group(
        _("Security"),
        (
            Entry(
                _("Security policies"),
                "security-policy",
                "jtsec.view_policy",
                also=("policy-tab",),
            ),
            Entry(
                _("Locks and blacklist"), "locks", "jtsec.lift_block", also=("lock",)
            ),
            Entry(
                _("Live sessions"),
                "live-sessions",
                "jtsec.end_session",
                also=("live-session",),
            ),
            Entry(
                _("Alarms handed over"),
                "handed-alarms",
                "jtsec.handle_handed_alarm",
                also=("handed-alarm", "handed-alarm-incident", "handed-alarm-form"),
            ),
        ),
    ),
)


@dataclass(frozen=True)
class Item:
    """An entry as the page shows it."""

    label: str | Promise
    url: str
    is_here: bool


@dataclass(frozen=True)
class Section:
    """A group as the page shows it."""

    label: str | Promise
    items: tuple[Item, ...]


def entries_for(user: Any) -> Iterator[Entry]:
    """Yield the entries somebody may open, in the order of the menu."""
    for group in MENU:
        yield from (entry for entry in group.entries if may_use(user, entry.right))


def address_of(entry: Entry) -> str:
    """Return where an entry leads."""
    return reverse(f"jtsec-console:{entry.view}")


def sections_for(request: HttpRequest) -> list[Section]:
    """Return the menu of who asks, with the page that is open marked."""
    match = request.resolver_match
    here = match.url_name if match else ""
    mine = set(entries_for(request.user))
    sections = (
        Section(
            group.label,
            tuple(
                Item(entry.label, address_of(entry), here in (entry.view, *entry.also))
                for entry in group.entries
                if entry in mine
            ),
        )
        for group in MENU
    )
    return [section for section in sections if section.items]
