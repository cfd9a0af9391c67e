"""
A share's form, "jtsec.share/1": JSON around a share that one holder alone can open.

    {"created": "...", "format": "jtsec.share/1", "holder": "...", "needed": 3,
     "number": 1, "sealed": "<base64>", "set": "<16 hex digits>", "total": 5,
     "password": {"memory": 65536, "passes": 3, "salt": "<base64>"}}

`sealed` is an envelope: to the holder's SM2 public key, or under the SM4 key that
Argon2id makes of a password (then `password` says how). What stands beside it is
authenticated with it, so that a share is not given out as one of another set.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from jtsec.core.wording import early_gettext as _
from jtsec.crypto import envelope, sm2
from jtsec.crypto.exceptions import CryptoError
from jtsec.crypto.sm4 import Gcm

from . import share_password
from .exceptions import ShareUnreadable

FORMAT: Final = "jtsec.share/1"
PASSWORD: Final = "password"


class Facts(NamedTuple):
    """What may be told of a share."""

    set: str
    number: int
    needed: int
    total: int
    holder: str
    created: str


class Share(NamedTuple):
    """An opened share."""

    facts: Facts
    data: bytes

    def __repr__(self) -> str:
        """Say which it is, and never what is in it."""
        return f"Share({self.facts.number} of set {self.facts.set})"


def seal_share(share: Share, lock: str | sm2.PublicKey) -> bytes:
    """
    Return the content of a share's file.

    Args:
        share: what is sealed.
        lock: a password, or the public key of who holds it.
    """
    content: dict[str, Any] = {"format": FORMAT, **share.facts._asdict()}
    if isinstance(lock, sm2.PublicKey):
        sealed = envelope.seal_to(lock, share.data, context=_canonical(content))
    else:
        content[PASSWORD] = share_password.drawn()
        gcm = Gcm(share_password.derived(lock, content[PASSWORD]))
        sealed = envelope.seal_symmetric(PASSWORD, gcm, share.data, _canonical(content))
    content["sealed"] = base64.b64encode(sealed).decode("ascii")
    return (json.dumps(content, sort_keys=True, indent=1) + "\n").encode("ascii")


def read_facts(data: bytes) -> Facts:
    """Return what a share's file says of itself; not to be believed before opened."""
    return _parsed(data)[0]


def open_share(data: bytes, key: str | sm2.PrivateKey) -> Share:
    """
    Return the share in a file.

    Args:
        data: the content of the file.
        key: the password, or the private key of who holds it.

    Raises:
        ShareUnreadable: not a share, altered, or another password or key.
    """
    facts, content, sealed = _parsed(data)
    try:
        if isinstance(key, sm2.PrivateKey):
            opened = envelope.open_with(key, sealed, context=_canonical(content))
        else:
            gcm = Gcm(share_password.derived(key, content[PASSWORD]))
            opened = envelope.open_symmetric(sealed, gcm, _canonical(content))
    except (CryptoError, KeyError, TypeError, ValueError):
        raise ShareUnreadable(
            _("share %(number)d was altered, or this is not what opens it")
            % {"number": facts.number}
        ) from None
    return Share(facts, opened)


def _parsed(data: bytes) -> tuple[Facts, dict[str, Any], bytes]:
    try:
        content = json.loads(data)
        if content["format"] != FORMAT:
            raise ValueError
        sealed = base64.b64decode(content.pop("sealed"), validate=True)
        facts = Facts(**{name: content[name] for name in Facts._fields})
        if not all(isinstance(one, int) for one in facts[1:4]):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ShareUnreadable(_("the file is no share of a key file")) from None
    return facts, content, sealed


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")
