"""Models in every shape that writes have; their tables belong to the plain app."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Now

from jtsec.fields import EncryptedCharField


class Station(models.Model):
    """Somewhere guards belong to."""

    name = models.CharField(max_length=40, unique=True)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        app_label = "plainapp"


class OpenOnly(models.Manager["Guard"]):
    """Hides rows, as a project's manager may."""

    def get_queryset(self) -> Any:
        """Return those that are not hidden."""
        return super().get_queryset().filter(is_hidden=False)


class OwnQuerySet(models.QuerySet["Guard"]):
    """A queryset of the project's own, with verbs that know nothing of us."""

    def promote(self) -> int:
        """Raise the rank of everybody."""
        return self.update(rank=models.F("rank") + 1)


class Note(models.Model):
    """Something said of anything."""

    text = models.CharField(max_length=40)
    # Without a constraint: these tables are made before those of migrations.
    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, db_constraint=False
    )
    object_id = models.PositiveIntegerField()
    target = GenericForeignKey()

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        app_label = "plainapp"


class Skill(models.Model):
    """Something that can be learnt."""

    name = models.CharField(max_length=40)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        app_label = "plainapp"


class Guard(models.Model):
    """Somebody with everything a field can hold."""

    name = models.CharField(max_length=40, unique=True)
    rank = models.IntegerField(default=1)
    phone = EncryptedCharField(max_length=20, blank=True, default="", searchable=True)
    settings = models.JSONField(default=dict)
    password = models.CharField(max_length=20, blank=True, default="")
    photo = models.BinaryField(blank=True, default=b"")
    is_hidden = models.BooleanField(default=False)
    made_at = models.DateTimeField(db_default=Now())
    station = models.ForeignKey(
        Station, on_delete=models.CASCADE, null=True, related_name="guards"
    )
    deputy = models.ForeignKey("self", on_delete=models.SET_NULL, null=True)
    skills = models.ManyToManyField(Skill, related_name="guards")
    notes = GenericRelation(Note)

    objects = OwnQuerySet.as_manager()
    visible = OpenOnly()

    class Meta:
        app_label = "plainapp"
        base_manager_name = "visible"


class Chief(Guard):
    """A guard with a table of its own beside."""

    district = models.CharField(max_length=40)

    class Meta:
        app_label = "plainapp"


class ListedGuard(Guard):
    """A guard under another name."""

    class Meta:
        app_label = "plainapp"
        proxy = True


class Shift(models.Model):
    """Between guards and stations, declared by the project."""

    guard = models.ForeignKey(Guard, on_delete=models.CASCADE)
    station = models.ForeignKey(Station, on_delete=models.CASCADE)
    hours = models.IntegerField(default=8)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        app_label = "plainapp"


class Unwatched(models.Model):
    """A model that nobody registers."""

    name = models.CharField(max_length=40)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        app_label = "plainapp"


class Seat(models.Model):
    """Has a key of two columns."""

    pk = models.CompositePrimaryKey("room", "number")
    room = models.IntegerField()
    number = models.IntegerField()
    holder = models.CharField(max_length=40, default="")

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        app_label = "plainapp"
