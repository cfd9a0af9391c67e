"""Rows that nobody was named for do not come out of a request, by any way there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from django.db import connection, transaction
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    Max,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    When,
    Window,
    prefetch_related_objects,
)
from django.forms import modelform_factory

from jtsec.access import row_statements, scoped_rows
from jtsec.access.unscoped import NotScoped
from jtsec.core.context import acting_as, system_actor
from tests.access.scoped_models import (
    Binder,
    Folder,
    Letter,
    ListedFolder,
    Paper,
    Reader,
    Shelf,
)
from tests.access.visits import CITY, OTHER, RIGHT, organisations, reader, visit

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A4.1")]


class Scene:
    """One folder of the reader's city and one of another province, with all around."""

    def __init__(self) -> None:
        self.places = organisations()
        self.user = reader(1, self.places[CITY]).user
        self.shelf = Shelf.objects.create(name="shelf")
        common = {"shelf": self.shelf, "label": 1}
        self.mine = Folder.objects.create(
            number="mine", organisation=self.places[CITY], **common
        )
        self.other = Folder.objects.create(
            number="other", organisation=self.places[OTHER], **common
        )
        self.binder = Binder.objects.create(
            number="binder", organisation=self.places[OTHER], label=1, colour="red"
        )
        self.paper = Paper.objects.create(folder=self.other, text="secret")
        self.reader = Reader.objects.create(name="anybody", folder=self.other)
        self.reader.folders.add(self.other)
        self.letter = Letter.objects.create(code=OTHER, folder=self.other)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Make the rows once; each test takes back what it does to them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Scene()
        transaction.set_rollback(True)


def mine(scene: Scene) -> Any:
    """Return the folders that the reader may see."""
    return Folder.objects.visible_to(scene.user, RIGHT)


def insert_over(scene: Scene) -> Any:
    """Insert a letter with the key of another organisation's."""
    letter = Letter(pk=scene.letter.pk, code=CITY)
    target: Any = {}
    if connection.features.supports_update_conflicts_with_target:
        target = {"unique_fields": ["id"]}
    return Letter.objects.bulk_create(
        [letter], update_conflicts=True, update_fields=["code"], **target
    )


