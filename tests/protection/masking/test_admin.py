"""The admin shows masks: lists, forms, titles, history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory
from django.urls import clear_url_caches, include, path

from jtsec.access.api import Function
from jtsec.authentication.accounts import write_account
from jtsec.protection.masking.admin import MaskedAdmin
from tests.access.declared import declared
from tests.plainapp.masked import Owner
from tests.protection.masking.conftest import MASKED, PLAIN

pytestmark = [pytest.mark.django_db, pytest.mark.clause("T7.2")]
RIGHTS = tuple(
    Function(f"plainapp.{verb}_owner", by_duty=True)
    for verb in ("view", "add", "change", "delete")
)
urlpatterns: list[Any] = []


class OwnerAdmin(MaskedAdmin):
    """Lists columns of every sort."""

    list_display = ("__str__", "name", "phone", "contact", "called", "state")
    search_fields = ("phone__exact",)
    readonly_fields = ("address",)

    def called(self, row: Any) -> str:
        """Return what the project's own admin works out."""
        return f"call {row.phone}"


@pytest.fixture
def site(settings: Any) -> Iterator[None]:
    """Register the model, with an address for its pages."""
    settings.ROOT_URLCONF = __name__
    admin.site.register(Owner, OwnerAdmin)
    urlpatterns[:] = [
        path("accounts/", include("jtsec.urls")),
        path("admin/", admin.site.urls),
    ]
    clear_url_caches()
    with declared(*RIGHTS):
        yield
    admin.site.unregister(Owner)
    clear_url_caches()


@pytest.fixture
def visitor(site: None, police: Any) -> Client:
    """Return the client of a police officer who may use the admin."""
    type(police)._base_manager.filter(pk=police.pk).update(is_staff=True)
    write_account(police, must_change_password=False)
    client = Client()
    client.force_login(police)
    return client


def page(client: Client, address: str) -> str:
    """Return a page that was found."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def plain_in(text: str) -> list[str]:
    """Return the clear values in a page."""
    return [value for value in PLAIN.values() if value in text]


def test_the_list_shows_masks(owner: Any, visitor: Client) -> None:
    """In columns of the model, of its methods and of the admin's own."""
    text = page(visitor, "/admin/plainapp/owner/")
    assert f"call {MASKED['phone']}" in text
    assert MASKED["name"] in text
    assert plain_in(text) == []


def test_a_search_finds_the_whole_value(owner: Any, visitor: Client) -> None:
    """And shows it only where it was typed."""
    text = page(visitor, f"/admin/plainapp/owner/?q={PLAIN['phone']}")
    assert MASKED["name"] in text


def test_the_form_shows_masks_and_keeps_values(owner: Any, visitor: Client) -> None:
    """Read-only fields and the title included; the history says masks, too."""
    address = f"/admin/plainapp/owner/{owner.pk}/change/"
    text = page(visitor, address)
    assert MASKED["address"] in text
    assert plain_in(text) == []
    sent = {name: MASKED[name] for name in ("name", "id_number", "phone", "plate")}
    sent |= {"card": MASKED["card"], "state": "open", "note": "new", "parent": ""}
    answer = visitor.post(address, sent, follow=True)
    assert answer.redirect_chain, answer.context["adminform"].form.errors
    assert plain_in(answer.content.decode()) == []
    owner.refresh_from_db()
    assert {name: getattr(owner, name) for name in PLAIN} == PLAIN
    assert owner.note == "new"
    entry = LogEntry.objects.get()
    assert plain_in(entry.object_repr + entry.change_message) == []
    for rest in ("history", "delete"):
        text = page(visitor, address.replace("change", rest))
        assert plain_in(text) == []


def test_a_page_of_who_may_only_look_shows_masks(
    owner: Any, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the right to change, Django reads the row and not the form."""
    monkeypatch.setattr(OwnerAdmin, "has_change_permission", lambda *a, **k: False)
    text = page(visitor, f"/admin/plainapp/owner/{owner.pk}/change/")
    assert MASKED["phone"] in text
    assert plain_in(text) == []


@pytest.mark.parametrize(
    "chosen",
    [
        {"list_filter": ("state", "name")},
        {"list_filter": (("address", admin.AllValuesFieldListFilter),)},
        {"list_filter": ("parent__name",)},
        {"date_hierarchy": "card"},
    ],
    ids=str,
)
def test_a_list_that_offers_masked_values_is_refused(chosen: Any) -> None:
    """Beside the list, a filter writes down the names of all, in clear."""
    page = type("Filtered", (OwnerAdmin,), chosen)(Owner, admin.site)
    with pytest.raises(ImproperlyConfigured, match="in clear"):
        page.get_changelist(RequestFactory().get("/"))


def test_filters_that_offer_nothing_personal_stay(owner: Any, visitor: Client) -> None:
    """A state, and whether there is a telephone number at all."""
    offered = ("state", ("note", admin.EmptyFieldListFilter), "parent")
    filtered = type("Filtered", (OwnerAdmin,), {"list_filter": offered})
    filtered(Owner, admin.site).get_changelist(RequestFactory().get("/"))


def test_a_list_that_is_edited_is_refused(police: Any) -> None:
    """Its form set would show and write rows in full."""

    class Edited(OwnerAdmin):
        list_editable = ("name",)

    edited = Edited(Owner, admin.site)
    with pytest.raises(ImproperlyConfigured, match="list_editable"):
        edited.get_changelist(RequestFactory().get("/"))
