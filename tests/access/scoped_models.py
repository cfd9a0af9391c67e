"""Models with organisations and labels, in the shapes that projects have."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from jtsec.access.labels import LabelField
from jtsec.access.scope import RowScope
from jtsec.access.scoped_rows import ScopedModel


class Shelf(models.Model):
    """Where folders stand; belongs to nobody."""

    name = models.CharField(max_length=40)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        app_label = "plainapp"


class Folder(ScopedModel):
    """Belongs to an organisation and bears a label."""

    number = models.CharField(max_length=40, unique=True)
    # Without a constraint: these tables are made before those of migrations.
    organisation = models.ForeignKey(
        "jtsec.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
    )
    label = LabelField(null=True)
    shelf = models.ForeignKey(
        Shelf, on_delete=models.CASCADE, null=True, blank=True, related_name="folders"
    )
    file = models.FileField(upload_to="folders/", blank=True)

    SCOPE = RowScope(organisation="organisation", label="label")

    class Meta:
        app_label = "plainapp"


class Binder(Folder):
    """A folder with a table of its own beside."""

    colour = models.CharField(max_length=40)

    class Meta:
        app_label = "plainapp"


class ListedFolder(Folder):
    """A folder under another name."""

    class Meta:
        app_label = "plainapp"
        proxy = True


class Paper(ScopedModel):
    """Belongs where its folder does."""

    folder = models.ForeignKey(Folder, on_delete=models.CASCADE, related_name="papers")
    text = models.CharField(max_length=40)

    SCOPE = RowScope(organisation="folder__organisation")

    class Meta:
        app_label = "plainapp"


class Letter(ScopedModel):
    """Says its organisation by the code, and may lie in a folder."""

    code = models.CharField(max_length=12, db_index=True)
    folder = models.ForeignKey(
        Folder, on_delete=models.SET_NULL, null=True, related_name="letters"
    )

    SCOPE = RowScope(organisation="code")

    class Meta:
        app_label = "plainapp"


class Reader(models.Model):
    """Points to folders, and belongs to nobody."""

    name = models.CharField(max_length=40)
    folder = models.ForeignKey(
        Folder, on_delete=models.CASCADE, null=True, related_name="readers"
    )
    folders = models.ManyToManyField(Folder, related_name="all_readers")

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        app_label = "plainapp"
