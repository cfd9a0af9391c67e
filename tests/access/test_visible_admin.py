"""Django's admin shows the rows of scoped models to those whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from django.contrib import admin
from django.test import Client
from django.urls import clear_url_caches, include, path

from jtsec.access.gate import policy_gate
from jtsec.access.models import Assignment, Role
from jtsec.access.rows import begin
from jtsec.access.unscoped import NotScoped
from jtsec.access.visible_admin import VisibleInAdmin
from jtsec.audit.models import AuditRecord
from jtsec.authentication.accounts import write_account
from jtsec.core.context import acting_as, system_actor
from jtsec.identity.models import Identity
from tests.access.scoped_models import Folder, Letter, Paper, Shelf
from tests.access.visits import CITY, OTHER, organisations, reader

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A4.1", "A4.3")]
ALL = tuple(
    f"plainapp.{verb}_{name}"
    for verb in ("view", "add", "change", "delete")
    for name in ("folder", "letter", "paper", "shelf")
)

urlpatterns: list[Any] = []


class PaperInline(VisibleInAdmin, admin.TabularInline):  # type: ignore[type-arg]  # takes none at run time
    """Shows the papers in a folder, on its page."""

    model = Paper
    fields = ("text",)
    extra = 0


class FoldersInline(VisibleInAdmin, admin.TabularInline):  # type: ignore[type-arg]  # takes none at run time
    """Shows the folders on a shelf, whosever they are."""

    model = Folder
    fields = ("label", "organisation")
    extra = 0


class ShelfAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes none at run time
    """Shows shelves, which are nobody's."""

    inlines = (FoldersInline,)


class PlacedAdmin(VisibleInAdmin, admin.ModelAdmin):  # type: ignore[type-arg]  # takes none at run time
    """Lets somebody choose the organisation, and change several in the list."""

    fields = ("number", "label", "organisation")
    list_display = ("number", "label", "organisation")
    list_editable = ("label", "organisation")
    inlines = (PaperInline,)


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
        (Folder, PlacedAdmin),
        (Paper, PaperAdmin),
        (Letter, CarelessAdmin),
        (Shelf, ShelfAdmin),
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


def test_rows_are_changed_and_deleted_there(
    browser: Client, places: dict[str, Any]
) -> None:
    """One's own, with what hangs on them; never another's."""
    mine, other = (Folder.objects.get(number=code).pk for code in (CITY, OTHER))
    address = f"/admin/plainapp/folder/{mine}/"
    form = {"number": "new", "label": 0, "organisation": places[CITY].pk}
    form |= beneath("papers")
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


