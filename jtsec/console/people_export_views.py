"""Users, live sessions and locks as files, by the search of their lists (A5.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.decorators import requires
from jtsec.accounts.api import listed
from jtsec.core.clock import shown
from jtsec.sessions.api import everybodys_sessions

from . import access_lock_search, access_session_search
from .accounts_standing import state_of
from .accounts_users_views import VIEW, UserSearch
from .list_export import export_list, refuse_nonsense, words_of

PORTION: Final = 500


@require_safe
@requires(VIEW)
@never_cache
def users(request: HttpRequest) -> HttpResponseBase:
    """Hand out the users a search finds; no ID numbers are among it."""
    form = UserSearch(request.GET)
    if not form.is_valid():
        return refuse_nonsense(request)
    labels = (
        *(pgettext("jtsec", "Name"), _("Login name"), _("UID"), _("Kind of person")),
        *(_("Police or employee number"), _("Organisation"), _("Duty"), _("Roles")),
        *(_("Valid until"), pgettext("jtsec account", "Last login"), _("State")),
    )
    title = _("User maintenance")
    found = _people(form)
    return export_list(request, "users", title, labels, found, words_of(form))


@require_safe
@requires("jtsec.end_session")
@never_cache
def sessions(request: HttpRequest) -> HttpResponseBase:
    """Hand out who is logged in now."""
    form = access_session_search.FilterForm(request.GET)
    if not form.is_valid():
        return refuse_nonsense(request)
    labels = (
        *(_("User"), _("Login name"), _("Organisation"), _("Duty"), _("Source")),
        *(_("Terminal"), _("Login time"), _("Last activity")),
    )
    found = everybodys_sessions().filter(form.condition()).order_by("-created_at")
    rows = (_session(one) for one in found.iterator(PORTION))
    title = _("Live sessions")
    return export_list(request, "sessions", title, labels, rows, words_of(form))


@require_safe
@requires("jtsec.lift_block")
@never_cache
def locks(request: HttpRequest) -> HttpResponseBase:
    """Hand out the locks a search finds."""
    form = access_lock_search.FilterForm(request.GET)
    if not form.is_valid():
        return refuse_nonsense(request)
    labels = (
        *(_("Kind"), _("User or terminal"), _("Failed logins"), _("Since")),
        *(_("Until"), _("Last source"), _("Lifted"), _("Reason")),
    )
    rows = (_lock(one) for one in form.blocks().iterator(PORTION))
    title = _("Locks and blacklist")
    return export_list(request, "locks", title, labels, rows, words_of(form))


def _people(form: UserSearch) -> Iterator[tuple[object, ...]]:
    found = form.people().order_by("organisation__code", "login_name")
    for one in listed(found.iterator(PORTION)):
        who = one.identity
        kind = (
            pgettext("jtsec person", "Police officer")
            if who.is_police
            else pgettext("jtsec person", "Not a police officer")
        )
        yield (
            *(who.name, who.login_name, who.uid, kind, who.number),
            *(who.organisation.name, who.get_duty_display(), "、".join(one.roles)),
            *(_moment(one.valid_until), _moment(one.last_use)),
            state_of(one)["word"],
        )


def _session(one: Any) -> tuple[object, ...]:
    who = getattr(one.user, "jtsec_identity", None)
    return (
        *((who.name, who.login_name) if who else ("", one.user.get_username())),
        *((who.organisation.name, who.get_duty_display()) if who else ("", "")),
        *(one.address, one.terminal_name),
        *(_moment(one.created_at), _moment(one.last_seen_at)),
    )


def _lock(one: Any) -> tuple[object, ...]:
    return (
        *(one.get_dimension_display(), one.subject, one.failures),
        *(_moment(one.since), _moment(one.until), one.last_address),
        *(_moment(one.lifted_at), one.lift_reason),
    )


def _moment(at: Any) -> str:
    return shown(at) if at else ""
