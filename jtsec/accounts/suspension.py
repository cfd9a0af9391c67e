"""
Suspends accounts that nobody used for a year (clause P44.1).

The login refuses them already; suspension puts them out of use, so that they stand on
no list of people who could enter, and only an administrator brings them back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jtsec.audit.api import boundary, record
from jtsec.authentication.conf import authentication_settings
from jtsec.core.clock import now
from jtsec.core.exceptions import (
    CannotVerify,
    InputError,
    Refused,
    VerifiedFalse,
)
from jtsec.identity.api import deactivate, serialised
from jtsec.identity.models import Identity

from .authority import REASON_LENGTH, require_administrator, required_reason
from .conf import accounts_settings
from .events import UnusedSuspended
from .listing import ListedAccount, every_identity, listed

MARK: Final = "P44.1 "
"""How the reason of such a suspension begins, in every language."""
GONE: Final = "gone"


@dataclass(frozen=True)
class Suspension:
    """
    What came of a run.

    Args:
        days: after how many days an account counted as unused.
        suspended: what was put out of use.
        kept: what was not, with the code of the reason.
    """

    days: int
    suspended: list[ListedAccount] = field(default_factory=list)
    kept: list[tuple[ListedAccount, str]] = field(default_factory=list)


def unused_days() -> int:
    """Return after how many days an account is unused: the stricter of two settings."""
    days = (accounts_settings().unused_days, authentication_settings().dormant_days)
    return min(one for one in days if one)


def unused_accounts() -> Iterator[ListedAccount]:
    """Yield the accounts in use that nobody has used for too long, the oldest first."""
    earliest = now() - timedelta(days=unused_days())
    found = [
        one
        for one in listed(_candidates(earliest))
        if one.identity.user.is_active and _is_before(one.idle_since, earliest)
    ]
    yield from sorted(found, key=lambda one: (one.idle_since, one.identity.login_name))


def suspended_accounts() -> Iterator[ListedAccount]:
    """Yield the accounts that are out of use because nobody used them."""
    yield from listed(
        every_identity().filter(is_active=False, deactivated_why__startswith=MARK)
    )


def suspend_unused(*, reason: str, operator: str = "") -> Suspension:
    """
    Put every unused account out of use; its sessions end, nothing of it is lost.

    Args:
        reason: why, for the audit.
        operator: the account of the operating system, where a command asks.

    Returns:
        What was suspended, and what was kept: the last administrator of a duty, an
        account whose seal is broken, the actor's own.

    Raises:
        NotAllowed: the actor may not; recorded.
        InputError: there is no reason.
    """
    require_administrator("suspend-unused", "accounts")
    why = required_reason(reason)
    done = Suspension(unused_days())
    # Who has to stay leaves a refusal, which their undone deactivation must not take.
    with boundary(), serialised():
        for one in unused_accounts():
            kept = put_out_of_use(one.identity, _words(one, why))
            if kept:
                done.kept.append((one, kept))
            else:
                done.suspended.append(one)
        if done.suspended or done.kept:
            record(
                UnusedSuspended(
                    days=done.days,
                    suspended=len(done.suspended),
                    kept=len(done.kept),
                    operator=operator,
                    reason=why,
                )
            )
    return done


def put_out_of_use(identity: Identity, reason: str) -> str:
    """
    Deactivate one account among many.

    Returns:
        "", or the code of why it had to stay; the others go on.
    """
    try:
        deactivate(identity, reason=reason)
    except Refused as refused:
        return refused.reason
    except InputError:
        return GONE  # somebody else did it in the same instant
    except VerifiedFalse:
        return "altered"
    except CannotVerify:
        return "cannot-verify"
    return ""


def _candidates(earliest: datetime) -> QuerySet[Identity]:
    """Return who may be unused; of a hundred thousand people those few are loaded."""
    account = "user__jtsec_account__"
    long_ago = Q(**{f"{account}created_at__lt": earliest})
    for name in ("login_at", "reactivated_at"):
        never = Q(**{f"{account}{name}": None})
        long_ago &= never | Q(**{f"{account}{name}__lt": earliest})
    return every_identity().filter(long_ago, is_active=True)


def _is_before(at: datetime | None, earliest: datetime) -> bool:
    return at is not None and at < earliest


def _words(one: ListedAccount, why: str) -> str:
    days = (now() - one.idle_since).days if one.idle_since else 0
    text = _("Unused for %(days)d days. %(reason)s") % {"days": days, "reason": why}
    return f"{MARK}{text}"[:REASON_LENGTH]
