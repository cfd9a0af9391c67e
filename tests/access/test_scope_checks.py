"""What would show rows or files to everybody is named before anybody sees them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from django.apps import apps
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.test.utils import isolate_apps
from django.urls import clear_url_caches

from jtsec.access import guarded_files, row_statements, scope_checks, scope_evidence
from jtsec.access.labels import LabelField, Sensitivity
from jtsec.access.scope import RowScope
from jtsec.access.scoped_rows import ScopedManager, ScopedModel
from tests.access.scoped_models import Folder

pytestmark = pytest.mark.clause("A4.1", "A4.14")


@pytest.fixture(autouse=True)
def only(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a function that lets the checks see some models alone; take guards back."""
    monkeypatch.setattr(row_statements, "_tables", dict(row_statements._tables))
    monkeypatch.setattr(guarded_files, "_guarded", {})

    def see(*chosen: type[models.Model]) -> None:
        monkeypatch.setattr(scope_checks, "_models", lambda: iter(chosen))

    return see


def texts(check: Any) -> list[str]:
    """Return what a check says."""
    found = check(None)
    assert {one.id for one in found} <= {"jtsec.W208", "jtsec.W209"}
    return [one.msg for one in found]


@isolate_apps("tests.plainapp")
def test_a_model_with_owners_that_is_not_scoped_is_named(only: Any) -> None:
    """An organisation or a label says that not everybody may see the row."""

    class Labelled(models.Model):
        label = LabelField()

        class Meta:
            app_label = "plainapp"

    class Owned(models.Model):
        owner: ClassVar[Any] = models.ForeignKey("jtsec.Organization", models.PROTECT)

        class Meta:
            app_label = "plainapp"

    class ForEverybody(models.Model):
        label = LabelField()
        SCOPE = None

        class Meta:
            app_label = "plainapp"

    class Plain(models.Model):
        class Meta:
            app_label = "plainapp"

    organisation = apps.get_model("jtsec", "Organization")
    Owned._meta.get_field("owner").remote_field.model = organisation  # type: ignore[union-attr]  # a relation
    only(Labelled, Owned, ForEverybody, Plain)
    found = scope_checks.check_scoped_models(None)
    assert [one.id for one in found] == ["jtsec.W208"] * 2
    assert "plainapp.Labelled" in found[0].msg
    assert 'RowScope(label="label")' in str(found[0].hint)
    assert 'RowScope(organisation="owner")' in str(found[1].hint)


@isolate_apps("tests.plainapp")
def test_a_manager_that_is_not_scoped_is_named(only: Any) -> None:
    """Also one beside the first, and what follows from the wrong base."""

    class Half(ScopedModel):
        label = LabelField()
        SCOPE = RowScope(label="label")

        objects: ClassVar[Any] = ScopedManager()
        everything: ClassVar[Any] = models.Manager()

        class Meta(ScopedModel.Meta):
            app_label = "plainapp"

    class Lost(ScopedModel):
        class Meta:
            app_label = "plainapp"

    class Misnamed(ScopedModel):
        SCOPE = RowScope(label="labl", organisation="nothing__at_all")

        class Meta:
            app_label = "plainapp"

    only(Half)
    assert "everything" in "".join(texts(scope_checks.check_scoped_models))
    only(Lost)
    assert "SCOPE" in texts(scope_checks.check_scoped_models)[0]
    only(Misnamed)
    assert len(texts(scope_checks.check_scoped_models)) == 2
    only(Folder)
    assert texts(scope_checks.check_scoped_models) == []


def test_a_database_that_goes_past_the_guard_is_named(
    only: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backend with SELECTs of its own."""
    only(Folder)
    monkeypatch.setattr(row_statements, "passes_through", lambda compiler: False)
    assert "default" in texts(scope_checks.check_scoped_models)[0]


@pytest.fixture
def site(settings: Any, tmp_path: Path) -> Iterator[Any]:
    """Serve a folder in the open."""
    settings.ROOT_URLCONF = "tests.access.file_urls"
    settings.MEDIA_URL = "/media/"
    settings.MEDIA_ROOT = str(tmp_path)
    clear_url_caches()
    yield settings
    clear_url_caches()


def test_a_field_of_files_without_a_right_is_named(only: Any, site: Any) -> None:
    """Until somebody says by which right its files are given."""
    only(Folder)
    assert "plainapp.Folder.file" in texts(scope_checks.check_files)[0]
    guarded_files.guard_file(Folder, "file", right="plainapp.view_folder")
    assert texts(scope_checks.check_files) == []


def test_uploads_that_lie_open_are_named(only: Any, site: Any) -> None:
    """At whatever address a folder with them is served."""
    only()
    for root in ("uploads", ".", "uploads/of/permits"):
        site.MEDIA_ROOT = str(Path(root).resolve())
        assert "/open/<path:path>" in texts(scope_checks.check_files)[0]
    site.MEDIA_ROOT = str(Path("elsewhere").resolve())
    assert texts(scope_checks.check_files) == []


def test_uploads_without_a_folder_of_their_own_are_named(only: Any, site: Any) -> None:
    """They would lie among the project's files."""
    only(Folder)
    guarded_files.guard_file(Folder, "file", right="plainapp.view_folder")
    site.MEDIA_ROOT = ""
    assert "MEDIA_ROOT" in texts(scope_checks.check_files)[0]
    assert FileSystemStorage().location == str(Path.cwd())


def test_a_label_is_a_plain_number_in_migrations() -> None:
    """And a new row is not for everybody until somebody judges it."""
    name, path, _args, _options = LabelField(name="label").deconstruct()
    assert (name, path) == ("label", "django.db.models.PositiveSmallIntegerField")
    assert Folder(number="new").label == Sensitivity.INTERNAL


def test_the_report_names_what_is_bound(only: Any, site: Any) -> None:
    """Models, those with labels, and files."""
    guarded_files.guard_file(Folder, "file", right="plainapp.view_folder")
    rows, labels, files = scope_evidence.facts()
    assert "plainapp.Folder" in str(rows.value)
    assert "plainapp.Paper" in str(rows.value)
    assert "plainapp.Paper" not in str(labels.value)
    assert files.value == ["plainapp.Folder.file"]
