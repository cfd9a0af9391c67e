"""
The verbs of the key ring.

    key_id, mac = keys.mac(Purpose.SEAL, data)
    keys.verify_mac(key_id, data, mac)
    keys.gcm(keys.active(Purpose.FIELD).id).encrypt(...)

The ring is read when first asked for and kept in the process, see `holding`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from jtsec.crypto import sm2
from jtsec.crypto.exceptions import CryptoError, DecryptionFailed
from jtsec.crypto.sm3 import KeyedMac
from jtsec.crypto.sm4 import Gcm

from . import generation, keyfile
from .escrow import Share, cut_up, open_share, put_back, share_holder
from .exceptions import (
    KeyFileCorrupt,
    KeyFileExists,
    KeyFileExposed,
    KeysUnavailable,
    ShareUnreadable,
    UnknownKey,
)
from .format import dump_ring, parse_ring
from .holding import HOLDER
from .key import Algorithm, Key, Purpose, State
from .provider import FileKeyProvider, KeyProvider, chosen_provider, key_file
from .surroundings import require_outside_the_project
from .tally import counted
from .turning import SETTLED_AFTER
from .turning import activate as activate_key
from .turning import prepare as prepare_key
from .turning import retire as retire_keys
from .uses import STRANGE, Step, Use, register_uses, uses

__all__ = [
    "SETTLED_AFTER",
    "STRANGE",
    "Algorithm",
    "FileKeyProvider",
    "Key",
    "KeyFileCorrupt",
    "KeyFileExists",
    "KeyFileExposed",
    "KeyProvider",
    "KeyStatus",
    "KeysUnavailable",
    "Purpose",
    "Share",
    "ShareUnreadable",
    "State",
    "Step",
    "UnknownKey",
    "Use",
    "activate_key",
    "active",
    "active_gcm",
    "create_error_key",
    "create_key_file",
    "cut_up",
    "error_public_key",
    "every",
    "gcm",
    "get",
    "is_in_a_file",
    "key_file",
    "key_status",
    "keyed_mac",
    "mac",
    "mac_with",
    "missing_purposes",
    "open_share",
    "prepare_key",
    "put_back",
    "read_error_key",
    "read_key_file",
    "read_private",
    "register_uses",
    "reload",
    "replace_private",
    "require_place",
    "retire_keys",
    "share_holder",
    "signing_key",
    "signing_key_of",
    "take_over_key_file",
    "uses",
    "verify_mac",
    "write_private",
]


class KeyStatus(NamedTuple):
    """What may be told of a key."""

    id: str
    purpose: Purpose
    algorithm: Algorithm
    created: datetime
    state: State


def reload(*, setting: str = "", **kwargs: Any) -> None:
    """Drop what was read; a receiver of `setting_changed`, and for tests."""
    if not setting or setting.startswith("JTSEC_KEYS_"):
        HOLDER.drop()


def active(purpose: Purpose) -> Key:
    """
    Return the key that protects new data of a purpose.

    Raises:
        UnknownKey: the ring has none.
        KeysUnavailable, KeyFileExposed, KeyFileCorrupt: the ring cannot be used.
    """
    return HOLDER.current().ring.active(purpose)


def get(key_id: str) -> Key:
    """Return the key of an id, active or retired, or raise `UnknownKey`."""
    return HOLDER.knowing(key_id).ring.get(key_id)


def every(purpose: Purpose) -> list[Key]:
    """Return all keys of a purpose, the active one first."""
    held = HOLDER.current()
    found = held.of_purpose.get(purpose)
    if found is None:
        found = [key for key in held.ring if key.purpose is purpose]
        found.sort(key=lambda key: key.state is not State.ACTIVE)
        held.of_purpose[purpose] = found
    return [*found]


def gcm(key_id: str) -> Gcm:
    """
    Return the SM4-GCM cipher under a key; the same object until the ring changes.

    Raises:
        UnknownKey: the ring has no such key, or it is not an SM4 key.
    """
    held = HOLDER.current()
    found = held.gcms.get(key_id)
    if found is None:
        held = HOLDER.knowing(key_id)
        key = _require(held.ring.get(key_id), Algorithm.SM4)
        found = held.gcms[key_id] = counted(key_id, held.provider.gcm(key))
    return found


def active_gcm(purpose: Purpose) -> tuple[str, Gcm]:
    """Return the id of a purpose's active key and the cipher under it."""
    held = HOLDER.current()
    found = held.active_gcms.get(purpose)
    if found is None:
        key_id = held.ring.active(purpose).id
        found = held.active_gcms[purpose] = key_id, gcm(key_id)
    return found


def keyed_mac(key_id: str) -> KeyedMac:
    """
    Return the HMAC-SM3 under a key; the same object until the ring changes.

    Raises:
        UnknownKey: the ring has no such key, or it is not an HMAC-SM3 key.
    """
    held = HOLDER.current()
    found = held.macs.get(key_id)
    if found is None:
        held = HOLDER.knowing(key_id)
        key = _require(held.ring.get(key_id), Algorithm.HMAC_SM3)
        found = held.macs[key_id] = held.provider.keyed_mac(key)
    return found


def mac(purpose: Purpose, data: bytes) -> tuple[str, bytes]:
    """Return the id of a purpose's active key and the 32-byte MAC under it."""
    key_id = active(purpose).id
    return key_id, keyed_mac(key_id).mac(data)


def mac_with(key_id: str, data: bytes) -> bytes:
    """Return the 32-byte MAC under the key of an id."""
    return keyed_mac(key_id).mac(data)


