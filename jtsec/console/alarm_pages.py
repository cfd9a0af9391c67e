"""The pages of the alarms, drawn for one desk or the other (clauses P43, P61)."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jtsec.audit.alarms.api import (
    Alarm,
    AlarmFilter,
    AlarmRefused,
    Classification,
    Incident,
    State,
    StepKind,
    add_note,
    assign,
    claim,
    close,
    describe,
    export_incident_form,
    figures,
    hand_over,
    incident_of,
    is_about,
    page_of,
    rule_name,
    write_incident,
)
from jtsec.audit.events import label_of
from jtsec.audit.models import AuditRecord
from jtsec.audit.reports.api import FORMS, LibraryMissing, incident_document, write
from jtsec.core.context import current
from jtsec.core.exceptions import InputError

from .alarm_desk import AUDIT, Desk, colleague, colleagues
from .alarm_forms import FilterForm, IncidentFormFields, StepForm, filter_of
from .page import show
from .resource_words import resource_text

FOLDER: Final = "jtsec/console/alarms"
CLAIM: Final = "claim"


def show_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the alarms a filter asks for; 400 names the field that is wrong."""
    fault: InputError | None = None
    try:
        wanted = filter_of(request.GET, handed_over=desk.handed_over)
        page = page_of(wanted, request.GET.get("after", ""))
    except InputError as error:
        fault = error
        wanted = AlarmFilter(handed_over=desk.handed_over)
        page = page_of(wanted)
    typed = {"state": "unsettled", **request.GET.dict()}
    form = FilterForm(initial=typed)
    context = {
        "form": form,
        "fault": _fault(form, fault),
        "rows": [(one, *_row(one, desk)) for one in page.rows],
        "following": _following(request, page.following),
        "is_first": not request.GET.get("after"),
        "list_url": desk.address("s"),
        "figures": figures(handed_over=desk.handed_over),
        "deliveries_url": _deliveries(desk),
        "handed_over": desk.handed_over,
    }
    status = 400 if fault else 200
    return show(request, f"{FOLDER}/alarms.html", context, status=status)


def show_alarm(request: HttpRequest, desk: Desk, number: UUID) -> HttpResponse:
    """Show an alarm, or take a step with it and show what came of it."""
    alarm = desk.find(number)
    form = StepForm(alarm, colleagues(desk), request.POST or None)
    if request.method != "POST":
        return _alarm_page(request, desk, alarm, form)
    try:
        if request.POST.get("step") == CLAIM:
            claim(alarm)
        elif not form.is_valid():
            return _alarm_page(request, desk, alarm, form, status=400)
        else:
            _take(desk, alarm, form.cleaned_data)
    except (InputError, AlarmRefused) as error:
        fresh = desk.find(number)
        again = StepForm(fresh, colleagues(desk), initial=request.POST.dict())
        status = 400 if isinstance(error, InputError) else 403
        return _alarm_page(request, desk, fresh, again, error, status=status)
    return redirect(f"{desk.address('', alarm)}?done=1")


def write_incident_page(request: HttpRequest, desk: Desk, number: UUID) -> HttpResponse:
    """Show the incident record of an alarm, and take a new version of it."""
    alarm = desk.find(number)
    known = incident_of(alarm)
    form = IncidentFormFields(request.POST or None, initial=vars(known or Incident()))
    error: Exception | None = None
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                write_incident(alarm, form.incident())
            except InputError as wrong:
                form.add_error(wrong.field or None, str(wrong))
            except AlarmRefused as refused:
                error, status = refused, 403
            else:
                return redirect(f"{desk.address('', alarm)}?done=1")
    context = {
        "alarm": alarm,
        "rule": rule_name(alarm.rule),
        "form": form,
        "error": error,
        "back": desk.address("", alarm),
    }
    return show(request, f"{FOLDER}/incident.html", context, status=status)


def show_form(request: HttpRequest, desk: Desk, number: UUID) -> HttpResponse:
    """Show the incident form of an alarm for printing; recorded."""
    alarm = desk.find(number)
    context = {
        "form": export_incident_form(alarm),
        "back": desk.address("", alarm),
        "file_url": desk.address("-form-file", alarm),
    }
    return show(request, f"{FOLDER}/form.html", context)