READING: dict[str, Callable[[Scene], Any]] = {
    "iteration": lambda s: list(Folder.objects.all()),
    "another name of the table": lambda s: list(ListedFolder.objects.all()),
    "a child's table": lambda s: list(Binder.objects.all()),
    "count": lambda s: Folder.objects.count(),
    "exists": lambda s: Folder.objects.filter(number="other").exists(),
    "contains": lambda s: Folder.objects.contains(s.other),
    "aggregate": lambda s: Folder.objects.aggregate(Max("number")),
    "aggregate of a slice": lambda s: Folder.objects.all()[:9].aggregate(Max("number")),
    "values": lambda s: list(Folder.objects.values("number")),
    "values_list": lambda s: list(Folder.objects.values_list("number", flat=True)),
    "get": lambda s: Folder.objects.get(number="other"),
    "get by key": lambda s: Folder.objects.get(pk=s.other.pk),
    "first": lambda s: Folder.objects.order_by("number").first(),
    "last": lambda s: Folder.objects.order_by("number").last(),
    "latest": lambda s: Folder.objects.latest("number"),
    "in_bulk": lambda s: Folder.objects.in_bulk([s.other.pk]),
    "iterator": lambda s: list(Folder.objects.iterator()),
    "an index": lambda s: Folder.objects.order_by("number")[1],
    "distinct": lambda s: list(Folder.objects.distinct()),
    "annotate": lambda s: list(Folder.objects.annotate(n=F("label"))),
    "explain": lambda s: Folder.objects.all().explain(),
    "the base manager": lambda s: list(Folder._base_manager.all()),
    "raw": lambda s: list(Folder.objects.raw("SELECT * FROM plainapp_folder")),
    "a union": lambda s: list(mine(s).union(Folder.objects.all())),
    "an or": lambda s: list(mine(s) | Folder.objects.filter(number="other")),
    "an xor": lambda s: list(mine(s) ^ Folder.objects.filter(number="other")),
    "an exclusion": lambda s: list(Folder.objects.exclude(pk__in=mine(s))),
    "a subquery": lambda s: list(
        Shelf.objects.annotate(n=Subquery(Folder.objects.values("number")[:1]))
    ),
    "a subquery within mine": lambda s: list(
        mine(s).annotate(n=Subquery(Folder.objects.values("number")[:1]))
    ),
    "an existence": lambda s: list(
        Shelf.objects.filter(Exists(Folder.objects.filter(shelf=OuterRef("pk"))))
    ),
    "in a queryset": lambda s: list(
        Shelf.objects.filter(folders__in=Folder.objects.all())
    ),
    "a condition across": lambda s: list(Shelf.objects.filter(folders__number="other")),
    "values across": lambda s: list(Shelf.objects.values("folders__number")),
    "an order across": lambda s: list(Reader.objects.order_by("folder__number")),
    "a count across": lambda s: list(Shelf.objects.annotate(n=Count("folders"))),
    "select_related": lambda s: list(Reader.objects.select_related("folder")),
    "prefetch_related": lambda s: list(Shelf.objects.prefetch_related("folders")),
    "a prefetch of its own": lambda s: list(
        Shelf.objects.prefetch_related(Prefetch("folders", Folder.objects.all()))
    ),
    "a relation forth": lambda s: Reader.objects.get(pk=s.reader.pk).folder,
    "a relation back": lambda s: list(Shelf.objects.get(pk=s.shelf.pk).folders.all()),
    "many to many": lambda s: list(Reader.objects.get(pk=s.reader.pk).folders.all()),
    "a model that follows it": lambda s: list(Paper.objects.all()),
    "a model with codes": lambda s: list(Letter.objects.all()),
    "a join from mine": lambda s: list(
        Letter.objects.visible_to(s.user, RIGHT).select_related("folder")
    ),
    "a way round and back": lambda s: list(mine(s).values("shelf__folders__number")),
    "an order round and back": lambda s: list(mine(s).order_by("shelf__folders__pk")),
    "an exclusion across": lambda s: list(mine(s).exclude(letters__code="x")),
    "a difference": lambda s: list(mine(s).difference(Folder.objects.filter(pk=0))),
    "a union in a union": lambda s: list(
        mine(s).union(mine(s).union(Folder.objects.all()))
    ),
    "a relation with a condition": lambda s: list(
        Shelf.objects.annotate(
            few=FilteredRelation("folders", condition=Q(folders__number="other"))
        ).values("few__number")
    ),
    "a case": lambda s: list(
        Shelf.objects.annotate(
            n=Case(When(Exists(Folder.objects.filter(number="other")), then=1))
        )
    ),
    "a filtered aggregate": lambda s: Shelf.objects.aggregate(
        n=Count("pk", filter=Q(folders__number="other"))
    ),
    "a window": lambda s: list(
        Folder.objects.annotate(n=Window(Count("pk"))).filter(n__gt=0)
    ),
    "a lock": lambda s: list(Folder.objects.select_for_update().order_by("pk")),
    "a deferred column": lambda s: list(Folder.objects.only("pk")),
    "a late prefetch": lambda s: prefetch_related_objects(
        [Reader.objects.get(pk=s.reader.pk)], "folder"
    ),
    "the relation's own queryset": lambda s: list(
        Reader.folder.get_queryset(instance=s.reader)
    ),
    "an extra table": lambda s: list(
        Shelf.objects.extra(
            tables=["plainapp_folder"], select={"n": "plainapp_folder.number"}
        )
    ),
    "a form's choices": lambda s: str(
        modelform_factory(Reader, fields=["folder"])()["folder"]
    ),
    "a form's choice": lambda s: modelform_factory(Reader, fields=["folder"])(
        {"folder": s.other.pk}
    ).is_valid(),
}
WRITING: dict[str, Callable[[Scene], Any]] = {
    "update": lambda s: Folder.objects.update(number=F("number")),
    "update by key": lambda s: Folder.objects.filter(pk=s.other.pk).update(number="x"),
    "update of a parent's column": lambda s: Binder.objects.update(label=0),
    "update from all": lambda s: mine(s).update(
        file=Subquery(Folder.objects.filter(number="other").values("number")[:1])
    ),
    "delete": lambda s: Folder.objects.all().delete(),
    "raw delete": lambda s: Letter.objects.all()._raw_delete("default"),
    "delete of what leads to it": lambda s: Shelf.objects.all().delete(),
    "bulk_update": lambda s: Folder.objects.bulk_update([s.other], ["label"]),
    "get_or_create": lambda s: Folder.objects.get_or_create(number="other"),
    "update_or_create": lambda s: Folder.objects.update_or_create(number="other"),
    "insert over": insert_over,
    "a row of somebody's key": lambda s: Folder(pk=s.other.pk, number="x").save(
        update_fields=["number"]
    ),
    "a deletion by key": lambda s: Folder(pk=s.other.pk).delete(),
    "a relation back emptied": lambda s: Shelf.objects.get().folders.clear(),
}
EVERY = READING | WRITING


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo what happens in the block, also where Django wants it undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def unguarded() -> Iterator[None]:
    """Take the guard away from all of Django's methods that are led through it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_statements, "is_demanded", lambda: False)
        patch.setattr(scoped_rows, "is_demanded", lambda: False)
        yield


@pytest.mark.parametrize("way", EVERY)
def test_rows_for_nobody_do_not_come_out(scene: Scene, way: str) -> None:
    """Each way of the ORM is refused in a request, and by the guard alone."""
    with visit(scene.user), taken_back(), pytest.raises(NotScoped):
        EVERY[way](scene)
    with visit(scene.user), taken_back(), unguarded():
        EVERY[way](scene)
    with acting_as(system_actor("a-job")), taken_back():
        EVERY[way](scene)


def test_a_refused_change_changes_nothing(scene: Scene) -> None:
    """What is refused is refused before it begins."""
    before = list(Folder.objects.order_by("pk").values_list())
    for way in WRITING.values():
        with visit(scene.user), taken_back(), pytest.raises(NotScoped):
            way(scene)
        assert list(Folder.objects.order_by("pk").values_list()) == before


def test_a_job_within_a_request_is_free(scene: Scene) -> None:
    """Whoever acts is the job, and its events say so."""
    with visit(scene.user), acting_as(system_actor("a-job")):
        assert Folder.objects.count() == 3
