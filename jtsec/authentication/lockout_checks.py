"""Checks of the authentication: what would silently leave the door open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import get_hashers
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, router
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError

from .argon2_profiles import PROFILES
from .backend import IdentityBackend
from .binding import COLUMN_WIDTH
from .conf import authentication_settings
from .hashers import JtsecArgon2Hasher
from .models import Counter
from .validators import (
    CompositionValidator,
    HistoryValidator,
    IdentifierValidator,
    MinimumAgeValidator,
)

HASHER: Final = "jtsec.authentication.hashers.JtsecArgon2Hasher"
BACKEND: Final = "jtsec.authentication.backend.IdentityBackend"
RULES: Final = (
    CompositionValidator,
    IdentifierValidator,
    HistoryValidator,
    MinimumAgeValidator,
)

MEMORY_BUDGET: Final = 600
"""MiB that the hashes of one machine may take together, as the design promises."""

USUAL_PROCESSES: Final = 4


def check_hasher(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E060: new passwords are stored bound, at no less than a published cost."""
    try:
        first = get_hashers()[0]
    except (ImportError, IndexError, ImproperlyConfigured):
        first = None
    if not isinstance(first, JtsecArgon2Hasher):
        text = _("Clause A3.2.5: passwords are not stored bound to their owner.")
        return [_gap(text, f'PASSWORD_HASHERS = ["{HASHER}", *others]', "E060")]
    try:
        is_published = first.profile() in PROFILES.values()
    except ConfigurationError:
        return []
    if not is_published:
        text = _("Clause A3.2.5: the password hasher costs less than any profile.")
        return [_gap(text, f'PASSWORD_HASHERS = ["{HASHER}", *others]', "E060")]
    return []


def check_backends(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E061 and E062: logins go through our backend, and round it goes no other."""
    found: list[CheckMessage] = []
    backends = list(_backends())
    if not any(issubclass(one, IdentityBackend) for one in backends):
        text = _("Clause A3.2.6: no login is counted, for IdentityBackend is missing.")
        hint = f'AUTHENTICATION_BACKENDS = ["{BACKEND}", *others]'
        found.append(_gap(text, hint, "E061"))
    for one in backends:
        if _looks_at_passwords_itself(one):
            text = _(
                "Clause A3.2.6: %(name)s looks at passwords without counting them."
            ) % {"name": f"{one.__module__}.{one.__qualname__}"}
            hint = _("Remove it from AUTHENTICATION_BACKENDS.")
            found.append(_gap(text, hint, "E062"))
    return found


def check_validators(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E063: every rule of passwords is among the validators."""
    present = [import_string(one["NAME"]) for one in settings.AUTH_PASSWORD_VALIDATORS]
    return [
        _gap(
            _("Clause A3.2.3: the password rule %(name)s is not applied.")
            % {"name": rule.__name__},
            "AUTH_PASSWORD_VALIDATORS += "
            f'[{{"NAME": "{rule.__module__}.{rule.__name__}"}}]',
            "E063",
        )
        for rule in RULES
        if not any(isinstance(one, type) and issubclass(one, rule) for one in present)
    ]


def check_column(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E064: the user's password column holds a bound value whole."""
    width = getattr(get_user_model()._meta.get_field("password"), "max_length", None)
    if width is None or width >= COLUMN_WIDTH:
        return []
    text = _("The password column holds %(width)d characters; %(wanted)d are needed.")
    return [
        Error(
            text % {"width": width, "wanted": COLUMN_WIDTH},
            hint="password = models.CharField(max_length=128)",
            id="jtsec.E064",
        )
    ]


def check_memory(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W065: a burst of logins fits into the memory of a small machine."""
    try:
        chosen = authentication_settings()
    except ConfigurationError:
        return []
    each = PROFILES[chosen.argon2_profile].memory // 1024
    total = each * chosen.hashing_slots * USUAL_PROCESSES
    if total <= MEMORY_BUDGET:
        return []
    text = _(
        "%(slots)d hashes of %(each)d MiB in each of %(processes)d processes take "
        "%(total)d MiB in a burst of logins."
    ) % {
        "slots": chosen.hashing_slots,
        "each": each,
        "processes": USUAL_PROCESSES,
        "total": total,
    }
    fitting = max(1, MEMORY_BUDGET // (each * USUAL_PROCESSES))
    hint = f"JTSEC_AUTHENTICATION_HASHING_SLOTS = {fitting}"
    return [Warning(text, hint=hint, id="jtsec.W065")]


def check_atomic_requests(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """
    E066: a charge can be committed while a request's transaction is open.

    SQLite has one writer. With ATOMIC_REQUESTS the view is that writer, so the charge
    would wait for the view and the view for the charge; every login would be refused.
    """
    connection = connections[router.db_for_write(Counter)]
    if connection.vendor != "sqlite" or not connection.settings_dict["ATOMIC_REQUESTS"]:
        return []
    text = _(
        "With SQLite and ATOMIC_REQUESTS no login can be charged; all are refused."
    )
    hint = f'DATABASES["{connection.alias}"]["ATOMIC_REQUESTS"] = False'
    return [Error(text, hint=hint, id="jtsec.E066")]


def _backends() -> Iterator[type]:
    for path in settings.AUTHENTICATION_BACKENDS:
        yield import_string(path)


def _looks_at_passwords_itself(backend: type) -> bool:
    """
    Answer whether it is Django's own way of comparing, or inherits it.

    Others, such as one for certificates, are theirs to judge.
    """
    if issubclass(backend, IdentityBackend):
        own = ("authenticate", "aauthenticate", "get_user", "user_can_authenticate")
        # A subclass may add rights; one that replaces the way in is another backend.
        return any(
            getattr(backend, name) is not getattr(IdentityBackend, name) for name in own
        )
    return (
        issubclass(backend, ModelBackend)
        and getattr(backend, "authenticate", None) is ModelBackend.authenticate
    )


def _gap(text: str, hint: str, number: str) -> CheckMessage:
    kind = Warning if settings.DEBUG else Error
    return kind(text, hint=hint, id=f"jtsec.{number}")


ALL = (
    check_hasher,
    check_backends,
    check_validators,
    check_column,
    check_memory,
    check_atomic_requests,
)
