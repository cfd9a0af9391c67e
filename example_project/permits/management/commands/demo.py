"""
Prepares the demonstration, says what to try, and serves it.

A second run changes nothing: what is there stays, also a password somebody changed.
"""

from __future__ import annotations

import socket
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from jtsec.audit.api import boundary
from jtsec.core.context import acting_as, system_actor
from permits.demonstration import (
    hints,
    keyring,
    past,
    people,
    records,
    removal,
    roles,
    serving,
)
from permits.demonstration.exceptions import NotReady

FILERS = ("zhang", "wang")


class Command(BaseCommand):
    """Makes keys, database, people and records where they are missing, and serves."""

    help = "准备演示环境（密钥、数据库、账户、数据），说明可以试什么，并启动服务。"
    # The keys do not exist before the first run, and every check would say so.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--port", type=int, default=8000, help="端口，0 为任一空闲端口"
        )
        parser.add_argument(
            "--no-serve", action="store_true", help="只准备，不启动服务"
        )
        parser.add_argument(
            "--fresh", action="store_true", help="先清除示例自己的数据库和密钥"
        )

        parser.add_argument(
            "--no-history", action="store_true", help="不写入一年的审计历史"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, say what to try, serve."""
        if not 0 <= options["port"] <= 65535:
            raise CommandError("端口应在 0 到 65535 之间。")
        try:
            # Before anything is made: a second copy must not touch the first one's.
            reserved = (
                None if options["no_serve"] else serving.reserve_port(options["port"])
            )
            self._prepare(
                fresh=options["fresh"], with_history=not options["no_history"]
            )
            self._say(reserved, options["port"])
            if reserved is not None:
                serving.serve(reserved)
        except NotReady as error:
            raise CommandError(str(error)) from error

    def _prepare(self, *, fresh: bool, with_history: bool) -> None:
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        if fresh:
            for path in removal.remove_everything():
                self._tell(f"已清除 {path}")
        is_filled = keyring.require_agreement()
        if keyring.make_keys():
            self._tell("已生成密钥。")
        elif not is_filled:
            self._tell("数据库是新的，沿用已有的密钥文件；要换新密钥，请加 --fresh。")
        call_command("migrate", interactive=False, verbosity=0)
        with acting_as(system_actor("demo")), boundary(), transaction.atomic():
            registered = people.make_people()
            made = roles.make_roles()
            taken_over = records.make_records(
                list(User.objects.filter(username__in=FILERS).order_by("pk"))
            )
            # A log that somebody has used already gets no other past.
            is_new = bool(registered and taken_over and with_history)
            written = past.write_past() if is_new else 0
        if registered or made or taken_over:
            self._tell(
                f"已登记 {registered} 个用户，建立 {made} 个角色并授权，"
                f"导入 {taken_over} 条演示数据。"
            )
        else:
            self._tell("演示数据已在，未作改动。")
        if written:
            with acting_as(system_actor("demo")), boundary():
                alarms = past.look_over_past()
            self._tell(f"已写入一年的审计历史 {written} 条，已封存，预警 {alarms} 次。")

    def _say(self, reserved: socket.socket | None, port: int) -> None:
        port = reserved.getsockname()[1] if reserved else port
        for line in hints.sentences(f"http://{serving.HOST}:{port}/"):
            self._tell(line)
        if reserved is not None:
            self._tell("服务已启动，按 Ctrl+C 结束。")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
