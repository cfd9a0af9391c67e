"""Looking people up: by one query, and who acts in a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject

from jtsec.core.context import ANONYMOUS, Context
from jtsec.identity import api
from tests.identity import people

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("by", ["name", "pk"])
def test_a_login_takes_one_query(by: str, django_assert_num_queries: Any):
    """User, identity and organisation are joined; verifying asks nothing more."""
    made = people.person("zhang", 1)
    count: DjangoAssertNumQueries = django_assert_num_queries
    with count(1):
        user = (
            api.user_by_login_name("Zhang")
            if by == "name"
            else api.user_by_pk(made.user_id)
        )
        identity = api.identity_of(user)
        assert identity is not None
        api.verify(identity)
        actor = api.actor_of(user)
    assert (actor.uid, actor.username) == (str(made.uid), "zhang")
    assert (actor.duty, actor.organisation) == ("business", people.CODE)
    assert (actor.kind, actor.is_police) == ("person", True)


def test_a_user_without_an_identity_is_still_somebody():
    """Named in the audit by the username alone."""
    user = people.user("zhang")
    actor = api.actor_of(user)
    assert (actor.kind, actor.uid, actor.username) == ("person", "", "zhang")
    assert api.identity_of(user) is None
    assert api.uid_of(user) == ""


def test_nobody_is_nobody():
    """Neither None nor an anonymous user has an identity."""
    for nobody in (None, AnonymousUser()):
        assert api.identity_of(nobody) is None
        assert api.actor_of(nobody) == ANONYMOUS


def lazily(load: Callable[[], Any]) -> Any:
    """Return a user as Django's middleware puts it on a request."""
    return SimpleLazyObject(load)


def request_of(user: Any, *, cookie: bool) -> HttpRequest:
    """Return a request whose user is not loaded yet."""
    request = RequestFactory().get("/")
    if cookie:
        request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    request.user = lazily(lambda: user)
    return request


def test_the_actor_of_a_request_is_its_user():
    """Worked out by the resolver that the wiring has set."""
    made = people.person("zhang", 1)
    actor = Context(request_of(made.user, cookie=True)).actor
    assert actor.uid == str(made.uid)


def test_a_request_without_a_session_is_not_asked_for_its_user():
    """A refusal on the login page costs no query."""

    def fail() -> Any:
        raise AssertionError("the user was loaded")

    request = request_of(None, cookie=False)
    request.user = lazily(fail)
    assert Context(request).actor == ANONYMOUS
    assert Context(RequestFactory().get("/")).actor == ANONYMOUS


def test_somebody_who_logs_in_acts_from_then_on():
    """There is no cookie yet, but the user is there."""
    made = people.person("zhang", 1)
    request = RequestFactory().get("/")
    request.user = made.user
    assert Context(request).actor.uid == str(made.uid)