def beneath(prefix: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """Return the form of some rows beneath another, as a page sends it."""
    known = sum("id" in row for row in rows)
    form = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": known}
    for place, row in enumerate(rows):
        form |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return form


def test_rows_beneath_are_changed_on_the_page_of_theirs(
    browser: Client, places: dict[str, Any]
) -> None:
    """Added, changed and deleted; another folder's paper is no row of the form."""
    mine, other = (Folder.objects.get(number=code) for code in (CITY, OTHER))
    address = f"/admin/plainapp/folder/{mine.pk}/change/"
    form = {"number": CITY, "label": 1, "organisation": places[CITY].pk}
    known, strange = mine.papers.get(), other.papers.get()
    rows = [{"id": known.pk, "folder": mine.pk, "text": "changed"}, {"text": "new"}]
    assert browser.post(address, form | beneath("papers", *rows)).status_code == 302
    assert [one.text for one in mine.papers.order_by("pk")] == ["changed", "new"]
    taken = {"id": strange.pk, "folder": mine.pk, "text": "taken"}
    assert browser.post(address, form | beneath("papers", taken)).status_code == 200
    assert Paper.objects.get(pk=strange.pk).text == f"paper {OTHER}"
    gone = {"id": known.pk, "folder": mine.pk, "text": "x", "DELETE": "on"}
    assert browser.post(address, form | beneath("papers", gone)).status_code == 302
    assert [one.text for one in mine.papers.all()] == ["new"]


@pytest.mark.clause("A4.6")
def test_rows_beneath_one_of_nobodys_are_decided_one_by_one(
    guest: Client, places: dict[str, Any]
) -> None:
    """Changed, deleted, added: each where the right reaches that row."""
    shelf = Shelf.objects.create(name="a shelf")
    Folder.objects.update(shelf=shelf)
    mine, other = (Folder.objects.get(number=code) for code in (CITY, OTHER))
    address, here = f"/admin/plainapp/shelf/{shelf.pk}/change/", places[CITY].pk
    own = {"shelf": shelf.pk, "label": 0, "organisation": here}
    there = own | {"organisation": places[OTHER].pk}
    for row in (
        there | {"id": other.pk},
        own | {"id": other.pk},
        own | {"id": other.pk, "label": 1, "DELETE": "on"},
        there,
    ):
        form = {"name": "a shelf"} | beneath("folders", row)
        assert guest.post(address, form).status_code == 403, row
    assert Folder.objects.get(pk=other.pk).label == 1
    form = {"name": "a shelf"} | beneath("folders", own | {"id": mine.pk})
    assert guest.post(address, form).status_code == 302
    assert Folder.objects.get(pk=mine.pk).label == 0


@pytest.fixture
def guest(places: dict[str, Any], browser: Client) -> Client:
    """Let the same person see what another province has, and see it only."""
    with acting_as(system_actor("a-test")), policy_gate() as by:
        rights = ["plainapp.view_folder"]
        role = Role(code="guest", name="x", duty="business", rights=rights)
        guest = Assignment(identity=Identity.objects.get(login_name="reader1"))
        guest.role, guest.organisation = begin(role, by, "x"), places[OTHER]
        begin(guest, by, "x")
    return browser


@pytest.mark.clause("A4.6")
def test_what_one_may_only_see_is_neither_changed_nor_deleted(guest: Client) -> None:
    """The right to change reaches the city; in the other province there is none."""
    other = Folder.objects.get(number=OTHER)
    address, listed = f"/admin/plainapp/folder/{other.pk}/", "/admin/plainapp/folder/"
    assert guest.get(f"{address}change/").status_code == 200
    form = {"number": "mine", "label": 0, "organisation": other.organisation_id}
    form |= beneath("papers")
    assert guest.post(f"{address}change/", form).status_code == 403
    assert guest.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    several = {
        "action": "delete_selected", "_selected_action": [other.pk], "post": "yes",
    }  # fmt: skip
    assert guest.post(listed, several).status_code == 403
    stored = Folder.objects.get(pk=other.pk)
    assert (stored.number, stored.label) == (OTHER, 1)


def edited(which: Folder, **changes: Any) -> dict[str, Any]:
    """Return the form of the list with both folders, one of them changed."""
    rows = [
        {"id": row.pk, "label": row.label, "organisation": row.organisation_id}
        | (changes if row == which else {})
        for row in Folder.objects.order_by("-pk")
    ]
    return {"_save": 1} | beneath("form", *rows)


@pytest.mark.clause("A4.6")
def test_the_list_changes_no_more_than_the_page(
    guest: Client, places: dict[str, Any]
) -> None:
    """Nor takes another's row over by giving it to one's own organisation."""
    mine, other = (Folder.objects.get(number=code) for code in (CITY, OTHER))
    for changes in ({"label": 0}, {"organisation": places[CITY].pk}):
        form = edited(other, **changes)
        assert guest.post("/admin/plainapp/folder/", form).status_code == 403
    stored = Folder.objects.get(pk=other.pk)
    assert (stored.label, stored.organisation) == (1, places[OTHER])
    reasons = AuditRecord.objects.filter(code="access:function:refused")
    assert {one.reason for one in reasons} == {"other-organisation"}
    form = edited(mine, label=0)
    assert guest.post("/admin/plainapp/folder/", form).status_code == 302
    assert Folder.objects.get(pk=mine.pk).label == 0


@pytest.mark.clause("A4.6")
def test_a_row_is_put_where_the_right_reaches(
    browser: Client, places: dict[str, Any]
) -> None:
    """Neither made in another's organisation nor moved there."""
    mine = Folder.objects.get(number=CITY)
    form = {"number": "new", "label": 1, "organisation": places[OTHER].pk}
    form |= beneath("papers")
    assert browser.post("/admin/plainapp/folder/add/", form).status_code == 403
    address = f"/admin/plainapp/folder/{mine.pk}/change/"
    assert browser.post(address, form).status_code == 403
    assert Folder.objects.get(pk=mine.pk).organisation == places[CITY]
    assert not Folder.objects.filter(number="new").exists()
    form["organisation"] = places[CITY].pk
    assert browser.post("/admin/plainapp/folder/add/", form).status_code == 302


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
