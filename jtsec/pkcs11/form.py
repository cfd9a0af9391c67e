"""
The locked key file's form, "jtsec.locked-keys/1": JSON around one ciphertext.

    {"format": "jtsec.locked-keys/1", "key": "<label>", "key_id": "<hex of CKA_ID>",
     "locked": "<base64>", "mechanism": "CKM_AES_GCM", "nonce": "<base64 of 12 bytes>"}

`locked` is the content of a key file ("jtsec.keys/1"), then the tag of 16 bytes.
Authenticated with it is the same object without `locked`, as canonical JSON: whoever
changes what the file says of its key has a file that does not open.
"""

from __future__ import annotations

import base64
import json
from typing import Final, NamedTuple

from jtsec.core.wording import early_gettext as _
from jtsec.keys.api import KeyFileCorrupt

FORMAT: Final = "jtsec.locked-keys/1"
MECHANISM: Final = "CKM_AES_GCM"
NONCE_SIZE: Final = 12
_PARTS: Final = {"format", "key", "key_id", "locked", "mechanism", "nonce"}


class Head(NamedTuple):
    """What stands in clear: the key's label and id in the token, and the nonce."""

    key: str
    key_id: bytes
    nonce: bytes

    def authenticated(self) -> bytes:
        """Return the additional authenticated data."""
        text = json.dumps(_as_members(self), sort_keys=True, separators=(",", ":"))
        return text.encode("ascii")


def dump_locked(head: Head, locked: bytes) -> bytes:
    """Return the content of a locked key file."""
    content = _as_members(head) | {"locked": base64.b64encode(locked).decode("ascii")}
    return (json.dumps(content, sort_keys=True, indent=1) + "\n").encode("ascii")


def parse_locked(data: bytes) -> tuple[Head, bytes]:
    """
    Return what stands in clear, and what is locked.

    Raises:
        KeyFileCorrupt: cut, of another form, or a key file in clear.
    """
    try:
        content = json.loads(data)
        if content["format"] == "jtsec.keys/1":
            raise KeyFileCorrupt(
                _("the key file is in clear; lock it: jtsec_init --take-over")
            )
        if set(content) != _PARTS or content["mechanism"] != MECHANISM:
            raise ValueError
        if not all(isinstance(one, str) for one in content.values()):
            raise TypeError
        head = Head(
            content["key"],
            bytes.fromhex(content["key_id"]),
            base64.b64decode(content["nonce"], validate=True),
        )
        locked = base64.b64decode(content["locked"], validate=True)
        if content["format"] != FORMAT or len(head.nonce) != NONCE_SIZE:
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KeyFileCorrupt(
            _("the key file is not of the format %(format)s") % {"format": FORMAT}
        ) from None
    return head, locked


def _as_members(head: Head) -> dict[str, str]:
    return {
        "format": FORMAT,
        "key": head.key,
        "key_id": head.key_id.hex(),
        "mechanism": MECHANISM,
        "nonce": base64.b64encode(head.nonce).decode("ascii"),
    }
