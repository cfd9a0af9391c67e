"""
The verbs of the accounts (clauses P32, P44.1, P54.3).

    apply_for_registration(username="zhang", …)     reviewed by a second person
    reset_password(user, reason="…")                handed over once

    review = open_review(reason="第四季度账户清理")
    confirm(review, [row.id for row in accounts_of(review) if row.username == "li"])
    close_review(review, reason="按季度清理")

    suspend_unused(reason="超过一年未使用")
"""

from __future__ import annotations

from .activation import activate, set_validity
from .authority import NotAllowed
from .batch import Batch, apply_for_registrations
from .duty_changes import DutyNeedsApproval, apply_for_duty
from .last_administrators import LastAdministrator
from .listing import ListedAccount, every_identity, listed, listed_one
from .models import AccountReview, Result, ReviewedAccount, Verdict
from .owners import Owners
from .password_requests import apply_for_reset, needs_approval
from .passwords import give_initial_password, initial_password, reset_password
from .quarters import checked_quarter, this_quarter
from .registration import apply_for_registration
from .review import close_review, confirm, open_review, strike
from .review_record import result_words, review_document, why_left
from .sheets import ReviewAltered, account_in, accounts_of, find_review, open_reviews
from .suspension import (
    Suspension,
    suspend_unused,
    suspended_accounts,
    unused_accounts,
    unused_days,
)

__all__ = [
    "AccountReview",
    "Batch",
    "DutyNeedsApproval",
    "LastAdministrator",
    "ListedAccount",
    "NotAllowed",
    "Owners",
    "Result",
    "ReviewAltered",
    "ReviewedAccount",
    "Suspension",
    "Verdict",
    "account_in",
    "accounts_of",
    "activate",
    "apply_for_duty",
    "apply_for_registration",
    "apply_for_registrations",
    "apply_for_reset",
    "checked_quarter",
    "close_review",
    "confirm",
    "every_identity",
    "find_review",
    "give_initial_password",
    "initial_password",
    "listed",
    "listed_one",
    "needs_approval",
    "open_review",
    "open_reviews",
    "reset_password",
    "result_words",
    "review_document",
    "set_validity",
    "strike",
    "suspend_unused",
    "suspended_accounts",
    "this_quarter",
    "unused_accounts",
    "unused_days",
    "why_left",
]
