"""Rows come out for whom they are: by organisation, with those below, and by label."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Prefetch, Window
from django.forms import ModelChoiceField, modelform_factory
from django.http import Http404
from django.views.generic import DetailView, ListView

from jtsec.access import reach_of_people
from jtsec.access.api import decide
from jtsec.access.attempts import VisibleRows, get_visible_or_404
from jtsec.access.models import Assignment
from jtsec.access.scope import RowScope, scope_of
from jtsec.access.scoped_rows import visible_to
from jtsec.access.unscoped import NotScoped
from jtsec.audit.models import AuditRecord
from jtsec.core.guarding import writing
from tests.access.scoped_models import Binder, Folder, Letter, Paper, Reader, Shelf
from tests.access.visits import (
    CITY,
    DISTRICT,
    OTHER,
    PROVINCE,
    RIGHT,
    organisations,
    reader,
    visit,
)

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def places() -> dict[str, Any]:
    """Make organisations, and one folder of the label 1 in each."""
    found = organisations()
    for code, place in found.items():
        Folder.objects.create(number=code, organisation=place, label=1)
    return found


@pytest.fixture
def user(places: dict[str, Any]) -> Any:
    """Give somebody of the city with its districts, of the clearance 1."""
    return reader(1, places[CITY]).user


def recorded(code: str) -> list[AuditRecord]:
    """Return the events of a code, oldest first."""
    return list(AuditRecord.objects.filter(code=code).order_by("pk"))


def seen(user: Any, right: str = RIGHT) -> set[str]:
    """Return the numbers of the folders that somebody sees."""
    with visit(user):
        rows = Folder.objects.visible_to(user, right)
        return set(rows.values_list("number", flat=True))


@pytest.mark.clause("A4.1", "A4.6")
def test_a_grant_reaches_its_organisation_and_those_below(user: Any) -> None:
    """Neither the one above nor the one beside."""
    assert seen(user) == {CITY, DISTRICT}


def test_a_grant_without_those_below_reaches_one(places: dict[str, Any]) -> None:
    """An assignment says whether it goes down."""
    assert seen(reader(2, places[CITY], with_below=False).user) == {CITY}


def test_the_top_reaches_its_whole_tree(places: dict[str, Any]) -> None:
    """And no other tree."""
    assert seen(reader(2, places[PROVINCE]).user) == {PROVINCE, CITY, DISTRICT}


def test_another_right_shows_nothing(user: Any) -> None:
    """Rows are seen by the right that is asked for, not by any that is held."""
    assert seen(user, "plainapp.change_folder") == set()
    assert seen(user, "plainapp.no_such_right") == set()


def test_nobody_sees_anything(places: dict[str, Any]) -> None:
    """Neither a visitor nor somebody without an identity."""
    from django.contrib.auth.models import AnonymousUser

    assert seen(AnonymousUser()) == set()
    assert seen(None) == set()


@pytest.mark.clause("A4.14")
def test_what_is_above_the_clearance_is_filtered_out(places: dict[str, Any]) -> None:
    """A label is reached by a clearance that is not below it."""
    Folder.objects.filter(number=CITY).update(label=2)
    assert seen(reader(2, places[CITY], clearance=1).user) == {DISTRICT}
    assert seen(reader(3, places[CITY], clearance=2).user) == {CITY, DISTRICT}


@pytest.mark.clause("A4.14")
def test_what_nobody_judged_is_shown_to_nobody(user: Any, places: Any) -> None:
    """A row without a label or an organisation stays closed."""
    Folder.objects.filter(number=CITY).update(label=None)
    Folder.objects.filter(number=DISTRICT).update(organisation=None)
    assert seen(user) == set()
    for folder in Folder.objects.filter(number__in=[CITY, DISTRICT]):
        assert not decide(user, RIGHT, folder)


def test_the_decision_and_the_rows_agree(user: Any) -> None:
    """What a list shows is what may be opened, row by row."""
    shown = seen(user)
    for folder in Folder.objects.all():
        decision = decide(user, RIGHT, folder)
        assert decision.allowed == (folder.number in shown)
        assert decision.allowed or decision.reason == "other-organisation"
    Folder.objects.filter(number=CITY).update(label=2)
    assert decide(user, RIGHT, Folder.objects.get(number=CITY)).reason == "label"


def test_organisations_may_be_named_by_their_code(user: Any, places: Any) -> None:
    """A table from before jtsec holds the 12 digits."""
    made = {code: Letter.objects.create(code=code) for code in places}
    with visit(user):
        rows = Letter.objects.visible_to(user, RIGHT)
        assert {letter.code for letter in rows} == {CITY, DISTRICT}
    for code, letter in made.items():
        assert decide(user, RIGHT, letter).allowed == (code in {CITY, DISTRICT})


def test_organisations_may_lie_behind_a_relation(user: Any, places: Any) -> None:
    """A paper belongs where its folder does."""
    for folder in Folder.objects.all():
        Paper.objects.create(folder=folder, text=folder.number)
    with visit(user):
        papers = Paper.objects.visible_to(user, RIGHT).select_related("folder")
        assert {paper.text for paper in papers} == {CITY, DISTRICT}
    for paper in Paper.objects.all():
        allowed = decide(user, RIGHT, paper).allowed
        assert allowed == (paper.text in {CITY, DISTRICT})


@pytest.mark.clause("A4.14")
def test_what_leads_to_a_hidden_row_is_hidden_too(user: Any) -> None:
    """A paper of a folder above the clearance is above it, whatever it says itself."""
    for folder in Folder.objects.all():
        Paper.objects.create(folder=folder, text=folder.number)
    Folder.objects.filter(number=DISTRICT).update(label=3)
    with visit(user):
        papers = Paper.objects.visible_to(user, RIGHT).select_related("folder")
        assert [paper.folder.number for paper in papers] == [CITY]
        assert papers.order_by("folder__number").update(text="new") == 1
    hidden = Paper.objects.get(text=DISTRICT)
    assert decide(user, RIGHT, hidden).reason == "label"
    assert not decide(user, RIGHT, Paper(text="in no folder"))


def test_what_belongs_to_a_visible_row_may_be_joined(user: Any) -> None:
    """And what only points to it may not."""
    for folder in Folder.objects.all():
        Paper.objects.create(folder=folder, text=folder.number)
        Letter.objects.create(folder=folder, code=OTHER)
    with visit(user):
        rows = Folder.objects.visible_to(user, RIGHT)
        counted = rows.annotate(n=Count("papers")).values_list("number", "n")
        assert set(counted) == {(CITY, 1), (DISTRICT, 1)}
        assert rows.filter(papers__text=CITY).get().number == CITY
        with pytest.raises(NotScoped):
            list(rows.filter(letters__code=OTHER))


def test_a_model_with_parents_is_bound_once(user: Any, places: Any) -> None:
    """The parent's table holds the same row."""
    for code, place in places.items():
        Binder.objects.create(
            number=f"binder {code}", organisation=place, label=1, colour="red"
        )
    with visit(user):
        binders = Binder.objects.visible_to(user, RIGHT)
        assert {one.number[-12:] for one in binders} == {CITY, DISTRICT}
        assert binders.update(colour="blue", label=0) == 2
        one = binders.first()
        assert one is not None
        one.colour = "green"
        one.save()
        assert (one.colour, one.label) == ("green", 0)


