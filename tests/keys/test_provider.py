"""The holders of keys, and the choice between them."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from django.test import override_settings

from jtsec.core.exceptions import ConfigurationError
from jtsec.keys import api, provider
from jtsec.keys.exceptions import KeysUnavailable
from jtsec.keys.key import Purpose
from jtsec.keys.provider import FileKeyProvider, key_file
from tests import keyring
from tests.keys.card import CardProvider
from tests.keys.provider_contract import KeyProviderContract


class TestFileProvider(KeyProviderContract):
    """The key file keeps the contract."""

    @pytest.fixture
    def provider(self):
        return FileKeyProvider()

    @pytest.fixture
    def gone(self, key_file, use):
        use(key_file)
        key_file.unlink()
        return FileKeyProvider()


class TestCardProvider(KeyProviderContract):
    """Keys that never leave a card keep the contract."""

    @pytest.fixture
    def provider(self):
        return CardProvider()


@pytest.mark.clause("A10.3")
@override_settings(JTSEC_KEYS_PROVIDER="tests.keys.card.CardProvider")
def test_hardware_takes_the_place_of_the_file():
    """Named by its path, the card answers; its keys have no material to give."""
    key_id, mac = api.mac(Purpose.SEAL, b"x")
    api.verify_mac(key_id, b"x", mac)
    assert api.gcm("field-1").decrypt(api.gcm("field-1").encrypt(b"x")) == b"x"
    assert api.signing_key()[0] == "audit-signature-1"
    assert api.error_public_key() == keyring.error_private_key().public
    with pytest.raises(KeysUnavailable, match="does not leave its hardware"):
        _ = api.active(Purpose.SEAL).secret


@override_settings(JTSEC_KEYS_PROVIDER="card")
def test_hardware_is_found_by_its_entry_point(monkeypatch):
    """A package brings its provider under a name in the group jtsec.keys."""
    entry = EntryPoint("card", "tests.keys.card:CardProvider", "jtsec.keys")
    monkeypatch.setattr(
        provider,
        "entry_points",
        lambda group, name: [entry] if (group, name) == ("jtsec.keys", "card") else [],
    )
    assert api.mac(Purpose.SEAL, b"x")[0] == "seal-1"


@pytest.mark.parametrize("name", ["nowhere", "tests.keys.card.Nothing", "os.getcwd"])
def test_nothing_stands_in_for_a_provider_that_is_missing(name):
    """A card that cannot be had is an error, and never the file instead."""
    with override_settings(JTSEC_KEYS_PROVIDER=name), pytest.raises(ConfigurationError):
        api.active(Purpose.SEAL)


@pytest.mark.clause("A10.3")
def test_systemd_credentials_are_found(tmp_path, monkeypatch, key_file):
    """Without a setting the file is $CREDENTIALS_DIRECTORY/jtsec.keys."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with override_settings(JTSEC_KEYS_FILE=""):
        assert api.get("seal-1").secret == keyring.known_ring("other")[2].secret
        key_file.chmod(0o440)  # what an ACL of systemd looks like
        api.reload()
        api.get("seal-1")
        key_file.chmod(0o444)
        api.reload()
        with pytest.raises(api.KeyFileExposed):
            api.get("seal-1")


def test_without_any_file_nothing_is_invented(monkeypatch):
    """No setting, no credential: an error, not a key made of something else."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with override_settings(JTSEC_KEYS_FILE=""):
        with pytest.raises(KeysUnavailable, match="JTSEC_KEYS_FILE"):
            key_file()
        with pytest.raises(KeysUnavailable):
            api.active(Purpose.FIELD)
