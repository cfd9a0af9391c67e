"""What the masking reports to the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "protection:clear:seen",
    Outcome.DONE,
    Severity.NOTICE,
    clause="T7.2",
    label=_("Personal data seen in clear"),
)
class ClearSeen(Event):
    """Somebody saw personal fields of a row in clear."""

    resource: str
    fields: tuple[str, ...]
    right: str
    reason: str
    """Why, in the person's words; "" where they are not asked."""


@event(
    "protection:clear:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="T7.2",
    label=_("Personal data in clear refused"),
)
class ClearRefused(Event):
    """Somebody was not shown the personal fields of a row in clear."""

    resource: str
    right: str
    reason: str
    """Why not: the model declares no right, or what the decision on it said."""


@event(
    "protection:clear:too-many",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="T7.2",
    label=_("Too many personal data seen in clear"),
)
class ClearViewsExhausted(Event):
    """Somebody reached the number of rows they may see in clear in an hour."""

    resource: str
    right: str
    limit: int


@event(
    "protection:export:made",
    Outcome.DONE,
    Severity.NOTICE,
    clause="T7.2",
    label=_("Masked data exported"),
)
class MaskedExported(Event):
    """Somebody took rows away in a file, their personal fields masked."""

    resource: str
    form: str
    rows: int
    conditions: str
    digest: str
    """SM3 of the file."""
