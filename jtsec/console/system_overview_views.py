"""The system administrators' overview: accounts, sessions, tasks, storage."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.decorators import requires
from jtsec.audit.query.api import bars, ranks
from jtsec.identity.models import Duty

from .figures import Card, Drawing
from .page import show
from .system_figures import (
    People,
    Places,
    Storage,
    logins_per_day,
    milliseconds_of_the_database,
    people,
    places,
    storage,
)
from .tasks import Tone, tasks

RIGHT: Final = "jtsec.view_system"
TEMPLATE: Final = "jtsec/console/system/overview.html"
SLOW: Final = 200
LITTLE: Final = 10


@require_safe
@requires(RIGHT)
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Show how the system stands, and lead to what needs a hand."""
    found = people()
    context: dict[str, Any] = {
        "cards": [
            *_people_cards(found),
            _places_card(places()),
            _tasks_card(),
            *_storage_cards(storage()),
            _database_card(milliseconds_of_the_database()),
        ],
        "drawings": [_logins_drawn(), _duties_drawn(found)],
    }
    return show(request, TEMPLATE, context)


def _people_cards(found: People) -> list[Card]:
    users = reverse("jtsec-console:users")
    note = _("%(police)d police officers, %(others)d others") % {
        "police": found.police,
        "others": found.others,
    }
    return [
        Card(
            _("Users in use"), f"{found.police + found.others:,}", "A3.1.4", users, note
        ),
        Card(
            _("Accounts that end within 30 days"),
            f"{found.ending:,}",
            "A3.2.9",
            f"{users}?state=ending",
            tone="warn" if found.ending else "good",
        ),
    ]


def _places_card(found: Places) -> Card:
    note = _("Nearly full: further logins will be refused.")
    return Card(
        _("Live sessions"),
        f"{found.live:,} / {found.total:,}",
        "A9.2",
        note=note if found.is_nearly_full else "",
        tone="warn" if found.is_nearly_full else "good",
    )


def _tasks_card() -> Card:
    late = [one for one in tasks() if one.tone is not Tone.GOOD]
    return Card(
        _("Tasks that need a look"),
        f"{len(late):,}",
        "A9.4",
        reverse("jtsec-console:tasks"),
        "、".join(str(one.name) for one in late),
        "warn" if late else "good",
    )


def _storage_cards(found: Storage) -> list[Card]:
    free = found.free_percent
    percent = "–" if free is None else f"{free} %"
    is_little = free is not None and free < LITTLE
    return [
        Card(
            _("Free disk space"), percent, "A5.9", tone="bad" if is_little else "good"
        ),
        Card(_("Events in the audit log"), f"{found.events:,}", "A5.9"),
    ]


def _database_card(milliseconds: float | None) -> Card:
    label = _("Answer of the database")
    if milliseconds is None:
        return Card(label, "–", "A9.4", note=_("It does not answer."), tone="bad")
    tone = "warn" if milliseconds > SLOW else "good"
    return Card(label, f"{milliseconds:.1f} ms", "A9.4", tone=tone)


def _logins_drawn() -> Drawing:
    title, days = _("Logins a day"), logins_per_day()
    drawn = bars(title, list(days), {title: list(days.values())})
    return Drawing(
        title,
        drawn if any(days.values()) else "",
        _("Nobody logged in during the last seven days."),
    )


def _duties_drawn(found: People) -> Drawing:
    title = _("Users by duty")
    labels = [str(duty.label) for duty in Duty]
    counts = [found.by_duty.get(duty.value, 0) for duty in Duty]
    return Drawing(
        title,
        ranks(title, labels, counts) if any(counts) else "",
        _("Nobody is registered yet. Begin with user maintenance."),
        reverse("jtsec-console:users"),
    )
