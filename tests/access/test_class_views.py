"""Views as classes, and templates, ask the one decision too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.views import View
from django.views.generic import DetailView

from jtsec.access.api import assign
from jtsec.access.decorators import RequiresRightMixin
from jtsec.access.requirements import requirement_of
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import Refused
from tests.access.offices import APPLY, QUERY, WHY, an_office, role
from tests.authentication.persons import loaded

pytestmark = pytest.mark.django_db


class Page(RequiresRightMixin, View):
    """Is a page behind a right."""

    right = QUERY.right


class Detail(RequiresRightMixin, DetailView):  # type: ignore[type-arg]  # not at runtime
    """Shows one row."""

    right = QUERY.right
    model = Group

    def render_to_response(self, context: Any, **options: Any) -> HttpResponse:
        """Answer without a template."""
        return HttpResponse(str(self.object))


@pytest.fixture(autouse=True)
def office() -> Iterator[Any]:
    """Give people of an office; zhang may query."""
    with an_office() as made:
        with acting_as(system_actor("a-test")):
            assign(made.zhang, role("clerk", QUERY), reason=WHY)
        yield made


@pytest.mark.clause("A4.3")
def test_a_class_carries_its_right_to_the_middleware() -> None:
    """As a decorated function does."""
    assert requirement_of(Page.as_view(), "").right == QUERY.right
    assert requirement_of(Page.as_view(right=APPLY.right), "").right == APPLY.right


def test_a_class_without_a_right_is_a_mistake_found_at_start() -> None:
    """And so is one with a name that cannot be a right."""
    with pytest.raises(ValueError, match="is not a right"):
        RequiresRightMixin.as_view()
    with pytest.raises(ValueError, match="is not a right"):
        type("Misspelt", (RequiresRightMixin, View), {"right": "query permit"})


@pytest.mark.clause("A4.1")
def test_the_object_is_decided_about_when_it_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A number in the address leads to no row out of reach."""
    shown = Group.objects.create(name="shown")
    request = RequestFactory().get("/")
    request.user = loaded("zhang")
    view: Any = Detail.as_view()
    assert view(request, pk=shown.pk).content == b"shown"
    monkeypatch.setattr(
        "jtsec.access.decision.covers", lambda *args: "other-organisation"
    )
    with pytest.raises(Refused) as refused:
        view(request, pk=shown.pk)
    assert refused.value.reason == "other-organisation"


@pytest.mark.clause("A4.3")
def test_a_template_asks_by_a_tag() -> None:
    """With the object, which `perms` cannot name."""
    template = Template(
        "{% load jtsec %}"
        '{% may "permits.query_permit" row as can %}{% if can %}query{% endif %}'
        '{% may "permits.apply_permit" as can %}{% if can %}apply{% endif %}'
    )
    request = RequestFactory().get("/")
    request.user = loaded("zhang")
    assert template.render(Context({"request": request})) == "query"
    assert template.render(Context({"user": request.user})) == "query"
    assert template.render(Context({})) == ""
