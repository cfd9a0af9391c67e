"""The security administrators' overview: what is locked, handed over, about to end."""

from __future__ import annotations

from typing import Any, Final

from django.core.checks import ERROR, run_checks
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.decorators import requires
from jtsec.approvals.api import waiting_for
from jtsec.audit.alarms.api import figures
from jtsec.audit.query.api import ranks
from jtsec.authentication.api import list_blocks
from jtsec.sessions.api import everybodys_sessions

from .figures import Card, Drawing
from .page import show
from .parameters import parameters
from .security_figures import blocks_of_the_month, passwords_ending

RIGHT: Final = "jtsec.view_security"
TEMPLATE: Final = "jtsec/console/security/overview.html"


@require_safe
@requires(RIGHT)
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Show how the controls stand, and lead to what needs a hand."""
    context: dict[str, Any] = {
        "cards": [
            _settings_card(),
            _checks_card(),
            *_lock_cards(),
            _alarms_card(),
            _waiting_card(request.user),
            _passwords_card(),
            Card(
                _("Live sessions"),
                f"{everybodys_sessions().count():,}",
                "A9.1",
                reverse("jtsec-console:live-sessions"),
            ),
        ],
        "drawings": [_blocks_drawn()],
    }
    return show(request, TEMPLATE, context)


def _settings_card() -> Card:
    floors = [one for one in parameters() if one.floor]
    good = sum(1 for one in floors if not one.is_gap)
    tone = "good" if good == len(floors) else "bad"
    return Card(
        _("Settings at or above their floor"),
        f"{good} / {len(floors)}",
        "A4.2",
        reverse("jtsec-console:security-policy"),
        _("All of them comply.") if tone == "good" else _("Not all of them comply."),
        tone,
    )


def _checks_card() -> Card:
    found = [one for one in run_checks(tags=["jtsec"]) if not one.is_silenced()]
    errors = sum(1 for one in found if one.level >= ERROR)
    note = _("manage.py check --tag jtsec names them.") if found else ""
    tone = "bad" if errors else "warn" if found else "good"
    return Card(
        _("Findings of the configuration check"),
        f"{len(found)}",
        "A4.2",
        "",
        note,
        tone,
    )


def _lock_cards() -> list[Card]:
    url = reverse("jtsec-console:locks")
    labels = {"user": _("Locked users"), "terminal": _("Blacklisted terminals")}
    counts = {one: list_blocks(dimension=one).count() for one in labels}
    return [
        Card(
            label,
            f"{counts[one]:,}",
            "A3.2.7",
            f"{url}?kind={one}",
            tone="warn" if counts[one] else "good",
        )
        for one, label in labels.items()
    ]


def _alarms_card() -> Card:
    found = figures(handed_over=True)
    count = found.unclaimed + found.in_hand
    return Card(
        _("Alarms handed over"),
        f"{count:,}",
        "P61",
        reverse("jtsec-console:handed-alarms"),
        tone="warn" if count else "good",
    )


def _waiting_card(user: Any) -> Card:
    count = len(waiting_for(user))
    return Card(
        _("Applications that wait for you"),
        f"{count:,}",
        "A4.4",
        reverse("jtsec:approvals-waiting"),
        tone="warn" if count else "good",
    )


def _passwords_card() -> Card:
    count = passwords_ending()
    return Card(
        _("Passwords that end soon"),
        f"{count:,}",
        "A3.2.8",
        note=_("Or have ended; their owners are told at the login."),
        tone="warn" if count else "good",
    )


def _blocks_drawn() -> Drawing:
    title, kinds = _("Locks of the last 30 days"), blocks_of_the_month()
    labels = {"user": _("Locked users"), "terminal": _("Blacklisted terminals")}
    drawn = ranks(title, [labels[one] for one in kinds], list(kinds.values()))
    return Drawing(
        title,
        drawn if any(kinds.values()) else "",
        _("Nobody was locked during the last 30 days."),
        f"{reverse('jtsec-console:locks')}?history=on",
    )