def test_every_way_of_the_orm_stays_within(user: Any) -> None:
    """What was narrowed once is narrow, whatever is done with it."""
    with visit(user):
        rows = Folder.objects.visible_to(user, RIGHT)
        assert rows.count() == 2
        assert rows.exists()
        assert rows.aggregate(n=Count("pk")) == {"n": 2}
        assert len(rows.in_bulk()) == 2
        assert len(list(rows.iterator(chunk_size=1))) == 2
        assert not rows.filter(number=OTHER).exists()
        assert not Folder.objects.none().exists()
        assert rows.exclude(number=CITY).get().number == DISTRICT
        assert len(rows.order_by("number")[:1]) == 1
        assert (rows.filter(number=CITY) | rows.filter(number=DISTRICT)).count() == 2
        assert rows.filter(number=CITY).union(rows.filter(number=DISTRICT)).count() == 2
        assert list(rows.filter(pk__in=rows.values("pk")).distinct()) == list(rows)
        assert rows.annotate(n=Window(Count("pk"))).filter(n__gt=0).count() == 2
        assert len(rows.annotate(n=Window(Count("pk"))).filter(n__gt=0)) == 2
        assert rows.difference(rows.filter(number=CITY)).count() == 1
        assert rows.only("number").order_by("number")[0].label == 1
        assert rows.update(label=0) == 2
        assert rows.bulk_update(list(rows), ["number"]) == 2
        assert rows.get_or_create(number=CITY)[1] is False
        assert rows.update_or_create({"label": 0}, number=CITY)[1] is False
        assert "plainapp_folder" in rows.explain().lower() or rows.explain()
    assert Folder.objects.filter(label=0).count() == 2


