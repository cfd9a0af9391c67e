"""What of the log is kept where, and when it may go (clause A5.9); nothing to press."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.decorators import requires
from jtsec.audit.archive.api import Holding, holdings
from jtsec.audit.conf import audit_settings

from .menu import AUDIT
from .page import show


@require_safe
@requires(AUDIT)
@never_cache
def archive(request: HttpRequest) -> HttpResponse:
    """Show months and segments, where they lie, and their digests."""
    context = {
        "days": audit_settings().retention_days,
        "head": (
            _("Month of the seal"),
            _("Events"),
            _("Where"),
            _("Segment"),
            _("Digest (SM3)"),
            _("May be dropped from"),
        ),
        "rows": [_row(one) for one in holdings()],
    }
    return show(request, "jtsec/console/audit/archive.html", context)


def _row(holding: Holding) -> tuple[str, ...]:
    return (
        f"{_local(holding.month):%Y-%m}",
        f"{holding.rows:,}",
        _where(holding),
        holding.segment or "–",
        holding.digest or "–",
        "–" if holding.may_go is None else _day(holding),
    )


def _where(holding: Holding) -> str:
    if not holding.segment:
        return _("In the database")
    if holding.is_in_database:
        return _("In the database and in the archive")
    return _("In the archive")


def _day(holding: Holding) -> str:
    if not holding.is_in_database or holding.may_go is None:
        return _("dropped")
    return date_format(_local(holding.may_go), "Y-m-d")


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment
