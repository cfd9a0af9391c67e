"""Makes a password change due, so that a tester can see the forced change (A3.2.9)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jtsec.audit.api import boundary
from jtsec.authentication.api import require_password_change
from jtsec.core.context import acting_as, system_actor
from jtsec.identity.api import user_by_login_name


class Command(BaseCommand):
    """Permits somebody nothing but a password change, as an administrator would."""

    help = "要求某个演示用户修改口令：下一次操作只能是修改口令。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("username", help="用户名，例如 wang")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the change due."""
        user = user_by_login_name(options["username"])
        if user is None:
            raise CommandError(f"没有用户 {options['username']}。")
        with acting_as(system_actor("demo_password_due")), boundary():
            require_password_change(user, reason="演示强制修改口令")
        self.stdout.write(
            f"{user.get_username()} 登录后须先修改口令；已登录的，下一次操作时须修改。"
        )
