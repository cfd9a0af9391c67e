"""
The response headers a browser needs to protect its user, worked out once.

A view that sets one of them itself keeps its own value: a page may be stricter, and a
project that needs another origin says so in one setting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from .conf import Section, load, option, settings_section
from .rules import matching

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

ONE_LINE = matching(r"[^\r\n]*", gettext_noop("one line"))


@settings_section("JTSEC_HEADERS_")
class HeaderSettings(Section):
    """Says what every response tells the browser."""

    content_security_policy: str = option(
        "default-src 'self'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'; object-src 'none'",
        "The Content-Security-Policy of every page that sets none itself.",
        clause="A8.1",
        valid=ONE_LINE,
    )
    permissions_policy: str = option(
        "camera=(), geolocation=(), microphone=()",
        "The Permissions-Policy of every page that sets none itself.",
        valid=ONE_LINE,
    )
    clear_site_data: str = option(
        '"cache", "storage"',
        "What a browser is told to clear when a session ends (Clear-Site-Data).",
        clause="A6.4",
        valid=ONE_LINE,
        floor=matching(r'.*"(cache|\*)".*', gettext_noop('one that names "cache"')),
    )
    sensitive_views: tuple[str, ...] = option(
        (),
        "URL names of views that cannot be decorated and whose answers nothing may "
        "keep, whatever headers they set.",
        clause="A6.4",
    )


_FIXED = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def header_settings() -> HeaderSettings:
    """Return the settings in force."""
    return load(HeaderSettings)


def keep_nothing(request: HttpRequest) -> None:
    """
    Let no browser or cache keep the answer to a request, whatever its view says.

    Called by what shows personal data in clear (clause A6.4).
    """
    request.jtsec_keep_nothing = True  # type: ignore[attr-defined]  # ours


def is_kept_nowhere(request: HttpRequest) -> bool:
    """Answer whether `keep_nothing` was called for a request."""
    return getattr(request, "jtsec_keep_nothing", False) is True


def clear_browser(request: HttpRequest) -> None:
    """
    Have the browser clear what it kept, with the answer to a request (clause A6.4).

    Called where a session ends: the next person at the machine goes back in vain.
    """
    request.jtsec_clear_browser = True  # type: ignore[attr-defined]  # ours


def finish(response: HttpResponseBase, request: HttpRequest, *, keep: bool) -> None:
    """
    Add the headers to the answer to a request.

    Args:
        response: the response about to leave.
        request: what it answers.
        keep: whether its view is public, so that a cache may keep the answer.
    """
    match = request.resolver_match
    name = match.view_name if match else ""
    is_listed = name in header_settings().sensitive_views
    protect(response, keep=keep, is_sensitive=is_listed or is_kept_nowhere(request))
    if getattr(request, "jtsec_clear_browser", False) is True:
        response.headers["Clear-Site-Data"] = header_settings().clear_site_data


def protect(
    response: HttpResponseBase, *, keep: bool, is_sensitive: bool = False
) -> None:
    """
    Add the headers a response lacks.

    Args:
        response: the response about to leave.
        keep: whether a cache may keep it. A page for somebody who is logged in must
            not be found in the browser of a shared machine afterwards (clause A6.4).
        is_sensitive: whether nothing may keep it, even where the view says so.
    """
    chosen = header_settings()
    headers = response.headers
    for name, value in _FIXED:
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", chosen.content_security_policy)
    headers.setdefault("Permissions-Policy", chosen.permissions_policy)
    if is_sensitive:
        headers["Cache-Control"], headers["Pragma"] = "no-store", "no-cache"
        for name in ("ETag", "Expires", "Last-Modified"):
            headers.pop(name, None)
    elif not keep:
        headers.setdefault("Cache-Control", "no-store")
