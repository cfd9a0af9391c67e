"""A table with owners and labels, a million rows long; made in the child's process."""

from __future__ import annotations

from django.db import models

from jtsec.access.labels import LabelField
from jtsec.access.scope import RowScope
from jtsec.access.scoped_rows import ScopedModel


class Case(ScopedModel):
    """Belongs to a station and bears a label; lists show the newest first."""

    number = models.CharField(max_length=12, unique=True)
    organisation = models.ForeignKey(
        "jtsec.Organization", on_delete=models.PROTECT, related_name="+"
    )
    label = LabelField()
    filed_at = models.DateTimeField()

    SCOPE = RowScope(organisation="organisation", label="label")

    class Meta:
        app_label = "benchmarks"
        indexes = [
            models.Index(fields=("organisation", "label"), name="case_owner"),
            models.Index(fields=("-filed_at",), name="case_newest"),
        ]
