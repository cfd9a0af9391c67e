"""A rule, what it finds, and how often it would have on past days (clause A5.7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.decorators import requires
from jtsec.audit.query.api import bars
from jtsec.audit.rules.api import RULES, Estimate, Rule, defaults_of, dry_run
from jtsec.core.exceptions import InputError

from . import policy_rows
from .page import show
from .policies_views import FOLDER, RIGHT
from .policy_forms import TrialForm, add_thresholds, tell, thresholds_in

MOST_EVENTS: Final = 300_000
"""Of a trial on a page; the command has no limit."""


@require_safe
@requires(RIGHT)
@never_cache
def rule(request: HttpRequest, name: str) -> HttpResponse:
    """Show a rule; with days in the address, try it on them."""
    found = RULES.get(name)
    if found is None:
        raise Http404
    form = TrialForm(request.GET if "days" in request.GET else None)
    add_thresholds(form, found, {})
    estimate: Estimate | None = None
    status = 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            try:
                estimate = _trial(found, form)
                status = 200
            except InputError as error:
                tell(form, error)
    context: dict[str, Any] = {
        "rule": found,
        "thresholds": policy_rows.figures(found, defaults_of(found)),
        "severity": policy_rows.severity_of(int(found.severity)),
        "form": form,
        "estimate": estimate,
    }
    if estimate is not None:
        context |= _drawn(found, estimate)
    return show(request, f"{FOLDER}/rule.html", context, status=status)


def _trial(found: Rule, form: TrialForm) -> Estimate:
    return dry_run(
        found.name,
        form.cleaned_data["days"],
        thresholds_in(form),
        scope=form.cleaned_data["scope"],
        scope_value=form.scope_value(),
        most_events=MOST_EVENTS,
    )


def _drawn(found: Rule, estimate: Estimate) -> dict[str, Any]:
    """Return the chart by day, and the examples with their sentences."""
    first, last = _day(estimate.since), _day(estimate.until)
    days = [
        (first + timedelta(days=number)).isoformat()
        for number in range((last - first).days + 1)
    ]
    counts = [estimate.by_day.get(day, 0) for day in days]
    return {
        "chart": bars(
            _("Findings by day"), [day[5:] for day in days], {str(found.title): counts}
        ),
    }


def _day(moment: Any) -> Any:
    return (timezone.localtime(moment) if timezone.is_aware(moment) else moment).date()
