"""Django's admin shows the rows of scoped models to those whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from django.contrib import admin
from django.test import Client
from django.urls import clear_url_caches, include, path

from jtsec.access.unscoped import NotScoped
from jtsec.access.visible_admin import VisibleInAdmin
from jtsec.audit.models import AuditRecord
from jtsec.authentication.accounts import write_account
from tests.access.scoped_models import Folder, Letter, Paper
from tests.access.visits import CITY, OTHER, organisations, reader

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A4.1", "A4.3")]
ALL = tuple(
    f"plainapp.{verb}_{name}"
    for verb in ("view", "add", "change", "delete")
    for name in ("folder", "letter", "paper")
)

urlpatterns: list[Any] = []


class FolderAdmin(VisibleInAdmin, admin.ModelAdmin):  # type: ignore[type-arg]  # takes none at run time
    """Shows folders."""

    fields = ("number", "label")


class PaperAdmin(VisibleInAdmin, admin.ModelAdmin):  # type: ignore[type-arg]  # takes none at run time
    """Shows papers and lets somebody choose their folder."""

    fields = ("folder", "text")


class CarelessAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes none at run time
    """Shows letters to nobody, for it does not ask whose they are."""


@pytest.fixture
def places(settings: Any) -> Iterator[dict[str, Any]]:
    """Register the models, and make a folder here and there."""
    settings.ROOT_URLCONF = __name__
    registered: list[tuple[Any, Any]] = [
        (Folder, FolderAdmin),
        (Paper, PaperAdmin),
        (Letter, CarelessAdmin),
    ]
    for model, how in registered:
        admin.site.register(model, how)
    # The admin has an address for each model that is registered by now.
    urlpatterns[:] = [
        path("accounts/", include("jtsec.urls")),
        path("admin/", admin.site.urls),
    ]
    clear_url_caches()
    found = organisations()
    for code in (CITY, OTHER):
        folder = Folder.objects.create(number=code, organisation=found[code], label=1)
        Paper.objects.create(folder=folder, text=f"paper {code}")
    yield found
    for model, _how in registered:
        admin.site.unregister(model)
    clear_url_caches()


@pytest.fixture
def browser(places: dict[str, Any]) -> Client:
    """Give the browser of somebody of the city who may do everything there."""
    user = reader(1, places[CITY], rights=ALL).user
    type(user)._base_manager.filter(pk=user.pk).update(is_staff=True)
    user.refresh_from_db()
    write_account(user, must_change_password=False, must_change_why="")
    found = Client()
    found.force_login(user)
    return found


def test_lists_and_pages_show_what_is_visible(browser: Client) -> None:
    """Another organisation's row is not there, and the attempt is recorded."""
    listed = browser.get("/admin/plainapp/folder/").content.decode()
    assert str(Folder.objects.get(number=CITY)) in listed
    assert str(Folder.objects.get(number=OTHER)) not in listed
    mine, other = (Folder.objects.get(number=code).pk for code in (CITY, OTHER))
    assert browser.get(f"/admin/plainapp/folder/{mine}/change/").status_code == 200
    for pk in (other, "none"):
        answer = browser.get(f"/admin/plainapp/folder/{pk}/change/")
        assert answer.status_code == 302
    event = AuditRecord.objects.get(code="access:rows:refused")
    assert event.resource == f"plainapp.folder:{other}"


def test_rows_are_changed_and_deleted_there(browser: Client) -> None:
    """One's own, with what hangs on them; never another's."""
    mine, other = (Folder.objects.get(number=code).pk for code in (CITY, OTHER))
    address = f"/admin/plainapp/folder/{mine}/"
    form = {"number": "new", "label": 0}
    assert browser.post(f"{address}change/", form).status_code == 302
    assert Folder.objects.get(pk=mine).number == "new"
    assert f"paper {CITY}" not in browser.get(f"{address}delete/").content.decode()
    assert browser.post(f"{address}delete/", {"post": "yes"}).status_code == 302
    browser.post(f"/admin/plainapp/folder/{other}/delete/", {"post": "yes"})
    browser.post(f"/admin/plainapp/folder/{other}/change/", form)
    browser.post(
        "/admin/plainapp/folder/",
        {"action": "delete_selected", "_selected_action": [other], "post": "yes"},
    )
    assert [folder.number for folder in Folder.objects.all()] == [OTHER]


def test_choices_are_what_is_visible(browser: Client) -> None:
    """In a form's list, and when it is sent."""
    mine, other = (Folder.objects.get(number=code).pk for code in (CITY, OTHER))
    page = browser.get("/admin/plainapp/paper/add/").content.decode()
    assert f'<option value="{mine}">' in page
    assert f'<option value="{other}">' not in page
    for folder, status in ((other, 200), (mine, 302)):
        form = {"folder": folder, "text": "new"}
        assert browser.post("/admin/plainapp/paper/add/", form).status_code == status


def test_without_the_mixin_nothing_is_shown(browser: Client) -> None:
    """The admin of a scoped model that does not ask fails, and shows nothing."""
    browser.raise_request_exception = True
    with pytest.raises(NotScoped):
        browser.get("/admin/plainapp/letter/")
