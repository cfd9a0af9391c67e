"""
The key file's form, "jtsec.keys/1": JSON that finds its own damage.

    {"created": "...", "digest": "<SM3>", "format": "jtsec.keys/1", "keys": [
        {"algorithm": "SM4", "created": "...", "id": "field-1",
         "material": "<base64>", "purpose": "field", "state": "active"}, ...]}

The digest is over the same object without it, as canonical JSON (keys sorted, no
spaces, ASCII). It finds a cut or damaged file; it is no protection against somebody
who can write the file, which is what owner and mode are for.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from jtsec.core.wording import early_gettext as _
from jtsec.crypto import sm2, sm3
from jtsec.crypto.exceptions import CryptoError

from .exceptions import KeyFileCorrupt
from .key import SIZE_OF, Algorithm, Key, Purpose, State
from .ring import Ring

FORMAT: Final = "jtsec.keys/1"
ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_PARTS: Final = {"algorithm", "created", "id", "material", "purpose", "state"}


def dump_ring(keys: Iterable[Key], created: datetime) -> bytes:
    """Return the content of a key file."""
    content: dict[str, Any] = {
        "created": _stamp(created),
        "format": FORMAT,
        "keys": [_dump_key(key) for key in keys],
    }
    content["digest"] = _digest(content)
    return (json.dumps(content, sort_keys=True, indent=1) + "\n").encode("ascii")


def parse_ring(data: bytes) -> Ring:
    """
    Return the ring in a key file's content.

    Raises:
        KeyFileCorrupt: not JSON, another format, cut, altered, or not a valid ring.
    """
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise KeyFileCorrupt(
            _("the key file is not JSON; it may be cut short")
        ) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise KeyFileCorrupt(
            _("the key file is not of the format %(format)s") % {"format": FORMAT}
        )
    # Replaced, for JSON may hold what no encoding has; no digest is like that.
    stated = str(content.pop("digest", "")).encode("ascii", "replace")
    if not hmac.compare_digest(stated, _digest(content).encode()):
        raise KeyFileCorrupt(_("the key file's digest does not match its content"))
    keys = content.get("keys")
    if not isinstance(keys, list):
        raise KeyFileCorrupt(_("the key file holds no list of keys"))
    return Ring([_parse_key(entry) for entry in keys])


def _digest(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return sm3.hexdigest(text.encode("ascii"))


def _dump_key(key: Key) -> dict[str, str]:
    symmetric = key.algorithm in SIZE_OF
    material = base64.b64encode(key.secret) if symmetric else key.secret
    return {
        "algorithm": key.algorithm,
        "created": _stamp(key.created),
        "id": key.id,
        "material": material.decode("ascii"),
        "purpose": key.purpose,
        "state": key.state,
    }


def _parse_key(entry: Any) -> Key:
    if not isinstance(entry, dict) or set(entry) != _PARTS:
        raise KeyFileCorrupt(_("an entry of the key file is not a key"))
    name = str(entry["id"])
    if not ID.fullmatch(name):
        raise KeyFileCorrupt(_("an id in the key file is malformed"))
    try:
        algorithm = Algorithm(entry["algorithm"])
        key = Key(
            id=name,
            purpose=Purpose(entry["purpose"]),
            algorithm=algorithm,
            state=State(entry["state"]),
            created=datetime.fromisoformat(entry["created"]).astimezone(UTC),
            material=_parse_material(name, algorithm, str(entry["material"])),
        )
    except (TypeError, ValueError, binascii.Error):
        # From None: the cause's message would quote what may be material.
        raise KeyFileCorrupt(
            _("the key %(name)s is not of a known form") % {"name": name}
        ) from None
    return key


def _parse_material(name: str, algorithm: Algorithm, text: str) -> bytes:
    if algorithm in SIZE_OF:
        material = base64.b64decode(text, validate=True)
        if len(material) != SIZE_OF[algorithm]:
            raise KeyFileCorrupt(
                _("the key %(name)s has the wrong length") % {"name": name}
            )
        return material
    kind = sm2.PrivateKey if algorithm is Algorithm.SM2 else sm2.PublicKey
    try:
        kind.from_pem(text)
    except CryptoError as error:
        raise KeyFileCorrupt(
            _("the key %(name)s is no SM2 key") % {"name": name}
        ) from error
    return text.encode("ascii")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()
