"""
The quarterly review: a list of every account, answered, then closed (clause P32).

    review = open_review(reason="…")           the list, as it is today
    confirm(review, [number, …])               needed; said by who answers for it
    strike(review, [number, …], reason="…")    not needed any more
    close_review(review, reason="…")           what is not needed goes out of use
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from jtsec.audit.api import boundary, record
from jtsec.core.clock import now
from jtsec.core.context import Actor
from jtsec.core.exceptions import InputError
from jtsec.core.guarding import writing
from jtsec.fields.api import apply_seal
from jtsec.identity.api import serialised
from jtsec.validation.api import check_plain_text

from . import sheets
from .authority import (
    REASON_LENGTH,
    NotAllowed,
    require_administrator,
    required_reason,
    shown_actor,
)
from .conf import accounts_settings
from .events import (
    AccountConfirmed,
    AccountStruck,
    ActRefused,
    ReviewClosed,
    ReviewOpened,
)
from .listing import ListedAccount, every_identity, listed
from .models import GUARD, AccountReview, ReviewedAccount, Verdict
from .owners import Owners
from .quarters import this_quarter
from .settling import settle


def open_review(*, reason: str) -> AccountReview:
    """
    Draw up the list of every account in use, for the quarter that is running.

    Args:
        reason: why, for the audit.

    Raises:
        NotAllowed: the actor may not; recorded.
        InputError: there is no reason; this quarter has its review, or the one before
            is not closed.
    """
    quarter = this_quarter()
    actor = require_administrator("open-review", f"review:{quarter}")
    why = required_reason(reason)
    try:
        # Nobody is registered, and nobody opens another list, while it is drawn up.
        with serialised(), writing(GUARD):
            _require_none_open(quarter)
            return _drawn_up(quarter, actor, why)
    except IntegrityError as error:
        # Two opened it in the same instant; the unique quarter let one in.
        raise _there_already(quarter) from error


def confirm(review: AccountReview, numbers: Collection[UUID], *, note: str = "") -> int:
    """
    Say that accounts are needed.

    Args:
        review: the list they stand on.
        numbers: of the rows of the list.
        note: a remark.

    Returns:
        How many answers changed.

    Raises:
        NotAllowed: the actor may not answer for one of them; recorded, and nothing
            is changed.
        InputError: a row is not on the list; the review is closed.
        ReviewAltered, CannotVerify: the list cannot be believed; nothing is changed.
    """
    why = check_plain_text(note, "reason", max_length=REASON_LENGTH).strip()
    return _answer(review, numbers, Verdict.CONFIRMED, why)


def strike(review: AccountReview, numbers: Collection[UUID], *, reason: str) -> int:
    """Say that accounts are not needed any more; as `confirm`, with a reason."""
    return _answer(review, numbers, Verdict.STRUCK, required_reason(reason))


def close_review(review: AccountReview, *, reason: str) -> AccountReview:
    """
    Put what was struck off, not confirmed in time, expired or unused out of use.

    Whoever could not be put out of use, such as the last administrator of a duty or
    the actor, is left with the reason; the record keeps it.

    Args:
        review: an open one; everything is answered, or the time for it is over.
        reason: why, for the audit.

    Raises:
        NotAllowed: the actor may not; recorded.
        InputError: there is no reason, the review is closed already, or answers are
            missing and there still is time.
        ReviewAltered, CannotVerify: the list cannot be believed; nothing is changed.
    """
    resource = f"review:{review.quarter}"
    actor = require_administrator("close-review", resource)
    why = required_reason(reason)
    # Who has to stay leaves a refusal, which their undone deactivation must not take.
    with boundary(), serialised(), sheets.held(review) as found:
        rows = sheets.accounts_of(found)
        _require_answers(found, rows)
        for row in rows:
            settle(row, found.quarter)
            sheets.write(row)
        found.closed_at, found.closed_by = now(), shown_actor(actor)
        found.closed_why = why
        sheets.write(found)
        outcomes = Counter(str(row.result) for row in rows)
        record(ReviewClosed(resource=resource, outcomes=dict(outcomes), reason=why))
    return found


def _require_none_open(quarter: str) -> None:
    if AccountReview.objects.filter(quarter=quarter).exists():
        raise _there_already(quarter)
    for one in sheets.open_reviews():
        message = _("The review of %(quarter)s is not closed yet.")
        raise InputError(message % {"quarter": one.quarter}, code="open")


def _there_already(quarter: str) -> InputError:
    message = _("The review of %(quarter)s was opened already.")
    return InputError(message % {"quarter": quarter}, field="quarter", code="taken")


def _drawn_up(quarter: str, actor: Actor, why: str) -> AccountReview:
    at = now()
    found = list(listed(every_identity().filter(is_active=True)))
    review = AccountReview(
        quarter=quarter,
        accounts=len(found),
        due_at=at + timedelta(days=accounts_settings().review_days),
        opened_at=at,
        opened_by=shown_actor(actor),
        opened_why=why,
    )
    apply_seal(review)
    review.save(force_insert=True)
    owners = Owners.now()
    rows = [_row(review, one, owners) for one in found]
    for row in rows:
        apply_seal(row)
    ReviewedAccount.objects.bulk_create(rows, batch_size=200)
    record(
        ReviewOpened(
            resource=f"review:{quarter}",
            accounts=len(rows),
            due_at=review.due_at,
            reason=why,
        )
    )
    return review


def _row(review: AccountReview, one: ListedAccount, owners: Owners) -> ReviewedAccount:
    identity = one.identity
    place = identity.organisation
    return ReviewedAccount(
        review=review,
        uid=identity.uid,
        username=identity.login_name,
        name=identity.name,
        number=identity.number,
        duty=identity.duty,
        is_police=identity.is_police,
        organisation=place.code,
        organisation_name=place.name,
        roles=list(one.roles),
        owners=[owner.name for owner in owners.of(identity.uid, place.code)],
        created_at=one.created_at,
        last_use=one.last_use,
        valid_until=one.valid_until,
    )


def _answer(
    review: AccountReview, numbers: Collection[UUID], verdict: Verdict, why: str
) -> int:
    resource = f"review:{review.quarter}"
    actor = require_administrator("answer-review", resource)
    if not numbers:
        raise InputError(_("Choose accounts."), field="account", code="empty")
    owners, changed = Owners.now(), 0
    # Without the boundary the refusal would go with the answers that it undoes.
    with boundary(), sheets.held(review) as found:
        for number in numbers:
            row = sheets.account_in(found, number)
            _require_owner(owners, actor, row)
            changed += _set(row, verdict, why, actor)
    return changed


def _set(row: ReviewedAccount, verdict: Verdict, why: str, actor: Actor) -> bool:
    """Write one answer and its event; the same answer again changes nothing."""
    if (row.verdict, row.verdict_why) == (verdict, why):
        return False
    before = {"verdict": row.verdict, "reason": row.verdict_why}
    row.verdict, row.verdict_why = verdict, why
    row.verdict_at, row.verdict_by = now(), shown_actor(actor)
    row.verdict_uid = actor.uid
    sheets.write(row)
    event = AccountConfirmed if verdict == Verdict.CONFIRMED else AccountStruck
    record(
        event(
            resource=f"identity:{row.uid}",
            subject_username=row.username,
            reason=why,
            before=before,
        )
    )
    return True


def _require_owner(owners: Owners, actor: Actor, row: ReviewedAccount) -> None:
    """Refuse a program and whoever does not answer for the account; recorded."""
    why = "not-a-person"
    if actor.kind == "person":
        why = owners.may_answer(actor.uid, row.uid, row.organisation)
    if not why:
        return
    record(
        ActRefused(resource=f"identity:{row.uid}", action="answer-review", reason=why)
    )
    raise NotAllowed(why, _("You do not answer for this account."))


def _require_answers(review: AccountReview, rows: list[ReviewedAccount]) -> None:
    # Nobody answers for the one and only system administrator, who stays anyhow.
    owners = Owners.now()
    waiting = sum(
        row.verdict == Verdict.OPEN and bool(owners.of(row.uid, row.organisation))
        for row in rows
    )
    if waiting and now() < review.due_at:
        message = _("%(number)d accounts are not answered, and there still is time.")
        raise InputError(message % {"number": waiting}, code="unanswered")