def test_coroutines_stay_within(user: Any) -> None:
    """The asynchronous twins go the same way."""

    async def look() -> int:
        with pytest.raises(NotScoped):
            await Folder.objects.acount()
        rows = await sync_to_async(Folder.objects.visible_to)(user, RIGHT)
        assert await rows.acount() == 2
        return len([one async for one in rows])

    with visit(user):
        assert async_to_sync(look)() == 2


def test_a_row_that_was_loaded_can_be_saved(user: Any) -> None:
    """And loaded again, and deleted with all that hangs on it."""
    with visit(user):
        folder = Folder.objects.visible_to(user, RIGHT).get(number=CITY)
        folder.label = 0
        folder.full_clean()
        folder.save()
        folder.save(update_fields=["label"])
        folder.refresh_from_db()
        assert folder.label == 0
        Paper(folder=folder, text="new").save()
        folder.delete()
    assert not Folder.objects.filter(number=CITY).exists()
    assert not Paper.objects.exists()


def test_rows_of_a_narrowed_query_can_be_deleted(user: Any) -> None:
    """With what hangs on them."""
    for folder in Folder.objects.all():
        Paper.objects.create(folder=folder, text=folder.number)
    with visit(user):
        Folder.objects.visible_to(user, RIGHT).delete()
    assert {paper.text for paper in Paper.objects.all()} == {PROVINCE, OTHER}


def test_a_new_row_never_overwrites_another(user: Any) -> None:
    """A key from a form would else be somebody else's row."""
    other = Folder.objects.get(number=OTHER)
    with visit(user):
        made = Folder(number="new", label=1)
        made.save()
        made.label = 0
        made.save()
        with pytest.raises(IntegrityError), transaction.atomic():
            Folder(pk=other.pk, number="taken over").save()
    other.refresh_from_db()
    assert other.number == OTHER
    assert Folder.objects.get(number="new").label == 0


def test_a_loaded_row_given_another_key_changes_nothing(user: Any) -> None:
    """Its own key is what was seen."""
    other = Folder.objects.get(number=OTHER)
    with visit(user):
        folder = Folder.objects.visible_to(user, RIGHT).get(number=CITY)
        folder.pk = other.pk
        with pytest.raises(NotScoped), transaction.atomic():
            folder.save()
        with pytest.raises(NotScoped):
            folder.delete()
        with pytest.raises(Folder.DoesNotExist):
            folder.refresh_from_db()
    other.refresh_from_db()
    assert other.number == OTHER


