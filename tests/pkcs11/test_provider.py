"""The key file that opens under a key which never leaves its token (SoftHSM)."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from importlib.metadata import EntryPoint

import pytest

pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")

from django.test import override_settings

from jtsec.crypto import sm2
from jtsec.keys import api as keys
from jtsec.keys import holding, keyfile, provider
from jtsec.keys.format import dump_ring
from jtsec.pkcs11.exceptions import TokenUnavailable
from jtsec.pkcs11.provider import Pkcs11KeyProvider
from tests import keyring
from tests.keys.provider_contract import KeyProviderContract


class TestPkcs11Provider(KeyProviderContract):
    """A ring locked by a token keeps the contract."""

    @pytest.fixture
    def provider(self, locked):
        return Pkcs11KeyProvider()

    @pytest.fixture
    def gone(self, locked):
        locked.take_away()
        return Pkcs11KeyProvider()


def rewrite(path, **members):
    """Put other members into a locked file."""
    content = json.loads(path.read_bytes()) | members
    path.chmod(0o600)
    path.write_text(json.dumps(content))
    path.chmod(0o400)
    keys.reload()


@pytest.mark.clause("A10.3")
def test_the_file_is_worthless_without_the_token(locked):
    """No key stands in it, and as a key file in clear it is refused."""
    data = locked.file.read_bytes()
    for key in keys.every(keys.Purpose.FIELD):
        assert key.secret not in b64decode(json.loads(data)["locked"])
        assert b64encode(key.secret) not in data
    assert locked.file.stat().st_mode & 0o777 == 0o400
    with (
        override_settings(JTSEC_KEYS_PROVIDER="file"),
        pytest.raises(keys.KeyFileCorrupt),
    ):
        keys.active(keys.Purpose.FIELD)


@pytest.mark.clause("A10.3")
def test_a_file_that_was_altered_is_false(locked):
    """Whatever is changed in it, the working token denies it: not a fault of its."""
    whole = json.loads(locked.file.read_bytes())
    sealed = bytearray(b64decode(whole["locked"]))
    sealed[40] ^= 1
    for members in (
        {"locked": b64encode(sealed).decode()},
        {"locked": b64encode(sealed[:9]).decode()},
        {"locked": ""},
        {"nonce": b64encode(bytes(12)).decode()},
        {"mechanism": "CKM_AES_ECB"},
        {"format": "jtsec.locked-keys/2"},
        {"nonce": "?"},
        {"more": "x"},
    ):
        rewrite(locked.file, **members)
        with pytest.raises(keys.KeyFileCorrupt):
            keys.active(keys.Purpose.FIELD)
        rewrite(locked.file, **whole)
        if "more" not in members:
            keys.active(keys.Purpose.FIELD)


def test_without_the_probe_a_false_file_would_look_like_a_failing_token(
    locked, monkeypatch
):
    """With the protection removed, tampering is told as a fault of the hardware."""
    from jtsec.pkcs11.locking import LockingKey

    rewrite(locked.file, nonce=b64encode(bytes(12)).decode())
    monkeypatch.setattr(LockingKey, "open", LockingKey._decrypted)
    with pytest.raises(TokenUnavailable, match="GeneralError"):
        keys.active(keys.Purpose.FIELD)


def test_a_file_of_another_key_is_not_called_false(locked):
    """Label or id differ: nothing is known of it, and both are named."""
    for members in ({"key": "other"}, {"key_id": "00ff"}):
        whole = json.loads(locked.file.read_bytes())
        rewrite(locked.file, **members)
        with pytest.raises(TokenUnavailable, match="is locked with"):
            keys.active(keys.Purpose.FIELD)
        rewrite(locked.file, **whole)


def test_a_key_file_in_clear_is_named_as_what_it_is(locked):
    """Whoever forgot to lock it is told how."""
    locked.file.unlink()
    data = dump_ring(keyring.known_ring(), keyring.CREATED)
    keyring.write(locked.file, data)
    with pytest.raises(keys.KeyFileCorrupt, match="--take-over"):
        keys.active(keys.Purpose.FIELD)


def test_a_key_file_in_clear_is_taken_over(token, tmp_path):
    """Its keys stay the same; the file in clear is left, and never written over."""
    ring = keyring.known_ring()
    clear = keyring.write(tmp_path / "clear", dump_ring(ring, keyring.CREATED))
    keys.take_over_key_file(token.file, clear)
    assert keys.active(keys.Purpose.FIELD).secret == ring[0].secret
    assert clear.exists()
    with pytest.raises(keys.KeyFileExists):
        keys.take_over_key_file(token.file, clear)
    keyring.write(tmp_path / "half", clear.read_bytes()[:300])
    with pytest.raises(keys.KeyFileCorrupt):
        keys.take_over_key_file(tmp_path / "new", tmp_path / "half")
    assert not (tmp_path / "new").exists()


@pytest.mark.clause("A6.3")
def test_a_rotation_locks_the_new_ring(locked, monkeypatch):
    """The new key is in the locked file; the old one is still read with."""
    monkeypatch.setattr(holding, "LOOK_AGAIN_AFTER", 0.0)
    before = locked.file.read_bytes()
    sealed = keys.gcm("field-1").encrypt(b"x")
    keys.prepare_key(keys.Purpose.FIELD)
    assert keys.activate_key(keys.Purpose.FIELD) == "field-2"
    after = json.loads(locked.file.read_bytes())
    assert after["nonce"] != json.loads(before)["nonce"]
    keys.reload()
    assert keys.active(keys.Purpose.FIELD).id == "field-2"
    assert keys.gcm("field-1").decrypt(sealed) == b"x"


@pytest.mark.parametrize("fault", ["token", "disk"])
def test_a_change_that_fails_leaves_the_old_file(locked, monkeypatch, fault):
    """Token lost between reading and locking, or no room: the ring is as it was."""
    keys.active(keys.Purpose.FIELD)
    before = locked.file.read_bytes()

    def lose(key_id: str) -> None:
        if fault == "token":
            locked.take_away()

    def full(draft, data):
        raise OSError(28, "No space left on device")

    if fault == "disk":
        monkeypatch.setattr(keyfile, "_write_draft", full)
    with pytest.raises(keys.KeysUnavailable):
        keys.prepare_key(keys.Purpose.FIELD, announce=lose)
    assert locked.file.read_bytes() == before
    assert not [*locked.file.parent.glob(".k.*")]


def test_shares_are_of_the_ring_and_not_of_the_locked_file(locked, tmp_path):
    """On the day the token is broken they give a key file in clear, to be locked."""
    holders = [sm2.generate() for _ in range(2)]
    made = keys.cut_up(
        {str(number): one.public for number, one in enumerate(holders)},
        needed=2,
        at=keyring.CREATED,
    )
    opened = [
        keys.open_share(one, key)
        for one, key in zip(made.values(), holders, strict=True)
    ]
    expected = keys.active(keys.Purpose.FIELD).secret
    keys.put_back(opened, tmp_path / "back")
    with override_settings(
        JTSEC_KEYS_PROVIDER="file", JTSEC_KEYS_FILE=str(tmp_path / "back")
    ):
        assert keys.active(keys.Purpose.FIELD).secret == expected


def test_it_is_found_by_its_entry_point(locked, monkeypatch):
    """The package brings it under the name that the settings use."""
    import tomllib
    from pathlib import Path

    project = Path(__file__).parents[2] / "pyproject.toml"
    brought = tomllib.loads(project.read_text())["project"]["entry-points"]
    entry = EntryPoint("pkcs11", brought["jtsec.keys"]["pkcs11"], "jtsec.keys")
    monkeypatch.setattr(provider, "entry_points", lambda group, name: [entry])
    with override_settings(JTSEC_KEYS_PROVIDER="pkcs11"):
        assert isinstance(provider.chosen_provider(), Pkcs11KeyProvider)
