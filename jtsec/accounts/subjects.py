"""Whom an application about an account is about, and whether they changed since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError
from jtsec.identity.models import Identity


def resource_of(identity: Identity) -> str:
    """Return what an application about somebody's account is about."""
    return f"identity:{identity.uid}"


def person_of(resource: str) -> Identity:
    """
    Return the person an application is about.

    Raises:
        InputError: there is no such person.
    """
    model, _colon, uid = resource.partition(":")
    rows = Identity.objects.select_related("user", "organisation")
    try:
        found = rows.filter(uid=uid).first() if model == "identity" else None
    except (ValueError, TypeError):
        found = None
    if found is None:
        raise InputError(_("There is no such person."), field="person", code="unknown")
    return found


def version_of(resource: str) -> str:
    """Return what changes with every change of the person: the seal."""
    return bytes(person_of(resource).seal).hex()


def touched(resource: str, payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Return who must not approve it: the person themself."""
    return (resource.partition(":")[2],)


def subject(resource: str, payload: Mapping[str, Any]) -> str:
    """Return how lists call the person."""
    person = person_of(resource)
    return f"{person.name} ({person.login_name})"
