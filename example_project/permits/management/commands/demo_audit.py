"""Lists the latest events of the audit, so that a tester sees what was recorded."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import localtime

from jtsec.audit.models import AuditRecord

OUTCOMES = {"done": "成功", "refused": "拒绝", "failed": "失败"}


class Command(BaseCommand):
    """Prints one line an event, the oldest first."""

    help = "列出最近的审计记录。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--last", type=int, default=20, help="条数，默认 20")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the events."""
        latest = list(AuditRecord.objects.all()[: max(options["last"], 1)])
        for row in reversed(latest):
            self.stdout.write(_line(row))
        if not latest:
            self.stdout.write("还没有审计记录。先执行 manage.py demo，再登录试一试。")


def _line(row: AuditRecord) -> str:
    """Return time, who, from where, what, result; then what it was about, and why."""
    who = row.actor_name or row.actor_username or "（未登录）"
    parts = [
        f"{localtime(row.at):%Y-%m-%d %H:%M:%S}",
        who,
        row.source_address or "本机",
        row.code,
        OUTCOMES.get(row.outcome, row.outcome),
        row.subject and f"用户 {row.subject}",
        row.resource,
        row.reason and f"原因 {row.reason}",
    ]
    return "  ".join(part for part in parts if part)
