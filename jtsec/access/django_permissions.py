"""
Django's own permissions, which count for nothing unless the project says so.

A row in `auth_user_user_permissions` or a group carries no seal, no duty and no name
of who gave it: whoever can write to the database gives themselves any right (A4.2).
JTSEC_ACCESS_DJANGO_PERMISSIONS lets them count while a project changes over; they
stand under duty, police, clearance and terminal all the same.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from django.contrib.auth.backends import ModelBackend

from .conf import access_settings
from .functions import Function
from .grants import Grants, Scope

EVERYWHERE: Final = (Scope(origin="django"),)
_backend = ModelBackend()


def count() -> bool:
    """Answer whether Django's own permissions give anything."""
    return access_settings().django_permissions


def with_django_permissions(grants: Grants, user: Any, function: Function) -> Grants:
    """Return grants with one right that only Django's tables give, where they count."""
    right = function.right
    if right in grants.rights or right in grants.in_conflict or function.by_duty:
        return grants
    if not count() or not is_given(user, right):
        return grants
    added = MappingProxyType({**grants.rights, right: EVERYWHERE})
    return replace(grants, rights=added)


def is_given(user: Any, right: str) -> bool:
    """Answer whether Django's tables give somebody a right."""
    return right in names_of(user)


def names_of(user: Any) -> set[str]:
    """Return the names Django's tables give somebody; kept on the user by Django."""
    if not hasattr(user, "user_permissions"):
        return set()
    return _backend.get_all_permissions(user)
