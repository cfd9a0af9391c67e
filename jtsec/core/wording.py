"""Translated sentences of what is also said before Django can translate."""

from __future__ import annotations

from django.apps import apps
from django.utils.translation import gettext


def early_gettext(text: str) -> str:
    """
    Return a sentence in the language of the moment, or as it is written.

    Settings and keys are read while Django starts. To translate then would raise an
    error of its own, in place of the one that is to be told.
    """
    return gettext(text) if apps.apps_ready else text
