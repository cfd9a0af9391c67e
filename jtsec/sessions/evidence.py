"""What the sessions can prove about themselves."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count

from jtsec.core.evidence import Fact

from .checks import check_engine
from .conf import session_settings
from .models import Session


def facts() -> Iterator[Fact]:
    """Return the limits in force and how far the registry is from them."""
    chosen = session_settings()
    yield Fact(
        "A9.1",
        f"Sessions end after {chosen.idle_minutes} idle minutes and after "
        f"{chosen.absolute_hours} hours in any case.",
        holds=not check_engine(None),
        value={"engine": settings.SESSION_ENGINE},
    )
    try:
        live = Session.objects.filter(user__isnull=False).live()
        total = live.count()
        most = live.values("user").annotate(held=Count("pk")).order_by("-held").first()
    except DatabaseError:
        yield Fact("A9.2", "The live sessions could not be counted.", holds=None)
        return
    held = most["held"] if most else 0
    yield Fact(
        "A9.2",
        f"{total} of at most {chosen.total} sessions are live.",
        holds=total <= chosen.total,
        value=total,
    )
    yield Fact(
        "A9.3",
        f"No user has more than {held} live sessions; {chosen.per_user} are permitted.",
        holds=held <= chosen.per_user,
        value=held,
    )
    yield Fact(
        "A3.2.11",
        "A login from a second terminal is recorded as an alarm and told to both; "
        f"beyond the number: {chosen.when_full}.",
        holds=True,
        value=chosen.when_full,
    )
