"""
Accepting a signed request (clause A4.13).

The order of the questions is the protection. What costs nothing comes first; nothing
is stored for a stranger; and the nonce is used up last, when everything else holds, so
that nobody fills the table who has no key.

    form -> time -> client, its seal and its end -> network -> signature
         -> account behind it, as at a login -> nonce, once
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import HttpRequest

from jtsec.authentication.api import LoginRefused, require_entry
from jtsec.core.clock import now
from jtsec.core.context import current
from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.core.net import is_within
from jtsec.core.source import SIGNED_CLIENT, Source, client_source
from jtsec.crypto.exceptions import CryptoError
from jtsec.crypto.sm2 import PublicKey
from jtsec.fields.api import check_seal
from jtsec.identity.api import user_by_pk, verify
from jtsec.identity.models import Duty

from .canonical_request import canonical_of
from .conf import rest_settings
from .models import SignedClient
from .nonces import purge_when_due, use_up
from .refusing import OUT_OF_TIME, REPLAYED, UNREADABLE, refused
from .signature_header import MalformedSignature, SignatureHeader

RELATED: Final = ("jtsec_identity__organisation", "jtsec_account")


@dataclass(frozen=True)
class SignedCaller:
    """
    Who signed a request that was accepted.

    Args:
        user: the account that answers for the client.
        client: the client's row, its seal verified.
    """

    user: Any
    client: SignedClient

    @property
    def rights(self) -> Sequence[str]:
        """Return the functions that were registered for the client."""
        rights: Sequence[str] = self.client.rights
        return rights


def accept(request: HttpRequest, header: str) -> SignedCaller:
    """
    Return who signed a request, once.

    Args:
        request: whose body has not been read yet.
        header: its `Authorization`.

    Raises:
        SignatureRefused: it is not accepted; recorded.
        django.db.Error: it could not be found out; nobody is let in.
    """
    source = _source_of(request)
    try:
        said = SignatureHeader.parse(header)
    except MalformedSignature as error:
        raise refused("malformed", UNREADABLE, "", source) from error
    claimed = str(said.client)
    if abs(now().timestamp() - said.time) > rest_settings().signature_seconds:
        raise refused("out-of-time", OUT_OF_TIME, claimed, source)
    client = _client(said, source)
    _require_signature(request, said, client, source)
    user = _account(client, source)
    if not use_up(claimed, said.nonce, said.time):
        raise refused("replayed", REPLAYED, f"client:{client.code}", source)
    purge_when_due()
    return SignedCaller(user, client)


def settle(request: HttpRequest, caller: SignedCaller) -> None:
    """Let the rest of the request know who called, and by which client."""
    request.user = caller.user
    request.jtsec_signed = caller  # type: ignore[attr-defined]  # ours
    context = current()
    if context.request is request:
        name = f"{SIGNED_CLIENT}{caller.client.code}"
        context.settle_source(replace(context.source, terminal=name))


def signed_caller(request: HttpRequest) -> SignedCaller | None:
    """Return who signed this request, None where nobody did."""
    found = getattr(request, "jtsec_signed", None)
    return found if isinstance(found, SignedCaller) else None


def _source_of(request: HttpRequest) -> Source:
    context = current()
    if context.request is request:
        return context.source
    return client_source(request.META)


def _client(said: SignatureHeader, source: Source) -> SignedClient:
    """Return the client that a header names, whole, in use, and from here."""
    rows = SignedClient.objects.select_related("identity")
    client = rows.defer("identity__resident_id").filter(pk=said.client).first()
    if client is None:
        raise refused("unknown-client", UNREADABLE, str(said.client), source)
    name = f"client:{client.code}"
    try:
        check_seal(client)
    except (VerifiedFalse, CannotVerify) as error:
        is_altered = isinstance(error, VerifiedFalse)
        reason = "seal-broken" if is_altered else "cannot-verify"
        raise refused(reason, UNREADABLE, name, source) from error
    if client.ended_at is not None:
        raise refused("ended", UNREADABLE, name, source)
    if client.valid_until <= now():
        raise refused("expired", UNREADABLE, name, source)
    if not is_within(source.address, client.networks):
        raise refused("network", UNREADABLE, name, source)
    return client


def _require_signature(
    request: HttpRequest, said: SignatureHeader, client: SignedClient, source: Source
) -> None:
    signed = canonical_of(
        request, client=str(said.client), time=said.time, nonce=said.nonce
    )
    try:
        PublicKey.from_pem(client.public_key).verify(signed, said.signature)
    except CryptoError as error:
        name = f"client:{client.code}"
        raise refused("signature", UNREADABLE, name, source) from error


def _account(client: SignedClient, source: Source) -> Any:
    """
    Return the user who answers for a client, who must stand as at a login.

    A duty that changed since counts: a business account that became an administrator's
    must not act by a key any more.
    """
    name = f"client:{client.code}"
    at_client = replace(source, terminal=f"{SIGNED_CLIENT}{client.code}")
    try:
        user: Any = user_by_pk(client.identity.user_id, RELATED)
        if user is None or user.jtsec_identity.pk != client.identity_id:
            raise refused("account-missing", UNREADABLE, name, source)
        verify(user.jtsec_identity)
        require_entry(user, at_client, now())
    except LoginRefused as error:
        raise refused(error.reason, UNREADABLE, name, source) from error
    except (VerifiedFalse, CannotVerify) as error:
        raise refused("account-altered", UNREADABLE, name, source) from error
    if user.jtsec_identity.duty != Duty.BUSINESS:
        raise refused("account-duty", UNREADABLE, name, source)
    return user
