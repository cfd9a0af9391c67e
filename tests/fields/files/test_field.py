"""A field of encrypted files is one of Django's to forms, migrations and code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from django import forms
from django.core import serializers
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps
from django.utils.datastructures import MultiValueDict

from jtsec.fields import EncryptedFileField, EncryptedStorage, evidence
from jtsec.fields.exceptions import FileAltered
from tests.plainapp import models as plainapp

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.3")]

Scan: Any = plainapp.Scan


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Return where uploads lie."""
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


class ScanForm(forms.ModelForm):  # type: ignore[type-arg]  # no parameter at run time
    class Meta:
        model = plainapp.Scan
        fields = ["front"]


def test_a_form_saves_an_upload_sealed(folder: Path) -> None:
    """And code reads it in clear through the row."""
    upload = SimpleUploadedFile("身份证.txt", "内容".encode())
    form = ScanForm({}, MultiValueDict({"front": [upload]}))
    assert form.is_valid()
    row = Scan.objects.get(pk=form.save().pk)
    assert row.front.name == "scans/身份证.txt"
    assert row.front.size == len("内容".encode())
    with row.front.open() as file:
        assert file.read().decode() == "内容"
    assert "内容".encode() not in (folder / row.front.name).read_bytes()
    row.front.delete()
    assert not any((folder / "scans").iterdir())


def test_a_file_moved_by_its_name_does_not_open(folder: Path) -> None:
    """Whoever can write to the table gives the file of one field to another."""
    row = Scan.objects.create(
        front=ContentFile(b"front", "a"), back=ContentFile(b"back", "b")
    )
    Scan.objects.filter(pk=row.pk).update(back=row.front.name)
    row.refresh_from_db()
    with row.front.open() as file:
        assert file.read() == b"front"
    with pytest.raises(FileAltered):
        row.back.read()


def test_each_field_has_its_label(folder: Path) -> None:
    """By app, model and field, or by the context that was given."""
    found: Any = Scan._meta.get_field("front")
    assert found.label == "plainapp.scan.front"
    assert Scan().back.storage.context == "plainapp.scan.back"


@isolate_apps("tests.plainapp")
def test_children_of_an_abstract_model_have_labels_of_their_own() -> None:
    """A file of one does not open in the other."""

    class Sheet(models.Model):
        scan = EncryptedFileField(context="")

        class Meta:
            abstract = True

    class First(Sheet):
        class Meta:
            app_label = "plainapp"

    class Second(Sheet):
        class Meta:
            app_label = "plainapp"

    contexts = [model().scan.storage.context for model in (First, Second)]  # type: ignore[attr-defined]  # of the parent
    assert contexts == ["plainapp.first.scan", "plainapp.second.scan"]


def test_a_migration_names_the_storage_that_was_given() -> None:
    """Not the encryption before it, which the field brings along."""
    memory = InMemoryStorage(location="x")
    field = EncryptedFileField(upload_to="a/", storage=memory, context="old.name.scan")
    _, path, _, kwargs = field.clone().deconstruct()
    assert path == "jtsec.fields.EncryptedFileField"
    assert kwargs["storage"] == memory
    assert kwargs["context"] == "old.name.scan"
    plain = Scan._meta.get_field("front").deconstruct()
    assert plain[3] == {"blank": True, "upload_to": "scans/"}
    text, _ = MigrationWriter.serialize(Scan._meta.get_field("front"))
    assert text.startswith("jtsec.fields.EncryptedFileField(")


@isolate_apps("tests.plainapp")
def test_over_an_encrypted_storage_it_is_sealed_once(tmp_path: Path) -> None:
    """Under the label of the field, which is the narrower one."""
    below = EncryptedStorage("uploads", FileSystemStorage(tmp_path))

    class Sheet(models.Model):
        scan = EncryptedFileField(storage=below)

        class Meta:
            app_label = "plainapp"

    storage: Any = Sheet().scan.storage
    name = storage.save("a", ContentFile(b"abc"))
    assert storage.backing is below.backing
    with storage.open(name) as file:
        assert file.read() == b"abc"
    with pytest.raises(FileAltered):
        below.open(name)


@isolate_apps("tests.plainapp")
def test_two_fields_of_one_context_are_an_error() -> None:
    """Their files could be exchanged."""

    class Sheet(models.Model):
        front = EncryptedFileField(context="sheets")
        back = EncryptedFileField(context="sheets")

        class Meta:
            app_label = "plainapp"

    from unittest.mock import patch

    with patch("django.apps.apps.get_models", lambda: [Sheet]):
        found = [one.id for one in Sheet.check()]
    assert found == ["jtsec.E216", "jtsec.E216"]


def test_fixtures_carry_the_name_alone(folder: Path) -> None:
    """The file stays where it is, sealed."""
    row = Scan.objects.create(front=ContentFile(b"front", "a.txt"))
    text = serializers.serialize("json", [row])
    assert "front" in text
    next(iter(serializers.deserialize("json", text))).save()
    with Scan.objects.get(pk=row.pk).front.open() as file:
        assert file.read() == b"front"


def test_the_evidence_names_the_fields() -> None:
    """With table and column."""
    values, files = (str(fact.value) for fact in evidence.facts())
    assert "plainapp_scan.front" in files
    assert "plainapp_scan.front" not in values
