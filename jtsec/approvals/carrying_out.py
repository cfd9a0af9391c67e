"""
Carries out what was approved: the only place that gives leave for jtsec's own acts.

Leave lasts for the executor's call, for the acts its kind names, in this thread and
nowhere else; see `jtsec.core.acts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.acts import ApprovalRequired
from jtsec.core.exceptions import InputError, Refused

from .conf import approvals_settings
from .content import application_of
from .events import ActRefused, RequestExecuted
from .exceptions import ExecutionFailed
from .kinds import Kind
from .models import ApprovalRequest
from .rows import database

_leave: ContextVar[frozenset[str]] = ContextVar("jtsec_leave", default=frozenset())


def judge(act: str, about: Mapping[str, object]) -> None:
    """
    Let an act be done, if nothing demands an approval or one is being carried out.

    Raises:
        ApprovalRequired: it needs a second person; recorded.
    """
    if act not in approvals_settings().acts or act in _leave.get():
        return
    record(ActRefused(resource=_told(act, about), reason="approval-required"))
    raise ApprovalRequired(act)


def is_under_approval(act: str) -> bool:
    """Answer whether a person does an act by an approved application only."""
    return act in approvals_settings().acts


def carry_out(row: ApprovalRequest, kind: Kind, note: str) -> None:
    """
    Do what an application asks for, in the transaction in force.

    Raises:
        InputError, Refused: the executor refuses, in words for the person.
        ExecutionFailed: it failed in any other way.
    """
    application = application_of(row)
    with _given(kind.acts):
        try:
            # A savepoint, so that a database error here leaves the way to say so.
            with transaction.atomic(using=database()):
                kind.executor(application)
        except (InputError, Refused):
            raise
        except Exception as error:
            sentence = _("What was approved could not be carried out; nothing changed.")
            raise ExecutionFailed(sentence) from error
    record(
        RequestExecuted(
            resource=row.reference,
            subject_username=row.maker_username,
            kind=row.kind,
            about=row.resource,
            before=application.before,
            after=application.after,
            reason=note,
        )
    )


@contextmanager
def _given(acts: tuple[str, ...]) -> Iterator[None]:
    token = _leave.set(frozenset(acts))
    try:
        yield
    finally:
        _leave.reset(token)


def _told(act: str, about: Mapping[str, object]) -> str:
    parts = (f"{name}={value}" for name, value in sorted(about.items()))
    return " ".join([act, *parts])[:255]
