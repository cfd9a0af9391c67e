"""Checks of the way to a token; whether it answers, the ring's own check says."""

from __future__ import annotations

from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Error
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError
from jtsec.keys.conf import keys_settings

from .conf import PROVIDER, pkcs11_settings


def check_way_to_token(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E036: python-pkcs11, the library and the token's label are all given."""
    try:
        if not is_chosen():
            return []
        settings = pkcs11_settings()
    except ConfigurationError:
        return []  # the settings' own check says what is wrong with them
    found: list[CheckMessage] = []
    if find_spec("pkcs11") is None:
        found.append(
            _missing(
                _("python-pkcs11 is not installed."), 'pip install "jtsec[pkcs11]"'
            )
        )
    module = Path(settings.module)
    if not module.is_absolute() or not module.is_file():
        text = _("JTSEC_PKCS11_MODULE is no library: %(path)s")
        hint = 'JTSEC_PKCS11_MODULE = "/usr/lib/softhsm/libsofthsm2.so"'
        found.append(_missing(text % {"path": settings.module or "-"}, hint))
    if not settings.token:
        text = _("JTSEC_PKCS11_TOKEN does not say which token locks the key file.")
        hint = "pkcs11-tool --module $JTSEC_PKCS11_MODULE --list-token-slots"
        found.append(_missing(text, hint))
    return found


def is_chosen() -> bool:
    """Answer whether the settings name this provider, by entry point or by path."""
    name = keys_settings().provider
    brought = entry_points(group="jtsec.keys", name=name)
    return PROVIDER in (name, *(one.value.replace(":", ".") for one in brought))


def _missing(text: str, hint: str) -> CheckMessage:
    return Error(text, hint=hint, id="jtsec.E036")
