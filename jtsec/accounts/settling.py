"""What becomes of one account when its review is closed."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from .authority import REASON_LENGTH
from .listing import ListedAccount, every_identity, listed_one
from .models import Result, ReviewedAccount, Verdict
from .suspension import GONE, put_out_of_use

MARK: Final = "P32 "
"""How the reason of such a deactivation begins, in every language."""


def settle(row: ReviewedAccount, quarter: str) -> None:
    """
    Put an account out of use unless it is needed and valid, and note what came of it.

    Args:
        row: the account on the list; the caller seals and saves it.
        quarter: of the review, for the reason that stays with the account.
    """
    identity = every_identity().filter(uid=row.uid).first()
    account = listed_one(identity) if identity is not None else None
    if account is None or not account.identity.is_active:
        row.result, row.result_why = Result.GONE, ""
        return
    why = _why_out(row, account)
    if not why:
        row.result, row.result_why = Result.KEPT, ""
        return
    left = put_out_of_use(account.identity, f"{MARK}{quarter}: {why}"[:REASON_LENGTH])
    row.result = {"": Result.DISABLED, GONE: Result.GONE}.get(left, Result.LEFT)
    row.result_why = left or why


def _why_out(row: ReviewedAccount, account: ListedAccount) -> str:
    """Return why an account is not to stay, or ""."""
    if row.verdict == Verdict.STRUCK:
        return row.verdict_why
    if row.verdict != Verdict.CONFIRMED:
        return _("Not confirmed in time.")
    if account.reason == "account-expired":
        return _("Expired.")
    if account.reason == "account-dormant":
        return _("Not used for too long.")
    return ""
