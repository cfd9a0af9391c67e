"""Checks of the rules as the database has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.core.checks import CheckMessage, Error
from django.db import DatabaseError, router
from django.utils.translation import gettext as _

from jtsec.core.clock import now

from .models import RuleCursor
from .watching import lag, waiting_since

LATE: Final = timedelta(hours=1)


def check_rules(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E096: the rules follow the log (A5.7)."""
    if router.db_for_read(RuleCursor) not in (databases or ()):
        return []
    try:
        return _behind()
    except DatabaseError:
        return []  # before the first `migrate`


def _behind() -> list[CheckMessage]:
    # Not the newest one: where sealing goes on, that is never an hour old.
    since = waiting_since()
    if since is None or now() - since < LATE:
        return []
    return [
        Error(
            _("Clause A5.7: the rules have not looked at the last %(number)s "
              "checkpoints of the audit.") % {"number": lag()},
            hint=_("Run: manage.py jtsec_audit_watch --once. If it fails, the log says "
                   "why."),
            id="jtsec.E096",
        )
    ]  # fmt: skip
