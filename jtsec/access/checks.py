"""Checks of access: what stands open, what nobody has decided, what goes round us."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, Resolver404, get_script_prefix, resolve
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError

from .conf import access_settings
from .exposure_map import ExposedView, exposed_views

TOKEN_AUTHENTICATION = "rest_framework.authentication.TokenAuthentication"


def known_views() -> list[ExposedView]:
    """
    Return every view; none without a profile.

    Then there is one thing to say first, and E000 says it.
    """
    try:
        access_settings()
    except ConfigurationError:
        return []
    return list(exposed_views()) if getattr(settings, "ROOT_URLCONF", "") else []


def check_undeclared_views(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W201: views that declare nothing are refused to everybody until decided."""
    keys = sorted(
        {one.name for one in known_views() if one.requirement.kind == "undeclared"}
    )
    if not keys:
        return []
    way_in = _login_view()
    lines = "".join(
        f'    "{key}": "{"public" if key == way_in else "login"}",\n' for key in keys
    )
    return [
        Warning(
            _("Clause A3.1.1: %(count)d views declare nothing and are refused.")
            % {"count": len(keys)},
            hint=_('Decorate them with @requires("app.right"), or place them by name:')
            + f"\nJTSEC_ACCESS_VIEWS = {{\n{lines}}}",
            id="jtsec.W201",
        )
    ]


def _login_view() -> str:
    """
    Return the name of the project's login page; behind a login nobody finds it.

    Before the addresses of jtsec are there, none leads to the page that the preset
    names; that is said by another check.
    """
    try:
        address = resolve_url(settings.LOGIN_URL)
        return resolve("/" + address.removeprefix(get_script_prefix())).view_name
    except (NoReverseMatch, Resolver404):
        return ""


def check_unknown_views(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W202: a placed name that fits no view protects nothing."""
    views = known_views()
    known = {one.name for one in views} | {one.path for one in views}
    known |= {
        ":".join(one.name.split(":")[:depth]) + ":*"
        for one in views
        for depth in range(1, one.name.count(":") + 1)
    }
    placed = access_settings().views if views else {}
    return [
        Warning(
            _("JTSEC_ACCESS_VIEWS names %(name)r, which is no view.") % {"name": name},
            hint=_("Names and addresses of all views: manage.py jtsec_views"),
            id="jtsec.W202",
        )
        for name in placed
        if name not in known
    ]


def list_public_views(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """I200: before going live, everything that answers a stranger is listed."""
    open_views = [one for one in known_views() if one.requirement.kind == "public"]
    if not open_views:
        return []
    lines = [f"/{one.route}  ({one.requirement.origin})" for one in open_views]
    return [
        Info(
            _("Clause A3.1.1: %(count)d views answer strangers:")
            % {"count": len(lines)}
            + "\n    "
            + "\n    ".join(lines),
            id="jtsec.I200",
        )
    ]


def check_token_authentication(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E016: DRF's own tokens have no end and pass every session limit."""
    rest = getattr(settings, "REST_FRAMEWORK", {})
    if TOKEN_AUTHENTICATION in rest.get("DEFAULT_AUTHENTICATION_CLASSES", ()):
        return [
            Error(
                _("Clause A9.1: TokenAuthentication passes session limits and hours."),
                hint="REST_FRAMEWORK = {'DEFAULT_AUTHENTICATION_CLASSES': "
                "['rest_framework.authentication.SessionAuthentication']}",
                id="jtsec.E016",
            )
        ]
    return []


def check_sessionless_views(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """
    E018: a view that is open to everybody lets people in without a session.

    Behind a login such a class opens nothing. At an open address it is the way in, and
    neither a password that is due nor the number of places holds there.
    """
    return [
        Error(
            _("Clause A3.2.9: %(name)s is public and takes %(classes)s.")
            % {"name": one.name, "classes": ", ".join(one.sessionless)},
            hint=_(
                "Programs sign their requests (jtsec.rest), people log in: declare "
                "the view with @signed_in or @requires, or set authentication_classes."
            ),
            id="jtsec.E018",
        )
        for one in known_views()
        if one.requirement.kind == "public" and one.sessionless
    ]


ALWAYS = (
    check_undeclared_views,
    check_unknown_views,
    check_token_authentication,
    check_sessionless_views,
)
BEFORE_GOING_LIVE = (list_public_views,)