def verify_mac(key_id: str, data: bytes, mac: bytes) -> None:
    """
    Return if a MAC is right.

    Raises:
        jtsec.crypto.exceptions.InvalidSignature: it is not; something was altered.
        UnknownKey: the ring has no such key; nothing is known.
    """
    keyed_mac(key_id).verify(data, mac)


def signing_key() -> tuple[str, sm2.PrivateKey]:
    """Return the id and the key that sign the audit's checkpoints."""
    key_id = active(Purpose.AUDIT_SIGNATURE).id
    return key_id, signing_key_of(key_id)


def signing_key_of(key_id: str) -> sm2.PrivateKey:
    """
    Return the key that signs, or once signed, the audit's checkpoints under an id.

    Raises:
        UnknownKey: the ring has no such key, or it is not one of that purpose.
    """
    held = HOLDER.knowing(key_id)
    key = held.ring.get(key_id)
    if key.purpose is not Purpose.AUDIT_SIGNATURE:
        raise UnknownKey(f"the key {key_id} is not a key of {Purpose.AUDIT_SIGNATURE}")
    found = held.signers.get(key_id)
    if found is None:
        found = held.signers[key_id] = held.provider.private_key(key)
    return found


def error_public_key() -> sm2.PublicKey:
    """Return the key to which errors are sealed; its private half is elsewhere."""
    return sm2.PublicKey.from_pem(active(Purpose.ERROR).secret)


def key_status() -> list[KeyStatus]:
    """Return what may be told of every key; never the key."""
    return [
        KeyStatus(key.id, key.purpose, key.algorithm, key.created, key.state)
        for key in HOLDER.current().ring
    ]


def missing_purposes() -> list[Purpose]:
    """Return the purposes for which the ring has no active key."""
    return HOLDER.current().ring.missing()


def create_key_file(path: Path, error_key: sm2.PublicKey) -> list[KeyStatus]:
    """
    Write a new ring with one key for every purpose, and return what is in it.

    Raises:
        KeyFileExists: something of that name is there; it is left as it is.
        KeyFileExposed: the place is inside the project, or open to others.
        KeysUnavailable: the folder cannot be made or written, or what locks the file
            in force cannot lock this one.
    """
    keys = generation.new_ring(error_key)
    _holder_of_files().create(path, dump_ring(keys, keys[0].created))
    return read_key_file(path)


def take_over_key_file(path: Path, clear: Path) -> list[KeyStatus]:
    """
    Write the ring of a key file in clear anew, as the provider in force keeps it.

    Args:
        path: where nothing is yet.
        clear: the key file in clear; left as it is.

    Raises:
        KeysUnavailable, KeyFileExposed, KeyFileCorrupt: it is not there, or no ring.
        KeyFileExists: as `create_key_file`; the other errors of it too.
    """
    data = keyfile.read(clear)
    parse_ring(data)
    _holder_of_files().create(path, data)
    return read_key_file(path)


def read_key_file(path: Path) -> list[KeyStatus]:
    """
    Return what a key file holds, whatever file the settings name.

    Raises:
        KeysUnavailable, KeyFileExposed, KeyFileCorrupt: as when it is used.
    """
    return [
        KeyStatus(key.id, key.purpose, key.algorithm, key.created, key.state)
        for key in parse_ring(_holder_of_files().content(path))
    ]


def is_in_a_file() -> bool:
    """
    Answer whether the provider in force keeps the ring in a file, locked or not.

    Raises:
        KeysUnavailable: it cannot be had.
    """
    return isinstance(chosen_provider(), FileKeyProvider)


def _holder_of_files() -> FileKeyProvider:
    provider = chosen_provider()
    # Where hardware holds the keys themselves, a file is in clear.
    return provider if isinstance(provider, FileKeyProvider) else FileKeyProvider()


def create_error_key(path: Path, password: bytes | None = None) -> sm2.PublicKey:
    """
    Write the private half of a new error key pair and return the public one.

    Args:
        path: where to write; outside of the project.
        password: encrypts the file when given.

    Raises:
        KeyFileExists, KeyFileExposed, KeysUnavailable: as `create_key_file`.
    """
    key = sm2.generate()
    keyfile.write_new(path, key.to_pem(password).encode("ascii"))
    return key.public


def read_error_key(path: Path) -> sm2.PublicKey:
    """
    Return the public half of an error key that `create_error_key` wrote.

    Raises:
        KeysUnavailable: it is not there, or a password locks it.
        KeyFileExposed, KeyFileCorrupt: others can read it, or it is no SM2 key.
    """
    try:
        return sm2.PrivateKey.from_pem(keyfile.read(path)).public
    except DecryptionFailed:
        raise KeysUnavailable(f"{path} is locked by a password") from None
    except CryptoError:
        raise KeyFileCorrupt(f"{path} is no private SM2 key") from None


def read_private(path: Path) -> bytes:
    """
    Return the content of another secret file, kept as the key file is.

    Needs no settings; the project's own may ask while they are being read.

    Raises:
        KeysUnavailable: it is not there, or this process may not read it.
        KeyFileExposed: owner, mode, place or a folder on the way lets others at it.
        KeyFileCorrupt: it is too large.
    """
    return keyfile.read(path)


def require_place(path: Path) -> None:
    """Return if such a file may lie there, or raise `KeyFileExposed`."""
    require_outside_the_project(path)


def write_private(path: Path, data: bytes) -> None:
    """Write such a file where none was, or raise as `create_key_file` does."""
    keyfile.write_new(path, data)


def replace_private(path: Path, data: bytes) -> None:
    """Put another content in its place, whole or not at all."""
    keyfile.replace(path, data)


def _require(key: Key, algorithm: Algorithm) -> Key:
    if key.algorithm is not algorithm:
        raise UnknownKey(f"the key {key.id} is not a key of {algorithm}")
    return key
