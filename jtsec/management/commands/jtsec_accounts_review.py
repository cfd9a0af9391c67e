"""manage.py jtsec_accounts_review: open, list and close the quarterly review."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.accounts.api import (
    AccountReview,
    ReviewedAccount,
    accounts_of,
    checked_quarter,
    close_review,
    find_review,
    open_review,
    open_reviews,
    result_words,
    review_document,
    this_quarter,
)
from jtsec.audit.api import boundary
from jtsec.audit.reports.api import FORMS
from jtsec.audit.reports.api import write as write_report
from jtsec.authentication.conf import page_settings
from jtsec.authentication.console import person_named
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import InputError, JtsecError, Refused

NOTHING: Final = 1
UNUSABLE: Final = 2
REFUSED: Final = 3


class Command(BaseCommand):
    """Reviews: exit 0 done, 1 there is none, 2 cannot be done, 3 refused."""

    help = (
        "The quarterly review of accounts: --open draws up the list, --close puts out "
        "of use what was struck off, not confirmed in time, expired or unused, --list "
        "(also without any of them) shows it. Accounts are confirmed in the console. "
        "Exit codes: 0 done, 1 no such review, 2 could not be done, 3 refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to do, on which quarter, who and why."""
        acts = parser.add_mutually_exclusive_group()
        for act in ("open", "close", "list"):
            acts.add_argument(f"--{act}", action="store_const", dest="act", const=act)
        parser.add_argument(
            "--quarter", default="", help="Such as 2026-Q4; the open one, or this one."
        )
        parser.add_argument("--actor", default="", help="The administrator's name.")
        parser.add_argument("--reason", default="", help="Why.")
        parser.add_argument(
            "-o",
            "--output",
            type=Path,
            help="Write the record into a file: " + ", ".join(FORMS) + ".",
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, then show the review as it is."""
        act = options["act"] or "list"
        try:
            review = self.act(act, options)
            rows = accounts_of(review)
            if options["output"] is not None:
                _write(review, options["output"])
        except Refused as error:
            message = f"{error} ({error.reason})"
            raise CommandError(message, returncode=REFUSED) from error
        except InputError as error:
            is_none = (error.field, error.code) == ("quarter", "unknown")
            code = NOTHING if is_none else UNUSABLE
            raise CommandError(str(error), returncode=code) from error
        except (JtsecError, DatabaseError, OSError) as error:
            message = _("It could not be done: %(error)s") % {"error": error}
            raise CommandError(message, returncode=UNUSABLE) from error
        self.report(review, rows, as_json=options["json"])

    def act(self, act: str, options: dict[str, Any]) -> AccountReview:
        """Open or close as the person named, or only find the review."""
        who, why = options["actor"].strip(), options["reason"].strip()
        if act == "list":
            return _found(options["quarter"])
        if not (who and why):
            raise InputError(_("This needs --actor and --reason."), field="actor")
        with acting_as(person_named(who)), boundary():
            if act == "open":
                return open_review(reason=why)
            return close_review(_found(options["quarter"]), reason=why)

    def report(
        self, review: AccountReview, rows: list[ReviewedAccount], *, as_json: bool
    ) -> None:
        """Print the review."""
        if as_json:
            shown = {
                "quarter": review.quarter,
                "opened_at": review.opened_at.isoformat(),
                "due_at": review.due_at.isoformat(),
                "closed_at": review.closed_at and review.closed_at.isoformat(),
                "answers": dict(Counter(row.verdict or "open" for row in rows)),
                "results": dict(Counter(row.result or "open" for row in rows)),
                "accounts": [_plain(row) for row in rows],
            }
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
            return
        state = (
            _("closed")
            if review.closed_at
            else _("open until %(day)s") % {"day": f"{review.due_at:%Y-%m-%d}"}
        )
        self.stdout.write(f"{review.quarter}  {review.accounts}  {state}")
        for row in rows:
            words = (row.get_verdict_display(), row.get_result_display())
            parts = (row.username, row.name, row.organisation_name, *words)
            self.stdout.write("  ".join(map(str, (*parts, result_words(row)))).rstrip())


def _found(quarter: str) -> AccountReview:
    """Return the review of a quarter; without one, the open one or this quarter's."""
    waiting = open_reviews()
    if not quarter and waiting:
        wanted = waiting[0].quarter
    else:
        wanted = checked_quarter(quarter) if quarter else this_quarter()
    found = find_review(wanted)
    if found is None:
        text = _("There is no review of %(quarter)s.") % {"quarter": wanted}
        raise InputError(text, field="quarter", code="unknown")
    return found


def _write(review: AccountReview, path: Path) -> None:
    """Write the record beside its place, then put it there; nothing half written."""
    form = path.suffix.removeprefix(".").lower()
    pages = page_settings()
    actor = system_actor("jtsec_accounts_review")
    with acting_as(actor), boundary():
        document = review_document(
            review, form=form, system=pages.system_name, organisation=pages.organisation
        )
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as file:
            write_report(document, form, file)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _plain(row: ReviewedAccount) -> dict[str, object]:
    return {
        "uid": str(row.uid),
        "username": row.username,
        "name": row.name,
        "organisation": row.organisation,
        "duty": row.duty,
        "roles": row.roles,
        "owners": row.owners,
        "last_login": row.last_use and row.last_use.isoformat(),
        "valid_until": row.valid_until and row.valid_until.isoformat(),
        "answer": row.verdict,
        "answered_by": row.verdict_by,
        "answer_reason": row.verdict_why,
        "result": row.result,
        "result_reason": row.result_why,
    }
