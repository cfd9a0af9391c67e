"""Connects the settings to Django's checks and to changed settings in tests."""

from __future__ import annotations

from django.core.signals import setting_changed

from . import checks, conf, gates, headers, source

SECTIONS = (source.SourceSettings, headers.HeaderSettings)
"""Imported here so that their names are known before the first check asks."""


def wire() -> None:
    """Register the checks of the settings and drop cached sections on change."""
    gates.register_gate(checks.check_profile, 1)
    for check in checks.ALL:
        gates.register(check, "jtsec")
    setting_changed.connect(conf.forget, dispatch_uid="jtsec.core.conf.forget")
