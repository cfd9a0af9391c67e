"""Models whose changes are recorded and whose rows are bound: both, on every way."""

from __future__ import annotations

from typing import Any

import pytest

from django.db import transaction

from jtsec.access import row_statements
from jtsec.access.unscoped import NotScoped
from jtsec.audit.coverage.api import audit_query
from jtsec.audit.models import AuditRecord
from tests.access.scoped_models import Binder, Folder, Paper
from tests.access.visits import CITY, OTHER, RIGHT, organisations, reader, visit

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A4.1", "A5.1")]


@pytest.fixture
def user(settings: Any) -> Any:
    """Give somebody of the city; every change of these models is recorded."""
    settings.JTSEC_AUDIT_MODELS = [
        "plainapp.Folder",
        "plainapp.Binder",
        "plainapp.Paper",
    ]
    places = organisations()
    for code in (CITY, OTHER):
        folder = Folder.objects.create(number=code, organisation=places[code], label=1)
        Paper.objects.create(folder=folder, text="text")
        Binder.objects.create(
            number=f"binder {code}",
            organisation=places[code],
            label=1,
            colour="red",
        )
    return reader(1, places[CITY]).user


def events() -> list[str]:
    """Return the changes that were recorded, oldest first."""
    rows = AuditRecord.objects.filter(code__startswith="audit:")
    return [row.code.split(":")[-1] for row in rows.order_by("pk")]


def test_changes_of_visible_rows_are_recorded(user: Any) -> None:
    """What the audit reads for its events is nobody's look."""
    before = len(events())
    with visit(user):
        rows = Folder.objects.visible_to(user, RIGHT)
        assert rows.filter(number=CITY).update(label=0) == 1
        folder = rows.get(number=CITY)
        folder.label = 1
        folder.save()
        assert rows.bulk_update([folder], ["label"]) == 1
        Binder.objects.visible_to(user, RIGHT).update(colour="blue", label=0)
        Folder(number="new", label=1).save()
        folder.delete()
        Binder.objects.visible_to(user, RIGHT).delete()
    told = events()[before:]
    assert {"changed", "created", "deleted"} <= set(told)
    assert Folder.objects.filter(number__contains=OTHER).count() == 2


def test_recorded_models_are_guarded_all_the_same(user: Any) -> None:
    """Refused before anything is read for an event."""
    before = len(events())
    with visit(user):
        for way in (
            lambda: Folder.objects.update(label=0),
            lambda: Folder.objects.all().delete(),
            lambda: list(Folder.objects.all()),
            lambda: Binder.objects.update(colour="x", label=0),
        ):
            with pytest.raises(NotScoped), transaction.atomic():
                way()
    assert len(events()) == before


def test_a_look_is_recorded_within_its_bounds(user: Any) -> None:
    """The two kinds of querysets are one."""
    with visit(user):
        rows = audit_query(Folder.objects.visible_to(user, RIGHT).order_by("number"))
        assert [row.number for row in rows] == [CITY, f"binder {CITY}"]
        with pytest.raises(NotScoped):
            list(audit_query(Folder.objects.all()))


def test_the_guard_stands_before_the_audit(user: Any) -> None:
    """Whoever began to watch last, as a changed setting lets the audit do."""
    for owner, name in row_statements._led:
        assert row_statements.is_leading(owner, name)
