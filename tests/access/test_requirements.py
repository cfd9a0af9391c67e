"""A view is closed unless it, or the project, says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from jtsec.access.decorators import public, requires, signed_in
from jtsec.access.requirements import dotted_path, requirement_of

pytestmark = pytest.mark.clause("A3.1.1")


def plain(request: HttpRequest) -> HttpResponse:
    """Is a view that declares nothing."""
    return HttpResponse()


class Page(View):
    """Is a class-based view that declares nothing."""


class OwnPage(LoginRequiredMixin, View):
    """Is a class-based view that asks for a login in Django's words."""


@method_decorator(requires("permits.query_permit"), name="dispatch")
class RightPage(View):
    """Is a class-based view behind a right."""


def fresh() -> Callable[..., Any]:
    """Return a view of its own, so that no mark stays on a shared one."""

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    return view


def test_a_view_that_says_nothing_is_undeclared() -> None:
    """The address somebody forgot is the one an attacker looks for."""
    assert requirement_of(plain, "plain").kind == "undeclared"
    assert requirement_of(Page.as_view(), "page").kind == "undeclared"


def test_our_decorators_are_read() -> None:
    """Public, logged in, or a right."""
    assert requirement_of(public(fresh()), "").kind == "public"
    assert requirement_of(signed_in(fresh()), "").kind == "login"
    needed = requirement_of(requires("permits.query_permit")(fresh()), "")
    assert (needed.kind, needed.right) == ("right", "permits.query_permit")
    assert requirement_of(RightPage.as_view(), "").right == "permits.query_permit"


def test_a_decorator_above_keeps_the_mark() -> None:
    """Most decorators keep `__dict__`."""
    assert requirement_of(never_cache(public(fresh())), "").kind == "public"


def test_a_decorator_that_drops_the_mark_closes_the_view() -> None:
    """It fails closed."""
    marked = public(fresh())

    def wrapped(request: HttpRequest) -> Any:
        return marked(request)

    assert requirement_of(wrapped, "").kind == "undeclared"


def test_django_own_words_are_respected() -> None:
    """A view that asks for a login itself runs its own test too."""
    assert requirement_of(login_required(fresh()), "").kind == "login"
    assert requirement_of(permission_required("a.b")(fresh()), "").kind == "login"
    assert requirement_of(OwnPage.as_view(), "").kind == "login"


@override_settings(
    JTSEC_ACCESS_VIEWS={
        "shop:*": "login",
        "shop:open": "public",
        "tests.access.test_requirements.plain": "permits.query_permit",
    }
)
def test_the_project_places_views_it_cannot_decorate() -> None:
    """The exact name goes before the namespace."""
    assert requirement_of(fresh(), "shop:list").kind == "login"
    assert requirement_of(fresh(), "shop:inner:list").kind == "login"
    assert requirement_of(fresh(), "shop:open").kind == "public"
    assert requirement_of(plain, "").right == "permits.query_permit"
    assert requirement_of(public(fresh()), "shop:list").kind == "login"


@override_settings(JTSEC_ACCESS_VIEWS={"shop:*": "public", "shop:named": "public"})
def test_a_namespace_is_never_looser_than_its_views() -> None:
    """One line for a library's pages must not open the view that asks for a right."""
    guarded = requires("permits.query_permit")(fresh())
    assert requirement_of(guarded, "shop:delete").right == "permits.query_permit"
    assert requirement_of(login_required(fresh()), "shop:mine").kind == "login"
    assert requirement_of(fresh(), "shop:other").kind == "public"
    assert requirement_of(guarded, "shop:named").kind == "public"


@override_settings(JTSEC_ACCESS_VIEWS={"shop:*": "shop.use_shop"})
def test_a_namespace_may_be_stricter_than_its_views() -> None:
    """Of two rights the view's own holds."""
    assert requirement_of(public(fresh()), "shop:open").right == "shop.use_shop"
    own = requires("shop.delete_order")(fresh())
    assert requirement_of(own, "shop:delete").right == "shop.delete_order"


def test_one_function_cannot_say_two_things() -> None:
    """Placed twice in a URLconf, it would be open at both addresses."""
    view = requires("permits.query_permit")(fresh())
    with pytest.raises(TypeError, match=r"says permits\.query_permit already"):
        public(view)
    assert requires("permits.query_permit")(view) is view


def index(request: HttpRequest) -> HttpResponse:
    """Is a page of a project that calls its own pages `admin`."""
    return HttpResponse()


own_admin = [path("index/", index, name="index"), path("login/", index, name="login")]
urlpatterns = [path("manage/", include((own_admin, "admin")))]


def test_a_namespace_called_admin_is_not_therefore_djangos() -> None:
    """Nothing in such pages asks for staff, as Django's admin does."""
    assert requirement_of(index, "admin:index").kind == "login"
    with override_settings(ROOT_URLCONF=__name__):
        assert requirement_of(index, "admin:index").kind == "undeclared"
        assert requirement_of(index, "admin:login").kind == "undeclared"


def test_a_misspelt_right_is_found_at_import() -> None:
    """Not by a visitor."""
    for name in ("", "query", "permits query", "permits.", ".x"):
        with pytest.raises(ValueError, match="is not a right"):
            requires(name)


def test_a_class_cannot_be_marked_by_mistake() -> None:
    """Its `as_view()` would not carry the mark."""
    with pytest.raises(TypeError, match="method_decorator"):
        public(Page)


def test_a_view_has_a_dotted_path() -> None:
    """By which a view without a name is placed."""
    assert dotted_path(Page.as_view()) == "tests.access.test_requirements.Page"
