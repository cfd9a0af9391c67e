"""manage.py jtsec_approvals: list open applications, close those nobody decided."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.approvals.api import expire_overdue
from jtsec.approvals.models import OPEN, ApprovalRequest
from jtsec.audit.api import boundary
from jtsec.core.clock import shown
from jtsec.core.exceptions import JtsecError

UNUSABLE: Final = 2


class Command(BaseCommand):
    """Lists, and with --expire closes what is past its deadline; exit 0, or 2."""

    help = (
        "List open applications without their content. With --expire, for a daily "
        "job, close those past their deadline first; none of them could be approved "
        "any more. Exit codes: 0 done, 2 cannot be done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to do and how to say it."""
        parser.add_argument(
            "--expire", action="store_true", help="Close what is past its deadline."
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Close, list, say so."""
        try:
            closed = 0
            if options["expire"]:
                with boundary():
                    closed = expire_overdue()
            rows = [_told(one) for one in _open_rows()]
        except (JtsecError, DatabaseError) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        if options["json"]:
            self.stdout.write(json.dumps({"closed": closed, "open": rows}))
            return
        if options["expire"]:
            self.stdout.write(_("Closed: %(number)d") % {"number": closed})
        for row in rows:
            told = {**row, "deadline": shown(datetime.fromisoformat(row["deadline"]))}
            self.stdout.write(" ".join(told.values()))
        self.stdout.write(_("Open: %(number)d") % {"number": len(rows)})


def _open_rows() -> list[ApprovalRequest]:
    rows = ApprovalRequest.objects.filter(state__in=OPEN).defer("content")
    return list(rows.order_by("submitted_at"))


def _told(row: ApprovalRequest) -> dict[str, str]:
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "state": row.state,
        "applicant": row.maker_username,
        "deadline": row.deadline.isoformat(timespec="seconds"),
    }
