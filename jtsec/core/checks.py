"""Checks of the settings: chosen profile, names, kinds and floors."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.translation import gettext as _

from .conf import PROFILES, declared, problems_of, unknown_names, value_of
from .conf import profile as chosen_profile
from .exceptions import ConfigurationError


def check_profile(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E000: the project has chosen what it must satisfy."""
    try:
        chosen_profile()
    except ConfigurationError:
        return [
            Error(
                _("No compliance profile is chosen (JTSEC_PROFILE)."),
                hint=_(
                    'Add JTSEC_PROFILE = "plugin" to settings.py; the others are '
                    "%(others)s. The remaining checks follow once it is chosen."
                )
                % {"others": ", ".join(f'"{name}"' for name in PROFILES)},
                id="jtsec.E000",
            )
        ]
    return []


def check_names(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E001: every `JTSEC_*` name exists; a misspelt limit protects nobody."""
    return [
        Error(
            _("%(name)s is not a setting of jtsec.") % {"name": name},
            hint=(
                _("Did you mean %(nearest)s? All settings: manage.py jtsec_settings")
                % {"nearest": nearest}
                if nearest
                else _("Remove it. All settings: manage.py jtsec_settings")
            ),
            id="jtsec.E001",
        )
        for name, nearest in unknown_names()
    ]


def check_values(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E002 and E003: every value is usable and satisfies its clause."""
    try:
        chosen = chosen_profile()
    except ConfigurationError:
        return []
    messages: list[CheckMessage] = []
    for item in declared():
        for problem in problems_of(item, value_of(item, chosen), chosen):
            hint = _("Remove the line; the default is %(default)r.") % {
                "default": item.default_for(chosen)
            }
            if problem.is_gap:
                kind = Warning if settings.DEBUG else Error
                text = _("Clause %(clause)s: %(name)s: %(fault)s") % {
                    "clause": problem.clause,
                    "name": item.name,
                    "fault": problem.message,
                }
                messages.append(kind(text, hint=hint, id="jtsec.E002"))
            else:
                text = _("%(name)s: %(fault)s") % {
                    "name": item.name,
                    "fault": problem.message,
                }
                messages.append(Error(text, hint=hint, id="jtsec.E003"))
    return messages


def check_language(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """
    W003: the language code is one under which Chinese texts are found.

    The sentence is not translated: under these codes translation itself fails.
    """
    code = settings.LANGUAGE_CODE
    if code.lower().replace("_", "-") in {"zh", "zh-cn", "zh-sg"}:
        return [
            Warning(
                f"LANGUAGE_CODE = {code!r} 会使界面显示为英文 (texts stay English).",
                hint='LANGUAGE_CODE = "zh-hans"',
                id="jtsec.W003",
            )
        ]
    return []


ALL = (check_names, check_values, check_language)
