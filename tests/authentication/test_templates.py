"""What pages of a project may take from jtsec."""

from __future__ import annotations

from typing import Any

import pytest

from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from jtsec.authentication.notice import remember_login
from jtsec.core.source import Source

pytestmark = pytest.mark.django_db


def drawn(text: str, user: Any = None) -> str:
    """Draw a template for a user, without any context processor."""
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    return Template("{% load jtsec %}" + text).render(Context({"request": request}))


@pytest.mark.clause("A3.2.12")
def test_any_page_can_show_the_notice(zhang: Any) -> None:
    """`{% login_notice %}` is enough; visitors see nothing."""
    remember_login(zhang, Source("10.0.0.5"))
    assert "10.0.0.5" in drawn("{% login_notice %}", zhang)
    assert drawn("{% login_notice %}").strip() == ""


def test_the_frame_needs_no_request_and_no_user() -> None:
    """Error pages are drawn without either."""
    page = render_to_string("jtsec/base.html", {})
    assert "<main" in page
    assert "jtsec-person" not in page


def test_the_head_says_who_is_logged_in(zhang: Any) -> None:
    """Name, organisation and duty; and a way out."""
    page = drawn('{% include "jtsec/base.html" %}', zhang)
    assert "张三" in page
    assert 'action="/accounts/logout/"' in page


def test_without_scripts_a_forgotten_page_leads_to_the_login(zhang: Any) -> None:
    """The screen does not stay open when the session has ended."""
    page = drawn('{% include "jtsec/base.html" %}', zhang)
    assert (
        '<noscript><meta http-equiv="refresh" content="1800; url=/accounts/login/">'
        in (page)
    )


def test_what_a_project_calls_itself_is_escaped(settings: Any) -> None:
    """A setting is text, not markup."""
    settings.JTSEC_PAGES_SYSTEM_NAME = "<b>系统</b>"
    assert "&lt;b&gt;系统" in render_to_string("jtsec/base.html", {})
