"""Sees personal fields of a row in clear: a right, a number an hour, an event each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.context import Actor, current
from jtsec.core.exceptions import Refused
from jtsec.core.headers import keep_nothing
from jtsec.identity.api import actor_of

from .allowance import take
from .clear_judge import SENTENCE, require_clear
from .conf import masking_settings
from .declaration import Masking, masking_of
from .events import ClearRefused, ClearSeen, ClearViewsExhausted
from .shown import row_of


def in_clear(
    request: HttpRequest, row: Any, *names: str, reason: str = ""
) -> dict[str, Any]:
    """
    Return personal fields of a row in clear, to who may see them (clause T7.2).

    It is written down before the values are handed out, and the page is kept by no
    browser.

    Args:
        request: of the person; of Django or of the REST framework.
        row: the row, or the row as it is shown.
        names: the fields; none for all that the model declares.
        reason: why, in the person's words.

    Returns:
        The values, by the fields' names.

    Raises:
        ValueError: a name is none of the declared fields.
        Refused: the right is lacking or not declared, or the hour's number is
            reached. It is recorded.
        AuditUnavailable: it could not be written down; nothing is shown.
    """
    plain: HttpRequest = getattr(request, "_request", request)
    row = row_of(row)
    masking = masking_of(type(row))
    wanted = _declared(masking, type(row).__name__, names)
    resource = f"{row._meta.label_lower}:{row.pk}"
    actor = _actor(plain)
    _require_right(plain, masking, row, resource, actor)
    _require_place(masking, resource, actor)
    record(
        ClearSeen(resource=resource, fields=wanted, right=masking.clear, reason=reason),
        actor=actor,
    )
    keep_nothing(plain)
    return {name: getattr(row, name) for name in wanted}


def _declared(masking: Masking, model: str, names: tuple[str, ...]) -> tuple[str, ...]:
    wanted = names or tuple(masking.fields)
    unknown = sorted(set(wanted) - set(masking.fields))
    if unknown or not wanted:
        raise ValueError(f"{model} declares no masked {unknown}")
    return wanted


def _require_right(
    request: HttpRequest, masking: Masking, row: Any, resource: str, actor: Actor
) -> None:
    try:
        if not masking.clear:
            raise Refused("clear-not-declared", str(SENTENCE))
        require_clear(request, masking.clear, row)
    except Refused as refused:
        event = ClearRefused(
            resource=resource, right=masking.clear, reason=refused.reason
        )
        record(event, actor=actor)
        raise


def _require_place(masking: Masking, resource: str, actor: Actor) -> None:
    limit = masking_settings().clear_views_per_hour
    if actor.uid and take(actor.uid, limit):
        return
    event = ClearViewsExhausted(resource=resource, right=masking.clear, limit=limit)
    record(event, actor=actor)
    raise Refused(
        "clear-views-exhausted",
        _("You have seen as many full data in this hour as you may."),
    )


def _actor(request: HttpRequest) -> Actor:
    """Return who asks: in a request the context's person, else the request's."""
    context = current()
    if context.request is request or context.actor.kind == "person":
        return context.actor
    return actor_of(getattr(request, "user", None))
