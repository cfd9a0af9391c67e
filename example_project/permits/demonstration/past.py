"""
Writes the made-up year into the log, below the verbs of the audit.

`record` knows no other time than now, and that is right: nobody dates an event back.
What is written here is therefore told by an event of its own, with its number, and
sealed at once: every checkpoint says that it was made today. In a real project the
past stays where it happened.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS
from django.utils.timezone import localdate

from jtsec.audit.api import record
from jtsec.audit.entry import Entry
from jtsec.audit.payload import moment
from jtsec.audit.rules.api import watch
from jtsec.audit.sealing.api import seal_now
from jtsec.audit.table import Row, insert
from jtsec.core.context import Actor
from jtsec.core.identifiers import uuid7
from jtsec.core.source import Source
from jtsec.identity.api import actor_of

from ..events import PastMadeUp
from ..models import Permit
from .people import PEOPLE
from .year import Happening, Year


def write_past() -> int:
    """
    Write a year of events behind today; somebody must be acting.

    Returns:
        How many.
    """
    year = Year(_actors(), list(_permits()), localdate())
    rows = [_row(one) for one in year.happenings()]
    insert(rows, DEFAULT_DB_ALIAS)
    record(PastMadeUp(resource="permits.permit", count=len(rows)))
    return len(rows)


def look_over_past() -> int:
    """
    Seal what was written, and have the rules of the audit look at it.

    Both would happen after the first responses; a visitor need not wait for them.

    Returns:
        How often a rule found something.
    """
    seal_now()
    findings = watch().findings
    seal_now()  # the alarms are events too
    return findings


def _actors() -> dict[str, Actor]:
    users = User.objects.select_related("jtsec_identity__organisation")
    found = {user.get_username(): user for user in users}
    return {one.username: actor_of(found[one.username]) for one in PEOPLE}


def _permits() -> Iterator[Permit]:
    return Permit.objects.select_related("filed_by").order_by("pk").iterator()


def _row(one: Happening) -> Row:
    """Return the row of an event, as of its own time."""
    entry = Entry(one.event, one.actor, Source(address=one.address))
    entry.event_id = uuid7(one.at)
    entry.payload |= {
        "at": moment(one.at),
        "id": str(entry.event_id),
        "request": f"{entry.event_id.int & (1 << 64) - 1:016x}",
    }
    return entry.to_row()
