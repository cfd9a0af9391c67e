"""E029 and W233: no key is used more often than its cipher bears."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.db import router
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError
from jtsec.core.tables import are_readable

from ..api import Algorithm, State, key_status
from ..conf import keys_settings
from .api import LIMIT, totals
from .models import KeyUsage


def check_usage(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W233, E029: an active key is rotated before 2^32 encryptions under it."""
    using = router.db_for_read(KeyUsage)
    if not are_readable(kwargs.get("databases"), using, KeyUsage):
        return []
    try:
        active = [
            key
            for key in key_status()
            if key.state is State.ACTIVE and key.algorithm is Algorithm.SM4
        ]
        warn_after, used = keys_settings().warn_after, totals()
    except ConfigurationError:
        return []  # has a check of its own
    found: list[CheckMessage] = []
    for key in active:
        number = used.get(key.id, 0)
        about = {"id": key.id, "number": number}
        hint = f'manage.py jtsec_keys_rotate {key.purpose} --actor … --reason "…"'
        if number >= LIMIT:
            sentence = _("Clause A6.3: the key %(id)s encrypted %(number)d times.")
            found.append(Error(sentence % about, hint=hint, id="jtsec.E029"))
        elif number >= warn_after:
            sentence = _("The key %(id)s encrypted %(number)d times; rotate it soon.")
            found.append(Warning(sentence % about, hint=hint, id="jtsec.W233"))
    return found
