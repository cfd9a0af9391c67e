"""What the monitoring reports to the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "monitoring:schema:differs",
    Outcome.FAILED,
    Severity.ALARM,
    clause="P46",
    label=_("Database is not what the migrations make"),
)
class SchemaDiffers(Event):
    """A comparison found the schema altered; `places` holds the first differences."""

    resource: str
    places: tuple[str, ...]
    count: int


@event(
    "monitoring:schema:unknown",
    Outcome.FAILED,
    Severity.WARNING,
    clause="P46",
    label=_("Database could not be compared with the migrations"),
)
class SchemaNotCompared(Event):
    """A comparison of the schema could not be carried out in full."""

    resource: str
    reason: str


@event(
    "monitoring:schema:same",
    Outcome.DONE,
    clause="P46",
    label=_("Database compared with the migrations"),
)
class SchemaSame(Event):
    """A comparison found the schema to be what the migrations make."""

    resource: str
    things: int
    unknown: tuple[str, ...]
