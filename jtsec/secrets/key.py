"""
The key of the store, "jtsec.secrets-key/1": JSON that finds its own damage.

    {"digest": "<SM3>", "format": "jtsec.secrets-key/1", "id": "secrets-1",
     "material": "<base64 of 16 bytes>"}

It is not one of the key ring: where that lies is a setting, and settings are read
with the secrets. The digest is made as that of the ring.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from os import urandom
from pathlib import Path
from typing import Final, NamedTuple

from jtsec.core.wording import early_gettext as _
from jtsec.crypto import sm3
from jtsec.crypto.sm4 import KEY_SIZE, Gcm
from jtsec.keys.api import read_private, write_private

from .exceptions import SecretsCorrupt, as_secrets_errors

FORMAT: Final = "jtsec.secrets-key/1"
ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class StoreKey(NamedTuple):
    """The key of the store: its id and the cipher under it, never the key."""

    id: str
    gcm: Gcm


def make_key(path: Path) -> StoreKey:
    """
    Write a fresh random key where none was, and return it.

    Raises:
        SecretsUnavailable: a file stands there, or none can be written.
        SecretsExposed: the place is inside the project, or open to others.
    """
    with as_secrets_errors():
        write_private(path, dump_key("secrets-1", urandom(KEY_SIZE)))
    return read_key(path)


def read_key(path: Path) -> StoreKey:
    """
    Return the key in a file that nobody else could have read or written.

    Raises:
        SecretsUnavailable, SecretsExposed, SecretsCorrupt: it cannot be used.
    """
    with as_secrets_errors():
        data = read_private(path)
    return parse_key(data)


def dump_key(name: str, material: bytes) -> bytes:
    """Return the content of a key file."""
    content = {
        "format": FORMAT,
        "id": name,
        "material": base64.b64encode(material).decode("ascii"),
    }
    content["digest"] = _digest(content)
    return (json.dumps(content, sort_keys=True, indent=1) + "\n").encode("ascii")


def parse_key(data: bytes) -> StoreKey:
    """
    Return the key in a key file's content.

    Raises:
        SecretsCorrupt: cut, altered, or of another form.
    """
    try:
        content = json.loads(data)
        stated = content.pop("digest").encode()
        if not hmac.compare_digest(stated, _digest(content).encode()):
            raise ValueError
        if content["format"] != FORMAT or not ID.fullmatch(content["id"]):
            raise ValueError
        material = base64.b64decode(content["material"], validate=True)
        if len(material) != KEY_SIZE:
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # From None: the cause's message would quote what may be the key.
        raise SecretsCorrupt(_("the key of the secrets is damaged")) from None
    return StoreKey(content["id"], Gcm(material))


def _digest(content: dict[str, str]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return sm3.hexdigest(text.encode("ascii"))