def hand_out_form(request: HttpRequest, desk: Desk, number: UUID) -> HttpResponse:
    """Hand out the incident form of an alarm as a Word file; recorded."""
    alarm = desk.find(number)
    file = io.BytesIO()
    try:
        write(incident_document(export_incident_form(alarm)), "docx", file)
    except LibraryMissing as error:
        form = StepForm(alarm, colleagues(desk))
        return _alarm_page(request, desk, alarm, form, error, status=503)
    response = HttpResponse(file.getvalue(), content_type=FORMS["docx"].content_type)
    name = f"incident-{alarm.number}.docx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _alarm_page(
    request: HttpRequest,
    desk: Desk,
    alarm: Alarm,
    form: forms.Form,
    error: Exception | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    known = incident_of(alarm)
    context: Mapping[str, Any] = {
        "alarm": alarm,
        "rule": rule_name(alarm.rule),
        "sentence": describe(alarm),
        "about": resource_text(alarm.resource),
        "events": _events(alarm),
        "shows_records": desk is AUDIT,
        "steps": [(one, State(one.after).label) for one in alarm.steps.all()],
        "incident": known,
        "kind": dict(Classification.choices).get(known.classification) if known else "",
        "deliveries": alarm.deliveries.order_by("id"),
        "form": form,
        "error": error,
        "done": request.GET.get("done"),
        "is_own": is_about(alarm, current().actor),
        "may_claim": alarm.is_open and not alarm.assignee_uid,
        "claim": CLAIM,
        "list_url": desk.address("s"),
        "incident_url": desk.address("-incident", alarm),
        "form_url": desk.address("-form", alarm),
        "earlier_url": _earlier(desk, alarm),
    }
    return show(request, f"{FOLDER}/alarm.html", context, status=status)


def _take(desk: Desk, alarm: Alarm, typed: Mapping[str, str]) -> None:
    """Take the step that was chosen."""
    note = typed["note"]
    if typed["step"] == StepKind.ASSIGNED:
        to = colleague(desk, typed["to"])
        if to is None:
            raise InputError(_("Choose whom to assign it to."), field="to")
        assign(alarm, to, note=note)
        return
    steps: Mapping[str, Callable[[], Alarm]] = {
        StepKind.NOTED: lambda: add_note(alarm, note=note),
        StepKind.HANDED_OVER: lambda: hand_over(alarm, note=note),
        State.HANDLED: lambda: close(alarm, State.HANDLED, note=note),
        State.FALSE_ALARM: lambda: close(alarm, State.FALSE_ALARM, note=note),
    }
    steps[typed["step"]]()


def _row(alarm: Alarm, desk: Desk) -> tuple[str, str, str]:
    about = resource_text(alarm.resource)
    return rule_name(alarm.rule), about, desk.address("", alarm)


def _events(alarm: Alarm) -> list[tuple[AuditRecord, str]]:
    rows = AuditRecord.objects.filter(event_id__in=list(_numbers(alarm)))
    return [(one, label_of(one.code)) for one in rows.order_by("-at", "-id")]


def _numbers(alarm: Alarm) -> Iterator[UUID]:
    """Yield the numbers of its events; a rule may have named something else."""
    for text in alarm.events:
        with suppress(ValueError):
            yield UUID(text)


def _following(request: HttpRequest, behind: str) -> str:
    """Return the address of the next page, with the filter kept."""
    if not behind:
        return ""
    asked = {name: value for name, value in request.GET.items() if name != "after"}
    return "?" + urlencode({**asked, "after": behind})


def _fault(form: forms.Form, fault: InputError | None) -> str:
    if fault is None:
        return ""
    label = form.fields[fault.field].label if fault.field in form.fields else ""
    return f"{label}: {fault}" if label else str(fault)


def _earlier(desk: Desk, alarm: Alarm) -> str:
    earlier = alarm.earlier
    if earlier is None or (desk.handed_over and not earlier.is_handed_over):
        return ""
    return desk.address("", earlier)


def _deliveries(desk: Desk) -> str:
    return desk.address("-deliveries") if desk is AUDIT else ""
