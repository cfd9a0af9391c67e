"""Connects passwords: the user model's methods, and what is saved of them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.signals import setting_changed
from django.db.models.signals import post_save, pre_save

from jtsec.core.evidence import register_evidence

from . import evidence, passwords
from .hashing_slots import forget_slots
from .user_model import bind_user_model


def wire_passwords() -> None:
    """Bind the user model's passwords; called by the package's `wire()`."""
    user_model = get_user_model()
    bind_user_model(user_model)
    pre_save.connect(
        passwords.bind_before_save,
        sender=user_model,
        dispatch_uid="jtsec.authentication.passwords.bind_before_save",
    )
    post_save.connect(
        passwords.remember_after_save,
        sender=user_model,
        dispatch_uid="jtsec.authentication.passwords.remember_after_save",
    )
    setting_changed.connect(
        _forget_slots, dispatch_uid="jtsec.authentication.hashing_slots"
    )
    register_evidence("authentication", evidence.facts)


def _forget_slots(*, setting: str = "", **kwargs: Any) -> None:
    if setting == "JTSEC_AUTHENTICATION_HASHING_SLOTS":
        forget_slots()
