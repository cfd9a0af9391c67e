"""Connects the sessions to logins, to deactivated identities and to the checks."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.core.checks import Tags
from django.http import HttpRequest

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register
from jtsec.identity.api import on_deactivated
from jtsec.identity.models import Identity

from . import api, checks, evidence


def wire() -> None:
    """Let every login pass the gate, and end the sessions of who may not stay."""
    user_logged_in.connect(_admit, dispatch_uid="jtsec.sessions.admit")
    on_deactivated(_end_deactivated)
    for check in checks.ALL:
        register(check, "jtsec")
    register(checks.check_secure_cookie, "jtsec", deploy=True)
    register(checks.check_isolation, Tags.database)
    register_evidence("sessions", evidence.facts)


def _admit(
    sender: type[Any], request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
) -> None:
    api.admit(request, user)


def _end_deactivated(identity: Identity) -> None:
    api.end_all(identity.user, why=api.EndReason.DEACTIVATED)
