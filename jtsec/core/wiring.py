"""Connects the settings to Django's checks, and commands to the name they act by."""

from __future__ import annotations

from django.core.signals import setting_changed

from . import checks, commands, conf, gates, headers, source

SECTIONS = (source.SourceSettings, headers.HeaderSettings)
"""Imported here so that their names are known before the first check asks."""


def wire() -> None:
    """
    Register the checks of the settings and drop cached sections on change.

    Commands act under their names from now on.
    """
    gates.register_gate(checks.check_profile, 1)
    for check in checks.ALL:
        gates.register(check, "jtsec")
    commands.name_commands()
    setting_changed.connect(conf.forget, dispatch_uid="jtsec.core.conf.forget")
