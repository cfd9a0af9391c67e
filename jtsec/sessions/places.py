"""A user in two places at once: found at login, told to both (clause A3.2.11)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from .acceleration import forget
from .models import Session


@dataclass(frozen=True)
class Place:
    """
    Another place in which the same user is, or just was, logged in.

    Args:
        address: the client's address there.
        at: the login time there.
        is_newer: True where it logged in after the session that is told of it.
        has_ended: True where its session was ended in favour of the newer one.
    """

    address: str
    at: datetime
    is_newer: bool = False
    has_ended: bool = False


def elsewhere(rows: Iterable[Session], terminal: str) -> list[Session]:
    """Return the sessions that are not at this terminal."""
    return [row for row in rows if row.terminal != terminal]


def written(places: Iterable[Place]) -> str:
    """Return places as the text of a row's `notice`, "" for none."""
    listed = [{**asdict(place), "at": place.at.isoformat()} for place in places]
    return json.dumps(listed) if listed else ""


def read(notice: str) -> tuple[Place, ...]:
    """Return the places in a row's `notice`; what cannot be read tells nothing."""
    if not notice:
        return ()
    try:
        return tuple(
            Place(**{**item, "at": datetime.fromisoformat(item["at"])})
            for item in json.loads(notice)
        )
    except (TypeError, KeyError, ValueError):
        return ()


def forget_notice(row: Session) -> None:
    """Take the notice off a row, once it was shown."""
    Session.objects.filter(pk=row.pk).update(notice="")
    forget([row.pk])
    row.notice = ""
