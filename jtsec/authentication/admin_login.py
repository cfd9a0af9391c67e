"""
The admin's login, led to ours: one page, one notice, one set of words.

The backend, the session engine and the middleware guard the admin's own page as well;
this spares its users a second page that would show less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from django.apps import apps
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from jtsec.core.exposure import public


def lead_to_our_login() -> None:
    """Lead the login of every admin site there is to our page."""
    for site in _sites():
        if is_stock(site):
            site.login = _leading(site)


def is_stock(site: Any) -> bool:
    """Answer whether a site's login is Django's own, and not one of the project."""
    from django.contrib.admin import AdminSite  # noqa: PLC0415 - see `_sites`

    return "login" not in vars(site) and type(site).login is AdminSite.login


def stock_sites() -> list[str]:
    """Return the names of the sites that show Django's own login page."""
    return [site.name for site in _sites() if is_stock(site)]


def _sites() -> Iterator[Any]:
    if not apps.is_installed("django.contrib.admin"):
        return
    # Importing it elsewhere fails where contenttypes is not installed.
    from django.contrib.admin.sites import all_sites, site  # noqa: PLC0415 - above

    # The default site is made when first touched.
    site.name  # noqa: B018 - touching it is the purpose
    yield from list(all_sites)


def _leading(site: Any) -> Callable[..., HttpResponse]:
    stock = site.login

    @public
    @login_not_required
    def login(
        request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.user.is_authenticated and not site.has_permission(request):
            # Our login page would send them back here, and so on for ever.
            raise PermissionDenied
        try:
            # Not LOGIN_URL: many projects point that here, to the admin.
            ours = reverse("jtsec:login")
        except NoReverseMatch:
            return cast(HttpResponse, stock(request, extra_context))
        target = request.GET.get(REDIRECT_FIELD_NAME) or _index_of(request)
        return redirect_to_login(target, ours)

    return login


def _index_of(request: HttpRequest) -> str:
    path: str = request.path
    return path.removesuffix("login/") or "/"
