"""One event: all it holds, whether it is what was written, and the proof of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from jtsec.access.decorators import requires
from jtsec.audit.events import label_of
from jtsec.audit.models import AuditRecord
from jtsec.audit.query.api import (
    DUTIES,
    KINDS,
    OUTCOMES,
    SEVERITIES,
    Detail,
    detail_of,
    opened_detail_of,
)
from jtsec.audit.verifying.api import prove
from jtsec.core.exceptions import CannotVerify, VerifiedFalse

from .columns import Names, choice_text, moment_text, organisation_text
from .menu import AUDIT
from .page import show
from .query_views import DETAILS
from .reason_words import reason_with_code
from .resource_words import resource_text

TEMPLATE = "jtsec/console/audit/record.html"


@require_safe
@requires(AUDIT)
@never_cache
def record(request: HttpRequest, event: UUID) -> HttpResponse:
    """Show one event (clause A5.2); that somebody looked is recorded."""
    return _shown(request, detail_of(event))


@require_POST
@csrf_protect
@requires(DETAILS)
@never_cache
def opened_record(request: HttpRequest, event: UUID) -> HttpResponse:
    """Show one event with its encrypted details; that somebody read is recorded."""
    return _shown(request, opened_detail_of(event))


@require_safe
@requires(AUDIT)
@never_cache
def proof(request: HttpRequest, event: UUID) -> HttpResponse:
    """Hand out the proof of one event, for a third party with a public key."""
    try:
        made = prove(event)
    except CannotVerify as error:
        return _no_proof(request, event, str(error), 409)
    except VerifiedFalse:
        sentence = _("The log is not what was sealed. Have it verified at once.")
        return _no_proof(request, event, sentence, 409)
    response = JsonResponse(made, json_dumps_params={"indent": 1})
    name = f"jtsec-proof-{event}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _no_proof(
    request: HttpRequest, event: UUID, sentence: str, status: int
) -> HttpResponse:
    context = {"event": event, "sentence": sentence}
    template = "jtsec/console/audit/no_proof.html"
    return show(request, template, context, status=status)


def _shown(request: HttpRequest, detail: Detail | None) -> HttpResponse:
    if detail is None:
        raise Http404
    context: dict[str, Any] = {
        "detail": detail,
        "row": detail.row,
        "label": label_of(detail.row.code),
        "groups": _groups(detail),
        "same_request": _same_request(detail),
    }
    return show(request, TEMPLATE, context)


def _groups(detail: Detail) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the elements of A5.2 under their heads: what, who, from where, on what."""
    row = detail.row
    return [
        (_("What happened"), _what(detail)),
        (_("Who"), _who(row)),
        (
            _("From where, on what"),
            [
                (_("Source address"), row.source_address),
                (_("Terminal"), row.source_terminal),
                (_("MAC address"), row.source_mac),
                (_("Resource"), _resource(row.resource)),
                (_("User concerned"), row.subject),
            ],
        ),
    ]


def _what(detail: Detail) -> list[tuple[str, str]]:
    row = detail.row
    return [
        (_("Time"), moment_text(row)),
        (pgettext("jtsec audit", "Action"), f"{label_of(row.code)} ({row.code})"),
        (_("Result"), choice_text(OUTCOMES, row.outcome)),
        (_("Reason"), reason_with_code(row.reason)),
        (_("Severity"), choice_text(SEVERITIES, row.severity)),
        (_("Core function"), _("Yes") if detail.is_core else _("No")),
        (_("Event number"), str(row.event_id)),
        (_("Request number"), row.request_id),
    ]


def _who(row: AuditRecord) -> list[tuple[str, str]]:
    names = Names.for_rows([row])
    person = names.people.get(row.actor_uid)
    organisation = (organisation_text(row, names), row.actor_organisation)
    return [
        (_("Kind of actor"), choice_text(KINDS, row.actor_kind)),
        (_("Name"), row.actor_name),
        (_("User name"), row.actor_username),
        (_("Police or employee number"), person.number if person else ""),
        (_("User UID"), row.actor_uid),
        (_("Kind of person"), _kind_of_person(row.actor_is_police)),
        (_("Duty"), choice_text(DUTIES, row.actor_duty)),
        (_("Organisation"), " ".join(dict.fromkeys(organisation))),
    ]


def _resource(resource: str) -> str:
    """Return what it was about in words, and as a query looks for it."""
    words = resource_text(resource)
    return words if words == resource else f"{words} ({resource})"


def _kind_of_person(is_police: bool | None) -> str:
    if is_police is None:
        return ""
    return _("Police officer") if is_police else _("Not a police officer")


def _same_request(detail: Detail) -> str:
    """Return the address of what else the same request did."""
    if not detail.row.request_id:
        return ""
    address = reverse("jtsec-console:audit-records")
    return f"{address}?period=all&request={detail.row.request_id}"
