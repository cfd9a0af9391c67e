"""What is said of a client, in the form in which it is stored and compared."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from jtsec.access.api import function_of
from jtsec.authentication.api import normal_networks
from jtsec.core.clock import now
from jtsec.core.exceptions import InputError
from jtsec.core.net import parse_networks
from jtsec.crypto.exceptions import CryptoError
from jtsec.crypto.sm2 import PublicKey
from jtsec.validation.api import check_plain_text

from .conf import rest_settings
from .models import ClientKind, SignedClient

CODE: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", re.ASCII)
MOST_RIGHTS: Final = 100


def described(
    code: str,
    name: str,
    kind: str,
    public_key: str,
    rights: Collection[str],
    networks: Iterable[str],
    valid_until: datetime | None,
) -> SignedClient:
    """
    Return an unsaved client that says what it is, and nothing of whose it is.

    Raises:
        InputError: something is malformed; names the field.
    """
    if not CODE.fullmatch(str(code)):
        raise InputError(
            _("A code is 1 to 40 small letters, digits and hyphens."), field="code"
        )
    if kind not in ClientKind.values:
        raise InputError(_("A client is a terminal or a service."), field="kind")
    called = check_plain_text(name, "name", max_length=100).strip()
    if not called:
        raise InputError(_("Give the client a name."), field="name", code="empty")
    key = _key(public_key)
    return SignedClient(
        code=code,
        name=called,
        kind=kind,
        public_key=key.to_pem(),
        fingerprint=key.fingerprint(),
        rights=_rights(rights),
        networks=_networks(networks),
        valid_until=_until(valid_until),
    )


def _key(pem: str) -> PublicKey:
    try:
        return PublicKey.from_pem(pem)
    except CryptoError as error:
        raise InputError(
            _("This is no SM2 public key in PEM."),
            field="public_key",
            code="not-a-key",
        ) from error


def _rights(given: Collection[str]) -> list[str]:
    names = sorted(set(given))
    if not names or len(names) > MOST_RIGHTS:
        raise InputError(
            _("Name the functions that the client may call."), field="rights"
        )
    for name in names:
        function = function_of(name)
        if function is None or function.duty != "business":
            raise InputError(
                _("%(name)s is no function of business users.") % {"name": name},
                field="rights",
                code="unknown-function",
            )
    return names


def _networks(given: Iterable[str]) -> list[str]:
    found = normal_networks(given)
    if not found or any(one.prefixlen == 0 for one in parse_networks(tuple(found))):
        raise InputError(
            _("Name the networks from which the client calls."),
            field="networks",
            code="everywhere",
        )
    return found


def _until(given: datetime | None) -> datetime:
    latest = now() + timedelta(days=rest_settings().client_days)
    if given is None:
        return latest
    aware = timezone.make_aware(given) if timezone.is_naive(given) else given
    if not now() < aware <= latest:
        raise InputError(
            _("The end lies in the past, or too far in the future."),
            field="valid_until",
        )
    return aware
