"""
The audit query, for the programs of auditors (clause A5.10).

    GET …/            events by conditions, the newest first; `older` and `newer` are
                      the places at which the pages beside this one begin
    GET …/<event>/    one event with what was recorded, before and after

The conditions are those of the page, by the same names. Each search is recorded, and
each look at an event. What is encrypted in an event is opened at the page alone, where
somebody says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from django.http import Http404
from django.utils.translation import gettext as _

from jtsec.audit.events import label_of
from jtsec.audit.models import AuditRecord
from jtsec.audit.query.api import (
    PARAMETERS,
    PERIODS,
    SEVERITIES,
    Filter,
    FilterError,
    Position,
    detail_of,
    find,
    state_of,
)

from .people_view import PeopleView
from .permissions import requires

RIGHT: Final = "jtsec.view_auditrecord"
WHERE: Final = "rest"
PLACES: Final = ("after", "before")
WORDS: Final[Mapping[int, str]] = MappingProxyType(
    {value: word for word, (_label, value) in SEVERITIES.items()}
)
CONDITIONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **{"period": tuple(PERIODS), "since": (), "until": ()},
        **{
            name: tuple(one.choices or ())
            for name, one in PARAMETERS.items()
            if name != "details"
        },
        **dict.fromkeys(PLACES, ()),
    }
)
"""What may be asked for, each with the words it takes."""


class EventSummary(serializers.ModelSerializer[AuditRecord]):
    """One event, as the log's columns have it; `state` is what its check value says."""

    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # its name in the answer
    severity = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()

    class Meta:
        model = AuditRecord
        fields: ClassVar[Any] = (
            *("event_id", "at", "code", "label", "outcome", "severity"),
            *("actor_kind", "actor_uid", "actor_username", "actor_name"),
            *("actor_is_police", "actor_organisation", "actor_duty"),
            *("source_address", "source_terminal", "source_mac"),
            *("resource", "subject", "reason", "request_id", "state"),
        )

    def get_label(self, row: AuditRecord) -> str:
        """Return what the event is called."""
        return str(label_of(row.code))

    def get_severity(self, row: AuditRecord) -> str:
        """Return how much somebody should care."""
        return WORDS.get(row.severity, str(row.severity))

    def get_state(self, row: AuditRecord) -> str:
        """Return whether the row is what was written."""
        return state_of(row).value


class EventPage(serializers.Serializer[Any]):
    """Some events, and where the pages beside begin."""

    results = EventSummary(many=True)
    older = serializers.CharField(allow_null=True)
    newer = serializers.CharField(allow_null=True)
    looked_back_to = serializers.DateTimeField(allow_null=True)


class FieldChange(serializers.Serializer[Any]):
    """What one field was and became."""

    name = serializers.CharField()
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)


class EventDetail(EventSummary):
    """One event with what was recorded beside its columns."""

    changes = FieldChange(many=True)
    data = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]  # its name in the answer
    has_details = serializers.BooleanField()

    class Meta(EventSummary.Meta):
        fields = (*EventSummary.Meta.fields, "changes", "data", "has_details")


class Events(PeopleView):
    """Lists events by conditions."""

    permission_classes = (requires(RIGHT),)
    gives = {"GET": EventPage}
    conditions = CONDITIONS
    operation = "audit_records_list"

    def get(self, request: Request) -> Response:
        """
        Return a page of events; without a time, of the last seven days.

        Raises:
            FilterError: a condition is unknown, given twice, or makes no sense.
        """
        query = request.query_params
        if "details" in query:
            raise FilterError("details", _("Use the form for encrypted details."))
        filter = Filter.from_query(query, beside=PLACES)
        after, before = (_position(query, name) for name in PLACES)
        if after is not None and before is not None:
            raise FilterError("before", _("There is no such page."))
        page = find(filter, after=after, before=before, where=WHERE)
        return Response(
            {
                "results": EventSummary(page.rows, many=True).data,
                "older": page.older.as_text() if page.older else None,
                "newer": page.newer.as_text() if page.newer else None,
                "looked_back_to": page.looked_back_to,
            }
        )


class OneEvent(PeopleView):
    """Tells of one event."""

    permission_classes = (requires(RIGHT),)
    gives = {"GET": EventDetail}

    def get(self, request: Request, event: UUID) -> Response:
        """
        Return the event; that somebody looked is recorded.

        Raises:
            Http404: there is none.
        """
        found = detail_of(event)
        if found is None:
            raise Http404
        changes = [
            {"name": one.name, "before": one.before, "after": one.after}
            for one in found.changes
        ]
        return Response(
            {
                **EventSummary(found.row).data,
                "changes": changes,
                "data": dict(found.data),
                "has_details": found.has_details,
            }
        )


def _position(query: Mapping[str, str], name: str) -> Position | None:
    text = str(query.get(name, ""))
    return Position.parse(name, text) if text else None
