"""Which checkpoints a verification is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jtsec.audit.sealing.api import MalformedBody
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.core.exceptions import InputError


@dataclass(frozen=True)
class Scope:
    """
    A range of checkpoints.

    Args:
        first: the first one.
        last: the last one, 0 where there is none at all.
        is_to_end: whether it ends where the log does.
    """

    first: int
    last: int
    is_to_end: bool

    @property
    def is_whole(self) -> bool:
        """Answer whether it is the whole log."""
        return self.first == 1 and self.is_to_end


@dataclass(frozen=True)
class Wanted:
    """
    What was asked for; all of it where nothing is said.

    Args:
        since: from the first checkpoint made then or later.
        first: from the one whose range holds this record.
        last: up to the one whose range holds this record, or that sealed it late.
        number: this checkpoint alone.
    """

    since: datetime | None = None
    first: int | None = None
    last: int | None = None
    number: int | None = None


def scope_of(using: str, newest: AuditCheckpoint | None, wanted: Wanted) -> Scope:
    """
    Return the range that was asked for.

    Args:
        using: the alias of the database.
        newest: the newest checkpoint there is.
        wanted: what was asked for.

    Raises:
        InputError: the last record stands before the first.
    """
    since, first, last = wanted.since, wanted.first, wanted.last
    if first is not None and last is not None and first > last:
        text = _("Record %(first)d stands behind record %(last)d.")
        raise InputError(text % {"first": first, "last": last}, field="range")
    if newest is None:
        return Scope(1, 0, is_to_end=True)
    if (number := wanted.number) is not None:
        return Scope(number, number, is_to_end=number == newest.number)
    rows = AuditCheckpoint.objects.using(using)
    begin, end = 1, newest.number
    if since is not None:
        at = since if settings.USE_TZ else timezone.make_naive(since)
        begin = _lowest(rows.filter(at__gte=at), newest.number + 1)
        begin = _not_hidden(rows, begin, since)
    if first is not None:
        begin = max(begin, _lowest(rows.filter(last_id__gte=first), newest.number + 1))
    if last is not None:
        end = _lowest(rows.filter(last_id__gte=last), newest.number)
        end = max(end, _highest_late(rows, first or 1, last))
    return Scope(begin, end, is_to_end=end == newest.number)


def _lowest(rows: QuerySet[AuditCheckpoint], otherwise: int) -> int:
    found = rows.order_by("number").first()
    return otherwise if found is None else found.number


def _highest_late(rows: QuerySet[AuditCheckpoint], first: int, last: int) -> int:
    """Return the last checkpoint that took some of these records late, 0 for none."""
    late = rows.filter(late_first__lte=last, late_last__gte=first)
    return late.order_by("-number").values_list("number", flat=True).first() or 0


def _not_hidden(rows: QuerySet[AuditCheckpoint], begin: int, since: datetime) -> int:
    """
    Go back while the checkpoints before were made in that time too.

    The column that leads here can be altered to keep what follows out of sight; what
    is signed cannot.
    """
    before = rows.filter(number__lt=begin).defer("at").order_by("-number")
    for stored in before.iterator(100):
        try:
            made_at = stored.parsed().made_at
        except MalformedBody:
            made_at = since
        if made_at < since:
            break
        begin = stored.number
    return begin
