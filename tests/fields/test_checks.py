"""What the check of the admin finds."""

from __future__ import annotations

from typing import Any

import pytest

from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import F

from jtsec.fields.checks import check_admins
from tests.plainapp.models import Dossier, Driver, Vehicle


def found(model: Any, **options: Any) -> list[str]:
    """Return the ids of the findings for an admin page."""
    site = AdminSite("tried")
    page = type("Page", (ModelAdmin,), options)
    site.register(model, page)
    # Sites of earlier tests may not have been collected yet.
    return [str(one.id) for one in check_admins(None) if one.obj is page]


@pytest.mark.parametrize(
    "options",
    [
        {"search_fields": ["text"]},
        {"search_fields": ["name", "^text"]},
        {"search_fields": ["=text"]},
        {"search_fields": ["facts__exact"]},
        {"search_fields": ["text__contains"]},
        {"list_filter": ["born"]},
        {"ordering": ["-number"]},
        {"ordering": [F("number").desc()]},
        {"date_hierarchy": "seen"},
    ],
    ids=str,
)
def test_a_page_that_asks_ciphertext_is_refused(options):
    """Each would fail, or sort at random, once somebody uses it."""
    assert found(Dossier, **options) == ["jtsec.E113"]


def test_a_path_is_followed():
    """Through a relation."""
    assert found(Vehicle, search_fields=["owner__phone"]) == ["jtsec.E113"]


def test_what_the_index_answers_is_allowed():
    """Equality, and everything about other columns."""
    allowed = ["name", "text__exact", "number__exact"]
    assert found(Dossier, search_fields=allowed, list_filter=["count"]) == []
    assert found(Driver, list_display=["name", "phone"], ordering=["name"]) == []
    assert found(Vehicle, search_fields=["owner__phone__exact", "nothing"]) == []


@pytest.mark.django_db
def test_the_allowed_search_finds(rf):
    """The admin's own search goes through the index."""
    row = Dossier.objects.create(text="wanted")
    Dossier.objects.create(text="other")
    page = type("Page", (ModelAdmin,), {"search_fields": ["text__exact"]})
    admin: Any = page(Dossier, AdminSite())
    result, _ = admin.get_search_results(rf.get("/"), Dossier.objects.all(), "wanted")
    assert list(result) == [row]
