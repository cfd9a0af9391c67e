"""Checks of the key ring and of the ciphers that use it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError
from jtsec.crypto import selftest, sm3

from . import api
from .conf import keys_settings
from .exceptions import KeyFileCorrupt, KeyFileExposed
from .holding import HOLDER
from .keyfile import IS_POSIX

INIT: Final = "manage.py jtsec_init --keys /etc/jtsec/keys/jtsec.keys"


def check_ring(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E030 to E033: the ring is there, private, whole and complete."""
    try:
        missing = api.missing_purposes()
    except KeyFileExposed as error:
        hint = _("chmod 0400 %(path)s, or move it where only its owner can write.")
        path = {"path": api.key_file()}
        text = _("Others could read or replace the key file: %(error)s.")
        return [_unusable(text, error, hint % path, "jtsec.E031")]
    except KeyFileCorrupt as error:
        hint = _("Put the file back from your safe copy; data sealed with it is lost.")
        text = _("The key file is damaged: %(error)s.")
        return [_unusable(text, error, hint, "jtsec.E032")]
    except ConfigurationError as error:
        hint = _('%(command)s, then JTSEC_KEYS_FILE = "/etc/jtsec/keys/jtsec.keys"')
        text = _("There is no key ring to use: %(error)s.")
        return [_unusable(text, error, hint % {"command": INIT}, "jtsec.E030")]
    return [
        Error(
            _("The key ring has no active key for %(purpose)s.") % {"purpose": purpose},
            hint=_("Put back the key file that has one, or make one: %(command)s")
            % {"command": INIT},
            id="jtsec.E033",
        )
        for purpose in missing
    ]


def check_reuse(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E034: no key is SECRET_KEY or made of it, for that one stands in settings."""
    try:
        keys = [key for key in HOLDER.current().ring if key.material is not None]
    except ConfigurationError:
        return []
    return [
        Error(
            _("The key %(id)s is made of SECRET_KEY.") % {"id": key.id},
            hint=_("Make a ring of random keys: %(command)s") % {"command": INIT},
            id="jtsec.E034",
        )
        for key in keys
        if any(hmac.compare_digest(key.secret, bad) for bad in _derived_from_secret())
    ]


def check_platform(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W035: where owner and mode mean nothing, somebody must see to the rights."""
    if IS_POSIX or keys_settings().provider != "file":
        return []
    return [
        Warning(
            _("Windows: owner and rights of the key file are not checked."),
            hint='icacls "%JTSEC_KEYS_FILE%" /inheritance:r /grant:r "%USERNAME%:R"',
            id="jtsec.W035",
        )
    ]


def check_ciphers(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E040: every cipher gives the answers of its standard on this machine."""
    return [
        Error(
            _("Self-test failed: %(name)s (%(provider)s) %(detail)s")
            % {"name": one.name, "provider": one.provider, "detail": one.detail},
            hint="pip install --force-reinstall cryptography gmssl gmssl-pyx",
            id="jtsec.E040",
        )
        for one in selftest.run()
        if not one.passed
    ]


def _unusable(
    text: str, error: ConfigurationError, hint: str, number: str
) -> CheckMessage:
    # What keeps the file locked knows better than the file what is to be done.
    own = str(getattr(error, "hint", ""))
    return Error(text % {"error": error}, hint=_(own) if own else hint, id=number)


def _derived_from_secret() -> Iterator[bytes]:
    """Yield SECRET_KEY in the forms in which projects have made keys of it."""
    for text in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        whole = text if isinstance(text, bytes) else str(text).encode()
        digests = (sm3.digest(whole), hashlib.sha256(whole).digest())
        for form in (whole, *digests, hashlib.sha512(whole).digest(), *_decoded(whole)):
            for size in (16, 32):
                yield form[:size].ljust(size, b"\0")
                yield form[-size:].ljust(size, b"\0")


def _decoded(whole: bytes) -> Iterator[bytes]:
    for decode in (base64.b64decode, base64.urlsafe_b64decode, binascii.unhexlify):
        try:
            yield decode(whole)
        except (ValueError, binascii.Error):
            continue


ALL = (check_ring, check_reuse, check_platform, check_ciphers)
