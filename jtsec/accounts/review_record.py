"""The record of a review, as a document that can be kept and signed (clause P32)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from jtsec.audit.api import record
from jtsec.audit.reports.api import Document, Facts, Section, Table
from jtsec.core import clock
from jtsec.core.clock import now

from . import sheets
from .authority import require_administrator
from .events import ReviewExported
from .last_administrators import LAST
from .models import AccountReview, Result, ReviewedAccount, Verdict
from .suspension import GONE

REASONS: Final[dict[str, str | Promise]] = {
    LAST: gettext_lazy("The last administrator of this duty."),
    "own-identity": gettext_lazy("The account of who closed the review."),
    "altered": gettext_lazy("The account was altered; its seal is broken."),
    "cannot-verify": gettext_lazy("The seal could not be verified."),
    GONE: "",
}
"""What the codes of why an account was left mean."""


def review_document(
    review: AccountReview, *, form: str = "", system: str = "", organisation: str = ""
) -> Document:
    """
    Return the record of a review; recorded, as every export is.

    Args:
        review: open or closed.
        form: how it leaves, for the audit.
        system: the name of the system.
        organisation: who runs it.

    Raises:
        NotAllowed: the actor may not; recorded.
        ReviewAltered, CannotVerify: the list cannot be believed.
    """
    resource = f"review:{review.quarter}"
    require_administrator("export-review", resource)
    sheets.verify_review(review)
    rows = sheets.accounts_of(review)
    record(ReviewExported(resource=resource, form=form))
    return Document(
        title=_("Review of accounts %(quarter)s") % {"quarter": review.quarter},
        facts=[
            (_("System"), system or "–"),
            (_("Organisation"), organisation or "–"),
            (_("Made at"), shown_moment(now())),
        ],
        sections=[
            Section(_("The review"), [Facts(_head(review, rows))]),
            Section(_("Accounts"), [_table(rows)]),
        ],
        signatures=[_("Prepared by"), _("Checked by"), _("Date")],
    )


def result_words(row: ReviewedAccount) -> str:
    """Return why an account has its result, in words."""
    return why_left(row.result_why)


def why_left(reason: str) -> str:
    """Return a code of why an account was left in words; other texts as they are."""
    return str(REASONS.get(reason, reason))


def shown_moment(moment: datetime | None) -> str:
    """Return a moment in the project's zone, "–" for none."""
    return "–" if moment is None else clock.shown(moment)


def _head(
    review: AccountReview, rows: Iterable[ReviewedAccount]
) -> list[tuple[str, str | int]]:
    answers = Counter(row.verdict for row in rows)
    results = Counter(row.result for row in rows)
    head: list[tuple[str, str | int]] = [
        (_("Quarter"), review.quarter),
        (_("Opened"), f"{shown_moment(review.opened_at)} {review.opened_by}"),
        (pgettext("jtsec act", "Reason"), review.opened_why),
        (_("To be answered by"), shown_moment(review.due_at)),
        (_("Accounts"), review.accounts),
        *((str(one.label), answers[one]) for one in Verdict),
    ]
    if review.closed_at is None:
        return [*head, (_("Closed"), _("Not closed yet"))]
    return [
        *head,
        (_("Closed"), f"{shown_moment(review.closed_at)} {review.closed_by}"),
        (pgettext("jtsec act", "Reason"), review.closed_why),
        *((str(one.label), results[one]) for one in Result if one != Result.OPEN),
    ]


def _table(rows: Iterable[ReviewedAccount]) -> Table:
    return Table(
        _("Accounts on the list"),
        [
            pgettext("jtsec", "Name"),
            _("Login name"),
            _("Organisation"),
            _("Duty"),
            _("Roles"),
            pgettext("jtsec account", "Last login"),
            _("Valid until"),
            _("Answer"),
            _("Result"),
        ],
        [_cells(row) for row in rows],
        widths=[10, 12, 16, 10, 14, 11, 11, 20, 16],
        empty=_("There was no account in use."),
    )


def _cells(row: ReviewedAccount) -> list[str | int]:
    answer = [str(row.get_verdict_display()), row.verdict_by, row.verdict_why]
    result = [str(row.get_result_display()), result_words(row)]
    return [
        f"{row.name} {row.number}",
        row.username,
        f"{row.organisation_name} {row.organisation}",
        str(row.get_duty_display()),
        "、".join(row.roles) or "–",
        shown_moment(row.last_use),
        shown_moment(row.valid_until),
        " ".join(filter(None, answer)),
        " ".join(filter(None, result)),
    ]
