"""What `check` says of login pages that go round ours, or are missing."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite

from jtsec.authentication.admin_login import lead_to_our_login
from jtsec.authentication.checks import check_admin_logins, check_pages


def test_a_site_made_after_start_is_named() -> None:
    """Its page shows no notice; the hint says how to have it wrapped."""
    site = AdminSite(name="late")
    assert [one.id for one in check_admin_logins(None)] == ["jtsec.W070"]
    assert "late" in str(check_admin_logins(None)[0].msg)
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
    assert 'include("jtsec.urls")' in str(found[0].hint)
