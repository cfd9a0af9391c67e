"""The sheets of a review: read with their seals, written under its lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import router, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.exceptions import CannotVerify, InputError, VerifiedFalse
from jtsec.core.guarding import writing
from jtsec.fields.api import apply_seal, check_seal

from .events import ReviewFoundBroken
from .models import GUARD, AccountReview, ReviewedAccount


class ReviewAltered(VerifiedFalse):
    """Says that the list of a review was altered behind the application's back."""


def find_review(quarter: str) -> AccountReview | None:
    """Return the review of a quarter, its seal whole; None where there is none."""
    review = AccountReview.objects.filter(quarter=quarter).first()
    if review is not None:
        verify_review(review)
    return review


def open_reviews() -> list[AccountReview]:
    """Return the reviews that are not closed, the latest first."""
    return list(AccountReview.objects.filter(closed_at=None).order_by("-quarter"))


@contextmanager
def held(review: AccountReview) -> Iterator[AccountReview]:
    """
    Give a review that is open, fresh, locked and verified, in one transaction.

    Raises:
        InputError: it is closed meanwhile, or gone.
        ReviewAltered: it was altered; recorded, with an alarm.
        CannotVerify: the key is missing.
    """
    with transaction.atomic(using=database()), writing(GUARD):
        row = AccountReview.objects.filter(pk=review.pk)
        # Changing nothing locks the row on SQLite too.
        row.update(seal_key_id=F("seal_key_id"))
        found = row.select_for_update().first()
        if found is None:
            raise InputError(_("There is no such review."), code="unknown")
        verify_review(found)
        if found.closed_at is not None:
            raise InputError(_("This review is closed."), code="closed")
        yield found


def accounts_of(review: AccountReview) -> list[ReviewedAccount]:
    """
    Return every account on a list, each with its seal whole.

    Raises:
        ReviewAltered: one was altered, or one is missing; recorded, with an alarm.
        CannotVerify: the key is missing.
    """
    rows = list(ReviewedAccount.objects.filter(review=review))
    for row in rows:
        _verify(row, f"review:{review.quarter}", row.username)
    if len(rows) != review.accounts:
        raise _broken(f"review:{review.quarter}", "missing")
    return rows


def account_in(review: AccountReview, number: UUID) -> ReviewedAccount:
    """
    Return one account of a list, its seal whole.

    Raises:
        InputError: it is on no such list.
        ReviewAltered, CannotVerify: as `accounts_of`.
    """
    row = ReviewedAccount.objects.filter(review=review, pk=number).first()
    if row is None:
        raise InputError(
            _("This account is not on the list."), field="account", code="unknown"
        )
    _verify(row, f"review:{review.quarter}", row.username)
    return row


def write(row: AccountReview | ReviewedAccount) -> None:
    """Seal a row for its present values and save it."""
    apply_seal(row)
    row.save()


def verify_review(review: AccountReview) -> None:
    """Return if the head of a list is whole; raises as `accounts_of`."""
    _verify(review, f"review:{review.quarter}", "head")


def database() -> str:
    """Return the alias of the database that holds the reviews."""
    return router.db_for_write(AccountReview)


def _verify(row: AccountReview | ReviewedAccount, resource: str, which: str) -> None:
    try:
        check_seal(row)
    except CannotVerify:
        raise
    except VerifiedFalse as error:
        raise _broken(resource, which) from error


def _broken(resource: str, which: str) -> ReviewAltered:
    record(ReviewFoundBroken(resource=resource, reason=which))
    return ReviewAltered(f"{resource}: {which}")
