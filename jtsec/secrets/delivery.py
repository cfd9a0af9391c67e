"""
New passwords on their way to the database administrator: sealed to their SM2 key.

    -----BEGIN JTSEC DATABASE PASSWORDS-----
    base64 of an envelope of `jtsec.crypto`, algorithm 02 (SM2 and SM4-GCM), its
    context "jtsec.database-delivery/1"
    -----END JTSEC DATABASE PASSWORDS-----

Inside is JSON: {"database": "…", "format": "jtsec.database-delivery/1", "made":
"<UTC>", "name": "db.accounts", "passwords": {"permits_a": "…", "permits_b": "…"}}.
Plain Python: the administrator opens it where there are no settings.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import wrap
from typing import Final

from jtsec.core.exceptions import InputError
from jtsec.core.wording import early_gettext as _
from jtsec.crypto import envelope
from jtsec.crypto.exceptions import CryptoError
from jtsec.crypto.sm2 import PrivateKey, PublicKey

from .exceptions import SecretsCorrupt, SecretsUnavailable

FORMAT: Final = "jtsec.database-delivery/1"
CONTEXT: Final = FORMAT.encode("ascii")
BEGIN: Final = "-----BEGIN JTSEC DATABASE PASSWORDS-----"
END: Final = "-----END JTSEC DATABASE PASSWORDS-----"


@dataclass(frozen=True)
class Delivery:
    """
    What the administrator is given.

    Args:
        name: under which name the accounts are kept.
        database: which database, in words.
        made: when the passwords were made, UTC, ISO 8601.
        passwords: by account.
    """

    name: str
    database: str
    made: str
    passwords: Mapping[str, str] = field(repr=False)


def seal_delivery(delivery: Delivery, recipient: PublicKey) -> str:
    """Return the content of the file."""
    content = {"format": FORMAT, **vars(delivery)}
    content["passwords"] = dict(delivery.passwords)
    text = json.dumps(content, sort_keys=True).encode("ascii")
    sealed = envelope.seal_to(recipient, text, context=CONTEXT)
    lines = wrap(b64encode(sealed).decode("ascii"), 64)
    return "\n".join((BEGIN, *lines, END)) + "\n"


def open_delivery(text: str, key: PrivateKey) -> Delivery:
    """
    Return what is in such a file.

    Raises:
        SecretsCorrupt: it is none, was altered, or is sealed to another key.
    """
    body = text.strip().removeprefix(BEGIN).removesuffix(END)
    try:
        sealed = b64decode("".join(body.split()), validate=True)
        content = json.loads(envelope.open_with(key, sealed, context=CONTEXT))
        if content.pop("format") != FORMAT:
            raise ValueError
        return Delivery(**content)
    except (CryptoError, ValueError, KeyError, TypeError, AttributeError):
        # From None: the cause may quote what was decrypted.
        raise SecretsCorrupt(
            _("the file was altered, or is sealed to another key")
        ) from None


def write_delivery(path: Path, text: str) -> None:
    """
    Write the file, where none was, for this user to hand on.

    Raises:
        InputError: something of that name is there; it is left as it is.
        SecretsUnavailable: it cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise InputError(
            _("%(path)s is there already; it was left as it is") % {"path": path},
            field="deliver",
            code="exists",
        ) from None
    except OSError as error:
        raise SecretsUnavailable(f"{path}: {error.strerror}") from None


def read_recipient(path: Path) -> PublicKey:
    """
    Return the administrator's public key, PEM.

    Raises:
        SecretsUnavailable: it is not there, or is no public SM2 key.
    """
    try:
        return PublicKey.from_pem(path.read_bytes())
    except OSError as error:
        raise SecretsUnavailable(f"{path}: {error.strerror}") from None
    except CryptoError:
        raise SecretsUnavailable(
            _("%(path)s holds no public SM2 key") % {"path": path}
        ) from None
