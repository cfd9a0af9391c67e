"""What an application holds: payload, before, after and reason, kept as JSON."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError
from jtsec.validation.api import check_plain_text

from .application import Application, Content
from .models import CONTENT_LENGTH, NOTE_LENGTH, ApprovalRequest


def pack(payload: Content, before: Content, after: Content, reason: str) -> str:
    """
    Return the text that is encrypted and sealed.

    Raises:
        InputError: it is longer than a row holds.
        TypeError: something in it is not JSON.
    """
    parts = {
        "payload": dict(payload),
        "before": dict(before),
        "after": dict(after),
        "reason": reason,
    }
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    if len(text) > CONTENT_LENGTH:
        raise InputError(
            _("The application is too long."), field="payload", code="too-long"
        )
    return text


def application_of(row: ApprovalRequest) -> Application:
    """Return an application as executors, pages and the form see it."""
    parts: dict[str, Any] = json.loads(row.content)
    return Application(
        id=row.id,
        kind=row.kind,
        resource=row.resource,
        payload=parts["payload"],
        before=parts["before"],
        after=parts["after"],
        reason=parts["reason"],
        maker=row.maker_uid,
        makers=tuple(row.makers),
        submitted_at=row.submitted_at,
    )


def moment_in(payload: Content, name: str) -> datetime | None:
    """
    Return a moment of a payload, None where it has none.

    Raises:
        InputError: what is there is no moment; names it.
    """
    text = payload.get(name)
    if text is None or text == "":
        return None
    try:
        found = parse_datetime(str(text))
    except ValueError:
        found = None
    if found is None:
        raise InputError(_("This is not a moment."), field=name)
    return found


def checked_reason(text: str, field: str = "reason") -> str:
    """
    Return why something is done, in plain text.

    Raises:
        InputError: it is empty, too long, or holds what nobody sees.
    """
    why = checked_note(text, field)
    if not why:
        raise InputError(_("Give a reason."), field=field, code="empty")
    return why


def checked_note(text: str, field: str = "note") -> str:
    """Return a note in plain text, perhaps empty; raises as `checked_reason`."""
    joined = " ".join(text.split())
    return check_plain_text(joined, field, max_length=NOTE_LENGTH).strip()
