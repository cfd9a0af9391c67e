"""The form of an application as a file, to be printed and signed (clause P45)."""

from __future__ import annotations

import io
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.audit.api import record
from jtsec.audit.reports.api import FORMS, LibraryMissing, write
from jtsec.core.exposure import signed_in

from .events import FormExported
from .exceptions import ApprovalRefused
from .form import form_of
from .views import refused_page, visible


@signed_in
@never_cache
@require_safe
def application_form(request: HttpRequest, number: UUID, form: str) -> HttpResponse:
    """Hand out the form of an application; recorded."""
    if form not in FORMS:
        raise Http404
    try:
        held = visible(request, number)
    except ApprovalRefused as error:
        return refused_page(request, error)
    file = io.BytesIO()
    try:
        write(form_of(held), form, file)
    except LibraryMissing as error:
        return refused_page(request, error, status=503)
    row = held.row
    record(FormExported(resource=row.reference, kind=row.kind, form=form))
    response = HttpResponse(file.getvalue(), content_type=FORMS[form].content_type)
    name = f"{row.kind}-{row.pk}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
