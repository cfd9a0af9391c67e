"""What a login can be refused with; each reason is stable, each sentence general."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.core.exceptions import Refused

WRONG = _("The user name or the password is wrong.")
LOCKED = _(
    "Too many failed attempts. This login process has ended; ask the security "
    "administrator to lift the lock, or try again later."
)
BUSY = _("Too many logins are under way at this moment. Try again shortly.")


class LoginRefused(Refused):
    """
    Says that somebody may not enter.

    Args:
        reason: the exact reason, for the log, the tests and our own pages.
        sentence: what the person may read.

    `rule` names whose rule it was, such as "role:guard", "" for the account's own.
    """

    def __init__(self, reason: str, sentence: str = "") -> None:
        super().__init__(reason, sentence or str(WRONG))
        self.rule = ""


class Locked(LoginRefused):
    """
    Says that the user or the terminal is at its limit: the login process ends here.

    No password was looked at, or the one that was has just reached the limit.

    Args:
        reason: "user-locked" or "terminal-blocked"; "user-busy" or "terminal-busy"
            where as many attempts as the limit allows are being looked at right now;
            why the last one failed, such as "wrong", where it reached the limit.
    """

    def __init__(self, reason: str) -> None:
        self.is_passing = reason.endswith("-busy")
        super().__init__(reason, str(BUSY if self.is_passing else LOCKED))


class Overloaded(LoginRefused):
    """Says that no password could be hashed in time; nothing is known, so refuse."""

    def __init__(self) -> None:
        super().__init__("overloaded", str(BUSY))
