"""Connects the encrypted fields to the checks, the evidence and fixtures."""

from __future__ import annotations

from typing import Any

from django.core.checks import register
from django.db.models import Model
from django.db.models.signals import pre_save

from jtsec.core.evidence import register_evidence
from jtsec.keys.api import register_uses

from . import checks, evidence
from .index_field import BlindIndexField
from .key_uses import column_uses
from .record.field import EncryptedRecordField


def index_fixture(instance: Model, raw: bool, **kwargs: Any) -> None:
    """Compute the index of a row that `loaddata` writes, which skips `pre_save`."""
    if not raw:
        return
    for field in instance._meta.concrete_fields:
        if isinstance(field, BlindIndexField):
            setattr(instance, field.attname, field.index_on(instance))


def mark_fixture(instance: Model, raw: bool, **kwargs: Any) -> None:
    """Let the records of a row that `loaddata` writes pass without `pre_save`."""
    for field in instance._meta.concrete_fields if raw else ():
        if isinstance(field, EncryptedRecordField):
            getattr(instance, field.attname).is_fixture = True


def wire() -> None:
    """Register the check, the facts and the receiver."""
    register(checks.check_admins, "jtsec")
    register_evidence("fields", evidence.facts)
    register_uses("fields", column_uses)
    pre_save.connect(index_fixture, dispatch_uid="jtsec.fields.index_fixture")
    pre_save.connect(mark_fixture, dispatch_uid="jtsec.fields.mark_fixture")
