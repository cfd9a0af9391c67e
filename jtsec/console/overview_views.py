"""The audit at a glance: figures, charts, and the way to the events behind them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.decorators import requires
from jtsec.audit.alarms.api import figures
from jtsec.audit.query.api import (
    PERIODS,
    Filter,
    FilterError,
    Overview,
    bars,
    lines,
    ranks,
    survey,
)
from jtsec.audit.sealing.api import lag

from .figures import Card, Drawing
from .menu import AUDIT
from .page import show
from .readable_days import readable

TEMPLATE: Final = "jtsec/console/audit/overview.html"
LOGIN: Final = "authentication:login:succeeded"
LOGIN_REFUSED: Final = "authentication:login:refused"


@require_safe
@requires(AUDIT)
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Show what happened in a period, in figures and charts (clause A5.10)."""
    try:
        filter = Filter.from_query(request.GET)
        if set(filter.as_texts()) - {"period"}:
            return redirect(
                f"{reverse('jtsec-console:audit-statistics')}?{filter.as_address()}"
            )
        seen = survey(filter)
    except FilterError as error:
        return show(
            request, TEMPLATE, {"error": error, "periods": _periods("")}, status=400
        )
    period = filter.times["period"]
    context: dict[str, Any] = {
        "periods": _periods(period),
        "total": seen.total,
        "cards": _cards(seen, period),
        "drawings": _drawings(seen, period),
    }
    return show(request, TEMPLATE, context)


def _periods(chosen: str) -> list[tuple[str, str | Promise, bool]]:
    return [
        (f"?period={word}", label, word == chosen)
        for word, (label, days) in PERIODS.items()
        if days
    ]


def _cards(seen: Overview, period: str) -> list[Card]:
    alarms = figures()
    waiting = lag()
    records = _to("audit-records", period)
    return [
        Card(
            _("Logins in the period"),
            f"{seen.logins:,}",
            "A5.1",
            f"{records}&code={LOGIN}",
        ),
        Card(
            _("Refused logins"),
            f"{seen.refused_logins:,}",
            "A5.1",
            f"{records}&code={LOGIN_REFUSED}",
        ),
        Card(_("Important queries"), f"{seen.queries:,}", "A5.1", records),
        _alarm_card(alarms.unclaimed, alarms.overdue),
        _integrity_card(seen, waiting.rows, waiting.seconds, period),
        _kept_card(seen.kept_days),
    ]


def _alarm_card(unclaimed: int, overdue: int) -> Card:
    note = _("%(count)d overdue") % {"count": overdue} if overdue else ""
    tone = "bad" if overdue else "warn" if unclaimed else "good"
    url = reverse("jtsec-console:alarms")
    return Card(_("Alarms not handled"), f"{unclaimed:,}", "A5.7", url, note, tone)


def _integrity_card(seen: Overview, rows: int, seconds: float, period: str) -> Card:
    count = seen.broken
    note = _("%(rows)d events wait for their seal") % {"rows": rows}
    if seconds > 60:
        note = _("Sealing is %(seconds)d s behind") % {"seconds": seconds}
    tone = "bad" if count else "warn" if seconds > 60 else "good"
    url = reverse("jtsec-console:audit-integrity")
    return Card(_("Integrity findings"), f"{count:,}", "A5.8", url, note, tone)


def _kept_card(days: int) -> Card:
    note = _("At least a year is demanded; nothing is removed before.")
    value = _("%(days)d days") % {"days": days}
    return Card(_("The log reaches back"), value, "A5.9", "", note)


def _drawings(seen: Overview, period: str) -> list[Drawing]:
    return [
        _logins_drawn(seen, period),
        _security_drawn(seen, period),
        _hours_drawn(seen, period),
        _users_drawn(seen, period),
    ]


def _logins_drawn(seen: Overview, period: str) -> Drawing:
    title = _("Logins a day")
    series = {
        _("Logins in the period"): list(seen.logins_per_day),
        _("Refused logins"): list(seen.refused_logins_per_day),
    }
    days, series = readable([f"{day:%m-%d}" for day in seen.days], series)
    return Drawing(
        title,
        lines(title, days, series) if seen.logins or seen.refused_logins else "",
        _("Nobody logged in during this period. Choose a longer one."),
        _to("audit-logins", period),
    )


def _security_drawn(seen: Overview, period: str) -> Drawing:
    title, worst = _("Security events by kind"), seen.worst()
    labels = [label for _code, label, _count in worst]
    counts = [count for _code, _label, count in worst]
    return Drawing(
        title,
        ranks(title, labels, counts) if worst else "",
        _("Nothing of note happened in this period."),
        _to("audit-security", period),
    )


def _hours_drawn(seen: Overview, period: str) -> Drawing:
    title = _("Events by hour of the day")
    hours = [f"{hour:02}" for hour in range(24)]
    return Drawing(
        title,
        bars(title, hours, {_("Events"): seen.per_hour}) if seen.total else "",
        _("There are no events in this period."),
        f"{_to('audit-statistics', period)}&by=hour",
    )


def _users_drawn(seen: Overview, period: str) -> Drawing:
    title = _("Busiest users")
    labels = [line.label for line in seen.users]
    counts = [line.count for line in seen.users]
    return Drawing(
        title,
        ranks(title, labels, counts) if seen.users else "",
        _("Nobody acted in this period."),
        f"{_to('audit-statistics', period)}&by=user",
    )


def _to(view: str, period: str) -> str:
    return f"{reverse(f'jtsec-console:{view}')}?period={period}"
