"""What every holder of keys must do; subclass it and give `provider`."""

from __future__ import annotations

import pytest

from jtsec.core.exceptions import ConfigurationError
from jtsec.crypto.exceptions import DecryptionFailed, InvalidSignature
from jtsec.keys.key import ALGORITHM_OF, Algorithm, Purpose, State
from jtsec.keys.provider import KeyProvider
from jtsec.keys.ring import Ring


class KeyProviderContract:
    """The suite; a subclass has a fixture `provider`, and may have `gone`."""

    @pytest.fixture
    def provider(self) -> KeyProvider:
        """Return the provider to prove; a subclass gives it."""
        raise pytest.UsageError("a subclass gives the fixture `provider`")

    @pytest.fixture
    def gone(self) -> KeyProvider:
        """Return a provider whose keys are gone."""
        pytest.skip("this provider's keys cannot be taken away")

    def test_its_keys_are_a_ring(self, provider):
        """Ids once, one active key for each purpose, the purpose's algorithm."""
        ring = Ring(provider.keys())
        assert ring.missing() == []
        for key in ring:
            assert key.algorithm is ALGORITHM_OF[key.purpose]
            assert key.created.tzinfo is not None
            assert key.state in State

    def test_its_version_stays_while_nothing_changes(self, provider):
        """A version that moved by itself would have the ring read all the time."""
        assert provider.version() == provider.version()
        hash(provider.version())

    def test_it_encrypts_under_each_cipher_key(self, provider):
        """What one key sealed, that key opens and no other one."""
        keys = [k for k in Ring(provider.keys()) if k.algorithm is Algorithm.SM4]
        for key in keys:
            blob = provider.gcm(key).encrypt(b"text", aad=b"where")
            assert provider.gcm(key).decrypt(blob, aad=b"where") == b"text"
            for other in keys:
                if other.id != key.id:
                    with pytest.raises(DecryptionFailed):
                        provider.gcm(other).decrypt(blob, aad=b"where")

    def test_it_authenticates_under_each_mac_key(self, provider):
        """What one key authenticated, that key confirms and no other one."""
        keys = [k for k in Ring(provider.keys()) if k.algorithm is Algorithm.HMAC_SM3]
        for key in keys:
            mac = provider.keyed_mac(key).mac(b"text")
            provider.keyed_mac(key).verify(b"text", mac)
            for other in keys:
                if other.id != key.id:
                    with pytest.raises(InvalidSignature):
                        provider.keyed_mac(other).verify(b"text", mac)

    def test_it_signs(self, provider):
        """The audit's signature key signs what its public half verifies."""
        key = Ring(provider.keys()).active(Purpose.AUDIT_SIGNATURE)
        signer = provider.private_key(key)
        signer.public.verify(b"text", signer.sign(b"text"))

    def test_no_key_shows_itself(self, provider):
        """repr is for logs; it holds no material."""
        for key in Ring(provider.keys()):
            assert key.material is None or repr(key.material) not in repr(key)

    def test_keys_that_are_gone_are_not_used_on(self, gone):
        """A provider that lost its keys says so, and does not serve old ones."""
        with pytest.raises(ConfigurationError):
            gone.version()
