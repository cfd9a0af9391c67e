"""
What a page tells of the session it belongs to.

    {% load jtsec_sessions %}
    {% session_notices %}       a login elsewhere since the last page, told once
    {% seconds_left as left %}  until the session ends, if nothing happens
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from jtsec.sessions import api

register = template.Library()


@register.inclusion_tag("jtsec/sessions/notices.html", takes_context=True)
def session_notices(context: Context) -> dict[str, Any]:
    """
    Tell an older session of the newer one (clause A3.2.11), on any page, once.

    The newer session's own notice belongs to the page after its login. Costs no query
    while there is nothing to tell.
    """
    request = _request(context)
    places = api.second_place(request) if request is not None else ()
    newer = [place for place in places if place.is_newer]
    if newer:
        api.notice_shown(request)
    return {"places": newer}


@register.simple_tag(takes_context=True)
def seconds_left(context: Context) -> int | None:
    """Return the seconds until the session ends, None for visitors (clause A9.1)."""
    request = _request(context)
    return api.seconds_left(request) if request is not None else None


def _request(context: Context) -> Any:
    return getattr(context, "request", None) or context.get("request")
