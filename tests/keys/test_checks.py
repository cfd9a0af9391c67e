"""What the system checks say of the keys."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

import pytest

from django.conf import settings
from django.core.checks import run_checks
from django.test import override_settings

from jtsec.crypto import selftest, sm3
from jtsec.keys import api, checks, evidence
from jtsec.keys.format import dump_ring
from jtsec.keys.key import Purpose
from tests import keyring


def ids(*messages):
    """Return the ids of check messages."""
    return [one.id for one in messages]


@pytest.mark.django_db
def test_a_good_ring_has_nothing_said_of_it():
    """The ring of the run satisfies every check, and they are connected."""
    assert [m for check in checks.ALL for m in check(None)] == []
    found = ids(*run_checks(tags=["jtsec"]))
    assert not [
        one for one in found if one in {"jtsec.E030", "jtsec.E034", "jtsec.E040"}
    ]


@pytest.mark.clause("A10.3")
def test_each_fault_has_its_own_id_and_a_hint_to_paste(tmp_path, key_file, use):
    """Missing, exposed, corrupt and incomplete are told apart."""
    use(tmp_path / "nothing")
    (missing,) = checks.check_ring(None)
    assert missing.id == "jtsec.E030"
    assert "manage.py jtsec_init --keys /etc/jtsec/keys/jtsec.keys" in str(missing.hint)
    use(key_file)
    key_file.chmod(0o644)
    assert ids(*checks.check_ring(None)) == ["jtsec.E031"]
    use(keyring.write(tmp_path / "half", key_file.read_bytes()[:200]))
    assert ids(*checks.check_ring(None)) == ["jtsec.E032"]
    ring = [k for k in keyring.known_ring() if k.purpose is not Purpose.PEPPER]
    use(keyring.write(tmp_path / "less", dump_ring(ring, keyring.CREATED)))
    (incomplete,) = checks.check_ring(None)
    assert incomplete.id == "jtsec.E033"
    assert "pepper" in incomplete.msg
    assert checks.check_reuse(None) == []


@pytest.mark.django_db
def test_the_checks_are_connected(tmp_path, use):
    """`manage.py check` runs them, so a project without keys does not start."""
    use(tmp_path / "nothing")
    assert "jtsec.E030" in ids(*run_checks(tags=["jtsec"]))


SECRET = "django-insecure-abcdefghijklmnopqrstuvwxyz0123456789"
MADE = {
    "cut": SECRET.encode()[:16],
    "padded": b"short-secret\0\0\0\0",
    "sm3": sm3.digest(SECRET.encode()),
    "sha256": hashlib.sha256(SECRET.encode()).digest()[:16],
    "base64": base64.b64decode(base64.b64encode(b"0123456789abcdef")),
}


@pytest.mark.clause("A10.3")
@pytest.mark.parametrize("name", MADE)
def test_a_key_made_of_the_secret_key_is_found(tmp_path, use, name):
    """SECRET_KEY stands in settings and repositories; a key of it is no secret."""
    made = MADE[name]
    purpose = Purpose.FIELD if len(made) == 16 else Purpose.SEAL
    ring = [
        replace(key, material=made) if key.purpose is purpose else key
        for key in keyring.known_ring()
    ]
    use(keyring.write(tmp_path / "k", dump_ring(ring, keyring.CREATED)))
    secret = {
        "padded": "short-secret",
        "base64": base64.b64encode(b"0123456789abcdef").decode(),
    }
    known = secret.get(name, SECRET)
    with override_settings(SECRET_KEY=known):
        assert ids(*checks.check_reuse(None)) == ["jtsec.E034"]
    with override_settings(SECRET_KEY="x", SECRET_KEY_FALLBACKS=[known]):
        assert ids(*checks.check_reuse(None)) == ["jtsec.E034"]


def test_a_cipher_that_answers_wrong_is_named(monkeypatch):
    """E040 carries the algorithm and the library."""
    failed = selftest.SelfTestResult("SM4-GCM", "cryptography", False, "wrong tag")
    monkeypatch.setattr(selftest, "run", lambda: [failed])
    (message,) = checks.check_ciphers(None)
    assert message.id == "jtsec.E040"
    assert "SM4-GCM" in message.msg


def test_windows_gets_a_note_instead_of_silence(monkeypatch):
    """Where owner and mode mean nothing, somebody has to set the rights."""
    assert checks.check_platform(None) == []
    monkeypatch.setattr(checks, "IS_POSIX", False)
    (note,) = checks.check_platform(None)
    assert note.id == "jtsec.W035"
    assert "icacls" in str(note.hint)


@pytest.mark.clause("A10.3")
def test_the_evidence_names_keys_and_shows_none():
    """The compliance report says which keys there are, and where."""
    facts = list(evidence.facts())
    assert {fact.clause for fact in facts} == {"A10.3", "A6.3"}
    assert all(fact.holds for fact in facts)
    shown = repr(facts)
    assert settings.JTSEC_KEYS_FILE not in shown
    for key in api.every(Purpose.FIELD):
        assert key.secret.hex() not in shown


def test_the_evidence_of_a_missing_ring_is_a_gap(tmp_path, use):
    """It says that it does not hold, and why."""
    use(tmp_path / "nothing")
    (fact,) = list(evidence.facts())
    assert fact.holds is False
