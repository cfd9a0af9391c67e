"""Connects identity: who acts in a request, what happens to users, checks, evidence."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.core.checks import Tags
from django.db.models.signals import post_delete, pre_save

from jtsec.audit.export.api import (
    register_organisation_resolver,
    register_subject_resolver,
)
from jtsec.core.context import set_actor_resolver
from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register

from . import checks, evidence, requests, subjects, users
from .models import Identity


def wire() -> None:
    """Say who acts and who people are, guard their usernames, note deletions."""
    set_actor_resolver(requests.actor_of_request)
    register_subject_resolver(subjects.resident_ids)
    register_organisation_resolver(subjects.organisation_names)
    pre_save.connect(
        users.refuse_renaming,
        sender=get_user_model(),
        dispatch_uid="jtsec.identity.users.refuse_renaming",
    )
    post_delete.connect(
        users.note_deletion,
        sender=Identity,
        dispatch_uid="jtsec.identity.users.note_deletion",
    )
    for check in checks.DATABASE:
        register(check, "jtsec", Tags.database)
    register_evidence("identity", evidence.facts)
