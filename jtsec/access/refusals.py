"""Writes refused changes of the policy down, after the rollback they cause."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.audit.api import record
from jtsec.core.exceptions import CannotVerify, InputError, Refused, VerifiedFalse

from .gate import PolicyRefused
from .policy_events import PolicyChangeRefused

NOT_BELIEVED: Final[Promise] = _(
    "What is stored about this cannot be believed. Nothing was changed."
)


@contextmanager
def refusals_recorded(
    action: str, *, resource: str = "", subject: str = ""
) -> Iterator[None]:
    """
    Record what the block refuses, with the exact reason; stands outside of the gate.

    A mistyped right counts as well: who tries which names of functions, organisations
    and persons is what an investigator asks first.

    Args:
        action: what was tried, such as "assign".
        resource: on what.
        subject: the username of whom it was for.

    Raises:
        PolicyRefused: also for a row that was altered or cannot be verified, in
            words for the person.
        InputError, Refused: as the block raised them.
    """
    try:
        yield
    except (InputError, Refused, VerifiedFalse, CannotVerify) as error:
        reason, detail = _why(error)
        record(
            PolicyChangeRefused(
                resource=resource or action,
                subject_username=subject,
                action=action,
                reason=reason,
                detail=detail,
            )
        )
        if isinstance(error, VerifiedFalse | CannotVerify):
            raise PolicyRefused(reason, str(NOT_BELIEVED), detail) from error
        raise


def _why(error: Exception) -> tuple[str, str]:
    if isinstance(error, PolicyRefused):
        return error.reason, error.detail
    if isinstance(error, Refused):
        return error.reason, ""
    if isinstance(error, InputError):
        return error.code, error.field
    reason = "seal-broken" if isinstance(error, VerifiedFalse) else "cannot-verify"
    return reason, str(error)
