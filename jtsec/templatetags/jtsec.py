"""
What templates may ask: who is logged in, what they are to be told, how long they have.

    {% load jtsec %}
    {% login_notice %}          the last-login notice (clause A3.2.12), on any page
    {% may "permits.approve" permit as can %}{% if can %}…{% endif %}   a right (A4.3)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.access.api import Decision, decide
from jtsec.authentication.api import notice_of
from jtsec.authentication.conf import PageSettings, page_settings
from jtsec.identity.api import Duty, identity_of
from jtsec.sessions.api import seconds_left
from jtsec.sessions.conf import session_settings

register = template.Library()

OWN_PAGES = (
    ("jtsec:approvals-mine", pgettext_lazy("jtsec", "Approvals")),
    ("jtsec:profile", pgettext_lazy("jtsec", "My own")),
    ("jtsec:last-login", _("Last login")),
    ("jtsec:password-change", pgettext_lazy("jtsec", "Change password")),
)


@dataclass(frozen=True)
class Person:
    """Who is logged in, as the head of the page says it."""

    name: str
    organisation: str
    duty: str


@dataclass(frozen=True)
class Link:
    """A link of the head."""

    url: str
    label: str | Promise


@dataclass(frozen=True)
class IdleLimits:
    """How long a page may lie open, in seconds, and where it leads then."""

    seconds: int
    warn: int
    login_url: str
    keep_alive_url: str


@register.simple_tag(takes_context=True)
def signed_in_person(context: Context) -> Person | None:
    """Return who is logged in; None for visitors and on pages without a request."""
    user = getattr(_request(context), "user", None)
    if user is None or not user.is_authenticated:
        return None
    identity = identity_of(user)
    if identity is None:
        return Person(user.get_username(), "", "")
    return Person(
        identity.name, identity.organisation.name, str(identity.get_duty_display())
    )


@register.simple_tag
def page_texts() -> PageSettings:
    """Return what the project calls itself."""
    return page_settings()


@register.simple_tag
def own_links() -> list[Link]:
    """Return the links to somebody's own pages, those the project has."""
    found = ((_address(name), label) for name, label in OWN_PAGES)
    return [Link(url, label) for url, label in found if url]


@register.simple_tag(takes_context=True)
def console_address(context: Context) -> str:
    """Return an administrator's way to the console; "" for others, or without one."""
    user = getattr(_request(context), "user", None)
    if user is None or not user.is_authenticated:
        return ""
    identity = identity_of(user)
    is_business = identity is None or identity.duty == Duty.BUSINESS
    return "" if is_business else _address("jtsec-console:home")


@register.simple_tag(takes_context=True)
def idle_limits(context: Context) -> IdleLimits:
    """Return how long the page may lie open: to the idle end, or the absolute one."""
    chosen = session_settings()
    left = seconds_left(_request(context))
    return IdleLimits(
        seconds=chosen.idle_minutes * 60 if left is None else left,
        warn=chosen.warn_seconds,
        login_url=_address("jtsec:login"),
        keep_alive_url=_address("jtsec:session-keep-alive"),
    )


@register.simple_tag(takes_context=True)
def may(context: Context, right: str, obj: Any = None) -> Decision:
    """
    Return whether who is logged in may use a function, on an object where given.

    What a page does not show is refused by its view all the same; this spares people
    buttons that lead to a refusal.
    """
    request = _request(context)
    user = getattr(request, "user", None) or context.get("user")
    return decide(user, right, obj)


@register.inclusion_tag("jtsec/authentication/notice.html", takes_context=True)
def login_notice(context: Context) -> dict[str, Any]:
    """Show this login, the last one, what failed between, and the days left."""
    request = _request(context)
    user = getattr(request, "user", None)
    return {
        "notice": notice_of(user) if user is not None else None,
        "request": request,
    }


def _request(context: Context) -> Any:
    """Return the request, also where the project uses no context processor for it."""
    return getattr(context, "request", None) or context.get("request")


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
