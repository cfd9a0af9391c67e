"""The checks of access say what to paste."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path, set_script_prefix

from jtsec.access import checks, requirements
from jtsec.access.decorators import public


def page(request: HttpRequest) -> HttpResponse:
    """Is a view that declares nothing."""
    return HttpResponse()


@public
def front(request: HttpRequest) -> HttpResponse:
    """Is a view for everybody."""
    return HttpResponse()


urlpatterns = [
    path("", front, name="front"),
    path("log-in/", page, name="log-in"),
    path("stock/", page, name="stock"),
]


@pytest.fixture(autouse=True)
def project(settings: Any) -> None:
    """Serve three views, one of them the project's own login page."""
    settings.LOGIN_URL = "log-in"
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def prefix() -> Iterator[None]:
    """Put the project under `/app/`."""
    set_script_prefix("/app/")
    yield
    set_script_prefix("/")


@pytest.mark.clause("A3.1.1")
def test_undeclared_views_come_with_lines_to_paste() -> None:
    """The login page is proposed as open: behind a login nobody would find it."""
    (message,) = checks.check_undeclared_views(None)
    assert message.id == "jtsec.W201"
    assert '"stock": "login",' in str(message.hint)
    assert '"log-in": "public",' in str(message.hint)
    assert "front" not in str(message.hint)


@pytest.mark.usefixtures("prefix")
def test_the_login_page_is_known_below_a_prefix() -> None:
    """A server may have put the whole project under one."""
    (message,) = checks.check_undeclared_views(None)
    assert '"log-in": "public",' in str(message.hint)


def test_once_placed_nothing_is_left_to_say() -> None:
    """The lines, pasted, lead to zero."""
    with override_settings(JTSEC_ACCESS_VIEWS={"log-in": "public", "stock": "login"}):
        assert checks.check_undeclared_views(None) == []
        assert checks.check_unknown_views(None) == []


def test_a_misspelt_name_is_found() -> None:
    """It would protect nothing."""
    with override_settings(JTSEC_ACCESS_VIEWS={"stcok": "login"}):
        assert [one.id for one in checks.check_unknown_views(None)] == ["jtsec.W202"]


@pytest.mark.clause("A3.1.1")
def test_before_going_live_everything_open_is_listed() -> None:
    """With the place that opened it."""
    (message,) = checks.list_public_views(None)
    assert "/  (decorator)" in message.msg


@override_settings(
    REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": [checks.TOKEN_AUTHENTICATION]}
)
def test_tokens_without_an_end_are_refused() -> None:
    """They pass every limit of sessions and hours."""
    (message,) = checks.check_token_authentication(None)
    assert message.id == "jtsec.E016"


def test_a_project_without_our_addresses_is_told_and_not_left_with_a_traceback(
    settings: Any,
) -> None:
    """The preset names a login page that is not there before the addresses are."""
    settings.LOGIN_URL = "jtsec:login"
    (message,) = checks.check_undeclared_views(None)
    assert '"log-in": "login",' in str(message.hint)


@pytest.mark.clause("A3.2.9", "A9.1")
def test_an_open_interface_takes_nobody_in_without_a_session(settings: Any) -> None:
    """There a password that is due stops nobody, and a token has no end."""
    framework = pytest.importorskip("rest_framework.authentication")
    views = pytest.importorskip("rest_framework.views")
    tokens = type("OwnTokens", (framework.TokenAuthentication,), {})

    def served(one: Any) -> Any:
        return public(views.APIView.as_view(authentication_classes=[one]))

    module = ModuleType("open_interfaces")
    module.urlpatterns = [  # type: ignore[attr-defined]  # a URLconf
        path("a/", served(framework.BasicAuthentication), name="basic"),
        path("b/", served(tokens), name="token"),
        path("c/", served(framework.SessionAuthentication), name="session"),
    ]
    settings.ROOT_URLCONF = module
    found = checks.check_sessionless_views(None)
    assert [one.id for one in found] == ["jtsec.E018"] * 2
    assert "BasicAuthentication" in found[0].msg
    assert "OwnTokens" in found[1].msg


@pytest.mark.usefixtures("prefix")
def test_the_admin_is_known_below_a_prefix() -> None:
    """Else all of its pages count as forgotten, and are refused to everybody."""
    requirements._is_djangos.cache_clear()
    assert requirements._is_djangos("tests.urls")