def test_a_relation_of_a_visible_row_shows_what_is_visible(
    user: Any, places: Any
) -> None:
    """The right goes along, forth and back."""
    city, other = (Folder.objects.get(number=code) for code in (CITY, OTHER))
    Letter.objects.create(code=CITY, folder=city)
    Letter.objects.create(code=OTHER, folder=city)
    astray = Letter.objects.create(code=CITY, folder=other)
    with visit(user):
        rows = Folder.objects.visible_to(user, RIGHT)
        assert [one.code for one in rows.get(number=CITY).letters.all()] == [CITY]
        fetched = rows.prefetch_related("letters").get(number=CITY)
        assert [one.code for one in fetched.letters.all()] == [CITY]
        letters = Letter.objects.visible_to(user, RIGHT)
        assert {one.folder for one in letters.exclude(pk=astray.pk)} == {city}
        with pytest.raises(Folder.DoesNotExist):
            _ = letters.get(pk=astray.pk).folder


def test_a_row_that_somebody_else_loaded_gives_no_eyes(
    user: Any, places: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page may keep rows in a cache that many people meet."""
    stranger = reader(2, places[OTHER]).user
    Letter.objects.create(code=CITY, folder=Folder.objects.get(number=CITY))
    with visit(user):
        kept = Folder.objects.visible_to(user, RIGHT).get(number=CITY)
    with visit(stranger), pytest.raises(NotScoped):
        kept.letters.count()
    monkeypatch.setattr(reach_of_people, "is_of_who_acts", lambda reach: True)
    with visit(stranger):
        assert kept.letters.count() == 1


def test_rows_can_be_joined_in_somebody_s_name(user: Any, places: Any) -> None:
    """Both tables are narrowed; a row without the relation stays."""
    for code in (CITY, OTHER):
        folder = Folder.objects.get(number=code)
        Letter.objects.create(code=CITY, folder=folder)
        Reader.objects.create(name=code, folder=folder)
    Letter.objects.create(code=CITY)
    Reader.objects.create(name="none")
    with visit(user):
        letters = Letter.objects.visible_to(user, RIGHT, through=["folder"])
        found = [
            one.folder.number if one.folder else ""
            for one in letters.select_related("folder").order_by("folder__number")
        ]
        assert sorted(found) == ["", CITY]
        readers = visible_to(Reader.objects.all(), user, RIGHT, through=["folder"])
        named = readers.values_list("name", "folder__number")
        assert set(named) == {(CITY, CITY), ("none", None)}
        nothing = visible_to(readers, None, RIGHT, through=["folder"])
        assert [one.name for one in nothing.select_related("folder")] == ["none"]


def test_a_prefetch_may_be_narrowed(user: Any) -> None:
    """From a model that belongs to nobody."""
    shelf = Shelf.objects.create(name="shelf")
    Folder.objects.update(shelf=shelf)
    with visit(user):
        rows = Folder.objects.visible_to(user, RIGHT)
        shelves = Shelf.objects.prefetch_related(Prefetch("folders", rows))
        assert len(shelves.get().folders.all()) == 2
        asked = Shelf.objects.filter(folders__in=rows).values("name").distinct()
        with pytest.raises(NotScoped):
            list(asked)
        assert shelf.pk in rows.values_list("shelf", flat=True)


def test_forms_work_with_narrowed_choices(user: Any) -> None:
    """A ModelForm checks keys and unique values by itself."""
    mine, other = (Folder.objects.get(number=code) for code in (CITY, OTHER))
    with visit(user):

        class ReaderForm(modelform_factory(Reader, fields=["name", "folder"])):  # type: ignore[misc]  # made here
            folder = ModelChoiceField(Folder.objects.visible_to(user, RIGHT))

        assert str(ReaderForm()["folder"]).count("<option") == 3
        good = ReaderForm({"name": "x", "folder": mine.pk})
        assert good.is_valid(), good.errors
        good.save()
        assert not ReaderForm({"name": "x", "folder": other.pk}).is_valid()
        with pytest.raises(ValidationError):
            Folder(number=OTHER, label=1).full_clean()


@pytest.mark.clause("A4.1")
def test_all_rows_come_out_for_a_reason_that_is_recorded(user: Any) -> None:
    """A page that truly needs them says why."""
    with visit(user):
        rows = Folder.objects.unscoped("the next free number")
        assert rows.count() == 4
        assert not rows.exclude(number=OTHER).filter(number=OTHER).exists()
        with pytest.raises(ValueError, match="say why"):
            Folder.objects.unscoped(" ")
    [event] = recorded("access:rows:unscoped")
    assert (event.resource, event.reason) == (
        "plainapp.folder",
        "the next free number",
    )


@pytest.mark.clause("A4.14")
def test_an_attempt_is_recorded_and_looks_like_nothing(user: Any) -> None:
    """Another's row and none are the same 404."""
    Folder.objects.filter(number=DISTRICT).update(label=3)
    with visit(user):
        assert get_visible_or_404(Folder, user, RIGHT, number=CITY).number == CITY
        answers = []
        for number in (OTHER, DISTRICT, "none"):
            with pytest.raises(Http404) as caught:
                get_visible_or_404(Folder, user, RIGHT, number=number)
            answers.append(str(caught.value))
        with pytest.raises(Http404):
            get_visible_or_404(Folder.objects.all(), user, RIGHT, pk="x")
    assert len(set(answers)) == 1
    events = recorded("access:rows:refused")
    assert [one.reason for one in events] == ["other-organisation", "label"]


def test_class_based_views_show_what_is_visible(user: Any) -> None:
    """Lists and single rows, the attempt recorded."""

    class Listing(VisibleRows, ListView):  # type: ignore[type-arg]  # takes none at run time
        model = Folder
        right = RIGHT

    class Detail(VisibleRows, DetailView):  # type: ignore[type-arg]  # takes none at run time
        model = Folder
        right = RIGHT
        slug_field = "number"

    with visit(user) as request:
        listing: Any = Listing.as_view()
        assert len(listing(request).context_data["object_list"]) == 2
        view: Any = Detail.as_view()
        assert view(request, slug=CITY).context_data["object"].number == CITY
        with pytest.raises(Http404):
            view(request, slug=OTHER)
        with pytest.raises(Http404):
            view(request, pk=100_000_000)
    [event] = recorded("access:rows:refused")
    assert event.reason == "other-organisation"


def test_views_of_the_rest_framework_do_so_too(user: Any) -> None:
    """The same mixin, before one of theirs."""
    from rest_framework.authentication import BaseAuthentication
    from rest_framework.generics import RetrieveAPIView
    from rest_framework.serializers import ModelSerializer

    class Numbers(ModelSerializer[Folder]):
        class Meta:
            model = Folder
            fields = ("number",)

    class Known(BaseAuthentication):
        def authenticate(self, request: Any) -> Any:
            return user, None

    class Single(VisibleRows, RetrieveAPIView):  # type: ignore[type-arg]  # takes none at run time
        queryset = Folder.objects.all()
        serializer_class = Numbers
        permission_classes = ()
        authentication_classes = (Known,)
        right = RIGHT
        lookup_field = "number"

    view: Any = Single.as_view()
    with visit(user) as request:
        assert view(request, number=CITY).data == {"number": CITY}
        assert view(request, number=OTHER).status_code == 404
    [event] = recorded("access:rows:refused")
    assert event.resource.startswith("plainapp.folder:")


@pytest.mark.clause("A4.10")
def test_a_grant_that_ends_shows_nothing_more(user: Any) -> None:
    """Rows are asked for by what holds now."""
    assert seen(user)
    from jtsec.core.clock import now
    from jtsec.fields.api import apply_seal

    with writing("access"):
        for row in Assignment.objects.all():
            row.ended_at = now()
            apply_seal(row)
            row.save()
    from jtsec.access import policy

    policy.forget()
    assert seen(user) == set()


def test_a_scope_names_something() -> None:
    """A declaration that says nothing would protect nothing."""
    with pytest.raises(ValueError, match="names the field"):
        RowScope()
    assert scope_of(Shelf) is None
