"""A token that refuses, is gone, comes back, and processes that fork (SoftHSM)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")

import pkcs11

from django.test import override_settings

from jtsec.keys import api as keys
from jtsec.keys import holding
from jtsec.pkcs11 import login
from jtsec.pkcs11.exceptions import (
    KeyCanLeave,
    PinRefused,
    TokenUnavailable,
)
from jtsec.pkcs11.token import TOKEN
from jtsec.secrets.api import remove
from tests import keyring
from tests.pkcs11.conftest import PIN, close, set_pin


@pytest.fixture
def at_once(monkeypatch):
    """Have every use look at the token, not one a second."""
    monkeypatch.setattr(holding, "LOOK_AGAIN_AFTER", 0.0)


@contextmanager
def by_hand(token) -> Iterator[Any]:
    """Open a session of the test's own, in the place of the provider's."""
    close()
    library = pkcs11.lib(token.module)
    found = library.get_token(token_label=token.label)
    with found.open(rw=True, user_pin=PIN) as session:
        yield session
    library.finalize()


def tries(monkeypatch) -> list[str]:
    """Count the PINs that reach the token."""
    given: list[str] = []
    whole = login.Login.open

    def counted(self, token, pin, **options):
        given.append(pin)
        return whole(self, token, pin, **options)

    monkeypatch.setattr(login.Login, "open", counted)
    return given


@pytest.mark.clause("A10.3")
def test_a_wrong_pin_is_tried_once(locked, monkeypatch):
    """However often the keys are asked for: a card locks itself after a few tries."""
    close()
    given = tries(monkeypatch)
    set_pin("wrong-one")
    for _ in range(5):
        keys.reload()
        with pytest.raises(PinRefused, match="PIN"):
            keys.active(keys.Purpose.FIELD)
    assert given == ["wrong-one"]
    set_pin(PIN)  # put right in the store: no process has to start anew
    assert keys.active(keys.Purpose.FIELD).id == "field-1"


def test_without_the_memory_of_it_every_use_would_spend_a_try(locked, monkeypatch):
    """With the protection removed, five uses are five tries."""
    close()
    given = tries(monkeypatch)
    set_pin("wrong-one")
    for _ in range(5):
        keys.reload()
        TOKEN._logins.clear()
        with pytest.raises(PinRefused):
            keys.active(keys.Purpose.FIELD)
    assert len(given) == 5
    set_pin(PIN)


def test_the_last_try_is_left_to_a_person():
    """A token that says one more wrong PIN locks it is not asked at all."""

    class Warned(pkcs11.Token):
        flags = pkcs11.TokenFlag.USER_PIN_FINAL_TRY | pkcs11.TokenFlag.LOGIN_REQUIRED

    with pytest.raises(PinRefused, match="one try"):
        login.Login().open(Warned(), PIN)


def test_a_pin_that_is_nowhere_is_no_wrong_pin(locked):
    """Without the secret the token is not asked."""
    close()
    keys.reload()
    remove("pkcs11.pin")
    with pytest.raises(TokenUnavailable, match=r"pkcs11\.pin"):
        keys.active(keys.Purpose.FIELD)
    set_pin(PIN)


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("JTSEC_PKCS11_TOKEN", "another token", "no token of this label"),
        ("JTSEC_PKCS11_KEY", "another key", "no AES key of this label"),
        ("JTSEC_PKCS11_MODULE", "/nowhere/lib.so", "nowhere"),
        ("JTSEC_PKCS11_MODULE", "", "JTSEC_PKCS11_MODULE"),
    ],
)
def test_what_is_missing_is_named(locked, setting, value, words):
    """Library, token and key: each is told apart, and none stands in for another."""
    with override_settings(**{setting: value}):
        keys.reload()
        with pytest.raises(TokenUnavailable, match=words):
            keys.active(keys.Purpose.FIELD)
        # Nothing is made in passing: a new key would lock a file nobody misses yet.
        with pytest.raises(TokenUnavailable):
            keys.prepare_key(keys.Purpose.FIELD)
    assert keys.active(keys.Purpose.FIELD).id == "field-1"


@pytest.mark.clause("A10.3")
def test_a_token_that_is_pulled_out_ends_the_use_of_the_ring(locked, at_once):
    """Nothing goes on with the keys in memory; put back, everything does."""
    key_id, mac = keys.mac(keys.Purpose.SEAL, b"x")
    locked.take_away()
    with pytest.raises(TokenUnavailable):
        keys.mac(keys.Purpose.SEAL, b"x")
    with pytest.raises(TokenUnavailable):
        keys.verify_mac(key_id, b"x", mac)
    locked.put_back()
    keys.verify_mac(key_id, b"x", mac)


def test_a_token_that_failed_is_left_alone_for_a_moment(locked, at_once, monkeypatch):
    """Requests of a second do not each wait for hardware that does not answer."""
    monkeypatch.setattr("jtsec.pkcs11.token.ASK_AGAIN_AFTER", 60.0)
    keys.active(keys.Purpose.FIELD)
    locked.take_away()
    asked, load = [], pkcs11.lib

    def counted(path):
        asked.append(path)
        return load(path)

    monkeypatch.setattr(pkcs11, "lib", counted)
    for _ in range(5):
        with pytest.raises(TokenUnavailable, match="no token"):
            keys.active(keys.Purpose.FIELD)
    assert len(asked) == 2  # closed once, opened once
    locked.put_back()


def test_without_the_look_at_the_token_the_ring_would_be_used_on(
    locked, at_once, monkeypatch
):
    """With the protection removed, a pulled token goes unnoticed."""
    keys.active(keys.Purpose.SEAL)
    locked.take_away()
    version = keys.FileKeyProvider.version
    monkeypatch.setattr("jtsec.pkcs11.provider.Pkcs11KeyProvider.version", version)
    keys.reload()
    with pytest.raises(TokenUnavailable):
        keys.active(keys.Purpose.SEAL)  # it could not be read, had it to be
    locked.put_back()
    keys.active(keys.Purpose.SEAL)
    locked.take_away()
    assert keys.mac(keys.Purpose.SEAL, b"x")
    locked.put_back()


def test_a_session_that_is_lost_is_opened_anew(locked, at_once):
    """The library was reset under it: the next use logs in again, unseen."""
    keys.active(keys.Purpose.SEAL)
    pkcs11.lib(locked.module).reinitialize()
    assert keys.mac(keys.Purpose.SEAL, b"x")[0] == "seal-1"
    pkcs11.lib(locked.module).finalize()
    assert keys.mac(keys.Purpose.SEAL, b"x")[0] == "seal-1"


@pytest.mark.clause("A10.3")
def test_the_key_is_made_so_that_it_stays(locked):
    """What the token makes is sensitive, not extractable, and locks only."""
    with by_hand(locked) as session:
        key = session.get_key(label="jtsec")
        assert key[pkcs11.Attribute.NEVER_EXTRACTABLE]
        assert key[pkcs11.Attribute.ALWAYS_SENSITIVE]
        assert key[pkcs11.Attribute.LOCAL]
        assert not key[pkcs11.Attribute.WRAP]
        with pytest.raises(pkcs11.AttributeSensitive):
            _ = key[pkcs11.Attribute.VALUE]


def test_a_key_that_could_leave_locks_nothing(token):
    """Made by hand and extractable: refused before anything is under it."""
    with by_hand(token) as session:
        session.generate_key(
            pkcs11.KeyType.AES,
            256,
            label="jtsec",
            store=True,
            template={pkcs11.Attribute.EXTRACTABLE: True},
        )
    with pytest.raises(KeyCanLeave, match="taken out"):
        keys.create_key_file(token.file, keyring.error_private_key().public)
    assert not token.file.exists()


def test_two_keys_of_one_label_lock_nothing(locked):
    """Which of them opens the file would be chance."""
    with by_hand(locked) as session:
        session.generate_key(pkcs11.KeyType.AES, 256, label="jtsec", store=True)
    keys.reload()
    with pytest.raises(TokenUnavailable, match="several keys"):
        keys.active(keys.Purpose.FIELD)
