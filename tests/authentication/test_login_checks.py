"""What `check` says of login pages that go round ours, or are missing."""

from __future__ import annotations

from typing import Any

import pytest

from django.contrib.admin import AdminSite

from jtsec.authentication.admin_login import lead_to_our_login
from jtsec.authentication.login_checks import (
    check_accounts,
    check_admin_logins,
    check_pages,
)
from jtsec.authentication.login_evidence import facts
from jtsec.authentication.models import Account
from tests.authentication.persons import by_sql


def test_a_site_made_after_start_is_named() -> None:
    """Its page shows no notice; the hint says how to have it wrapped."""
    site = AdminSite(name="late")
    # A test before this one may have left a site as well.
    named = [one for one in check_admin_logins(None) if "'late'" in str(one.msg)]
    assert [one.id for one in named] == ["jtsec.W070"]
    lead_to_our_login()
    assert check_admin_logins(None) == []
    del site


def test_a_login_page_of_the_project_is_left_alone() -> None:
    """The backend and the middleware guard it; nothing is laid over it."""

    class Own(AdminSite):
        def login(self, request: Any, extra_context: Any = None) -> Any:
            """Be the project's."""

    site = Own(name="own")
    lead_to_our_login()
    assert "login" not in vars(site)


def test_a_project_without_our_pages_is_told(settings: Any) -> None:
    """An error in operation, a warning while building; the hint can be pasted."""
    assert check_pages(None) == []
    settings.ROOT_URLCONF = "tests.authentication.login_wsgi"
    found = check_pages(None)
    assert [one.id for one in found] == ["jtsec.E071"]
    lines = str(found[0].hint)
    assert "from django.urls import include" in lines
    assert 'include("jtsec.urls")' in lines


@pytest.mark.parametrize("name", ["LOGIN_URL", "LOGIN_REDIRECT_URL"])
def test_a_page_that_is_not_there_is_named(settings: Any, name: str) -> None:
    """Every visitor would be led to an error, or everybody who logs in."""
    setattr(settings, name, "no-such-page")
    (found,) = check_pages(None)
    assert (found.id, name in str(found.hint)) == ("jtsec.E071", True)
    assert "no-such-page" in found.msg


@pytest.mark.django_db
@pytest.mark.clause("A3.2.8")
def test_altered_and_missing_accounts_are_found(zhang: Any) -> None:
    """Both are named before their owners stand at the door; the report says so."""
    assert check_accounts(None, databases=["default"]) == []
    assert all(fact.holds for fact in facts() if fact.clause == "A3.2.8")
    by_sql("jtsec_account", "networks", '["10.0.0.0/8"]', user_id=zhang.pk)
    found = check_accounts(None, databases=["default"])
    assert [one.id for one in found] == ["jtsec.E310"]
    Account.objects.all().delete()
    assert [one.id for one in check_accounts(None, databases=["default"])] == [
        "jtsec.E310"
    ]
    assert not any(fact.holds for fact in facts() if fact.clause == "A3.2.8")
