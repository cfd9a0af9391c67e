"""The seals of the log: what is sealed by what, verified on the spot (A5.8)."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from jtsec.access.decorators import requires
from jtsec.audit.query.api import FilterError
from jtsec.audit.sealing.api import anchors, lag
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.audit.verifying.api import Exit, Report, record_report, verify
from jtsec.core.exceptions import CannotVerify, ConfigurationError

from .menu import AUDIT
from .page import show

TEMPLATE: Final = "jtsec/console/audit/integrity.html"
PAGE: Final = 30
ROWS: Final = 50_000
"""Events that a page verifies at most; the whole log is for the command."""

NEWEST: Final = 5000
"""Checkpoints that are looked through to find where that many events begin."""

LARGEST: Final = 2**63 - 1
DIGITS: Final = 19


@require_safe
@requires(AUDIT)
@never_cache
def integrity(request: HttpRequest) -> HttpResponse:
    """List the checkpoints, the newest first."""
    try:
        before = _number(request, "before")
    except FilterError as error:
        return show(request, TEMPLATE, {"error": error}, status=400)
    return show(request, TEMPLATE, _context(before))


@require_POST
@csrf_protect
@requires(AUDIT)
@never_cache
def verify_now(request: HttpRequest) -> HttpResponse:
    """Verify the newest part of the log or one checkpoint; the finding is recorded."""
    try:
        number = _number(request, "checkpoint")
        begin = _begin(number)
    except FilterError as error:
        return show(request, TEMPLATE, {"error": error}, status=400)
    try:
        report = verify(first=begin, number=number)
    except (CannotVerify, ConfigurationError):
        sentence = _("Nothing could be verified: the signing keys are not at hand.")
        context = {**_context(None), "fault": sentence}
        return show(request, TEMPLATE, context, status=503)
    record_report(report)
    context = {**_context(None), "report": report, "verdict": _verdict(report)}
    return show(request, TEMPLATE, context)


def _number(request: HttpRequest, name: str) -> int | None:
    text = (request.GET or request.POST).get(name, "")
    if not text:
        return None
    is_number = text.isascii() and text.isdecimal() and len(text) <= DIGITS
    if not (is_number and 0 < int(text) <= LARGEST):
        raise FilterError(name, _("There is no such checkpoint."))
    return int(text)


def _begin(number: int | None) -> int | None:
    """
    Return the record from which on to verify; None where a checkpoint is asked for.

    Without a number, the newest checkpoints that hold `ROWS` events together, and what
    is not sealed yet.

    Raises:
        FilterError: there is no such checkpoint.
    """
    if number is not None:
        if not AuditCheckpoint.objects.filter(number=number).exists():
            raise FilterError("checkpoint", _("There is no such checkpoint."))
        return None
    rows, begin = 0, None
    newest = AuditCheckpoint.objects.order_by("-number")
    for last_id, count in newest.values_list("last_id", "count")[:NEWEST]:
        rows += count
        if rows > ROWS and begin is not None:
            break
        begin = last_id
    return begin


def _verdict(report: Report) -> dict[str, Any]:
    """Return what a report says in a sentence, and how good that is."""
    match report.exit_code:
        case Exit.FALSE:
            text = _("The log is not what was written. Do not go on as if it were.")
            return {"tone": "bad", "text": text}
        case Exit.UNKNOWN:
            text = _("Nothing false was found, but not everything could be verified.")
            return {"tone": "warn", "text": text}
    text = _("Whole: nothing was changed, removed, added or moved.")
    return {"tone": "good", "text": text}


def _context(before: int | None) -> dict[str, Any]:
    stored = AuditCheckpoint.objects.order_by("-number")
    if before is not None:
        stored = stored.filter(number__lt=before)
    found = list(stored.defer("body", "signature")[: PAGE + 1])
    waiting = lag()
    return {
        "checkpoints": [(one, bytes(one.hash).hex()) for one in found[:PAGE]],
        "older": f"?before={found[PAGE - 1].number}" if len(found) > PAGE else "",
        "is_first_page": before is None,
        "rows_waiting": waiting.rows,
        "seconds_waiting": int(waiting.seconds),
        "anchors": [anchor.name for anchor in anchors()],
        "most": ROWS,
    }
