"""The alarms as lists: filtered, newest first, paged behind the last one seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from jtsec.core.clock import now
from jtsec.core.exceptions import InputError

from .models import Alarm, AlarmDelivery, DeliveryState, Level, State
from .wording import known_rules

PAGE: Final = 50
YEARS: Final = range(1970, 2201)
"""Outside of them no clock ever was; at the ends a zone has no moment in Greenwich."""

OVERDUE: Final = "overdue"
UNSETTLED: Final = "unsettled"
PERSON_LENGTH: Final = 254


@dataclass(frozen=True)
class AlarmFilter:
    """
    Which alarms are wanted; an empty text means any.

    Args:
        state: a value of `State`, or "unsettled" for those that are open.
        level: a value of `Level` as text.
        rule: the code of a rule.
        person: a login name or part of it, of whom it is about.
        overdue: "overdue", or "".
        handed_over: only those that were handed to the security administrators.
    """

    state: str = ""
    level: str = ""
    rule: str = ""
    person: str = ""
    overdue: str = ""
    handed_over: bool = False

    def __post_init__(self) -> None:
        """
        Refuse what no alarm could be.

        Raises:
            InputError: a value is nonsense; names the field.
        """
        levels = {str(level) for level in Level.values}
        self._require("state", {*State.values, UNSETTLED})
        self._require("level", levels)
        self._require("rule", set(known_rules()))
        self._require("overdue", {OVERDUE})
        # NUL ends the question on PostgreSQL; a name has none of its kind.
        if not self.person.isprintable() or len(self.person) > PERSON_LENGTH:
            raise InputError(_("This is no login name."), field="person")

    def rows(self) -> QuerySet[Alarm]:
        """Return the alarms that are wanted, newest first."""
        rows = Alarm.objects.order_by("-last_at", "-id")
        if self.state == UNSETTLED:
            rows = rows.filter(state__in=(State.OPEN, State.IN_HAND))
        elif self.state:
            rows = rows.filter(state=self.state)
        if self.level:
            rows = rows.filter(level=int(self.level))
        if self.rule:
            rows = rows.filter(rule=self.rule)
        if self.person:
            rows = rows.filter(subject__icontains=self.person)
        if self.overdue:
            rows = rows.filter(is_overdue())
        return rows.filter(is_handed_over=True) if self.handed_over else rows

    def _require(self, field: str, allowed: set[str]) -> None:
        value = getattr(self, field)
        if value and value not in allowed:
            text = _("%(value)s is not one of the choices.")
            raise InputError(text % {"value": value[:50]}, field=field)


@dataclass(frozen=True)
class Page:
    """One page of a list; `following` is what the next one begins behind, or ""."""

    rows: Sequence[Alarm]
    following: str


def page_of(wanted: AlarmFilter, behind: str = "", size: int = PAGE) -> Page:
    """
    Return a page.

    Args:
        wanted: which alarms.
        behind: `following` of the page before, "" for the first.
        size: rows of a page.

    Raises:
        InputError: `behind` is none.
    """
    rows = wanted.rows()
    if behind:
        at, pk = _place(behind)
        rows = rows.filter(Q(last_at__lt=at) | Q(last_at=at, pk__lt=pk))
    found = list(rows[: size + 1])
    more = len(found) > size
    last = found[size - 1] if more else None
    return Page(
        rows=found[:size],
        following=f"{last.last_at.isoformat()}_{last.pk}" if last else "",
    )


def open_alarms() -> list[Alarm]:
    """Return every open alarm, the most urgent first."""
    rows = Alarm.objects.filter(fingerprint__isnull=False)
    return list(rows.order_by("-level", "due_at", "id"))


def alarm_numbered(number: str, *, handed_over: bool = False) -> Alarm | None:
    """
    Return the alarm of a number, or None.

    Args:
        number: a UUID as text; nonsense finds nothing.
        handed_over: only when it was handed to the security administrators.
    """
    rows = Alarm.objects.select_related("earlier")
    if handed_over:
        rows = rows.filter(is_handed_over=True)
    try:
        return rows.filter(number=number).first()
    except (ValidationError, ValueError):
        return None


@dataclass(frozen=True)
class Figures:
    """
    How many alarms stand where.

    Args:
        unclaimed: nobody has taken them.
        in_hand: somebody handles them.
        overdue: open, and not taken in time.
        lost: messages that were given up.
        delayed: messages that failed and are tried again.
    """

    unclaimed: int
    in_hand: int
    overdue: int
    lost: int
    delayed: int


def figures(*, handed_over: bool = False) -> Figures:
    """Return the figures of now."""
    rows = Alarm.objects.filter(fingerprint__isnull=False)
    if handed_over:
        rows = rows.filter(is_handed_over=True)
    messages = AlarmDelivery.objects.all()
    return Figures(
        unclaimed=rows.filter(state=State.OPEN).count(),
        in_hand=rows.filter(state=State.IN_HAND).count(),
        overdue=rows.filter(is_overdue()).count(),
        lost=messages.filter(state=DeliveryState.GIVEN_UP).count(),
        delayed=messages.filter(state=DeliveryState.WAITING, attempts__gt=0).count(),
    )


def is_overdue() -> Q:
    """Return what holds for alarms that nobody took in time (clause P61)."""
    waiting = Q(state=State.OPEN, answered_at__isnull=True, due_at__lt=now())
    return Q(escalated_at__isnull=False) | waiting


def _place(text: str) -> tuple[datetime, int]:
    moment, _line, pk = text.rpartition("_")
    try:
        at = parse_datetime(moment)
        number = int(pk)
    except ValueError:
        at, number = None, 0
    if at is None or at.year not in YEARS or not 0 < number < 2**63:
        raise InputError(_("This page does not exist."), field="after")
    if timezone.is_aware(at) is not settings.USE_TZ:
        raise InputError(_("This page does not exist."), field="after")
    return at, number
