"""Checks of the accounts in the database: the review is due, or was altered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.utils.translation import gettext as _

from jtsec.authentication.models import Account
from jtsec.core.clock import now
from jtsec.core.conf import profile
from jtsec.core.exceptions import CannotVerify, ConfigurationError, VerifiedFalse
from jtsec.core.tables import are_readable
from jtsec.fields.api import check_seal
from jtsec.identity.models import Identity

from . import sheets
from .models import AccountReview, ReviewedAccount
from .quarters import before, first_day, local_date, this_quarter

COMMAND = "manage.py jtsec_accounts_review --open --actor … --reason …"


def check_reviews(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W213: each quarter has its review, and none stays open past its time (P32)."""
    if not _is_readable(databases):
        return []
    overdue = [one for one in sheets.open_reviews() if one.due_at < now()]
    if overdue:
        message = _("Clause P32: the review of accounts of %(quarter)s is overdue.")
        hint = "manage.py jtsec_accounts_review --close --actor … --reason …"
        text = message % {"quarter": overdue[0].quarter}
        return [Warning(text, hint=hint, id="jtsec.W213")]
    if not _is_demanded() or _is_reviewed():
        return []
    text = _("Clause P32: no review of accounts this quarter or the one before.")
    return [Warning(text, hint=COMMAND, id="jtsec.W213")]


def check_sheets(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E343: the list of the latest review is as it was written."""
    if not _is_readable(databases):
        return []
    latest = AccountReview.objects.order_by("-quarter").first()
    if latest is None:
        return []
    rows = list(ReviewedAccount.objects.filter(review=latest))
    try:
        check_seal(latest)
        for row in rows:
            check_seal(row)
    except (ConfigurationError, CannotVerify):
        # What is wrong with the keys is said by their own checks.
        return []
    except VerifiedFalse:
        rows = []
    if len(rows) == latest.accounts:
        return []
    return [
        Error(
            _("The review of accounts of %(quarter)s was altered past the application.")
            % {"quarter": latest.quarter},
            hint=_(
                "Find out who wrote to the database, and put the rows back from a "
                "backup; the events of the review are in the audit."
            ),
            id="jtsec.E343",
        )
    ]


def _is_demanded() -> bool:
    """The clause is one of the internet platforms', and nobody reviews nobody."""
    try:
        demands = profile() == "internet"
    except ConfigurationError:
        return False
    quarter = first_day(before(this_quarter()))
    oldest = Identity.objects.filter(user__jtsec_account__created_at__isnull=False)
    made = oldest.order_by("user__jtsec_account__created_at").values_list(
        "user__jtsec_account__created_at", flat=True
    )
    first = made.first()
    return demands and first is not None and local_date(first) < quarter


def _is_reviewed() -> bool:
    wanted = (this_quarter(), before(this_quarter()))
    return AccountReview.objects.filter(quarter__in=wanted).exists()


def _is_readable(databases: Sequence[str] | None) -> bool:
    models = (AccountReview, ReviewedAccount, Account, Identity)
    return are_readable(databases, sheets.database(), *models)


DATABASE = (check_reviews, check_sheets)
