"""
What templates show of personal data (clause T7.2).

    {% load jtsec_masking %}
    {% shown permit as permit %}            a row as who is logged in may see it
    {% for permit in page|shown_to:user %}  rows
    {{ number|masked:"phone" }}             a value that is no field's
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.template import Context

from jtsec.protection.masking import api

register = template.Library()


@register.filter
def masked(value: Any, kind: str) -> str:
    """Return a value as it may be shown, by its kind; see `jtsec.core.masking`."""
    return api.mask(kind, value)


@register.filter
def shown_to(rows: Iterable[Any], user: Any) -> Iterator[Any]:
    """Return rows as a user may see them."""
    return api.shown_rows(rows, user)


@register.simple_tag(takes_context=True)
def shown(context: Context, row: Any) -> Any:
    """Return a row as who is logged in may see it; as a stranger may for nobody."""
    request = getattr(context, "request", None) or context.get("request")
    return api.shown(row, getattr(request, "user", None) or context.get("user"))
