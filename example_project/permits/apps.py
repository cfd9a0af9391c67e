"""The app of the temporary passes."""

from __future__ import annotations

from django.apps import AppConfig


class PermitsConfig(AppConfig):
    """Is the plug-in software that the example shows."""

    name = "permits"
    verbose_name = "临时通行证"
