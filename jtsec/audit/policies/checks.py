"""Checks of the policies as the database has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DatabaseError, router
from django.utils.translation import gettext as _

from jtsec.core.exceptions import CannotVerify

from .models import AuditPolicy
from .snapshot import forget, in_force


def check_policies(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E325: every policy in force is what an auditor set (A5.3)."""
    if router.db_for_read(AuditPolicy) not in (databases or ()):
        return []
    try:
        forget()
        altered = in_force().altered
    except (DatabaseError, CannotVerify):
        # No table before the first `migrate`; missing keys have checks of their own.
        return []
    return [
        Error(
            _("Clause A5.3: audit policy %(number)s was changed past the console.")
            % {"number": number},
            hint=_(
                "It is not in force, and everything is recorded meanwhile. Find out "
                "who changed the row, then set the policy anew in the console."
            ),
            id="jtsec.E325",
        )
        for number in altered
    ]
